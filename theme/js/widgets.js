/*
 * The learner's progress. It stays in this browser's own storage; where there is
 * none it lasts as long as the page.
 */
'use strict';

/* global say, remember, whole_book, make */

/** By chapter: `{ seen, predicted, done }`. */
const progress = (() => {
    const KEY = 'wb-progress';
    let kept = {};

    function read() {
        try {
            const found = JSON.parse(localStorage.getItem(KEY));
            kept = found !== null && typeof found === 'object' ? found : {};
        } catch { /* no storage, or not ours: what this page knows */ }
    }

    function write() {
        remember(KEY, Object.keys(kept).length > 0 ? JSON.stringify(kept) : null);
        document.dispatchEvent(new Event('wb-progress'));
    }

    read();
    addEventListener('storage', event => {
        if (event.key === KEY || event.key === null) {
            kept = {};
            read();
            document.dispatchEvent(new Event('wb-progress'));
        }
    });
    return {
        of: name => kept[name] ?? {},
        any: () => Object.keys(kept).length > 0,
        set(name, part, yes = true) {
            read();
            kept[name] = { ...kept[name], [part]: yes || undefined };
            if (Object.values(kept[name]).every(value => value === undefined)) {
                delete kept[name];
            }
            write();
        },
        clear() {
            kept = {};
            write();
        },
    };
})();

(function marks_in_the_contents() {
    const contents = document.querySelector('mdbook-sidebar-scrollbox');
    const clear = make('button', {
        type: 'button',
        class: 'wb-button wb-clear',
        onclick() {
            const sure = say('清除所有章节的进度？它只存在这个浏览器里。',
                'Clear the progress of every chapter? It is kept in this browser only.');
            if (confirm(sure)) {
                progress.clear();
            }
        },
    }, say('清除进度', 'Clear my progress'));
    contents.append(clear);

    function show() {
        for (const link of contents.querySelectorAll('.chapter-item a[href]:not([href*="#"])')) {
            const name = new URL(link.href).pathname.split('/').at(-1).replace(/\.html$/, '');
            const { predicted, done } = progress.of(name);
            link.querySelector('.wb-mark')?.remove();
            if (done || predicted) {
                const text = done ? say('已完成', 'done') : say('已猜对', 'predicted');
                link.append(make('span', {
                    class: `wb-mark wb-mark-${done ? 'done' : 'predicted'}`,
                    role: 'img',
                    'aria-label': text,
                    title: text,
                }));
            }
        }
        clear.hidden = !progress.any();
    }

    show();
    document.addEventListener('wb-progress', show);
})();

(function done_button() {
    const heading = document.getElementById('make');
    const exercise = document.querySelector('.wb-exercise');
    if (whole_book || !heading || !exercise) {
        return;
    }
    const name = location.pathname.split('/').at(-1).replace(/\.html$/, '');
    const button = make('button', {
        type: 'button',
        class: 'wb-action',
        onclick: () => progress.set(name, 'done', !progress.of(name).done),
    });

    function show() {
        const done = progress.of(name).done === true;
        button.setAttribute('aria-pressed', done);
        button.textContent = done ? say('✓ 已完成', '✓ Done') : say('标记为完成', 'Mark as done');
    }

    exercise.after(make('p', { class: 'wb-finish' }, button));
    show();
    document.addEventListener('wb-progress', show);
})();

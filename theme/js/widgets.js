/*
 * The learner's progress. It stays in this browser's own storage; where there is
 * none it lasts as long as the page. Our own server knows more of it, which is what
 * `cargo run -- progress` shows: what was run, changed and passed.
 */
'use strict';

/* global say, remember, whole_book, make, server */

/** By chapter: `{ seen, predicted, done }`, and from the server `{ predicted, ran, changed, passed }`. */
const progress = (() => {
    const KEY = 'wb-progress';
    let kept = {};
    let reached = {};
    const changed = () => document.dispatchEvent(new Event('wb-progress'));

    /** Asks the server. Whoever may only read is told so where something is run. */
    async function ask() {
        try {
            reached = (await (await server.ask('progress')).json()).chapters;
            changed();
        } catch { /* as in a browser without a server */ }
    }

    function read() {
        try {
            const found = JSON.parse(localStorage.getItem(KEY));
            kept = found !== null && typeof found === 'object' ? found : {};
        } catch { /* no storage, or not ours: what this page knows */ }
    }

    function write() {
        remember(KEY, Object.keys(kept).length > 0 ? JSON.stringify(kept) : null);
        changed();
    }

    read();
    if (server.runs && !whole_book) {
        ask();
        document.addEventListener('wb-progress-news', ask);
    }
    addEventListener('storage', event => {
        if (event.key === KEY || event.key === null) {
            kept = {};
            read();
            changed();
        }
    });
    return {
        of: name => kept[name] ?? {},
        /** What is known of a chapter here and there. */
        all_of: name => {
            const { predicted, done } = kept[name] ?? {};
            const there = reached[name] ?? {};
            return { ...there, predicted: predicted || there.predicted, done };
        },
        /** Tells the server of a step: `predicted`, `ran` or `changed`. */
        async tell(name, part) {
            if (!server.runs || reached[name]?.[part]) {
                return;
            }
            reached[name] = { ...reached[name], [part]: true };
            changed();
            try {
                await server.ask('progress', { body: { chapter: name, part } });
            } catch { /* it is marked here, and told again in the next page */ }
        },
        any: () => Object.keys(kept).length > 0
            || Object.values(reached).some(({ predicted, ran, changed: edited }) => predicted || ran || edited),
        set(name, part, yes = true) {
            read();
            kept[name] = { ...kept[name], [part]: yes || undefined };
            if (Object.values(kept[name]).every(value => value === undefined)) {
                delete kept[name];
            }
            write();
            if (part === 'predicted') {
                this.tell(name, part);
            }
        },
        async clear() {
            kept = {};
            // What has passed stays so: the file that passed is still there.
            reached = Object.fromEntries(Object.entries(reached).map(([name, { passed }]) => [name, { passed }]));
            write();
            if (server.runs) {
                try {
                    await server.ask('progress', { body: { clear: true } });
                } catch { /* the next page asks again */ }
            }
        },
    };
})();

(function marks_in_the_contents() {
    const contents = document.querySelector('mdbook-sidebar-scrollbox');
    const clear = make('button', {
        type: 'button',
        class: 'wb-button wb-clear',
        onclick() {
            const sure = server.runs
                ? say('清除所有章节的进度？通过了的练习还是通过。', 'Clear the progress of every chapter? Exercises that passed stay so.')
                : say('清除所有章节的进度？它只存在这个浏览器里。',
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
            const { predicted, ran, changed, passed, done } = progress.all_of(name);
            const parts = [
                [predicted, 'predicted', say('已猜对', 'predicted')], [ran, 'ran', say('已运行', 'ran')],
                [changed, 'changed', say('已改过', 'changed')], [passed, 'passed', say('已通过', 'passed')],
                [done, 'done', say('已完成', 'done')],
            ].filter(([yes]) => yes);
            link.querySelector('.wb-mark')?.remove();
            if (parts.length > 0) {
                const text = parts.map(([, , what]) => what).join(say('、', ', '));
                link.append(make('span', {
                    class: `wb-mark ${parts.map(([, part]) => `wb-mark-${part}`).join(' ')}`,
                    'data-steps': server.runs && parts.length,
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

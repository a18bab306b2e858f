/*
 * The page's own conveniences: copy buttons, alert titles in the edition's
 * language, the switch to the other edition, keyboard access to what scrolls,
 * and folded parts opened for printing.
 */
'use strict';

/* global say, remember, whole_book, drafts */

/** A button of the listings, with an icon from the page's templates. */
function icon_button(name, icon, text = '') {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'wb-button';
    button.title = name;
    button.setAttribute('aria-label', name);
    button.append(document.getElementById(icon).content.cloneNode(true), text);
    return button;
}

(function copying() {
    const status = document.createElement('div');
    status.className = 'wb-announce';
    status.setAttribute('role', 'status');
    document.body.append(status);

    async function put(text) {
        try {
            await navigator.clipboard.writeText(text);
            return true;
        } catch {
            // Where the page is not a secure context, the old way still works.
            const field = document.createElement('textarea');
            field.value = text;
            field.style.position = 'fixed';
            document.body.append(field);
            field.select();
            const done = document.execCommand('copy');
            field.remove();
            return done;
        }
    }

    function copy_button(name, text) {
        const button = icon_button(name, 'fa-copy');
        button.classList.add('clip-button');
        button.addEventListener('click', async () => {
            const done = await put(text());
            button.focus();
            const news = done ? say('已复制', 'Copied') : say('复制失败', 'Could not copy');
            status.textContent = button.title = news;
            button.classList.toggle('done', done);
            button.replaceChildren(document
                .getElementById(done ? 'fa-check' : 'fa-copy').content.cloneNode(true));
            setTimeout(() => {
                status.textContent = '';
                button.title = name;
                button.classList.remove('done');
                button.replaceChildren(document
                    .getElementById('fa-copy').content.cloneNode(true));
            }, 2000);
        });
        return button;
    }

    for (const command of document.querySelectorAll('.wb-command')) {
        command.after(copy_button(say('复制命令', 'Copy the command'), () => command.textContent));
    }

    for (const code of document.querySelectorAll('pre > code')) {
        const pre = code.parentElement;
        const copy = copy_button(say('复制代码', 'Copy the code'), () => {
            const draft = drafts.get(pre.closest('.wb-listing'));
            return draft?.open ? draft.text() : code.textContent;
        });
        const path = pre.closest('.wb-listing')?.querySelector('.wb-path');
        if (path) {
            path.append(copy);
            continue;
        }
        if (pre.closest('.wb-output')) {
            continue;
        }
        const buttons = document.createElement('div');
        buttons.className = 'buttons';
        if (code.classList.contains('hide-boring')) {
            const eye = icon_button(say('显示隐藏的行', 'Show hidden lines'), 'fa-eye');
            eye.setAttribute('aria-pressed', false);
            eye.addEventListener('click', () => {
                eye.setAttribute('aria-pressed', !code.classList.toggle('hide-boring'));
            });
            buttons.append(eye);
        }
        buttons.append(copy);
        pre.prepend(buttons);
    }
})();

(function alerts() {
    const titles = {
        note: say('说明', 'Note'),
        tip: say('提示', 'Tip'),
        important: say('重要', 'Important'),
        warning: say('注意', 'Warning'),
        caution: say('当心', 'Caution'),
    };
    for (const [kind, text] of Object.entries(titles)) {
        for (const title of document.querySelectorAll(`.blockquote-tag-${kind} > .blockquote-tag-title`)) {
            title.lastChild.textContent = text;
            title.dataset.translated = '';
            title.querySelector('svg').setAttribute('aria-hidden', true);
        }
    }
})();

(function other_edition() {
    const links = document.querySelectorAll('.wb-edition a[hreflang]');
    if (links.length === 0) {
        return;
    }
    const link = links[0].cloneNode(true);
    const english = link.hreflang.startsWith('en');
    // The page of the whole book carries every chapter's line.
    const page = links.length > 1
        ? new URL('print.html', links[0].href).href
        : links[0].href;
    link.className = 'icon-button wb-edition-switch';
    link.title = say('阅读本页的英文版', '阅读本页的中文版');
    document.querySelector('.right-buttons').prepend(link);

    /** The fragment in view, else the heading that the reader is under. */
    function place() {
        const limit = innerHeight / 3;
        const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
        if (target) {
            const { top, bottom } = target.getBoundingClientRect();
            if (bottom > 0 && top < innerHeight) {
                return location.hash;
            }
        }
        if (scrollY < limit) {
            return '';
        }
        const above = [...document.querySelectorAll('main :is(h2, h3, h4, h5, h6)[id]')]
            .filter(heading => heading.getBoundingClientRect().top < limit)
            .at(-1);
        return above ? '#' + above.id : '';
    }

    const aim = () => {
        link.href = page + place();
    };
    aim();
    for (const event of ['pointerenter', 'pointerdown', 'focus', 'click']) {
        link.addEventListener(event, aim);
    }
    addEventListener('hashchange', aim);
    link.addEventListener('click', () => remember('wb-edition', english ? 'en' : 'zh'));
})();

(function scrolling_boxes() {
    // A box that scrolls sideways must be reachable by keyboard; one that does not, need not.
    const boxes = document.querySelectorAll('pre > code, .table-wrapper, .wb-diff');
    const check = box => {
        if (box.scrollWidth > box.clientWidth) {
            box.tabIndex = 0;
        } else {
            box.removeAttribute('tabindex');
        }
    };
    const watch = new ResizeObserver(entries => entries.forEach(entry => check(entry.target)));
    boxes.forEach(box => watch.observe(box));
})();

addEventListener('beforeprint', () => {
    document.querySelectorAll('main details').forEach(details => {
        details.open = true;
    });
});

if (whole_book) {
    addEventListener('load', () => setTimeout(window.print, 100));
}

addEventListener('DOMContentLoaded', () => {
    // A section that moved to another page.
    const moved = document.getElementById('wb-moved');
    const target = moved && JSON.parse(moved.textContent)[location.hash];
    if (target) {
        location.replace(new URL(target, location.href));
    }
});

/*
 * The frame: theme menu, contents, keyboard, syntax colours. Replaces mdBook's
 * own book.js, which waits for a playground, a clipboard library and an
 * `onunload` handler that the book does without. Element ids, and the two
 * localStorage keys, are mdBook's.
 */
'use strict';

/* global hljs, default_light_theme, default_dark_theme, search_scripts, page_data */

/** Picks the string of the page's language. */
function say(zh, en) {
    return document.documentElement.lang.startsWith('zh') ? zh : en;
}

/** Remembers a choice where the browser lets it. */
function remember(key, value) {
    try {
        if (value === null) {
            localStorage.removeItem(key);
        } else {
            localStorage.setItem(key, value);
        }
    } catch { /* file:// or private: the choice lasts for this page */ }
}

/** Loads a script or a style sheet, once. By an element: that works from file:// as well. */
const load_file = (() => {
    const loaded = new Map();
    return address => {
        if (!loaded.has(address)) {
            loaded.set(address, new Promise((resolve, reject) => {
                const style = address.endsWith('.css');
                const node = document.createElement(style ? 'link' : 'script');
                node.onload = resolve;
                node.onerror = () => {
                    loaded.delete(address);
                    node.remove();
                    reject(new Error(`${address} did not load`));
                };
                if (style) {
                    node.rel = 'stylesheet';
                    node.href = address;
                } else {
                    // Fetched together, run in their order.
                    node.async = false;
                    node.src = address;
                }
                document.head.append(node);
            }));
        }
        return loaded.get(address);
    };
})();

/** Loads what index.hbs names for a part of the page that is seldom used. */
const load_needed = part => Promise.all(page_data[part].split(' ').map(load_file));

/** True while a key belongs to what has the focus: a field, a menu, a widget, a box that scrolls. */
function key_is_taken(event) {
    return event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey
        || event.composedPath().some(node => node instanceof Element && (
            node.matches('input, select, textarea, [contenteditable], dialog, [role=menu], [data-keys]')
            || node.localName.startsWith('wb-')
            || node === document.activeElement && node.scrollWidth > node.clientWidth
                && node.matches('pre, pre code, .table-wrapper')));
}

(function themes() {
    const html = document.documentElement;
    const button = document.getElementById('mdbook-theme-toggle');
    const menu = document.getElementById('mdbook-theme-list');
    const items = [...menu.querySelectorAll('button')];
    const dark = matchMedia('(prefers-color-scheme: dark)');
    const name = item => item.id.replace('mdbook-theme-', '');
    const names = items.map(name);

    function chosen() {
        let theme = null;
        try {
            theme = localStorage.getItem('mdbook-theme');
        } catch { /* as if nothing were chosen */ }
        return names.includes(theme) ? theme : 'default_theme';
    }

    function show(choice) {
        const theme = choice !== 'default_theme' ? choice
            : dark.matches ? default_dark_theme : default_light_theme;
        html.classList.remove(...names);
        html.classList.add(theme);
        items.forEach(item => item.setAttribute('aria-checked', name(item) === choice));
        document.querySelector('meta[name=theme-color]').content =
            getComputedStyle(html).backgroundColor;
    }

    function open(yes) {
        menu.hidden = !yes;
        button.setAttribute('aria-expanded', yes);
    }

    show(chosen());
    dark.addEventListener('change', () => show(chosen()));

    button.addEventListener('click', () => {
        open(menu.hidden);
        if (!menu.hidden) {
            items.find(item => item.getAttribute('aria-checked') === 'true').focus();
        }
    });
    menu.addEventListener('click', event => {
        const item = event.target.closest('button');
        if (item) {
            remember('mdbook-theme', name(item) === 'default_theme' ? null : name(item));
            show(name(item));
        }
    });
    menu.addEventListener('keydown', event => {
        const at = items.indexOf(document.activeElement);
        const to = {
            ArrowDown: (at + 1) % items.length,
            ArrowUp: (at + items.length - 1) % items.length,
            Home: 0,
            End: items.length - 1,
        }[event.key];
        if (to !== undefined) {
            event.preventDefault();
            items[to].focus();
        } else if (event.key === 'Escape') {
            event.preventDefault();
            open(false);
            button.focus();
        }
    });
    document.addEventListener('focusin', event => {
        if (!menu.contains(event.target) && event.target !== button) {
            open(false);
        }
    });
    document.addEventListener('click', event => {
        if (!menu.contains(event.target) && !button.contains(event.target)) {
            open(false);
        }
    });
})();

(function contents() {
    const html = document.documentElement;
    const button = document.getElementById('mdbook-sidebar-toggle');
    const sidebar = document.getElementById('mdbook-sidebar');
    const checkbox = document.getElementById('mdbook-sidebar-toggle-anchor');
    // As in page.css: below this width the contents lie over the page.
    const narrow = matchMedia('(max-width: 1079px)');
    const visible = () => html.classList.contains('sidebar-visible');

    function show(yes) {
        html.classList.toggle('sidebar-visible', yes);
        checkbox.checked = yes;
        button.setAttribute('aria-expanded', yes);
        sidebar.inert = !yes;
    }

    show(visible());
    // A window made narrow, or a tablet turned: the contents must not cover the page.
    narrow.addEventListener('change', () => {
        if (narrow.matches) {
            show(false);
        }
    });
    button.addEventListener('click', () => {
        show(!visible());
        if (!narrow.matches) {
            remember('mdbook-sidebar', visible() ? 'visible' : 'hidden');
        } else if (visible()) {
            (sidebar.querySelector('a.active') ?? sidebar.querySelector('a'))?.focus();
        }
    });
    document.addEventListener('click', event => {
        const outside = !sidebar.contains(event.target) && !button.contains(event.target);
        const jump = event.target.closest?.('#mdbook-sidebar a[href]');
        if (narrow.matches && visible() && (outside || jump)) {
            show(false);
        }
    });
    sidebar.addEventListener('keydown', event => {
        if (event.key === 'Escape' && narrow.matches) {
            show(false);
            button.focus();
        }
    });

    sidebar.querySelector('a.active')?.setAttribute('aria-current', 'page');

    // toc.js makes its folding arrows out of links that lead nowhere.
    addEventListener('DOMContentLoaded', () => {
        for (const arrow of sidebar.querySelectorAll('.chapter-fold-toggle')) {
            const state = () => arrow.setAttribute('aria-expanded',
                arrow.closest('li').classList.contains('expanded'));
            arrow.tabIndex = 0;
            arrow.setAttribute('role', 'button');
            arrow.setAttribute('aria-label', say('展开或折叠', 'Expand or fold'));
            arrow.addEventListener('click', state);
            arrow.addEventListener('keydown', event => {
                if (event.key === 'Enter' || event.key === ' ') {
                    event.preventDefault();
                    arrow.click();
                }
            });
            state();
        }
    });
})();

(function keyboard() {
    const help = document.getElementById('mdbook-help-popup');
    help.addEventListener('click', event => {
        if (event.target === help) {
            help.close();
        }
    });

    document.addEventListener('keydown', event => {
        if (key_is_taken(event)) {
            return;
        }
        if (event.key === '?') {
            event.preventDefault();
            help.showModal();
        } else if (!event.shiftKey && (event.key === 'ArrowLeft' || event.key === 'ArrowRight')) {
            const rel = event.key === 'ArrowLeft' ? 'prev' : 'next';
            const link = document.querySelector(`.wb-nav a[rel=${rel}]`);
            if (link) {
                event.preventDefault();
                location.assign(link.href);
            }
        }
    });
})();

(function search_on_demand() {
    const button = document.getElementById('mdbook-search-toggle');
    if (!button || typeof search_scripts === 'undefined') {
        return;
    }
    function load() {
        window.search ??= {};
        return Promise.all(search_scripts.map(load_file));
    }

    button.addEventListener('click', () => load().then(() => window.search.toggle()));
    document.addEventListener('keydown', event => {
        if (!event.shiftKey && (event.key === '/' || event.key === 's') && !key_is_taken(event)) {
            event.preventDefault();
            load().then(() => window.search.open());
        }
    });
    if (/[?&](search|highlight)=/.test(location.search)) {
        load().then(() => window.search.from_address());
    }
})();

(function code() {
    /** Splits highlighted HTML into lines, each with its spans closed. */
    function lines(html) {
        const open = [];
        let line = '';
        const out = [];
        for (const [part] of html.matchAll(/<span[^>]*>|<\/span>|\n|[^<\n]+/g)) {
            if (part === '\n') {
                out.push(line + '</span>'.repeat(open.length));
                line = open.join('');
                continue;
            }
            if (part.startsWith('<span')) {
                open.push(part);
            } else if (part === '</span>') {
                open.pop();
            }
            line += part;
        }
        return line ? [...out, line] : out;
    }

    for (const block of document.querySelectorAll('pre > code[class*=language-]')) {
        const language = block.className.match(/language-([\w-]+)/)[1];
        if (hljs.getLanguage(language)) {
            // Lines that mdBook hides (`# use …`), by their number.
            const hidden = new Set();
            let number = 0;
            for (const node of block.childNodes) {
                const parts = node.textContent.split('\n');
                if (node.className === 'boring') {
                    parts.forEach((part, i) => part && hidden.add(number + i));
                }
                number += parts.length - 1;
            }
            const { value } = hljs.highlight(block.textContent, { language, ignoreIllegals: true });
            block.innerHTML = hidden.size === 0 ? value : lines(value)
                .map((line, i) => hidden.has(i) ? `<span class="boring">${line}\n</span>` : line + '\n')
                .join('');
            block.classList.toggle('hide-boring', hidden.size > 0);
        }
        block.classList.add('hljs');
    }
})();

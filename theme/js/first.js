/*
 * Before anything is painted: the reader's theme, and the contents open where
 * there is room for them. And the names that toc.js, book.js, search.js and the
 * widgets read.
 */
'use strict';

const { dataset: page_data } = document.querySelector('meta[name=wb-page]');
const path_to_root = page_data.root;
const default_light_theme = page_data.light;
const default_dark_theme = page_data.dark;
const whole_book = 'wholeBook' in page_data;
const search_scripts = page_data.search ? [page_data.index, page_data.search] : undefined;

(function first(html) {
    let theme = null;
    let sidebar = null;
    try {
        theme = localStorage.getItem('mdbook-theme');
        sidebar = localStorage.getItem('mdbook-sidebar');
    } catch { /* no storage, no memory */ }
    if (!['light', 'rust', 'coal', 'navy', 'ayu'].includes(theme)) {
        theme = matchMedia('(prefers-color-scheme: dark)').matches
            ? default_dark_theme : default_light_theme;
    }
    html.classList.replace(default_light_theme, theme);
    html.classList.add('js');
    if (innerWidth >= 1080 && sidebar !== 'hidden') {
        html.classList.add('sidebar-visible');
    }
    // The layout hangs on a checkbox that is not there yet.
    new MutationObserver((_, watch) => {
        const box = document.getElementById('mdbook-sidebar-toggle-anchor');
        if (box) {
            box.checked = html.classList.contains('sidebar-visible');
            watch.disconnect();
        }
    }).observe(html, { childList: true, subtree: true });
})(document.documentElement);

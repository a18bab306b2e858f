/*
 * Search, in both languages; replaces mdBook's searcher.js, elasticlunr and
 * mark.js, which find no Chinese. Loaded by book.js, after searchindex.js, when
 * search is first used.
 *
 * The book is small enough to be read through for each query: a Chinese term
 * matches anywhere, a Latin one at the start of a word, and all terms must
 * match. What mdBook put in searchindex.js as documents is all that is used.
 */
'use strict';

/* global say, path_to_root */

(function () {
    const LIMIT = 30;
    const HAN = /\p{Script=Han}/u;

    const wrapper = document.getElementById('mdbook-search-wrapper');
    const toggle = document.getElementById('mdbook-search-toggle');
    const field = document.getElementById('mdbook-searchbar');
    const outer = document.getElementById('mdbook-searchresults-outer');
    const header = document.getElementById('mdbook-searchresults-header');
    const list = document.getElementById('mdbook-searchresults');

    /** What is not the book's own text: widgets (between marks), minutes, mdBook's alert titles. */
    const own_text = body => body
        .replace(/\u2063[^\u2063]*\u2063/g, ' ')
        .replace(/^\s*\d+ (分钟|minutes?)(?=\s|$)/, '')
        .replace(say(/(?<=^|\s)(Note|Tip|Important|Warning|Caution)(?=\s)/g, /(?!)/), '');

    const documents = Object.values(window.search.index.documentStore.docs).map(doc => ({
        ...doc,
        body: own_text(doc.body),
        url: window.search.doc_urls[doc.id],
    }));

    // Terms

    const escape = text => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

    /** `tokio取消 safety` → tokio, 取消, safety. */
    function split(query) {
        return query.toLowerCase().match(/\p{Script=Han}+|[^\s\p{Script=Han}]+/gu) ?? [];
    }

    /** A pattern for one term: inside a run for Chinese, from the start of a word for Latin. */
    function pattern(term) {
        return /^[a-z0-9]/.test(term) && !HAN.test(term)
            ? `(?<![a-z0-9])${escape(term)}`
            : escape(term);
    }

    /** `cancelled` also finds `cancel`, `workers` also `worker`. */
    const stem = term => term.replace(/(?<=[a-z]{4})(?:l?led|ing|ed|es|s)$/, '');

    /** 任务超时 may stand nowhere as such: cut it into the longest pieces that do, 任务 and 超时. */
    function pieces(term) {
        if (!HAN.test(term)) {
            return [stem(term)];
        }
        const stands = text => documents.some(doc => doc.body.includes(text) || doc.title.includes(text));
        const out = [];
        while (term !== '') {
            let end = term.length;
            while (end > 1 && !stands(term.slice(0, end))) {
                end--;
            }
            out.push(term.slice(0, end));
            term = term.slice(end);
        }
        return out;
    }

    // Matching

    const count = (text, regex) => text.match(regex)?.length ?? 0;

    function score(doc, regexes, phrase) {
        let total = 0;
        for (const regex of regexes) {
            const title = count(doc.title, regex);
            const above = count(doc.breadcrumbs, regex);
            const body = count(doc.body, regex);
            if (title + above + body === 0) {
                return 0;
            }
            total += 20 * Math.min(title, 1) + 5 * Math.min(above, 1) + Math.min(body, 5);
        }
        return total + (doc.title.match(phrase) ? 20 : 0) + (doc.body.match(phrase) ? 10 : 0);
    }

    function find_all(terms, query) {
        const regexes = terms.map(term => new RegExp(pattern(term), 'gi'));
        const phrase = new RegExp(pattern(query.toLowerCase()), 'i');
        return documents
            .map(doc => ({ doc, points: score(doc, regexes, phrase) }))
            .filter(hit => hit.points > 0)
            .sort((a, b) => b.points - a.points)
            .map(hit => hit.doc);
    }

    /** The terms as typed; if they find nothing, their pieces. */
    function find(query) {
        let terms = split(query);
        let hits = find_all(terms, query);
        if (hits.length === 0) {
            terms = terms.flatMap(pieces);
            hits = find_all(terms, query);
        }
        return { terms, hits };
    }

    // Showing

    function element(name, className, ...children) {
        const node = document.createElement(name);
        if (className !== '') {
            node.className = className;
        }
        node.append(...children);
        return node;
    }

    const any_of = terms => new RegExp(`(${terms
        .toSorted((a, b) => b.length - a.length)
        .map(pattern)
        .join('|')})`, 'gi');

    /** `text` with the terms in <em>. */
    function emphasised(text, terms) {
        return text.split(any_of(terms)).map((part, i) => i % 2 ? element('em', '', part) : part);
    }

    /** A line or two of the text around the first hit, the whole query before its parts. */
    function teaser(body, query, terms) {
        const text = body.replace(/\s+/g, ' ');
        const phrase = text.search(new RegExp(pattern(query.toLowerCase()), 'i'));
        const hit = phrase >= 0 ? phrase : Math.max(text.search(any_of(terms)), 0);
        // A Chinese character says as much as some two Latin ones.
        const length = HAN.test(text.slice(hit - 20, hit + 60)) ? 84 : 180;
        let from = Math.max(0, hit - Math.floor(length / 4));
        let to = Math.min(text.length, from + length);
        while (from > 0 && from < hit && /\w/.test(text[from - 1]) && /\w/.test(text[from])) {
            from++;
        }
        while (to < text.length && /\w/.test(text[to - 1]) && /\w/.test(text[to])) {
            to++;
        }
        return [
            from > 0 ? '…' : '',
            ...emphasised(text.slice(from, to).trim(), terms),
            to < text.length ? '…' : '',
        ];
    }

    function result(doc, query, terms) {
        const [page, fragment] = doc.url.split('#');
        const link = element('a', '',
            element('span', 'title', ...emphasised(doc.title, terms)),
            element('span', 'chapter-name', doc.breadcrumbs
                .split(' » ').filter(part => part !== doc.title).join(' › ')),
            element('span', 'teaser', ...teaser(doc.body, query, terms)));
        link.href = `${path_to_root}${page}?highlight=${encodeURIComponent(terms.join(' '))}`
            + (fragment ? `#${fragment}` : '');
        return element('li', '', link);
    }

    function show() {
        const query = field.value.trim();
        address('search', query);
        outer.classList.toggle('hidden', query === '');
        if (query === '') {
            list.replaceChildren();
            return;
        }
        const { terms, hits } = find(query);
        const number = hits.length;
        header.textContent = number === 0
            ? say(`没有找到“${query}”`, `Nothing found for “${query}”`)
            : number > LIMIT
                ? say(`“${query}”：${number} 处，列出前 ${LIMIT} 处`, `“${query}”: ${number} places, the first ${LIMIT} of them`)
                : say(`“${query}”：${number} 处`, `“${query}”: ${number} ${number === 1 ? 'place' : 'places'}`);
        list.replaceChildren(...hits.slice(0, LIMIT).map(doc => result(doc, query, terms)));
        wrapper.scrollTop = 0;
    }

    // Opening, closing, moving about

    function open() {
        wrapper.classList.remove('hidden');
        toggle.setAttribute('aria-expanded', true);
        field.focus();
        field.select();
    }

    function close() {
        wrapper.classList.add('hidden');
        toggle.setAttribute('aria-expanded', false);
        address('search', '');
        if (wrapper.contains(document.activeElement)) {
            toggle.focus();
        }
    }

    /** Keeps the query in the address, so that the way back from a result leads to the list. */
    function address(name, value) {
        const url = new URL(location.href);
        url.searchParams.delete('search');
        url.searchParams.delete('highlight');
        if (value !== '') {
            url.searchParams.set(name, value);
        }
        try {
            history.replaceState(history.state, '', url);
        } catch { /* not allowed on file:// in some browsers */ }
    }

    field.addEventListener('input', event => {
        // While an input method is composing, the field holds letters, not yet the word.
        if (!event.isComposing) {
            show();
        }
    });
    field.addEventListener('compositionend', show);
    field.form.addEventListener('submit', event => {
        event.preventDefault();
        list.querySelector('a')?.click();
    });
    wrapper.addEventListener('keydown', event => {
        const stops = [field, ...list.querySelectorAll('a')];
        const at = stops.indexOf(document.activeElement);
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (event.isComposing) {
            return;
        }
        if (step !== undefined && stops[at + step]) {
            event.preventDefault();
            stops[at + step].focus();
        } else if (event.key === 'Escape') {
            event.preventDefault();
            close();
        }
    });
    document.addEventListener('click', event => {
        if (!wrapper.contains(event.target) && !toggle.contains(event.target)
            && !wrapper.classList.contains('hidden')) {
            close();
        }
    });

    // Marks on the page that a result led to

    function mark(terms) {
        const regex = any_of(terms);
        const walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT, node =>
            node.parentElement.closest('svg, button, script, style, wb-predict, wb-replay, wb-timeline')
                ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
        const texts = [];
        while (walker.nextNode()) {
            texts.push(walker.currentNode);
        }
        for (const text of texts) {
            const parts = text.data.split(regex);
            if (parts.length > 1) {
                text.replaceWith(...parts.map((part, i) => i % 2 ? element('mark', '', part) : part));
            }
        }
    }

    function unmark() {
        for (const node of document.querySelectorAll('main mark')) {
            const parent = node.parentNode;
            node.replaceWith(...node.childNodes);
            parent.normalize();
        }
        address('highlight', '');
    }

    document.addEventListener('click', event => {
        if (event.target.closest('main mark')) {
            unmark();
        }
    });
    document.addEventListener('keydown', event => {
        if (event.key === 'Escape' && !event.defaultPrevented && document.querySelector('main mark')) {
            unmark();
        }
    });

    Object.assign(window.search, {
        open,
        toggle: () => wrapper.classList.contains('hidden') ? open() : close(),
        from_address() {
            const given = new URLSearchParams(location.search);
            if (given.get('search')) {
                field.value = given.get('search');
                open();
                show();
            } else if (given.get('highlight')) {
                mark(split(given.get('highlight')));
            }
        },
    });
})();

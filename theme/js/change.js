/*
 * What came of a change that the page proposes: once its fold is open, the picture of
 * the unchanged program stands beside that of the changed one. Without this script the
 * changed one stands alone, and the other is further up on the page.
 */
'use strict';

/* global say, make, server */

/** A picture of a timeline as it stood there at first, with ids of its own. */
function still_picture(timeline, prefix) {
    const plot = make('div', { class: 'wb-plot' });
    for (const picture of timeline.querySelectorAll('.wb-wide, .wb-narrow')) {
        plot.append(picture.cloneNode(true));
    }
    own_ids(plot, prefix);
    for (const mark of plot.querySelectorAll('.wb-future, .wb-current, .wb-current-lane')) {
        mark.classList.remove('wb-future', 'wb-current', 'wb-current-lane');
    }
    return plot;
}

/** Gives the ids in an element, and what refers to them, a prefix. */
function own_ids(root, prefix) {
    const ids = [...root.querySelectorAll('[id]')].map(node => node.id);
    for (const node of root.querySelectorAll('*')) {
        for (const { name, value } of [...node.attributes]) {
            const words = value.split(' ').map(word => ids.includes(word) && /^(id|aria-)/.test(name) ? prefix + word
                : word.replace(/^(url\()?#(.+?)(\)?)$/, (all, before = '', id, after) =>
                    ids.includes(id) ? `${before}#${prefix}${id}${after}` : all));
            if (words.join(' ') !== value) {
                node.setAttribute(name, words.join(' '));
            }
        }
    }
}

/** A titled part of a comparison. */
const lanes_side = (title, ...parts) => make('section', { class: 'wb-side', 'aria-label': title },
    make('p', { class: 'wb-whose' }, title), ...parts);

/** The program as the diff changes it. */
function changed_text(book, diff) {
    const old = book.split('\n');
    const text = [];
    let at = 0;
    for (const line of diff.children) {
        const { kind, at: number } = line.dataset;
        if (number) {
            text.push(...old.slice(at, number - 1));
            at = Number(number);
        }
        if (kind === 'kept' || kind === 'added') {
            text.push(line.querySelector('code').textContent);
        }
    }
    return [...text, ...old.slice(at)].join('\n');
}

// Where programs are run, the changed one opens in the editor.
for (const change of server.runs ? document.querySelectorAll('.wb-change') : []) {
    const { program } = change.dataset;
    const listing = document.querySelector(`.wb-listing[data-lang=rust][data-program="${program}"]`);
    const book = listing?.querySelector(':scope > pre > code').textContent;
    if (book !== undefined) {
        change.querySelector('.wb-run').append(' ', make('button', {
            type: 'button', class: 'wb-action', onclick: () => {
                const detail = changed_text(book, change.querySelector('.wb-diff'));
                listing.dispatchEvent(new CustomEvent('wb-change', { detail }));
                listing.scrollIntoView({ block: 'start' });
            },
        }, say('在编辑器里打开', 'Open in the editor')));
    }
}

for (const outcome of document.querySelectorAll('.wb-outcome')) {
    const fold = outcome.closest('details');
    const sides = outcome.querySelector('.wb-sides');
    fold?.addEventListener('toggle', () => {
        const { program, change } = outcome.dataset;
        const timeline = document.querySelector(`main wb-timeline[data-program="${program}"]`);
        if (sides && timeline) {
            // Whoever has not predicted yet is asked first.
            const theirs = timeline.hasAttribute('data-covered')
                ? make('p', { class: 'wb-none' }, make('a', { href: '#predict' },
                    say('先猜一猜书里的 ↑', 'Predict the book’s first ↑')))
                : still_picture(timeline, `${change}-`);
            sides.prepend(lanes_side(say('书里的', 'In the book'), theirs));
        }
    }, { once: true });
}

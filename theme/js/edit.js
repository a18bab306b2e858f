/*
 * The Edit buttons, and what they need before anything is edited: the reader's edits
 * as they are kept in this browser, and a line where there is one. All else is loaded
 * when it is first asked for: editor.js, draft.js for a listing, answer.js and
 * verdict.js for an exercise. Only on pages that our own server serves.
 */
'use strict';

/* global say, make, server, drafts, buttons_of, program_of, text_button, whole_book, open_draft, open_answer,
    open_verdict */

/** The edits of the book's programs, by program and language: `{ text, base, at }`. */
const kept = (() => {
    const key_of = (name, language) => `wb-edit ${language} ${name}`;
    /** Tells the book's text from a later one of it. */
    const digest = text => {
        let hash = 5381;
        for (const unit of text) {
            hash = (hash * 33 ^ unit.codePointAt(0)) >>> 0;
        }
        return `${text.length} ${hash}`;
    };
    const parse = value => {
        try {
            const found = JSON.parse(value);
            return typeof found?.text === 'string' ? found : null;
        } catch {
            return null;
        }
    };
    return {
        key_of, digest, parse,
        read(name, language) {
            try {
                return parse(localStorage.getItem(key_of(name, language)));
            } catch {
                return null;
            }
        },
        /** Whether it could be kept; the book's own text needs not be. */
        write(name, language, text, book, base) {
            try {
                if (text === book) {
                    localStorage.removeItem(key_of(name, language));
                } else {
                    localStorage.setItem(key_of(name, language), JSON.stringify({ text, base, at: Date.now() }));
                }
                return true;
            } catch {
                return false;
            }
        },
    };
})();

/** A button among the others of a line. */
function line_button(text, onclick, attributes = {}) {
    return make('button', { type: 'button', class: 'wb-button wb-framed', onclick, ...attributes }, text);
}

(function editing() {
    if (!server.runs || whole_book) {
        return;
    }
    const REOPEN = 'wb-reopen';

    /** Says what went wrong, or takes it back. */
    function failed(place, error) {
        place.querySelector(':scope > .wb-failed')?.remove();
        if (error) {
            place.querySelector(':scope > .wb-run').after(
                make('p', { class: 'wb-kept wb-failed', role: 'alert' }, error.message));
        }
    }

    /** What was being edited when the page was loaded anew by the server. */
    let reopen = {};
    try {
        reopen = JSON.parse(sessionStorage.getItem(REOPEN)) ?? {};
        sessionStorage.removeItem(REOPEN);
    } catch { /* nothing was */ }

    for (const listing of document.querySelectorAll('.wb-listing[data-lang]')) {
        const name = program_of(listing);
        if (!name) {
            continue;
        }
        const language = listing.dataset.lang;
        const code = listing.querySelector(':scope > pre > code');
        const book = code.textContent;
        const edit = text_button(say('修改', 'Edit'), 'fa-pen', say('修改', 'Edit'));
        edit.classList.add('wb-framed', 'wb-edit');
        buttons_of(listing).prepend(edit);
        const note = make('p', { class: 'wb-kept', hidden: true });
        listing.querySelector(':scope > .wb-run').after(note);
        let draft = null;

        /** The line that says that there is an edit. */
        function show() {
            const found = kept.read(name, language);
            note.hidden = draft?.open === true || found === null || found.text === book;
            if (note.hidden) {
                return;
            }
            note.replaceChildren(
                say('你改过这个程序，改动保存在本机。', 'You edited this program; your edit is kept on this machine. '),
                line_button(say('接着改', 'Go on'), () => open()),
                line_button(say('丢掉', 'Discard'), () => {
                    kept.write(name, language, book, book);
                    note.replaceChildren(say('已丢掉改动。', 'The edit is discarded. '),
                        line_button(say('撤销', 'Undo'), () => {
                            kept.write(name, language, found.text, book, found.base);
                            show();
                            note.querySelector('button').focus();
                        }));
                    note.querySelector('button').focus();
                }));
        }

        async function open(place) {
            try {
                await Promise.all([server.load('editor'), server.load('draft')]);
            } catch (error) {
                failed(listing, error);
                return;
            }
            failed(listing, null);
            if (draft === null) {
                draft = open_draft({ listing, name, language, book, edit, closed: show });
                drafts.set(listing, draft);
            }
            note.hidden = true;
            draft.show(place);
        }

        edit.addEventListener('click', () => draft?.open ? draft.hide() : open());
        // A change that the page proposes, further down.
        listing.addEventListener('wb-change', async event => {
            await open();
            draft?.take(event.detail);
        });
        addEventListener('storage', event => {
            if ((event.key === null || event.key === kept.key_of(name, language)) && !draft?.open) {
                show();
            }
        });
        show();
        const place = reopen[kept.key_of(name, language)];
        if (place) {
            open(place);
        }
    }

    for (const exercise of document.querySelectorAll('.wb-exercise:has(> .wb-path + pre)')) {
        const name = exercise.querySelector('.wb-path code').textContent.split('/')[1];
        const edit = text_button(say('修改', 'Edit'), 'fa-pen', say('修改', 'Edit'));
        const check = text_button(say('检查', 'Check'), 'fa-check', say('检查', 'Check'));
        edit.classList.add('wb-framed', 'wb-edit');
        check.classList.add('wb-play', 'wb-check');
        buttons_of(exercise).append(edit, check);
        let answer = null;
        let verdict = null;

        async function open(place) {
            try {
                await Promise.all([server.load('editor'), server.load('answer')]);
                answer ??= open_answer({ exercise, name, edit, changed: () => verdict?.age(), check: grade });
                await answer.toggle(place);
                failed(exercise, null);
            } catch (error) {
                failed(exercise, error);
            }
        }

        async function grade() {
            try {
                await server.load('verdict');
            } catch (error) {
                failed(exercise, error);
                return;
            }
            failed(exercise, null);
            verdict ??= open_verdict({ exercise, name, check, answer: () => answer });
            verdict.grade();
        }

        edit.addEventListener('click', () => open());
        check.addEventListener('click', () => verdict?.busy || grade());
        const place = reopen[`answer ${name}`];
        if (place) {
            open(place);
        }
    }

    document.addEventListener('wb-reloads', event => {
        const places = {};
        for (const editor of document.querySelectorAll('.wb-editor')) {
            const place = editor.before_reload?.();
            if (place === null) {
                // In the middle of a composition.
                event.preventDefault();
            } else if (place) {
                Object.assign(places, place);
            }
        }
        try {
            sessionStorage.setItem(REOPEN, JSON.stringify(places));
        } catch { /* they are kept, and can be opened again */ }
    });
})();

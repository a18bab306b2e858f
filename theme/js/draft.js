/*
 * An edit of a listing: the editor in the place of its text, a line below it that says
 * where the edit is kept, the way back to the book's text. The book's own file is never
 * written; what the reader wrote stays in this browser, for this program and language,
 * and is shared by its tabs: what another tab wrote is not overwritten unasked.
 */
'use strict';

/* global say, make, server, kept, line_button, open_editor, diagnostics_in, open_lanes */

/** Loaded with it, and made when `edit` is first pressed; `closed` is told when the book's text is back. */
function open_draft({ listing, name, language, book, edit, closed }) {
    const path = listing.querySelector('.wb-path > code').textContent;
    const key = kept.key_of(name, language);
    const digest = kept.digest(book);

    let found = kept.read(name, language);
    /** The book's text from which the edit began. */
    let base = found?.base ?? digest;
    /** The text that was kept last, as far as this tab knows. */
    let known = found?.text ?? book;
    let saving = null;
    /** What another tab kept, until the reader has chosen. */
    let theirs = null;
    let lanes = null;
    let last_run = null;

    const state = make('span', { class: 'wb-state' });
    // What is routine is not read out.
    const trouble = make('span', { class: 'wb-trouble', role: 'status' });
    const reset = line_button(say('恢复书里的', 'Reset'), put_back, {
        title: say('换回书里的程序（可以撤销）', 'Put the program of the book back (can be undone)'),
    });
    const undo = line_button(say('撤销', 'Undo'), () => {
        editor.undo();
        editor.textarea.focus();
    }, { hidden: true });
    const toggle = language === 'rust' && line_button(say('时间线', 'Lanes'), show_lanes, { 'aria-pressed': false });
    const bar = make('p', { class: 'wb-bar' }, state, trouble, make('span', { class: 'wb-buttons' },
        ...toggle ? [toggle] : [], undo, reset));
    const notes = make('div', { class: 'wb-notes' });
    const compiled = make('div', { class: 'wb-found' });
    const editor = open_editor({
        language,
        text: known,
        label: say(`修改 ${path}`, `Editing ${path}`),
        bar,
        typed,
        run: () => listing.dispatchEvent(new Event('wb-run')),
    });
    const diagnostics = diagnostics_in(editor, compiled);
    const pre = listing.querySelector(':scope > pre');
    const parts = [notes, editor.node, compiled];

    // Keeping

    function note(kind, text, ...choices) {
        drop_note(kind);
        notes.append(make('p', { class: 'wb-note-line', 'data-kind': kind, role: 'status' }, text, ' ', ...choices));
    }
    const drop_note = kind => notes.querySelector(`[data-kind="${kind}"]`)?.remove();

    function save() {
        clearTimeout(saving);
        saving = null;
        if (theirs !== null) {
            return;
        }
        const there = kept.read(name, language)?.text ?? book;
        if (there !== known && there !== editor.value) {
            changed_elsewhere(there);
            return;
        }
        if (editor.value === book) {
            base = digest;
        }
        if (kept.write(name, language, editor.value, book, base)) {
            known = editor.value;
            tell();
        } else {
            state.textContent = '';
            trouble.textContent = say('没能保存：浏览器不让存，或者存满了。改动在关掉这一页之前还在。',
                'Not kept: this browser has no room or keeps nothing. The edit lasts as long as this page.');
        }
    }

    function tell() {
        trouble.textContent = '';
        state.textContent = editor.value === book ? say('和书里的一样', 'As in the book')
            : say('改动保存在本机', 'Your edit is kept on this machine');
        reset.hidden = editor.value === book;
    }

    /** Another tab kept another text. Nothing is written before the reader has chosen. */
    function changed_elsewhere(text) {
        theirs = text;
        state.textContent = say('先选一个，再接着保存', 'Not kept until you choose');
        note('tabs', text === book
            ? say('另一个标签页丢掉了改动。', 'The edit was discarded in another tab.')
            : say('另一个标签页里也改了这个程序。', 'This program was changed in another tab.'),
        line_button(say('用那边的', 'Take theirs'), () => {
            theirs = null;
            known = text;
            drop_note('tabs');
            editor.replace(text);
            save();
            editor.textarea.focus();
        }),
        line_button(say('留我的', 'Keep mine'), () => {
            theirs = null;
            known = text;
            drop_note('tabs');
            save();
            editor.textarea.focus();
        }));
    }

    addEventListener('storage', event => {
        if (event.key !== key && event.key !== null) {
            return;
        }
        const text = kept.parse(event.newValue)?.text ?? book;
        if (!open) {
            known = text;
        } else if (text === editor.value) {
            known = text;
            theirs = null;
            drop_note('tabs');
            tell();
        } else {
            changed_elsewhere(text);
        }
    });
    addEventListener('pagehide', () => {
        if (saving !== null) {
            save();
        }
    });

    // Changing

    function typed(text, composing) {
        undo.hidden = true;
        last_run = last_run?.text === text ? last_run : null;
        clearTimeout(saving);
        saving = setTimeout(save, 300);
        if (!composing) {
            lanes?.typed();
        }
    }

    function put_back() {
        editor.replace(book);
        save();
        undo.hidden = false;
        undo.focus();
    }

    async function show_lanes() {
        if (lanes) {
            lanes.close();
            lanes = null;
        } else {
            try {
                await server.load('lanes');
                lanes ??= open_lanes({ listing, name, editor, diagnostics, book, last_run: () => last_run });
            } catch (error) {
                trouble.textContent = error.message;
            }
        }
        toggle.setAttribute('aria-pressed', lanes !== null);
    }

    // Opening and closing

    let open = false;

    function show(place) {
        found = kept.read(name, language);
        const text = found?.text ?? book;
        if (!open) {
            open = true;
            listing.classList.add('wb-editing');
            pre.before(notes);
            pre.after(editor.node, compiled);
            known = text;
            base = found?.base ?? digest;
            editor.replace(text);
            if (found && base !== digest && text !== book) {
                note('book', say('你开始改以后，书里的这个程序变了。你的改动是在旧的上面做的。',
                    'The program in the book has changed since you began; your edit is of the older one.'),
                line_button(say('知道了', 'All right'), () => {
                    drop_note('book');
                    editor.textarea.focus();
                }));
            }
            tell();
            name_button();
            editor.lay_out();
        }
        if (place) {
            editor.put_back(place.at);
            if (place.lanes) {
                show_lanes();
            }
        } else {
            editor.textarea.focus({ preventScroll: true });
        }
    }

    function hide() {
        if (saving !== null) {
            save();
        }
        if (lanes) {
            show_lanes();
        }
        open = false;
        parts.forEach(part => part.remove());
        listing.classList.remove('wb-editing');
        name_button();
        edit.focus();
        closed();
    }

    function name_button() {
        const text = open ? say('关闭', 'Close') : say('修改', 'Edit');
        edit.lastChild.textContent = text;
        edit.setAttribute('aria-label', text);
        edit.setAttribute('aria-expanded', open);
    }

    editor.node.before_reload = () => {
        if (editor.composing) {
            return null;
        }
        if (saving !== null) {
            save();
        }
        return { [key]: { at: editor.place(), lanes: lanes !== null } };
    };

    return {
        get open() {
            return open;
        },
        show,
        hide,
        /** Puts a text in the place of what stands there; it can be undone. */
        take(text) {
            editor.replace(text);
            save();
            undo.hidden = false;
            editor.textarea.focus();
        },
        /** The edited text, if it is another than the book's. */
        changed: () => open && editor.value !== book ? editor.value : undefined,
        /** What the reader sees in the listing. */
        text: () => editor.value,
        began: () => diagnostics.show([]),
        found(list, text) {
            // It may have been changed while it was compiled.
            if (text === editor.value) {
                diagnostics.show(list);
            }
        },
        ran(text, box) {
            last_run = { text, out: box.printed('out'), all: box.printed('out', 'err') };
            lanes?.ran();
        },
    };
}

/*
 * An exercise's file in an editor, saved to the very file that the terminal's check and
 * watch read. What was written there meanwhile by somebody else is shown and never
 * overwritten unasked.
 */
'use strict';

/* global say, make, server, line_button, open_editor, diagnostics_in */

/** Loaded with it, and made when `edit` is first pressed; `changed` is told of every change, `check` of Ctrl-Enter. */
function open_answer({ exercise, name, edit, changed, check }) {
    const address = `exercises/${encodeURIComponent(name)}`;
    const pre = exercise.querySelector(':scope > .wb-path + pre');

    const state = make('span', { class: 'wb-state' });
    // What is routine is not read out.
    const trouble = make('span', { class: 'wb-trouble', role: 'status' });
    const reset = line_button(say('重新开始', 'Start over'), start_over, {
        title: say('换回练习最初的文件（可以撤销）', 'Put the first file of the exercise back (can be undone)'),
    });
    const undo = line_button(say('撤销', 'Undo'), () => {
        editor.undo();
        editor.textarea.focus();
    }, { hidden: true });
    const bar = make('p', { class: 'wb-bar' }, state, trouble, make('span', { class: 'wb-buttons' }, undo, reset));
    const notes = make('div', { class: 'wb-notes' });
    const compiled = make('div', { class: 'wb-found' });

    let editor = null;
    let diagnostics = null;
    let starter = '';
    let open = false;
    let opening = false;
    /** The digest of the file as this page knows it, and its text. */
    let sha = null;
    let known = '';
    let saving = null;
    let under_way = null;
    /** What stands in the file, until the reader has chosen. */
    let theirs = null;

    function note(kind, text, ...more) {
        drop_note(kind);
        notes.append(make('div', { class: 'wb-note-line', 'data-kind': kind, role: 'status' }, text, ' ', ...more));
    }
    const drop_note = kind => notes.querySelector(`[data-kind="${kind}"]`)?.remove();
    const dirty = () => editor !== null && editor.value !== known;

    // The file

    function fails(sentence) {
        state.textContent = '';
        trouble.textContent = sentence;
    }

    function tell() {
        trouble.textContent = '';
        state.textContent = dirty() ? say('还没保存', 'Not saved yet')
            : say(`已保存到 exercises/${name}/src/lib.rs`, `Saved to exercises/${name}/src/lib.rs`);
        reset.hidden = editor.value === starter;
    }

    /** Writes the text into the file; one request at a time, the last text wins. */
    async function save(keepalive = false) {
        clearTimeout(saving);
        saving = null;
        while (under_way) {
            await under_way;
        }
        if (!dirty() || theirs !== null) {
            return;
        }
        const text = editor.value;
        under_way = (async () => {
            try {
                const response = await server.ask(address, { body: { text, was: sha }, keepalive });
                const answer = await response.json();
                if (response.status === 409) {
                    changed_outside(answer);
                } else {
                    sha = answer.sha;
                    known = text;
                    tell();
                }
            } catch (error) {
                fails(say('没能保存：', 'Not saved: ') + error.message);
            }
        })();
        await under_way;
        under_way = null;
    }

    function take(file) {
        sha = file.sha;
        known = file.text;
        theirs = null;
        drop_note('file');
        editor.replace(file.text);
        tell();
    }

    /** The file has another text than this page knows. */
    function changed_outside(file) {
        if (file.text === editor.value) {
            sha = file.sha;
            known = file.text;
            theirs = null;
            drop_note('file');
            tell();
        } else if (!dirty()) {
            take(file);
            note('file', say('文件在外面改过，这里换成了新的。', 'The file was changed elsewhere; this is the new one.'),
                line_button(say('撤销', 'Undo'), () => {
                    drop_note('file');
                    editor.undo();
                    editor.textarea.focus();
                }),
                line_button(say('知道了', 'All right'), () => {
                    drop_note('file');
                    editor.textarea.focus();
                }));
        } else {
            theirs = file;
            state.textContent = say('先选一个，再接着保存', 'Not saved until you choose');
            note('file', say('文件在外面改过，和你这里的不一样。', 'The file was changed elsewhere, and so was your text here.'),
                line_button(say('用文件里的', 'Take the file'), () => {
                    take(theirs);
                    editor.textarea.focus();
                }),
                line_button(say('留我的', 'Keep mine'), () => {
                    sha = theirs.sha;
                    known = theirs.text;
                    theirs = null;
                    drop_note('file');
                    save();
                    editor.textarea.focus();
                }),
                make('details', {}, make('summary', {}, say('文件里现在是', 'What the file has now')),
                    make('pre', {}, make('code', {}, file.text))));
        }
    }

    async function look_again() {
        if (editor === null) {
            return;
        }
        while (under_way) {
            await under_way;
        }
        try {
            const file = await (await server.ask(address)).json();
            if (file.sha !== sha) {
                changed_outside(file);
            } else if (dirty()) {
                save();
            }
        } catch (error) {
            fails(error.message);
        }
    }

    document.addEventListener('wb-answer', event => {
        if (event.detail === name) {
            look_again();
        }
    });
    document.addEventListener('wb-server-back', () => look_again());

    function typed() {
        undo.hidden = true;
        drop_note('began');
        changed();
        clearTimeout(saving);
        saving = setTimeout(() => save(), 400);
        if (theirs === null) {
            tell();
        }
    }

    function start_over() {
        const sure = say('换回练习最初的文件？之后可以撤销。', 'Put the first file of the exercise back? You can undo it.');
        if (confirm(sure)) {
            editor.replace(starter);
            save();
            undo.hidden = false;
            undo.focus();
        }
    }

    // Opening and closing

    /** Opens or closes it. Fails if the file cannot be had. */
    async function toggle(place) {
        if (open) {
            open = false;
            save();
            [notes, editor.node, compiled].forEach(part => part.remove());
            exercise.classList.remove('wb-editing');
            name_button();
            edit.focus();
            return;
        }
        if (opening) {
            return;
        }
        opening = true;
        try {
            const file = await (await server.ask(address)).json();
            starter = file.starter;
            if (editor === null) {
                sha = file.sha;
                known = file.text;
                editor = open_editor({
                    language: 'rust',
                    text: file.text,
                    label: say(`修改 exercises/${name}/src/lib.rs`, `Editing exercises/${name}/src/lib.rs`),
                    bar,
                    typed,
                    run: check,
                    does: say('检查', 'checks'),
                });
                editor.node.before_reload = () => {
                    if (editor.composing) {
                        return null;
                    }
                    save();
                    return { [`answer ${name}`]: { at: editor.place() } };
                };
                diagnostics = diagnostics_in(editor, compiled);
            } else if (file.sha !== sha) {
                changed_outside(file);
            }
            open = true;
            exercise.classList.add('wb-editing');
            pre.before(notes);
            pre.after(editor.node, compiled);
            tell();
            name_button();
            editor.lay_out();
            if (place) {
                editor.put_back(place.at);
            } else {
                editor.textarea.focus({ preventScroll: true });
            }
            if (file.text !== file.starter) {
                note('began', file.standing === 'passed' ? say('这是你的文件，已经通过了。', 'This is your file; it has passed.')
                    : say('这是你的文件，已经改过。', 'This is your file, as you left it.'));
            }
        } finally {
            opening = false;
        }
    }

    function name_button() {
        const text = open ? say('关闭', 'Close') : say('修改', 'Edit');
        edit.lastChild.textContent = text;
        edit.setAttribute('aria-label', text);
        edit.setAttribute('aria-expanded', open);
    }

    addEventListener('pagehide', () => {
        if (dirty() && theirs === null) {
            save(true);
        }
    });

    return {
        get open() {
            return open;
        },
        toggle,
        text: () => editor?.value,
        /** Saves what is not saved yet; fails if that cannot be. */
        async saved() {
            await save();
            if (theirs !== null) {
                throw new Error(say('文件在外面改过：先在上面选一个。', 'The file was changed elsewhere: choose above first.'));
            }
            if (dirty()) {
                throw new Error(trouble.textContent);
            }
            diagnostics.show([]);
        },
        found(list, text) {
            if (text === editor.value) {
                diagnostics.show(list);
            }
        },
        /** Lights up a line of this text; what comes behind it is not in the file. */
        light(line, text) {
            if (open && editor.value === text) {
                editor.light(line <= text.split('\n').length ? line : null);
            }
        },
    };
}

/*
 * An exercise in the page: its file in an editor, saved to the very file that the
 * terminal's check and watch read, and graded by the same harness. What was written
 * there meanwhile by somebody else is shown and never overwritten unasked.
 */
'use strict';

/* global say, make, server, line_button, open_editor, diagnostics_in, show_diagnostics, diagnostics_sentence, icon_button,
    progress, load_needed, test_lanes */

/** Loaded with it, and made when one of the exercise's buttons is first pressed. */
function open_answer({ exercise, name, edit, check }) {
    const address = `exercises/${encodeURIComponent(name)}`;
    const pre = exercise.querySelector(':scope > .wb-path + pre');
    const run_line = exercise.querySelector(':scope > .wb-run');

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
    const result = make('div', { class: 'wb-checked', hidden: true });
    run_line.after(result);

    let editor = null;
    let diagnostics = null;
    let starter = '';
    let open = false;
    let opening = false;
    let unopened = false;
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
        older.hidden = false;
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
            if (unopened) {
                unopened = false;
                result_of_failure(null);
            }
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
                    run: grade,
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
        } catch (error) {
            unopened = true;
            result_of_failure(error);
        }
        opening = false;
    }

    function name_button() {
        const text = open ? say('关闭', 'Close') : say('修改', 'Edit');
        edit.lastChild.textContent = text;
        edit.setAttribute('aria-label', text);
        edit.setAttribute('aria-expanded', open);
    }

    // Grading

    const headline = make('span', { class: 'wb-status', role: 'status' });
    const older = make('span', { class: 'wb-older', hidden: true }, say('改动之前的结果', 'before your last change'));
    const stop = icon_button(say('停止', 'Stop'), 'fa-stop', say('停止', 'Stop'));
    const details = make('div');
    stop.classList.add('wb-stop');
    result.append(make('p', { class: 'wb-head' }, headline, older, stop), details);

    function result_of_failure(error) {
        result.hidden = error === null;
        result.removeAttribute('data-passed');
        headline.textContent = error?.message ?? '';
        older.hidden = true;
        stop.hidden = true;
        details.replaceChildren();
    }

    function test_row({ name: test, passed, message }) {
        const row = make('li', { 'data-passed': String(passed) },
            make('span', {
                class: 'wb-sign', role: 'img', 'aria-label': passed ? say('通过', 'passed') : say('没通过', 'failed'),
            }),
            make('code', {}, test));
        if (message) {
            row.append(make('pre', {}, make('code', {}, message)));
        }
        const text = editor?.value;
        const place = make('div', { class: 'wb-in-test' });
        const lanes = line_button(say('时间线', 'Lanes'), async () => {
            const shown = lanes.getAttribute('aria-pressed') === 'true';
            lanes.setAttribute('aria-pressed', !shown);
            place.replaceChildren();
            if (!shown) {
                await load_needed('lanes');
                test_lanes({
                    place, name, test,
                    passed: result.dataset.passed === 'true' || progress.all_of(name).passed,
                    // What comes behind the answer in the recorded program are the tests.
                    light: line => open && editor.value === text
                        && editor.light(line <= text.split('\n').length ? line : null),
                });
            }
        }, { 'aria-pressed': false, 'aria-label': say(`时间线：${test}`, `Lanes of ${test}`) });
        row.append(lanes, place);
        return row;
    }

    function show_checked({ passed, tests, printed, next }, uncompiled) {
        const failed = tests.filter(test => !test.passed).length;
        result.dataset.passed = passed;
        // That it does not compile was said already.
        headline.textContent = uncompiled ? headline.textContent : passed ? say(`通过了：${tests.length} 个测试全对。`, `Passed: all ${tests.length} tests.`)
            : tests.length === 0 ? say('没有通过。', 'Not passed.')
                : say(`没有通过：${tests.length} 个测试里 ${failed} 个不对。`, `Not passed: ${failed} of ${tests.length} tests failed.`);
        details.replaceChildren(make('ul', { class: 'wb-tests' }, ...tests.map(test_row)));
        if (printed) {
            details.append(make('details', {}, make('summary', {}, say('终端里看到的', 'As the terminal shows it')),
                make('pre', {}, make('code', { tabindex: 0 }, printed))));
        }
        if (passed && next) {
            details.append(make('p', {},
                make('a', { href: next.href }, say(`下一个：${next.title}`, `Next: ${next.title}`), ' →')));
        }
    }

    let controller = null;

    async function grade() {
        controller?.abort();
        const own = controller = new AbortController();
        result_of_failure(null);
        result.hidden = false;
        stop.hidden = false;
        stop.onclick = () => own.abort();
        // Not `disabled`: the button that was just pressed would lose the focus.
        check.setAttribute('aria-disabled', true);
        headline.textContent = say('正在检查……', 'Checking…');
        let ended = false;
        let uncompiled = false;
        try {
            if (open) {
                await save();
                if (theirs !== null || dirty()) {
                    throw new Error(theirs !== null
                        ? say('文件在外面改过：先在上面选一个。', 'The file was changed elsewhere: choose above first.')
                        : trouble.textContent);
                }
                diagnostics.show([]);
            }
            const text = editor?.value;
            for await (const record of server.records(`${address}/check`, { tab: server.tab }, own.signal)) {
                if (record.waiting) {
                    headline.textContent = say('还在等：别的程序在运行……', 'Still waiting: other programs run…');
                } else if (record.cargo !== undefined) {
                    headline.textContent = record.cargo;
                } else if (record.diagnostics) {
                    ended = uncompiled = true;
                    result.dataset.passed = false;
                    headline.textContent = say('没有编译通过。', 'It does not compile. ')
                        + diagnostics_sentence(record.diagnostics);
                    if (!open) {
                        show_diagnostics(details, record.diagnostics);
                    } else if (editor.value === text) {
                        diagnostics.show(record.diagnostics);
                    }
                } else if (record.checked) {
                    ended = true;
                    const found = [...details.children];
                    show_checked(record.checked, uncompiled);
                    details.prepend(...found);
                } else if (record.error !== undefined) {
                    ended = true;
                    throw new Error(record.error);
                }
            }
            if (!ended) {
                throw new Error(say('服务器没说完就断了。', 'The connection ended early.'));
            }
        } catch (error) {
            if (own === controller) {
                headline.textContent = error.name === 'AbortError' ? say('已停止', 'Stopped')
                    : say('没有查成：', 'It was not checked: ') + error.message;
            }
        }
        if (own === controller) {
            controller = null;
            stop.hidden = true;
            check.removeAttribute('aria-disabled');
        }
    }

    addEventListener('pagehide', () => {
        controller?.abort();
        if (dirty() && theirs === null) {
            save(true);
        }
    });

    return { toggle, check: () => controller ?? grade() };
}

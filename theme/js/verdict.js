/*
 * The verdict on an exercise: its file as it lies on the disk, checked by the harness
 * of the terminal, with the same messages; and what the answer did in a test.
 */
'use strict';

/* global say, make, server, line_button, icon_button, progress, test_lanes, show_diagnostics,
    diagnostics_sentence */

/** Loaded with it, and made when `check` is first pressed; `answer` has the editor, once there is one. */
function open_verdict({ exercise, name, check, answer }) {
    const address = `exercises/${encodeURIComponent(name)}`;
    const result = make('div', { class: 'wb-checked', hidden: true });
    exercise.querySelector(':scope > .wb-run').after(result);

    const headline = make('span', { class: 'wb-status', role: 'status' });
    const older = make('span', { class: 'wb-older', hidden: true }, say('改动之前的结果', 'before your last change'));
    const stop = icon_button(say('停止', 'Stop'), 'fa-stop', say('停止', 'Stop'));
    const details = make('div');
    stop.classList.add('wb-stop');
    result.append(make('p', { class: 'wb-head' }, headline, older, stop), details);

    function test_row({ name: test, passed, message }) {
        const row = make('li', { 'data-passed': String(passed) },
            make('span', {
                class: 'wb-sign', role: 'img', 'aria-label': passed ? say('通过', 'passed') : say('没通过', 'failed'),
            }),
            make('code', {}, test));
        if (message) {
            row.append(make('pre', {}, make('code', {}, message)));
        }
        const text = answer()?.text();
        const place = make('div', { class: 'wb-in-test' });
        const lanes = line_button(say('时间线', 'Lanes'), async () => {
            const shown = lanes.getAttribute('aria-pressed') === 'true';
            lanes.setAttribute('aria-pressed', !shown);
            place.replaceChildren();
            if (!shown) {
                await server.load('lanes');
                test_lanes({
                    place, name, test,
                    passed: result.dataset.passed === 'true' || progress.all_of(name).passed,
                    // What comes behind the answer in the recorded program are the tests.
                    light: line => answer()?.light(line, text),
                });
            }
        }, { 'aria-pressed': false, 'aria-label': say(`时间线：${test}`, `Lanes of ${test}`) });
        row.append(lanes, place);
        return row;
    }

    function show_checked({ passed, tests, printed, next }, uncompiled) {
        const failed = tests.filter(test => !test.passed).length;
        result.dataset.passed = passed;
        if (passed) {
            headline.textContent = say(`通过了：${tests.length} 个测试全对。`, `Passed: all ${tests.length} tests.`);
        } else if (tests.length > 0) {
            headline.textContent = say(`没有通过：${tests.length} 个测试里 ${failed} 个不对。`,
                `Not passed: ${failed} of ${tests.length} tests failed.`);
        } else if (!uncompiled) {
            headline.textContent = say('没有通过。', 'Not passed.');
        }
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
        result.hidden = false;
        result.removeAttribute('data-passed');
        older.hidden = true;
        details.replaceChildren();
        stop.hidden = false;
        stop.onclick = () => own.abort();
        // Not `disabled`: the button that was just pressed would lose the focus.
        check.setAttribute('aria-disabled', true);
        headline.textContent = say('正在检查……', 'Checking…');
        let ended = false;
        let uncompiled = false;
        try {
            const edited = answer()?.open ? answer() : null;
            await edited?.saved();
            const text = edited?.text();
            for await (const record of server.records(`${address}/check`, { tab: server.tab }, own.signal)) {
                if (record.waiting) {
                    headline.textContent = say('还在等：别的程序在运行……', 'Still waiting: other programs run…');
                } else if (record.cargo !== undefined) {
                    headline.textContent = record.cargo;
                } else if (record.diagnostics) {
                    await server.load('editor');
                    if (record.diagnostics.some(({ level }) => level === 'error')) {
                        ended = uncompiled = true;
                        result.dataset.passed = false;
                        headline.textContent = say('没有编译通过。', 'It does not compile. ')
                            + diagnostics_sentence(record.diagnostics);
                    }
                    if (edited?.open) {
                        edited.found(record.diagnostics, text);
                    } else {
                        show_diagnostics(details, record.diagnostics);
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

    addEventListener('pagehide', () => controller?.abort());

    return {
        get busy() {
            return controller !== null;
        },
        grade,
        /** What is shown is of an older text. */
        age() {
            older.hidden = false;
        },
    };
}

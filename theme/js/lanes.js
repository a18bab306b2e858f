/*
 * The lanes of what the reader wrote. The timeline that follows the text: half a second after the last key the edited
 * program is sent to be compiled and recorded, and drawn beside the book's. What is
 * newer wins. While it does not compile the last picture stays, greyed. And those of an
 * answer in one of the tests of its exercise.
 */
'use strict';

/* global say, make, hljs, server, progress, diagnostics_sentence, still_picture, own_ids, lanes_side */

/** Names between backticks are code. */
const with_code = sentence => sentence.split('`').map((part, at) => at % 2 === 0 ? part : make('code', {}, part));

/**
 * The timeline of a program that is not the page's own, to be stepped through: its
 * HTML, its text, and what lights up a line of it.
 */
function drawn_timeline(html, text, light, prefix) {
    const template = make('template');
    template.innerHTML = html;
    const element = template.content.querySelector('wb-timeline');
    own_ids(element, prefix);
    // The page's own is found by its program.
    element.removeAttribute('data-program');
    element.setAttribute('data-edited', '');
    const code = make('code', { class: 'language-rust hljs' });
    code.innerHTML = hljs.highlight(text, { language: 'rust', ignoreIllegals: true }).value;
    // It is set up when it comes into the page, and asks for this then.
    const timeline = document.importNode(element, true);
    timeline.edited = { code, light };
    return timeline;
}

const ending_lines = ending => ending.map(sentence => make('p', { class: 'wb-ending' }, ...with_code(sentence)));

/**
 * The lanes of an answer in a test, and beside them those of the solution once it may
 * be seen; in the place that is given. `light` lights up a line of the answer.
 */
async function test_lanes({ place, name, test, passed, light }) {
    const state = make('p', { class: 'wb-trace-state', role: 'status' }, say('正在编译……', 'Compiling…'));
    const sides = make('div', { class: 'wb-sides' });
    place.replaceChildren(make('div', { class: 'wb-trace' }, state, sides));

    async function draw(solution, title, lights) {
        const body = { test, solution, tab: `${server.tab} test` };
        for await (const record of server.records(`exercises/${encodeURIComponent(name)}/lanes`, body)) {
            if (record.cargo !== undefined) {
                state.textContent = record.cargo;
            } else if (record.error !== undefined) {
                throw new Error(record.error);
            } else if (record.trace) {
                const { timeline, ending, source, clock } = record.trace;
                sides.append(lanes_side(title,
                    drawn_timeline(timeline, source, lights, `${test}-${solution ? 'solution' : 'own'}-`),
                    ...ending_lines(ending)));
                state.textContent = clock_sentence(clock);
                return;
            } else if (record.diagnostics) {
                throw new Error(diagnostics_sentence(record.diagnostics));
            }
        }
        throw new Error(say('服务器没说完就断了。', 'The connection ended early.'));
    }

    try {
        await draw(false, say('你的', 'Yours'), light);
        if (passed) {
            await draw(true, say('参考答案', 'The solution'), () => { /* it is not in the page */ });
        }
    } catch (error) {
        state.textContent = error.message;
    }
}

/** What the clock was, as a sentence. */
function clock_sentence(clock) {
    return clock ? clock[0].toUpperCase() + clock.slice(1).replace(/[。.]?$/, say('。', '.')) : '';
}

/** The panel under a pair. `last_run` tells what the edited program printed when it was really run. */
function open_lanes({ listing, name, editor, diagnostics, book, last_run }) {
    const state = make('p', { class: 'wb-trace-state', role: 'status' });
    const drawn = make('div', { class: 'wb-drawn' });
    const theirs = make('div');
    const panel = make('div', {
        class: 'wb-trace', role: 'region', 'aria-label': say('时间线：书里的和你的', 'Timelines: in the book and yours'),
    }, state, make('div', { class: 'wb-sides' },
        lanes_side(say('书里的', 'In the book'), theirs), lanes_side(say('你的', 'Yours'), drawn)));
    (listing.closest('.wb-pair') ?? listing).append(panel);

    let controller = null;
    let typing = null;
    /** The trace that is drawn, with its text. */
    let shown = null;
    /** The text that was sent last. */
    let sent = null;

    (function the_books() {
        const timeline = document.querySelector(`main wb-timeline[data-program="${name}"]`);
        if (!timeline) {
            theirs.append(make('p', { class: 'wb-none' }, say('这一页没有它的时间线。', 'This page has none.')));
        } else if (timeline.hasAttribute('data-covered')) {
            // Whoever has not predicted yet is asked here as well.
            const cover = make('div', { class: 'wb-cover' },
                make('p', {}, say('先猜，再看。', 'Predict first, then look.')),
                make('p', {}, make('a', { class: 'wb-action', href: '#predict' }, say('去猜 ↑', 'Predict ↑')),
                    make('button', {
                        type: 'button', class: 'wb-action wb-quietly',
                        onclick: () => theirs.replaceChildren(still_picture(timeline, 'book-')),
                    }, say('直接看', 'Show it'))));
            theirs.append(cover);
        } else {
            theirs.append(still_picture(timeline, 'book-'));
        }
    })();

    const grey = yes => drawn.classList.toggle('wb-stale', yes);

    function draw(text, { timeline, ending, lines }) {
        shown = { text, lines };
        const light = line => editor.value === text && editor.light(line);
        drawn.replaceChildren(drawn_timeline(timeline, text, light, 'edited-'), ...ending_lines(ending));
        grey(false);
        compare();
    }

    /** Says so if the program, really run, printed other lines than were recorded. */
    function compare() {
        panel.querySelector('.wb-differs')?.remove();
        const run = last_run();
        if (!shown || !run || run.text !== shown.text) {
            return;
        }
        const recorded = shown.lines.join('\n');
        if ([run.out, run.all].some(lines => lines.join('\n') === recorded)) {
            return;
        }
        const at = run.out.findIndex((line, number) => line !== shown.lines[number]);
        const line = at === -1 ? run.out.length : at;
        const quote = text => text === undefined ? say('没有这一行', 'nothing') : make('code', {}, text);
        drawn.append(make('p', { class: 'wb-differs', role: 'status' },
            say('真正运行时打印的和这里记录的不一样：第 ', 'The real run printed other lines than were recorded here: in line '),
            `${line + 1}`, say(' 行，运行时是 ', ' it printed '), quote(run.out[line]),
            say('，记录里是 ', ', recorded is '), quote(shown.lines[line]), say('。', '.')));
    }

    async function trace() {
        clearTimeout(typing);
        typing = null;
        const text = editor.value;
        if (text === book) {
            controller?.abort();
            sent = shown = null;
            diagnostics.show([]);
            drawn.replaceChildren(make('p', { class: 'wb-none' },
                say('和书里的一样。改一改，这里就画出你的。', 'As in the book. Change something, and yours is drawn here.')));
            grey(false);
            state.textContent = '';
            return;
        }
        if (text === sent) {
            return;
        }
        controller?.abort();
        const own = controller = new AbortController();
        sent = text;
        progress.tell(name, 'changed');
        const slow = setTimeout(() => {
            state.textContent = say('正在编译……', 'Compiling…');
        }, 200);
        /** Whether this is still the newest, and of the text that is there. */
        const stands = () => own === controller && text === editor.value;
        let ended = false;
        try {
            const path = `programs/${encodeURIComponent(name)}/trace`;
            // A name of its own: what is newer in a tab ends what is older, and a check is no newer trace.
            for await (const record of server.records(path, { text, tab: `${server.tab} lanes` }, own.signal)) {
                if (own !== controller) {
                    return;
                }
                if (record.cargo !== undefined) {
                    clearTimeout(slow);
                    state.textContent = record.cargo;
                    continue;
                }
                ended = true;
                if (!stands()) {
                    // The next one is on its way.
                    continue;
                }
                if (record.error !== undefined) {
                    grey(true);
                    state.textContent = record.error;
                    continue;
                }
                diagnostics.show(record.diagnostics ?? []);
                if (record.trace) {
                    draw(text, record.trace);
                    state.textContent = say('画好了。', 'Drawn. ') + clock_sentence(record.trace.clock);
                } else {
                    grey(true);
                    state.textContent = diagnostics_sentence(record.diagnostics)
                        + (shown ? say('图还是上一次的。', ' The picture is the last one.') : '');
                }
            }
            if (!ended) {
                throw new Error(say('服务器没说完就断了。', 'The connection ended early.'));
            }
        } catch (error) {
            if (error.name !== 'AbortError' && own === controller) {
                sent = null;
                grey(true);
                state.textContent = error.message;
            }
        } finally {
            clearTimeout(slow);
        }
    }

    const again = () => {
        if (sent === null) {
            trace();
        }
    };
    const away = () => controller?.abort();
    document.addEventListener('wb-server-back', again);
    addEventListener('pagehide', away);
    trace();

    return {
        typed() {
            clearTimeout(typing);
            // Also once a composition is over: half a second after the last key.
            typing = setTimeout(() => editor.composing || trace(), 500);
            if (controller && editor.value !== sent) {
                // What is compiled now is of no use to anybody.
                controller.abort();
                controller = null;
                sent = null;
                state.textContent = '';
            }
        },
        ran: compare,
        close() {
            clearTimeout(typing);
            controller?.abort();
            controller = null;
            document.removeEventListener('wb-server-back', again);
            removeEventListener('pagehide', away);
            editor.light(null);
            panel.remove();
        },
    };
}

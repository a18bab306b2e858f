/*
 * The Run buttons. Served by the workbook's own server, a button runs the program of
 * its listing, or the reader's edit of it, on this machine, and shows the lines as they
 * come. Anywhere else it asks the Rust playground, for listings marked
 * data-playground="yes". Nothing is sent before it is pressed.
 */
'use strict';

/* global say, make, icon_button, server, output_box, standard_input, progress, whole_book, show_diagnostics */

/** The edits under way, by their listing; see draft.js. */
const drafts = new WeakMap();

/** The name of a listing's program; Python's listing has that of the Rust one beside it. */
function program_of(listing) {
    return listing.dataset.program
        ?? listing.closest('.wb-pair')?.querySelector('.wb-listing[data-program]')?.dataset.program;
}

/** The place for buttons in the first run line of a listing or an exercise. */
function buttons_of(place) {
    const line = place.querySelector(':scope > .wb-run');
    return line.querySelector('.wb-buttons') ?? line.appendChild(make('span', { class: 'wb-buttons' }));
}

/** A mouse's tooltip would say it again. */
function text_button(name, icon, text) {
    const button = icon_button(name, icon, text);
    if (name === text) {
        button.removeAttribute('title');
    }
    return button;
}

(function running() {
    /** Ends the run that is under way: the server runs one for a tab. */
    let end_other = () => { /* none is */ };

    /**
     * Runs a program on this machine. Resolves with the last record: `code`, `signal`
     * or `error`.
     */
    async function run_here({ name, language, text, signal, box, found }) {
        let started = false;
        // Not before its turn: most programs start sooner than this could be read.
        const waits = setTimeout(() => box.say(say('正在编译……', 'Compiling…')), 400);
        try {
            const body = { language, text, tab: server.tab };
            for await (const record of server.records(`programs/${encodeURIComponent(name)}/run`, body, signal)) {
                if (record.waiting) {
                    clearTimeout(waits);
                    box.say(say('还在等：别的程序在运行……', 'Still waiting: other programs run…'));
                } else if (record.cargo !== undefined) {
                    clearTimeout(waits);
                    box.say(record.cargo);
                } else if (record.diagnostics) {
                    await found(record.diagnostics);
                } else if (record.started !== undefined) {
                    clearTimeout(waits);
                    started = true;
                    box.say(say('正在运行……', 'Running…'));
                    progress.tell(name, 'ran');
                    // Only a program that reads can be told something.
                    if (/\bstdin\b|\binput\s*\(/.test(text ?? box.source)) {
                        box.below.append(standard_input(async what => {
                            if (what.text !== undefined) {
                                box.print('in', what.text);
                            }
                            try {
                                await server.ask(`runs/${encodeURIComponent(record.started)}/input`, { body: what });
                            } catch (error) {
                                box.say(error.message);
                            }
                        }));
                    }
                } else if (record.out !== undefined) {
                    box.print('out', record.out, record.at);
                } else if (record.err !== undefined) {
                    box.print('err', record.err, record.at);
                } else {
                    return { ...record, started };
                }
            }
        } finally {
            clearTimeout(waits);
        }
        throw new Error(say('服务器没说完就断了。', 'The connection ended early.'));
    }

    /** The listing's text, compiled and run by play.rust-lang.org; it answers all at once. */
    async function run_in_playground(code, signal, box) {
        let response;
        try {
            response = await fetch('https://play.rust-lang.org/evaluate.json', {
                method: 'POST',
                headers: { 'Content-Type': 'application/json' },
                body: JSON.stringify({ version: 'stable', optimize: '0', edition: '2024', code }),
                signal,
            });
        } catch (error) {
            if (error.name === 'AbortError') {
                throw error;
            }
            throw new Error(say(
                '连不上 play.rust-lang.org。请在自己的电脑上用上面的命令运行。',
                'play.rust-lang.org cannot be reached. Run the command above on your own machine.'));
        }
        if (!response.ok) {
            throw new Error(`play.rust-lang.org: ${response.status}`);
        }
        const answer = await response.json();
        if (answer.error) {
            throw new Error(answer.error);
        }
        box.print('out', answer.result);
        return { code: 0 };
    }

    /** How a run ended, in a sentence. */
    function ending({ code, compiled, signal, name, error, started }) {
        if (compiled === false) {
            return say('没有编译通过', 'It did not compile');
        }
        if (error !== undefined) {
            return started ? error : say('没有跑成：', 'It did not run: ') + error;
        }
        if (signal !== undefined) {
            return say(`被信号 ${signal} 结束`, `Ended by signal ${signal}`) + (name ? say(`（${name}）`, ` (${name})`) : '');
        }
        return code === 0 ? say('运行结束', 'Finished')
            : say(`运行结束，退出码 ${code}`, `Finished with exit code ${code}`);
    }

    function set_up(listing) {
        const language = listing.dataset.lang;
        const name = program_of(listing);
        const code = listing.querySelector(':scope > pre > code');
        const where = server.runs
            ? say('运行这个程序', 'Run this program')
            : say('在 play.rust-lang.org 上运行', 'Run on play.rust-lang.org');
        const play = icon_button(where, 'fa-play', say('运行', 'Run'));
        play.classList.add('wb-play');
        buttons_of(listing).append(play);

        let box = null;
        let controller = null;

        async function run() {
            end_other();
            const own = controller = new AbortController();
            end_other = () => own.abort();
            box ??= output_box(listing);
            const draft = drafts.get(listing);
            const text = draft?.changed();
            box.source = code.textContent;
            box.begin();
            box.say(server.runs ? say('正在启动……', 'Starting…')
                : say('正在 play.rust-lang.org 上编译、运行……', 'Compiling and running on play.rust-lang.org…'));
            // Not `disabled`: the button that was just pressed would lose the focus.
            play.setAttribute('aria-disabled', true);
            box.stop.onclick = () => own.abort();
            draft?.began();
            if (text !== undefined) {
                progress.tell(name, 'changed');
            }
            const found = async diagnostics => {
                if (draft?.open) {
                    draft.found(diagnostics, text ?? code.textContent);
                } else if (diagnostics.length > 0) {
                    await server.load('editor');
                    show_diagnostics(box.found, diagnostics);
                }
            };
            let end;
            try {
                end = server.runs
                    ? await run_here({ name, language, text, signal: own.signal, box, found })
                    : await run_in_playground(code.textContent, own.signal, box);
            } catch (error) {
                end = error.name === 'AbortError' ? null : { error: error.message, started: error.gone };
            }
            if (own !== controller) {
                return;
            }
            controller = null;
            box.say(end === null ? say('已停止', 'Stopped') : ending(end));
            box.end();
            play.removeAttribute('aria-disabled');
            if (Number.isInteger(end?.code)) {
                draft?.ran(text ?? code.textContent, box);
            }
        }

        play.addEventListener('click', () => controller ?? run());
        // The editor's Ctrl-Enter: what is newer wins.
        listing.addEventListener('wb-run', run);
        addEventListener('pagehide', () => controller?.abort());
    }

    for (const listing of document.querySelectorAll('.wb-listing[data-lang]')) {
        const can_run = server.runs ? program_of(listing)
            : !server.only_reads && listing.dataset.playground === 'yes';
        if (can_run) {
            set_up(listing);
        }
    }
})();

(function how_to_get_more() {
    const pair = document.querySelector('.wb-listing[data-program]')?.closest('.wb-pair');
    if (server.runs || whole_book || !pair) {
        return;
    }
    const command = make('code', {}, 'cargo run');
    pair.after(make('p', { class: 'wb-more' }, ...server.only_reads
        ? [say('这个服务器是用 --no-run 启动的，只能读；去掉它，就能在页面里改程序、运行程序。',
            'This server was started with --no-run and only shows the book; without it, the page edits and runs programs.')]
        : say(['在自己的电脑上用 ', ' 打开这本书，就能在页面里改程序、运行程序，时间线跟着改动重画。'],
            ['Open the book with ', ' from a clone of it to edit and run the programs in the page; their timelines follow.'])
            .flatMap((part, at) => at === 0 ? [part, command] : [part])));
})();

/*
 * The Run button of a Rust listing, where the program can run.
 *
 * Served by the workbook's own server (index.hbs then has <meta name="wb-server">)
 * it starts the very program of the chapter and shows its lines as they come:
 * POST /run/NAME answers, when its turn has come, with lines that begin with \u001e and are JSON,
 * {"cargo": "Compiling …"} and then {"started": true}, with the output, and ends with one more of
 * them, {"code": 0} or {"error": "…"}. Anywhere else it asks the Rust playground,
 * for listings marked data-playground="yes". Nothing is sent before it is pressed.
 */
'use strict';

/* global say, icon_button */

(function running() {
    const server = document.querySelector('meta[name=wb-server]')?.content;
    const RECORD = '\u001e';

    /** The program's own output, line by line, from the local server. */
    async function run_here(name, signal, print, compiling, started) {
        let response;
        try {
            response = await fetch(server + encodeURIComponent(name), {
                method: 'POST',
                headers: { 'Accept-Language': document.documentElement.lang },
                // The server asks where a run comes from.
                referrerPolicy: 'same-origin',
                signal,
            });
        } catch (error) {
            if (error.name === 'AbortError') {
                throw error;
            }
            throw new Error(say(
                '服务器没有应答。请在终端里用 cargo run 重新启动，再打开它打印的地址。',
                'The server does not answer. Start it again with cargo run, and open the address that it prints.'));
        }
        if (!response.ok) {
            throw new Error((await response.text()).trim() || response.statusText);
        }
        // Until the program starts, and from its end on, what comes are records.
        let records = '';
        let runs = false;
        const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
        for (;;) {
            const { done, value } = await reader.read();
            if (done) {
                break;
            }
            records += value;
            let end;
            while (!runs && (end = records.indexOf('\n')) !== -1) {
                const record = JSON.parse(records.slice(RECORD.length, end));
                if (record.code !== undefined || record.error !== undefined) {
                    break;
                }
                records = records.slice(end + 1);
                runs = record.started === true;
                if (runs) {
                    started();
                } else {
                    compiling(record.cargo);
                }
            }
            if (runs) {
                const last = records.lastIndexOf(RECORD);
                print(last === -1 ? records : records.slice(0, last));
                records = last === -1 ? '' : records.slice(last);
            }
        }
        const record = JSON.parse(records.slice(RECORD.length) || '{"error": "the connection ended early"}');
        if (record.error !== undefined) {
            throw new Error(record.error);
        }
        return record.code;
    }

    /** The listing's text, compiled and run by play.rust-lang.org; it answers all at once. */
    async function run_in_playground(code, signal, print) {
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
        print(answer.result);
        return 0;
    }

    /** The box under a listing: a status, a Stop button, the lines. */
    function output_box(listing) {
        const box = document.createElement('div');
        box.className = 'wb-output wb-live';
        box.innerHTML = '<p class="wb-run"><span class="wb-status" role="status"></span></p>'
            + '<pre><code role="log" aria-live="polite" tabindex="0"></code></pre>';
        const stop = icon_button(say('停止', 'Stop'), 'fa-stop', say('停止', 'Stop'));
        stop.classList.add('wb-stop');
        box.querySelector('.wb-run').append(stop);
        const lines = box.querySelector('code');
        lines.setAttribute('aria-label', say('程序的输出', 'Output of the program'));
        listing.append(box);
        return { lines, status: box.querySelector('.wb-status'), stop };
    }

    for (const listing of document.querySelectorAll('.wb-listing[data-lang=rust][data-program]')) {
        const here = server !== undefined;
        if (!here && listing.dataset.playground !== 'yes') {
            continue;
        }
        const where = here
            ? say('运行这个程序', 'Run this program')
            : say('在 play.rust-lang.org 上运行', 'Run on play.rust-lang.org');
        const play = icon_button(where, 'fa-play', say('运行', 'Run'));
        play.classList.add('wb-play');
        listing.querySelector('.wb-run').append(play);

        let box = null;
        play.addEventListener('click', async () => {
            box ??= output_box(listing);
            const { lines, status, stop } = box;
            // Under a long program the box may be out of sight.
            lines.scrollIntoView({
                block: 'nearest',
                behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth',
            });
            const controller = new AbortController();
            const print = text => lines.append(text);
            lines.textContent = '';
            status.textContent = here
                ? say('正在启动……', 'Starting…')
                : say('正在 play.rust-lang.org 上编译、运行……', 'Compiling and running on play.rust-lang.org…');
            play.disabled = true;
            stop.hidden = false;
            stop.onclick = () => controller.abort();
            // Not before its turn.
            const waiting = here && setTimeout(() => {
                status.textContent = say('还在等：别的程序在运行……', 'Still waiting: other programs run…');
            }, 1000);
            const compiling = what => {
                clearTimeout(waiting);
                status.textContent = what;
            };
            const started = () => {
                clearTimeout(waiting);
                status.textContent = say('正在运行……', 'Running…');
            };
            try {
                const code = here
                    ? await run_here(listing.dataset.program, controller.signal, print, compiling, started)
                    : await run_in_playground(
                        listing.querySelector('pre > code').textContent, controller.signal, print);
                status.textContent = code === 0
                    ? say('运行结束', 'Finished')
                    : say(`运行结束，退出码 ${code}`, `Finished with exit code ${code}`);
            } catch (error) {
                status.textContent = error.name === 'AbortError'
                    ? say('已停止', 'Stopped')
                    : say('没有跑成：', 'It did not run: ') + error.message;
            } finally {
                clearTimeout(waiting);
                play.disabled = false;
                stop.hidden = true;
            }
        });
    }
})();

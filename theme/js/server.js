/*
 * Talking to the workbook's own server: how it is asked, how its answers are read,
 * and what the reader is told where it does not answer. index.hbs names it in
 * <meta name="wb-server">; a static site has no such line, and a server that was
 * started with --no-run gives no address for programs.
 */
'use strict';

/* global say, load_needed */

const server = (() => {
    const meta = document.querySelector('meta[name=wb-server]');
    const root = meta?.getAttribute('content') ?? null;

    /** A name for this tab, as long as the page lives: the server lets a tab run one program at a time. */
    const tab = Math.random().toString(36).slice(2) + Math.random().toString(36).slice(2);

    /**
     * The answer to a request. One that is refused, or that nobody answers, is an error
     * whose message is for the reader; a file that has changed meanwhile (409) is an answer.
     */
    async function ask(path, { body, signal, keepalive } = {}) {
        let response;
        try {
            response = await fetch(root + path, {
                method: body === undefined ? 'GET' : 'POST',
                headers: {
                    'Accept-Language': document.documentElement.lang,
                    ...body === undefined ? {} : { 'Content-Type': 'application/json' },
                },
                body: body === undefined ? undefined : JSON.stringify(body),
                cache: 'no-store',
                // The server asks where a request comes from.
                referrerPolicy: 'same-origin',
                signal,
                keepalive,
            });
        } catch (error) {
            throw error.name === 'AbortError' ? error : no_answer();
        }
        if (!response.ok && response.status !== 409) {
            throw new Error((await response.text()).trim() || response.statusText);
        }
        return response;
    }

    function gone(what) {
        const error = new Error(what + say(
            '请在终端里用 cargo run 重新启动，再打开它打印的地址。',
            'Start it again with cargo run, and open the address that it prints.'));
        error.gone = true;
        return error;
    }

    const no_answer = () => gone(say('服务器没有应答。', 'The server does not answer. '));

    /** A part of the page that is loaded when it is needed; from the server as well. */
    async function load(part) {
        try {
            await load_needed(part);
        } catch {
            throw no_answer();
        }
    }

    /** The records of an answer, one JSON object a line, as they come. */
    async function* records(path, body, signal) {
        const response = await ask(path, { body, signal });
        const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
        let rest = '';
        try {
            for (;;) {
                const { done, value } = await reader.read();
                if (done) {
                    break;
                }
                const lines = (rest + value).split('\n');
                rest = lines.pop();
                yield* lines.filter(Boolean).map(line => JSON.parse(line));
            }
        } catch (error) {
            throw error.name === 'TypeError' ? gone(say('服务器断开了。', 'The connection to the server was lost. ')) : error;
        } finally {
            reader.cancel().catch(() => { /* it was over */ });
        }
    }

    return {
        runs: root !== null,
        only_reads: meta !== null && root === null,
        /** Where a code of rustc's is explained. */
        explanations: `${root}explanations/`,
        tab, ask, load, records,
    };
})();

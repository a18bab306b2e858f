/*
 * The box under a listing or an exercise in which the reader's own run shows: what is
 * being done, the lines as they come with their times, what the program reads.
 */
'use strict';

/* global say, make, icon_button */

/** `1.00 s` from milliseconds. */
const seconds_text = millis => `${(millis / 1000).toFixed(2)} ${say('秒', 's')}`;

/** An empty box at the end of an element. Its `stop` button is there while `busy`. */
function output_box(place) {
    // A page does not get heavier with every line of a program that never stops printing.
    const MOST = 4000;
    const status = make('span', { class: 'wb-status', role: 'status' });
    const stop = icon_button(say('停止', 'Stop'), 'fa-stop', say('停止', 'Stop'));
    stop.classList.add('wb-stop');
    const found = make('div', { class: 'wb-found' });
    const lines = make('code', {
        role: 'log', 'aria-live': 'polite', tabindex: 0, 'aria-label': say('程序的输出', 'Output of the program'),
    });
    const cut = make('p', { class: 'wb-cut-off', hidden: true },
        say(`只留最后 ${MOST} 行。`, `Only the last ${MOST} lines are kept.`));
    const below = make('div');
    const box = make('div', { class: 'wb-output wb-live' },
        make('p', { class: 'wb-run' }, status, stop), found, cut, make('pre', {}, lines), below);
    place.append(box);

    let printed = [];
    let fresh = [];
    let unfinished = null;
    let flushing = null;

    function flush() {
        flushing = null;
        const at_end = lines.scrollHeight - lines.scrollTop - lines.clientHeight < 4;
        const more = document.createDocumentFragment();
        fresh.forEach(line => more.appendChild(line));
        fresh = [];
        lines.append(more);
        while (lines.childElementCount > MOST) {
            lines.firstElementChild.remove();
            cut.hidden = false;
        }
        if (at_end) {
            lines.scrollTop = lines.scrollHeight;
        }
    }

    return {
        box, status, stop, found, below,
        lines,
        say: what => {
            status.textContent = what;
        },
        /** A piece of a stream: `out`, `err`, or `in` for what the reader typed; with its time, if it is known. */
        print(stream, text, at) {
            printed.push({ stream, text });
            for (const piece of text.match(/[^\n]*\n|[^\n]+/g) ?? []) {
                if (unfinished?.stream === stream) {
                    unfinished.node.append(piece);
                } else {
                    const node = make('span', {
                        class: `wb-line wb-${stream}`, 'data-at': at === undefined ? false : seconds_text(at),
                    }, piece);
                    fresh.push(node);
                    unfinished = { stream, node };
                }
                if (piece.endsWith('\n')) {
                    unfinished = null;
                }
            }
            if (fresh.length > 2 * MOST) {
                fresh = fresh.slice(-MOST);
                cut.hidden = false;
            }
            // The first line at once, what comes in a flood together.
            if (lines.childElementCount === 0) {
                flush();
            }
            flushing ??= setTimeout(flush, 30);
        },
        /** The lines of these streams, as they were printed. */
        printed: (...streams) => printed.filter(({ stream }) => streams.includes(stream))
            .map(({ text }) => text).join('').replace(/\n$/, '').split('\n'),
        begin() {
            printed = [];
            fresh = [];
            unfinished = null;
            cut.hidden = true;
            lines.replaceChildren();
            found.replaceChildren();
            below.replaceChildren();
            stop.hidden = false;
            box.dataset.busy = '';
            // Under a long program the box may be out of sight.
            box.scrollIntoView({
                block: 'nearest',
                behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth',
            });
        },
        end() {
            clearTimeout(flushing);
            flush();
            below.replaceChildren();
            stop.hidden = true;
            delete box.dataset.busy;
        },
    };
}

/** A line to type into a running program; `send` is given what is asked of the server. */
function standard_input(send) {
    const field = make('input', {
        type: 'text', autocomplete: 'off', autocapitalize: 'off', spellcheck: 'false', enterkeyhint: 'send',
    });
    const close = () => {
        form.querySelectorAll('input, button').forEach(control => {
            control.disabled = true;
        });
        send({ end: true });
    };
    const form = make('form', {
        class: 'wb-stdin',
        onsubmit(event) {
            event.preventDefault();
            send({ text: `${field.value}\n` });
            field.value = '';
            field.focus();
        },
        onkeydown(event) {
            // As in a terminal.
            if (event.ctrlKey && event.key === 'd' && field.value === '') {
                event.preventDefault();
                close();
            }
        },
    },
    make('label', {}, say('标准输入', 'Standard input'), field),
    make('button', { class: 'wb-button' }, say('发送', 'Send')),
    make('button', { type: 'button', class: 'wb-button', onclick: close }, say('输入结束', 'End of input')));
    return form;
}

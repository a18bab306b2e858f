/*
 * <wb-timeline>: the picture of a run, to be asked about. Hover, or a click or
 * tap, tells what a mark means and lights up its line in the listing; buttons
 * and arrow keys walk from event to event, with what is ready, waiting and
 * printed beside the program.
 */
'use strict';

/* global say, make, widget, data_of, time_text, state_after, marks_of */

/** Lights up a line of a listing (none for null), without touching its text. */
function light(code, line) {
    let band = code.querySelector('.wb-lit');
    if (line === null || line === undefined) {
        band?.remove();
        return;
    }
    if (!band) {
        band = make('span', { class: 'wb-lit', 'aria-hidden': 'true' });
        code.append(band);
    }
    band.style.setProperty('--line', line - 1);
}

widget('wb-timeline', host => {
    const name = host.dataset.program;
    const data = data_of(host);
    const { events, lanes } = data;
    // The timeline of an edited program brings its text along, and tells the editor.
    const { edited } = host;
    const listing = document.querySelector(`.wb-listing[data-lang=rust][data-program="${name}"]`);
    const source = edited?.code ?? listing?.querySelector(':scope > pre > code');
    const lines = source?.textContent.split('\n') ?? [];
    const pictures = [...host.querySelectorAll('svg.wb-lanes')];
    let at = null;

    // The parts

    const stage = make('div', {
        class: 'wb-stage', tabindex: 0, role: 'group',
        'aria-label': say('时间线。左右方向键一步一步走。', 'Timeline. The left and right arrow keys walk through it.'),
    });
    stage.append(...host.querySelectorAll('.wb-wide, .wb-narrow'));
    const sentence = make('p', { class: 'wb-sentence', role: 'status' });
    const count = make('span', { class: 'wb-count' });
    const step = (glyph, text, go) => make('button', {
        type: 'button', class: 'wb-button', title: text, 'aria-label': text, onclick: go,
    }, glyph);
    // Not `disabled`: the button that was just pressed would lose the focus, and the keys with it.
    const disable = (button, yes) => button.setAttribute('aria-disabled', yes);
    const buttons = [
        step('⇤', say('第一步', 'First step'), () => at && go(0)),
        step('←', say('上一步', 'Previous step'), () => at && go(at - 1)),
        step('→', say('下一步', 'Next step'), () => go(at === null ? 0 : at + 1)),
        step('⇥', say('最后一步', 'Last step'), () => go(events.length - 1)),
    ];
    const whole = step(say('看全图', 'Whole picture'), say('看全图', 'Whole picture'), () => {
        buttons[2].focus();
        go(null);
    });
    whole.classList.add('wb-whole');
    buttons[2].classList.add('wb-play');
    const panel = title => {
        const body = make('div', { class: 'wb-panel-body' });
        return { body, box: make('section', { class: 'wb-panel' }, make('h4', {}, title), body) };
    };
    const ready = panel(say('就绪队列', 'Ready queue'));
    const waiting = panel(say('正在等', 'Waiting'));
    const printed = panel(say('已经打印', 'Printed so far'));
    const program = source && make('div', { class: 'wb-program' },
        make('pre', {}, source.cloneNode(true)));
    const copy = program?.querySelector('code');
    const panels = make('div', { class: 'wb-panels', hidden: true },
        ...(program ? [program] : []), ready.box, waiting.box, printed.box);
    host.append(stage,
        make('div', { class: 'wb-steps', role: 'toolbar', 'aria-label': say('一步一步走', 'Step by step') },
            ...buttons, count, whole),
        sentence, panels);
    copy?.removeAttribute('tabindex');

    // What a mark means

    const lane_name = lane => lanes[lane]?.name ?? say('程序', 'program');

    function chip(lane, ...more) {
        const node = make('span', { class: 'wb-chip' }, lane_name(lane), ...more);
        node.style.setProperty('--wb-lane', lane === undefined ? 'var(--wb-muted)' : `var(--wb-lane-${lane % 6 + 1})`);
        return node;
    }

    /** A line by its number, and of a program of several files by its file. */
    function place(n) {
        const file = data.files?.findLast(({ before }) => before < n);
        return file ? `${file.name}:${n - file.before}` : say(`第 ${n} 行`, `line ${n}`);
    }

    function show_line(n) {
        for (const code of [source, copy]) {
            if (code) {
                light(code, n);
            }
        }
        edited?.light(n);
    }

    function tell(index) {
        const { t, l, n, s } = events[index];
        const parts = [make('span', { class: 'wb-at' }, time_text(t)), ' ', chip(l), ' ', make('span', {}, s)];
        if (n && lines[n - 1] !== undefined) {
            parts.push(' ', make('span', { class: 'wb-where' }, place(n), ' ',
                make('code', {}, lines[n - 1].trim())));
        }
        sentence.replaceChildren(...parts);
        show_line(n);
    }

    function tell_nothing() {
        sentence.textContent = say('点图里的一块，看它是什么；按 → 从头走一遍。',
            'Click a part of the picture to see what it is; press → to walk through the run.');
        show_line(null);
    }

    // Walking

    function rows(body, filled) {
        body.replaceChildren(...(filled.length > 0 ? filled
            : [make('span', { class: 'wb-none' }, say('没有', 'none'))]));
    }

    function paint() {
        const marks = at === null ? [] : marks_of(data, at);
        for (const mark of stage.querySelectorAll('[data-event]')) {
            const event = Number(mark.dataset.event);
            mark.classList.toggle('wb-future', at !== null && event > at);
            mark.classList.toggle('wb-current', marks.includes(event));
        }
        for (const lane of stage.querySelectorAll('.wb-lane[data-task]')) {
            const id = Number(lane.dataset.task);
            const seen = kinds => events.some((event, i) => i <= at && event.l === id && kinds.includes(event.k));
            lane.querySelector('.wb-life').classList.toggle('wb-future', at !== null && !seen(['spawn']));
            lane.querySelector('.wb-end')?.classList.toggle('wb-future',
                at !== null && !seen(['cancelled', 'panicked', 'dropped']));
            lane.classList.toggle('wb-current-lane', at !== null && events[at].l === id);
        }
        for (const band of stage.querySelectorAll('.wb-instant')) {
            band.classList.toggle('wb-current', at !== null && Number(band.dataset.at) === events[at].t);
        }
    }

    function go(to) {
        at = to === null ? null : Math.max(0, Math.min(to, events.length - 1));
        panels.hidden = whole.hidden = at === null;
        count.textContent = at === null ? say(`${events.length} 步`, `${events.length} steps`)
            : `${at + 1} / ${events.length}`;
        buttons.forEach((button, i) => disable(button,
            i < 2 ? at === null || at === 0 : at === events.length - 1));
        paint();
        if (at === null) {
            tell_nothing();
            return;
        }
        tell(at);
        const state = state_after(data, at);
        rows(ready.body, [
            ...(state.polled === null ? []
                : [make('div', { class: 'wb-polled' }, chip(state.polled), say(' 正在轮询', ' is being polled'))]),
            ...state.ready.map(lane => make('div', {}, chip(lane))),
        ]);
        rows(waiting.body, state.waiting.map(wait => make('div', {}, chip(events[wait].l), ' ', events[wait].s)));
        rows(printed.body, state.printed.map(print => make('div', {},
            make('span', { class: 'wb-at' }, time_text(events[print].t)), make('code', {}, events[print].p))));
        printed.body.scrollTop = printed.body.scrollHeight;
        const band = copy?.querySelector('.wb-lit');
        if (band) {
            // Only inside the program's own box.
            program.scrollTop = band.offsetTop - program.clientHeight / 2;
        }
    }

    // Pointing

    /** The event of the mark that is nearest, within a finger's breadth. */
    function event_at({ clientX, clientY }) {
        let best = { distance: 14 };
        for (const mark of stage.querySelectorAll('[data-event], .wb-lane[data-task] > .wb-life')) {
            const box = mark.getBoundingClientRect();
            const distance = Math.hypot(
                Math.max(box.left - clientX, 0, clientX - box.right),
                Math.max(box.top - clientY, 0, clientY - box.bottom));
            // Arrows and lanes are large boxes: whatever else is there comes first.
            const rank = distance + (mark.matches('.wb-arrow') ? 4 : mark.matches('.wb-life') ? 6 : 0);
            if (box.width > 0 && rank <= best.distance) {
                best = { distance: rank, mark };
            }
        }
        if (best.mark?.matches('.wb-life')) {
            const lane = Number(best.mark.parentElement.dataset.task);
            return events.findIndex(event => event.k === 'spawn' && event.l === lane);
        }
        return best.mark ? Number(best.mark.dataset.event) : null;
    }

    stage.addEventListener('pointermove', event => {
        if (event.pointerType !== 'mouse') {
            return;
        }
        const found = event_at(event);
        stage.classList.toggle('wb-pointing', found !== null);
        if (found !== null) {
            tell(found);
        } else if (at !== null) {
            tell(at);
        } else {
            tell_nothing();
        }
    });
    stage.addEventListener('pointerleave', () => at === null ? tell_nothing() : tell(at));
    stage.addEventListener('click', event => {
        const found = event_at(event);
        if (found !== null) {
            go(found);
        }
    });
    host.addEventListener('keydown', event => {
        const to = {
            ArrowRight: at === null ? 0 : at + 1,
            ArrowLeft: at === null ? 0 : at - 1,
            Home: 0,
            End: events.length - 1,
            Escape: null,
        }[event.key];
        if (to !== undefined && !event.altKey && !event.ctrlKey && !event.metaKey) {
            event.preventDefault();
            go(to);
        }
    });

    // The panel says what the marks' own tooltips would.
    for (const picture of pictures) {
        picture.querySelectorAll('[data-event] > title, .wb-end > title').forEach(title => title.remove());
    }
    go(null);
});

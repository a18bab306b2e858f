/*
 * What the widgets work out from their data, without touching the page: is an
 * order right and if not why, and what is ready, waiting and printed after an
 * event. The data is documented in timeline/src/widget.rs and
 * crates/book/src/predict.rs.
 */
'use strict';

/** Gives lines of the same text the places in which they are right soonest: they are interchangeable. */
function told_apart(shown, lines) {
    const taken = new Set();
    return shown.map(one => {
        const line = lines.findIndex((other, at) => other.p === lines[one].p && !taken.has(at));
        taken.add(line);
        return line;
    });
}

/**
 * Whether the lines may be printed in this order: `right`; for each place
 * whether its line may stand there: `places`; and of the first two lines that
 * stand the wrong way round, the one that comes first and the other: `pair`.
 */
function judge(shown, lines) {
    const order = told_apart(shown, lines);
    const places = order.map((line, at) => {
        const later = lines.filter(other => other.after.includes(line)).length;
        return at >= lines[line].after.length && at < lines.length - later;
    });
    for (let apart = 1; apart < order.length; apart++) {
        for (let at = 0; at + apart < order.length; at++) {
            if (lines[order[at]].after.includes(order[at + apart])) {
                return { right: false, places, pair: [order[at + apart], order[at]] };
            }
        }
    }
    return { right: true, places, pair: null };
}

const ENDS = ['ready', 'panicked', 'cancelled', 'dropped'];

/**
 * What is the case once `events[k]` has happened:
 * `polled`, the lane that is being polled or null;
 * `ready`, the lanes in the ready queue, in the order in which their turns come;
 * `waiting`, the events that began the waits which are not over;
 * `over`, those that ended, which the poll of their lane will find;
 * `printed`, the events that printed a line.
 */
function state_after({ events }, k) {
    const polls = [];
    const ready = new Set();
    const waits = new Set();
    const printed = [];
    for (let at = 0; at <= k; at++) {
        const { k: kind, l: lane } = events[at];
        if (kind === 'spawn' || kind === 'wake') {
            ready.add(lane);
        } else if (kind === 'poll') {
            ready.delete(lane);
            polls.push(lane);
        } else if (kind === 'pending' || ENDS.includes(kind)) {
            polls.splice(polls.lastIndexOf(lane), polls.includes(lane) ? 1 : 0);
        } else if (kind === 'wait') {
            waits.add(at);
        } else if (kind === 'print') {
            printed.push(at);
        }
        if (ENDS.includes(kind)) {
            ready.delete(lane);
        }
        for (const wait of waits) {
            if (events[wait].x === at || (ENDS.includes(kind) && events[wait].l === lane)) {
                waits.delete(wait);
            }
        }
    }
    const next = (lane, kinds, from) => {
        const at = events.findIndex((event, i) => i > from && event.l === lane && kinds.includes(event.k));
        return at < 0 ? Infinity : at;
    };
    const turn = lane => next(lane, ['poll', 'cancelled', 'dropped'], k);
    const is_over = wait => {
        const { l: lane, x: end } = events[wait];
        const is_up = ready.has(lane) || polls.includes(lane);
        const poll = ready.has(lane) ? turn(lane) : k;
        return is_up && end < next(lane, ['pending', ...ENDS], poll) && !events[end].d;
    };
    const in_lanes = (a, b) => events[a].l - events[b].l || a - b;
    return {
        polled: polls.at(-1) ?? null,
        ready: [...ready].sort((a, b) => turn(a) - turn(b)),
        waiting: [...waits].filter(wait => !is_over(wait)).sort(in_lanes),
        over: [...waits].filter(is_over),
        printed,
    };
}

/** The events whose marks in the picture stand for `events[k]`. */
function marks_of(data, k) {
    const { events } = data;
    const { k: kind, l: lane, y: by } = events[k];
    const last_poll = () => events.findLastIndex((event, at) => at < k && event.l === lane && event.k === 'poll');
    switch (kind) {
        case 'waited': return [events.findIndex(event => event.x === k)];
        case 'pending': case 'ready': case 'panicked': return [last_poll()];
        case 'wake': return typeof by === 'number' ? [k] : state_after(data, k).over.filter(wait => events[wait].l === lane);
        default: return [k];
    }
}

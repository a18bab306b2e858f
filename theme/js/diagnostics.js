/*
 * What the compiler says, in its own words: under the line it speaks of where the text
 * is being edited, else as a list; with a sentence that counts, which a screen reader
 * says, and a button that goes from one to the next.
 */
'use strict';

/* global say, make, server */

/** `error[E0382]: borrow of moved value`, what it points at, its notes, and rustc's own picture folded away. */
function diagnostic_node({ level, message, code, line, label, rendered, notes }, with_line) {
    const where = line ? say(`第 ${line} 行`, `line ${line}`) : '';
    const name = make('strong', {}, level);
    if (code) {
        // Only rustc's numbered errors have an explanation.
        name.append('[', /^E\d+$/.test(code) ? make('a', {
            href: `${server.explanations}${encodeURIComponent(code)}`, target: '_blank', rel: 'noopener',
            title: say('这个错误的解释', 'What this error means'),
        }, code) : code, ']');
    }
    const node = make('div', {
        class: 'wb-diagnostic', role: 'group', tabindex: -1, 'data-level': level,
        'aria-label': [level, where].filter(Boolean).join(say('，', ', ')),
    }, make('p', {}, name, `: ${message}`, ...with_line && where ? [make('span', { class: 'wb-at' }, ` ${where}`)] : []));
    if (label) {
        node.append(make('p', { class: 'wb-label' }, label));
    }
    for (const note of notes ?? []) {
        const at = note.line && note.line !== line ? `${say(`第 ${note.line} 行`, `line ${note.line}`)}${say('：', ': ')}` : '';
        node.append(make('p', { class: 'wb-note' }, at, note.message));
    }
    if (rendered) {
        node.append(make('details', {}, make('summary', {}, say('rustc 的原文', 'As rustc prints it')),
            make('pre', {}, make('code', {}, rendered))));
    }
    return node;
}

/** How many there are, and where the first one is. */
function diagnostics_sentence(list) {
    const count = (level, zh, en) => {
        const own = list.filter(it => it.level === level);
        if (own.length === 0) {
            return [];
        }
        const line = own.find(it => it.line)?.line;
        const many = own.length > 1;
        const where = !line ? '' : many ? say(`，第一个在第 ${line} 行`, `, first in line ${line}`)
            : say(`，在第 ${line} 行`, ` in line ${line}`);
        return [say(`${own.length} 个${zh}`, `${own.length} ${en}${many ? 's' : ''}`) + where];
    };
    const parts = [...count('error', '错误', 'error'), ...count('warning', '警告', 'warning')];
    return parts.length === 0 ? '' : parts.join(say('；', '; ')) + say('。', '.');
}

/** As a list, in an element. */
function show_diagnostics(place, list) {
    place.replaceChildren(
        make('p', { class: 'wb-tally', role: 'status' }, diagnostics_sentence(list)),
        ...list.map(it => diagnostic_node(it, true)));
}

/**
 * Under the lines of an editor. `place` has the sentence, the button, and what speaks
 * of no line. Screen readers learn of new ones by the sentence.
 */
function diagnostics_in(editor, place) {
    const sentence = make('span', { role: 'status' });
    let nodes = [];
    let at = -1;
    const next = make('button', {
        type: 'button', class: 'wb-button wb-framed', hidden: true,
        onclick() {
            at = (at + 1) % nodes.length;
            const node = nodes[at];
            node.focus({ preventScroll: true });
            node.scrollIntoView({ block: 'center', behavior: 'instant' });
        },
    }, say('下一处 ↓', 'Next ↓'));
    const elsewhere = make('div');
    place.replaceChildren(make('p', { class: 'wb-tally' }, sentence, ' ', next), elsewhere);
    place.hidden = true;

    return {
        show(list) {
            const of_line = list.filter(it => it.line);
            const of_none = list.filter(it => !it.line);
            const boxes = of_line.map(it => ({
                line: it.line, level: it.level, range: it, node: diagnostic_node(it, false),
            }));
            const rest = of_none.map(it => diagnostic_node(it, false));
            elsewhere.replaceChildren(...rest);
            editor.set_boxes(boxes);
            nodes = [...boxes.sort((one, other) => one.line - other.line).map(box => box.node), ...rest];
            at = -1;
            next.hidden = nodes.length === 0;
            place.hidden = list.length === 0;
            sentence.textContent = diagnostics_sentence(list);
        },
    };
}

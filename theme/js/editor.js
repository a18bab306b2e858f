/*
 * An editor in the page: prism-code-editor's textarea over a highlighted copy, with the
 * colours of the listings, boxes between its lines, and a way out by the keyboard.
 *
 * The text is the textarea's and is written by the browser alone, but for undo and for
 * a whole text put in its place; never during a composition. A box between two lines
 * moves the copy's lines apart. The textarea cannot follow; it is shifted so that the
 * line of the caret, or the one that is pointed at, lies over its copy.
 */
'use strict';

/* global say, make, hljs, prism_code_editor */

(function colours() {
    const { Token, languages, tokenize } = prism_code_editor;
    const entities = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#x27;': "'" };
    const plain = text => text.replace(/&(?:amp|lt|gt|quot|#x27);/g, entity => entities[entity]);

    /** What highlight.js writes as HTML, as the editor's tokens. */
    function tokens(html) {
        const open = [{ content: [], length: 0 }];
        for (const [part, kind] of html.matchAll(/<span class="([^"]*)">|<\/span>|[^<]+/g)) {
            if (kind !== undefined) {
                open.push({ kind, content: [], length: 0 });
                continue;
            }
            const inner = part === '</span>' ? open.pop() : null;
            const token = inner ? new Token(inner.kind, inner.content, inner) : plain(part);
            open.at(-1).content.push(token);
            open.at(-1).length += token.length;
        }
        return open[0].content;
    }

    for (const language of ['rust', 'python']) {
        languages[language] = {
            [tokenize]: text => tokens(hljs.highlight(text, { language, ignoreIllegals: true }).value),
        };
    }
})();

/** The marks of all editors in the page, by their name in editor.css; where there is no such registry, none. */
const text_marks = {
    set(name, owner, ranges) {
        if (typeof Highlight === 'undefined') {
            return;
        }
        let marks = CSS.highlights.get(name);
        if (!marks) {
            marks = new Highlight();
            marks.owners = new Map();
            CSS.highlights.set(name, marks);
        }
        marks.owners.get(owner)?.forEach(range => marks.delete(range));
        marks.owners.set(owner, ranges);
        ranges.forEach(range => marks.add(range));
    },
};

/**
 * An editor: `language`, its `text`, the `label` that a screen reader says, a `bar` below it; `typed`
 * is told of every change and `run` of Ctrl-Enter, which does what `does` says.
 */
function open_editor({ language, text, label, bar, typed, run, does = say('运行', 'runs') }) {
    const {
        createEditor, editHistory, editorCommands, indentSelectedLines, insertLineAndIndent, insertTab,
        moveSelectedLines, toggleComment,
    } = prism_code_editor;
    const mac = /Mac|iPhone|iP[ao]d/.test(navigator.platform);
    const commands = {
        Tab(it) {
            const [start, end] = it.getSelection();
            return start === end ? insertTab(it, start) : indentSelectedLines(it);
        },
        'Shift+Tab': it => indentSelectedLines(it, true),
        Enter: it => insertLineAndIndent(it),
        'Shift+Enter': it => insertLineAndIndent(it),
        'Alt+ArrowUp': it => moveSelectedLines(it, true),
        'Alt+ArrowDown': it => moveSelectedLines(it),
        'Mod+]': it => indentSelectedLines(it),
        'Mod+[': it => indentSelectedLines(it, true),
        'Mod+/': it => toggleComment(it),
    };
    const editor = createEditor(null,
        { language, value: text, tabSize: 4, lineNumbers: false },
        editHistory(), editorCommands(commands, ['""', '()', '[]', '{}']));
    const { container, textarea, lines } = editor;

    const ways = say(
        `${mac ? '⌘' : 'Ctrl'}+Enter ${does}。Tab 缩进；先按 Esc 再按 Tab，就离开编辑器。`,
        `${mac ? '⌘' : 'Ctrl'}+Enter ${does}. Tab indents; Esc, then Tab, leaves the editor.`);
    const hint = make('p', { class: 'wb-ways', id: `wb-ways-${open_editor.count = (open_editor.count ?? 0) + 1}` }, ways);
    const leave = make('span', { class: 'wb-leave', role: 'status' });
    hint.append(leave);
    textarea.setAttribute('aria-label', label);
    textarea.setAttribute('aria-describedby', hint.id);
    // Not what a phone's keyboard makes of prose.
    textarea.setAttribute('autocorrect', 'off');
    const layer = make('div', { class: 'wb-between' });
    const band = make('span', { class: 'wb-lit', hidden: true });
    lines[0].append(layer, band);
    const node = make('div', { class: 'wb-editor' }, container, bar, hint);

    // Keys

    let composing = false;
    let leaving = false;

    function set_leaving(yes) {
        leaving = yes;
        leave.textContent = yes ? say('现在按 Tab 离开。', 'Tab leaves now.') : '';
    }

    container.addEventListener('keydown', event => {
        if (event.target !== textarea) {
            return;
        }
        const { key, shiftKey, altKey, ctrlKey, metaKey } = event;
        if (event.isComposing || event.keyCode === 229) {
            // The input method's own, Enter and Tab too.
            event.stopPropagation();
        } else if (key === 'Enter' && (ctrlKey || metaKey)) {
            event.preventDefault();
            event.stopPropagation();
            run();
        } else if (key === 'Escape') {
            event.preventDefault();
            event.stopPropagation();
            set_leaving(true);
        } else if (key === 'Tab') {
            const [start, end] = editor.getSelection();
            if (leaving || altKey || ctrlKey || metaKey || shiftKey && start === end) {
                event.stopPropagation();
            }
        } else if (!['Shift', 'Control', 'Alt', 'Meta'].includes(key)) {
            set_leaving(false);
        }
    }, true);
    // The library would copy the whole line where nothing is selected.
    for (const kind of ['copy', 'cut', 'paste']) {
        container.addEventListener(kind, event => {
            const [start, end] = editor.getSelection();
            if (start === end) {
                event.stopPropagation();
            }
        }, true);
    }
    textarea.addEventListener('blur', () => set_leaving(false));

    // What stands between the lines: `{ line, node, range, stale }`, in the order of the lines.

    let boxes = [];
    let later = null;
    let shown = text.split('\n');
    let lit = null;
    let gaps = [];
    let spread = [];

    const shift_of = line => gaps.reduce((sum, gap) => gap.line < line ? sum + gap.height : sum, 0);

    /** Puts the textarea's text over the copy of this line. */
    function shift_to(line) {
        textarea.style.top = `${shift_of(line)}px`;
    }

    /** Puts everything where its line is now. */
    function lay_out() {
        spread.forEach(line => line.style.removeProperty('margin-bottom'));
        spread = [];
        gaps = [];
        for (const box of boxes) {
            const height = box.node.offsetHeight;
            const gap = gaps.find(({ line }) => line === box.line);
            if (gap) {
                gap.height += height;
            } else {
                gaps.push({ line: box.line, height });
            }
        }
        for (const { line, height } of gaps) {
            lines[line].style.marginBottom = `${height}px`;
            spread.push(lines[line]);
        }
        const below = new Map();
        const start = lines[0].getBoundingClientRect().top;
        for (const box of boxes) {
            const line = lines[box.line];
            const top = below.get(line) ?? line.getBoundingClientRect().bottom - start;
            box.node.style.top = `${top}px`;
            below.set(line, top + box.node.offsetHeight);
        }
        const all = gaps.reduce((sum, { height }) => sum + height, 0);
        textarea.style.height = `calc(100% - ${all}px)`;
        shift_to(editor.activeLine);
        band.hidden = lit === null || !lines[lit];
        if (!band.hidden) {
            band.style.top = `${lines[lit].offsetTop}px`;
            band.style.height = `${lines[lit].offsetHeight}px`;
        }
        underline();
        select();
    }

    /** The copy's text node and place in it of a column that is counted from 0 in UTF-16 units. */
    function spot(line, column) {
        const walker = document.createTreeWalker(lines[line], NodeFilter.SHOW_TEXT);
        let found = walker.nextNode();
        while (found && column > found.length) {
            column -= found.length;
            found = walker.nextNode() ?? (column = found.length, null);
        }
        return found ? [found, column] : [lines[line], lines[line].childNodes.length];
    }

    /** A range of the copy between two columns that rustc counts: characters, from 1. */
    function range_of({ line, column, end_line, end_column }) {
        const units = (number, characters) => [...shown[number - 1] ?? ''].slice(0, characters - 1).join('').length;
        const range = document.createRange();
        range.setStart(...spot(line, units(line, column)));
        const end = end_line === line ? units(line, end_column) : shown[line - 1].length;
        // Where something is missing there is nothing to underline but what stands before it.
        range.setEnd(...spot(line, Math.max(end, units(line, column) + (end_line === line ? 1 : 0))));
        return range;
    }

    function underline() {
        for (const level of ['error', 'warning']) {
            const own = boxes.filter(box => box.level === level && !box.stale && box.range?.column);
            text_marks.set(`wb-${level}`, node, own.map(box => range_of({ ...box.range, line: box.line,
                end_line: box.range.end_line - box.range.line + box.line })));
        }
    }

    /** A selection over a box is drawn in the copy: the textarea's own lies right only on one side of it. */
    function select() {
        const [start, end] = editor.getSelection();
        const place = offset => {
            const before = editor.value.slice(0, offset).split('\n');
            return [before.length, before.at(-1).length];
        };
        let ranges = [];
        if (gaps.length > 0 && start !== end) {
            const [from, to] = [place(start), place(end)];
            if (shift_of(from[0]) !== shift_of(to[0])) {
                const range = document.createRange();
                range.setStart(...spot(...from));
                range.setEnd(...spot(...to));
                ranges = [range];
            }
        }
        text_marks.set('wb-selection', node, ranges);
        textarea.classList.toggle('wb-selects-far', ranges.length > 0 && typeof Highlight !== 'undefined');
        shift_to(editor.activeLine);
    }

    /** Moves the boxes along with their lines; one whose own line was changed speaks of an older text. */
    function follow() {
        const now = editor.value.split('\n');
        let first = 0;
        while (first < now.length && first < shown.length && now[first] === shown[first]) {
            first += 1;
        }
        let tail = 0;
        while (tail < Math.min(now.length, shown.length) - first && now.at(-1 - tail) === shown.at(-1 - tail)) {
            tail += 1;
        }
        for (const box of boxes) {
            const line = box.line - 1;
            if (line >= shown.length - tail) {
                box.line += now.length - shown.length;
            } else if (line >= first) {
                box.line = Math.min(box.line, Math.max(now.length - tail, 1));
                box.stale = true;
                box.node.classList.add('wb-stale');
            }
        }
        lit = null;
        shown = now;
    }

    const resized = new ResizeObserver(() => lay_out());
    const watch_width = new ResizeObserver(() => {
        layer.style.width = `${container.clientWidth}px`;
    });
    watch_width.observe(container);
    container.addEventListener('scroll', () => {
        layer.style.translate = `${container.scrollLeft}px`;
    });

    function set_boxes(list) {
        if (composing) {
            later = list;
            return;
        }
        // What the reader looks at stays where it is.
        const anchor = editor.focused ? lines[editor.activeLine] : null;
        const before = anchor?.getBoundingClientRect().top;
        resized.disconnect();
        boxes = list.map(box => ({ ...box, line: Math.min(Math.max(box.line, 1), shown.length) }))
            .sort((one, other) => one.line - other.line);
        layer.replaceChildren(...boxes.map(box => box.node));
        boxes.forEach(box => resized.observe(box.node));
        lay_out();
        if (anchor) {
            scrollBy({ top: anchor.getBoundingClientRect().top - before, behavior: 'instant' });
        }
    }

    // Pointing at a line on the other side of a box

    const line_at = y => {
        let [low, high] = [1, shown.length];
        while (low < high) {
            const middle = (low + high + 1) >> 1;
            if (lines[middle].getBoundingClientRect().top <= y) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    };

    /** The place in the text under a point, by the copy's letters. */
    function offset_at(line, x) {
        const range = document.createRange();
        const width = column => {
            range.setStart(lines[line], 0);
            range.setEnd(...spot(line, column));
            return range.getBoundingClientRect().right;
        };
        const length = shown[line - 1].length;
        let column = 0;
        let step = 1 << 16;
        for (; step >= 1; step >>= 1) {
            if (column + step <= length && (width(column + step) + width(column + step - 1)) / 2 <= x) {
                column += step;
            }
        }
        return shown.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0) + column;
    }

    const over = event => event.target.closest('.wb-between > *');
    let selecting = false;

    container.addEventListener('pointerdown', event => {
        // A touch is looked up once it is a tap: the text can be in its place until then.
        if (gaps.length > 0 && event.pointerType !== 'mouse' && !over(event)) {
            shift_to(line_at(event.clientY));
        }
    }, true);
    // While the browser selects, the text lies right where the pointer is.
    document.addEventListener('pointermove', event => {
        if (gaps.length > 0 && event.buttons === 1 && event.pointerType === 'mouse' && selecting) {
            shift_to(line_at(event.clientY));
        }
    });
    document.addEventListener('pointerup', () => {
        selecting = false;
    });
    container.addEventListener('pointercancel', () => shift_to(editor.activeLine));
    container.addEventListener('mousedown', event => {
        if (gaps.length === 0 || event.button !== 0 || over(event)) {
            return;
        }
        const line = line_at(event.clientY);
        selecting = true;
        if (`${shift_of(line)}px` === textarea.style.top) {
            return;
        }
        // The browser has looked it up already, in the place that the text had.
        event.preventDefault();
        event.stopPropagation();
        textarea.focus({ preventScroll: true });
        const at = offset_at(line, event.clientX);
        const [start, end, direction] = editor.getSelection();
        const from = !event.shiftKey ? at : direction === 'backward' ? end : start;
        const drag = moved => {
            const to = moved === event ? at : offset_at(line_at(moved.clientY), moved.clientX);
            textarea.setSelectionRange(Math.min(from, to), Math.max(from, to), to < from ? 'backward' : 'forward');
            // Now, not with the event that follows: the second click of two is the browser's.
            shift_to(line_at(moved.clientY));
        };
        drag(event);
        document.addEventListener('pointermove', drag);
        document.addEventListener('pointerup', () => document.removeEventListener('pointermove', drag), { once: true });
    }, true);

    // What happens to the text

    let known = editor.value;
    editor.on('update', () => {
        if (editor.value !== known) {
            known = editor.value;
            follow();
            if (boxes.length > 0 || !band.hidden) {
                lay_out();
            }
            typed(known, composing);
        }
    });
    editor.on('selectionChange', () => {
        if (gaps.length > 0) {
            select();
        }
    });
    textarea.addEventListener('compositionstart', () => {
        composing = true;
    });
    textarea.addEventListener('compositionend', () => {
        composing = false;
        if (later) {
            set_boxes(later);
            later = null;
        }
        typed(editor.value, false);
    });

    return {
        node,
        textarea,
        get value() {
            return editor.value;
        },
        get composing() {
            return composing;
        },
        /** Another text in the place of this one; undo brings this one back. */
        replace(other) {
            if (other === editor.value) {
                return;
            }
            const at = Math.min(textarea.selectionStart, other.length);
            const tell = (kind, type) => textarea.dispatchEvent(new InputEvent(kind, { inputType: type }));
            tell('beforeinput', 'insertReplacementText');
            textarea.value = other;
            textarea.setSelectionRange(at, at);
            tell('input', 'insertReplacementText');
        },
        undo: () => editor.extensions.history.go(-1),
        set_boxes,
        /** Puts the caret at a line and column, which count from 1. */
        go_to(line, column = 1) {
            const to = Math.min(line, shown.length);
            const offset = shown.slice(0, to - 1).reduce((sum, one) => sum + one.length + 1, 0)
                + [...shown[to - 1]].slice(0, column - 1).join('').length;
            textarea.focus({ preventScroll: true });
            textarea.setSelectionRange(offset, offset);
            shift_to(to);
            lines[to].scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' });
        },
        place: () => [textarea.selectionStart, textarea.selectionEnd, document.activeElement === textarea],
        put_back([start, end, focused]) {
            textarea.setSelectionRange(start, end);
            if (focused) {
                textarea.focus({ preventScroll: true });
            }
        },
        /** Lights up a line; none for null. */
        light(line) {
            lit = line ?? null;
            lay_out();
        },
        lay_out,
    };
}

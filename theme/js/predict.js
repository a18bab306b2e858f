/*
 * <wb-predict>: the printed lines, to be put in order before they are shown.
 * By mouse (drag a line), by touch (drag its handle), by keys (↑ ↓ on a line)
 * or by the buttons. A right answer, or skipping, uncovers the output and the
 * timeline of the same program.
 */
'use strict';

/* global say, make, widget, data_of, progress, judge */

widget('wb-predict', host => {
    const name = host.dataset.program;
    const data = data_of(host);
    const list = host.querySelector('.wb-lines');
    const verdict = make('div', { class: 'wb-verdict', role: 'status' });
    const news = make('div', { class: 'wb-announce', role: 'status' });
    const code = line => make('code', {}, data.lines[line].p);

    // The lines

    const items = () => [...list.children];
    const line_of = new Map(list ? items().map((item, at) => [item, data.shuffled[at]]) : []);

    /** Numbers and names the lines anew after a change, and takes back what was said about them. */
    function changed() {
        host.removeAttribute('data-checked');
        verdict.replaceChildren();
        items().forEach((item, at, all) => {
            item.removeAttribute('data-right');
            const [up, down] = item.querySelectorAll('button');
            // Not `disabled`: the one that was just pressed would lose the focus.
            up.setAttribute('aria-disabled', at === 0);
            down.setAttribute('aria-disabled', at === all.length - 1);
            item.setAttribute('aria-label', say(
                `第 ${at + 1} 行，共 ${all.length} 行：${data.lines[line_of.get(item)].p}`,
                `line ${at + 1} of ${all.length}: ${data.lines[line_of.get(item)].p}`));
        });
    }

    /** Puts a line in a place, and says so. */
    function move(item, to) {
        const others = items().filter(other => other !== item);
        const place = Math.max(0, Math.min(to, others.length));
        if (items().indexOf(item) === place) {
            return;
        }
        // The focus stays where it is: the others move around the line.
        const before = others.slice(0, place);
        list.prepend(...before);
        list.append(...others.slice(place));
        changed();
        news.textContent = say(`移到第 ${place + 1} 行`, `moved to line ${place + 1}`);
    }

    const place_of = item => items().indexOf(item);

    function set_up_line(item) {
        const step = (by, glyph, text) => make('button', {
            type: 'button', class: 'wb-button', tabindex: '-1', 'aria-label': text, title: text,
            onclick: () => move(item, place_of(item) + by),
        }, glyph);
        item.tabIndex = 0;
        item.prepend(make('span', { class: 'wb-grip', 'aria-hidden': 'true' }, '⠿'));
        item.append(
            make('span', { class: 'wb-sign', 'aria-hidden': 'true' }),
            step(-1, '↑', say('上移', 'Move up')),
            step(1, '↓', say('下移', 'Move down')));
        item.addEventListener('keydown', event => {
            const to = {
                ArrowUp: place_of(item) - 1, ArrowDown: place_of(item) + 1, Home: 0, End: line_of.size,
            }[event.key];
            if (to !== undefined && event.target === item) {
                event.preventDefault();
                move(item, to);
            }
        });
        item.addEventListener('pointerdown', event => drag(item, event));
    }

    function drag(item, event) {
        const by_hand = event.pointerType === 'touch' && !event.target.closest('.wb-grip');
        if (event.button !== 0 || by_hand || event.target.closest('button')) {
            return;
        }
        // The list takes the pointer, since the line may change its place.
        list.setPointerCapture(event.pointerId);
        const grabbed = event.clientY - item.getBoundingClientRect().top;
        item.classList.add('wb-dragged');
        const follow = moved => {
            const y = moved.clientY - list.getBoundingClientRect().top - grabbed;
            // A neighbour gives way once half of it is covered.
            const place = place_of(item);
            const above = items().filter((other, at) => other !== item
                && other.offsetTop + other.offsetHeight / 2 < (at < place ? y : y + item.offsetHeight));
            move(item, above.length);
            item.style.transform = `translateY(${y - item.offsetTop}px)`;
        };
        const drop = () => {
            list.removeEventListener('pointermove', follow);
            item.classList.remove('wb-dragged');
            item.style.transform = '';
        };
        list.addEventListener('pointermove', follow);
        list.addEventListener('lostpointercapture', drop, { once: true });
        item.focus();
        event.preventDefault();
    }

    // The question about time

    function choices() {
        const { ask, choices } = data.when;
        const option = (text, at) => make('label', {},
            make('input', { type: 'radio', name: `wb-when-${name}`, value: at }), text);
        return make('fieldset', {
            class: 'wb-when',
            onchange: () => {
                host.removeAttribute('data-checked');
                verdict.replaceChildren();
                host.querySelectorAll('label').forEach(label => label.removeAttribute('data-right'));
            },
        }, make('legend', {}, ask), ...choices.map(option));
    }

    // Checking

    /** Which of two lines comes first, and why. */
    function why_order([first, second]) {
        const why = data.pairs[`${first}-${second}`];
        const stop = say('。', '.');
        const claim = [code(first), say(' 在 ', ' comes before '), code(second), say(' 前面', '')];
        if (why) {
            return [make('p', {}, ...claim, say('：', ': '), why, stop)];
        }
        const reason = line => make('li', {}, code(line), ` ${data.lines[line].why}${stop}`);
        return [make('p', {}, ...claim, say('：', ':')), make('ul', {}, reason(first), reason(second))];
    }

    /** How many lines are where they belong. */
    function tally(number) {
        return number === 0 ? say('还没有一行在它的位置上。', 'No line is in its place yet.')
            : say(`有 ${number} 行在它的位置上。`, `${number} ${number === 1 ? 'line is' : 'lines are'} in place.`);
    }

    function check() {
        const found = [];
        let right = true;
        if (list) {
            const answer = judge(items().map(item => line_of.get(item)), data.lines);
            items().forEach((item, at) => {
                item.dataset.right = answer.right || answer.places[at];
            });
            right = answer.right;
            if (!right) {
                found.push(
                    make('p', {}, make('strong', {}, tally(answer.places.filter(Boolean).length))),
                    ...why_order(answer.pair));
            }
        }
        if (data.when) {
            const picked = host.querySelector('input:checked');
            const same = picked !== null && Number(picked.value) === data.when.right;
            if (picked) {
                picked.parentElement.dataset.right = same;
            }
            if (!picked && right) {
                found.push(make('p', {}, list ? say('顺序对了。再选一个时间。', 'The order is right. Now choose a time.')
                    : say('先选一个时间。', 'Choose a time first.')));
            } else if (picked && !same) {
                const { line } = data.when;
                found.push(line === undefined ? make('p', {}, say('时间不对。', 'At another time.'))
                    : make('p', {}, say('时间不对：', 'Another time: '), code(line), ` ${data.lines[line].why}`, say('。', '.')));
            }
            right &&= same;
        }
        host.dataset.checked = right ? 'right' : 'wrong';
        if (right) {
            progress.set(name, 'predicted');
            uncover();
            found.push(make('p', {}, make('strong', {}, say('对了。', 'Right.')), ' ',
                make('a', { href: '#run' }, say('看它运行 ↓', 'See it run ↓'))));
        }
        verdict.replaceChildren(...found);
    }

    // Covering what would give it away

    const skip = make('button', {
        type: 'button', class: 'wb-action wb-quietly',
        onclick() {
            progress.set(name, 'seen');
            uncover();
            verdict.replaceChildren(make('p', {}, make('a', { href: '#run' }, say('输出在下面 ↓', 'The output is below ↓'))));
        },
    }, say('跳过', 'Skip'));

    function cover() {
        for (const box of document.querySelectorAll(`main :is(.wb-output, wb-timeline)[data-program="${name}"]`)) {
            box.setAttribute('data-covered', '');
            box.append(make('div', { class: 'wb-cover' },
                make('p', {}, say('先猜，再看。', 'Predict first, then look.')),
                make('p', {},
                    make('a', { class: 'wb-action', href: '#predict' }, say('去猜 ↑', 'Predict ↑')),
                    make('button', {
                        type: 'button', class: 'wb-action wb-quietly',
                        onclick() {
                            progress.set(name, 'seen');
                            uncover();
                            box.tabIndex = -1;
                            box.focus({ preventScroll: true });
                        },
                    }, say('直接看', 'Show it')))));
        }
        // What is said below the output says what it is.
        const output = document.querySelector(`main wb-replay[data-program="${name}"]`);
        for (let said = output?.nextElementSibling; said && said.tagName !== 'H2'; said = said.nextElementSibling) {
            said.setAttribute('data-told', '');
        }
    }

    function uncover() {
        skip.hidden = true;
        for (const box of document.querySelectorAll(`[data-covered][data-program="${name}"]`)) {
            box.removeAttribute('data-covered');
            box.querySelector('.wb-cover').remove();
        }
        document.querySelectorAll('main [data-told]').forEach(said => said.removeAttribute('data-told'));
    }

    if (list) {
        list.setAttribute('aria-label', say('打乱的输出。在一行上按上下方向键移动它。',
            'The output, shuffled. On a line, the up and down arrow keys move it.'));
        items().forEach(set_up_line);
        changed();
    }
    host.querySelector('.wb-when')?.replaceWith(choices());
    host.append(make('p', { class: 'wb-actions' },
        make('button', { type: 'button', class: 'wb-action', onclick: check }, say('检查', 'Check')),
        skip,
        make('span', { class: 'wb-hint-keys' }, list
            ? say('拖动排序，或选中一行按 ↑ ↓', 'Drag the lines, or press ↑ ↓ on one') : '')), verdict, news);

    const { predicted, seen } = progress.of(name);
    if (predicted || seen) {
        skip.hidden = true;
    } else {
        cover();
    }
});

/*
 * <wb-replay>: a program's output, line by line, at the recorded pace: play and
 * pause, speed, and a slider with the instants marked. Nothing moves before it
 * is asked to, and while nothing is replayed the whole output stands there.
 */
'use strict';

/* global say, make, widget, icon_button, time_text */

widget('wb-replay', host => {
    const times = host.dataset.times.split(' ').filter(Boolean).map(Number);
    const end = Number(host.dataset.end);
    const output = host.querySelector('.wb-output');
    const code = output.querySelector('pre > code');
    const controls = make('div', { class: 'wb-controls', role: 'group', 'aria-label': say('重放', 'Replay') });
    output.append(controls);
    if (end === 0 || times.length === 0) {
        controls.append(make('span', { class: 'wb-clock' },
            say('从头到尾都在 0 秒：没有停顿可以重放', 'All of it at 0 s: there is no pause to replay')));
        return;
    }

    const lines = code.textContent.replace(/\n$/, '').split('\n')
        .map(text => make('span', {}, `${text}\n`));
    code.replaceChildren(...lines);

    let now = end;
    let speed = 1;
    let frame = null;
    const label = time_text(end);
    const instants = [...new Set([0, ...times, end])];

    const play = icon_button(say('重放', 'Replay'), 'fa-play', '');
    const clock = make('span', { class: 'wb-clock' });
    const news = make('div', { class: 'wb-announce', role: 'status' });
    const slider = make('input', {
        type: 'range', min: 0, max: end, step: 'any', value: end,
        'aria-label': say('时间', 'Time'),
        oninput() {
            stop();
            show(Number(slider.value));
        },
        onkeydown(event) {
            const to = {
                ArrowRight: instants.find(at => at > now), ArrowUp: instants.find(at => at > now),
                ArrowLeft: instants.findLast(at => at < now), ArrowDown: instants.findLast(at => at < now),
            };
            if (event.key in to) {
                event.preventDefault();
                stop();
                show(to[event.key] ?? now);
            }
        },
    });
    const ticks = instants.map(at => {
        const tick = make('span', { class: 'wb-tick' });
        tick.style.setProperty('--at', at / end);
        return tick;
    });
    const faster = make('button', {
        type: 'button', class: 'wb-button wb-speed',
        onclick() {
            speed = { 0.5: 1, 1: 2, 2: 0.5 }[speed];
            name_speed();
        },
    });

    function name_speed() {
        const text = speed === 0.5 ? '½×' : `${speed}×`;
        faster.textContent = text;
        faster.title = say('速度', 'Speed');
        faster.setAttribute('aria-label', say(`速度 ${text}`, `Speed ${text}`));
    }

    /** Shows the output as it was at a time. */
    function show(at, running = false) {
        const before = now;
        now = at;
        lines.forEach((line, i) => line.classList.toggle('wb-later', times[i] > now));
        slider.value = now;
        // Tenths of the unit in which the whole is given.
        const unit = end >= 1e6 ? 1e6 : 1e3;
        const text = (Math.floor(now / unit * 10) / 10).toFixed(1);
        clock.textContent = now === end ? label : `${text} / ${label}`;
        const count = times.filter(time => time <= now).length;
        slider.setAttribute('aria-valuetext', say(`${time_text(Math.round(now))}，已打印 ${count} 行`,
            `${time_text(Math.round(now))}, ${count} ${count === 1 ? 'line' : 'lines'} printed`));
        const fresh = lines.filter((_, i) => times[i] > before && times[i] <= now);
        if (running && fresh.length > 0) {
            news.textContent = fresh.map(line => line.textContent).join('');
        }
    }

    function name_play() {
        const running = frame !== null;
        const text = running ? say('暂停', 'Pause') : now < end ? say('继续', 'Go on') : say('重放', 'Replay');
        play.title = text;
        play.setAttribute('aria-label', text);
        const icon = document.getElementById(running ? 'fa-pause' : 'fa-play').content.cloneNode(true);
        play.replaceChildren(icon, text);
    }

    function stop() {
        cancelAnimationFrame(frame);
        frame = null;
        name_play();
    }

    function start() {
        if (now >= end) {
            show(-1);
        }
        let last = performance.now();
        const step = stamp => {
            // A page out of sight stands still.
            const passed = Math.min(Math.max(stamp - last, 0), 100) * 1000 * speed;
            last = stamp;
            show(Math.min(Math.max(now, 0) + passed, end), true);
            if (now < end) {
                frame = requestAnimationFrame(step);
            } else {
                stop();
            }
        };
        frame = requestAnimationFrame(step);
        name_play();
    }

    play.classList.add('wb-play');
    play.addEventListener('click', () => frame === null ? start() : stop());
    controls.append(play, make('span', { class: 'wb-track' }, ...ticks, slider), clock, faster, news);
    name_speed();
    name_play();
    show(end);
});

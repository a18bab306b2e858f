/*
 * What the widgets share: their definition as custom elements, and a way to make
 * elements. Also in the page that `cargo run -- trace --html` writes.
 */
'use strict';

/* global say, whole_book */

/** An element with attributes (`on…` are listeners, `false` leaves one out) and children. */
function make(name, attributes = {}, ...children) {
    const node = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
        if (key.startsWith('on')) {
            node.addEventListener(key.slice(2), value);
        } else if (value !== false) {
            node.setAttribute(key, value === true ? '' : value);
        }
    }
    node.append(...children);
    return node;
}

/** Defines a custom element. On the page of the whole book, which is for paper, they stay as they are. */
function widget(name, set_up) {
    if (whole_book) {
        return;
    }
    customElements.define(name, class extends HTMLElement {
        connectedCallback() {
            if (!this.hasAttribute('data-ready')) {
                this.setAttribute('data-ready', '');
                set_up(this);
            }
        }
    });
}

/** The data that the page carries for a widget. */
const data_of = host => JSON.parse(host.querySelector('script[type="application/json"]').textContent);

/** `1.5 s`, `500 ms` from microseconds, as timeline's words.rs has it. */
function time_text(micros) {
    const [number, unit] = micros === 0 || micros >= 1e6 ? [micros / 1e6, say('秒', 's')]
        : micros >= 1e3 ? [micros / 1e3, say('毫秒', 'ms')] : [micros, say('微秒', 'µs')];
    return `${number} ${unit}`;
}

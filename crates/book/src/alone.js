/*
 * What book.js and first.js give a page of the book: the language, and the colors
 * that the reader's system asks for.
 */
'use strict';

const whole_book = false;
const say = (zh, en) => document.documentElement.lang.startsWith('zh') ? zh : en;

if (matchMedia('(prefers-color-scheme: dark)').matches) {
    document.documentElement.classList.replace('light', 'navy');
}

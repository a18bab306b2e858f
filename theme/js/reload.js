/*
 * What our server tells a page without being asked: the book was built again (browsers
 * keep the place on a reload), an exercise's file has changed, the learner's progress
 * has. A static site has no such server.
 */
'use strict';

(function live_reload() {
    const stream = document.querySelector('meta[name=wb-server]')?.dataset.reload;
    if (!stream) {
        return;
    }
    const tell = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail, cancelable: true }));

    /** Whoever is in the middle of something asks for a moment; what is being edited is kept. */
    function reload() {
        if (tell('wb-reloads')) {
            location.reload();
        } else {
            setTimeout(reload, 500);
        }
    }

    // A page that is left but kept for the way back would hold its connection;
    // six of those, and the next page waits for a minute.
    addEventListener('pageshow', () => {
        let news = null;
        let again = null;
        let lost = false;
        function listen() {
            news = new EventSource(stream);
            news.addEventListener('reload', reload);
            news.addEventListener('answer', event => tell('wb-answer', event.data));
            news.addEventListener('progress', () => tell('wb-progress-news'));
            news.addEventListener('open', () => {
                if (lost) {
                    lost = false;
                    tell('wb-server-back');
                }
            });
            news.addEventListener('error', () => {
                lost = true;
                // The browser tries again by itself, but for an answer that is no stream.
                if (news.readyState === EventSource.CLOSED) {
                    clearTimeout(again);
                    again = setTimeout(listen, 5000);
                }
            });
        }
        listen();
        addEventListener('pagehide', () => {
            clearTimeout(again);
            news.close();
        }, { once: true });
    });
})();

/*
 * Live reload: our server says `reload` when the book was built again, and
 * browsers keep the place on a reload. A static site has no such server.
 */
'use strict';

(function live_reload() {
    const stream = document.querySelector('meta[name=wb-server]')?.dataset.reload;
    if (!stream) {
        return;
    }
    // A page that is left but kept for the way back would hold its connection;
    // six of those, and the next page waits for a minute.
    addEventListener('pageshow', () => {
        const news = new EventSource(stream);
        news.addEventListener('reload', () => location.reload());
        addEventListener('pagehide', () => news.close(), { once: true });
    });
})();

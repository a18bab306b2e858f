"""The web site of src/site.rs for the Python programs: the same
files, the same pauses, on a server in this very event loop."""

import asyncio
import pathlib
import socket
from contextlib import asynccontextmanager, suppress

from aiohttp import TCPConnector, web
from aiohttp.abc import AbstractResolver

HOST = "workbook.test"
URL = f"http://{HOST}/"
IMAGES = [f"{URL}image{n}.png" for n in (1, 2, 3)]

# Path: file, seconds to the head, seconds from there to the end,
# pieces, what happens at the first visit.
FILES = {
    "/": ("index.html", 0.5, 0.5, 1, None),
    "/guide.html": ("guide.html", 0.2, 0, 1, None),
    "/gallery.html": ("gallery.html", 0.1, 0, 1, None),
    "/news.html": ("news.html", 0.1, 0, 1, "busy"),
    "/archive.html": ("archive.html", 0.1, 0, 1, "slow"),
    "/about.html": ("about.html", 0.1, 0, 1, None),
    "/robots.txt": ("robots.txt", 0, 0, 1, None),
    "/image1.png": ("image1.png", 0.5, 1, 5, None),
    "/image2.png": ("image2.png", 0.1, 0.4, 5, None),
    "/image3.png": ("image3.png", 0.3, 0.7, 5, None),
}
KINDS = {
    ".html": "text/html; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".png": "image/png",
}


class Resolver(AbstractResolver):
    """Knows the site, and no other."""

    def __init__(self, port):
        self.port = port

    async def resolve(self, host, port=0, family=socket.AF_INET):
        if host != HOST:
            raise OSError(f"no such host: {host}")
        found = {"hostname": host, "host": "127.0.0.1", "port": self.port}
        return [found | {"family": socket.AF_INET, "proto": 0, "flags": 0}]

    async def close(self):
        pass


@asynccontextmanager
async def serve():
    """Starts the site; gives what connects a session to it."""
    visited = set()

    async def answer(request):
        path = request.path
        if path not in FILES:
            raise web.HTTPNotFound
        file, head, rest, pieces, first = FILES[path]
        is_first = path not in visited
        visited.add(path)
        if is_first and first == "busy":
            raise web.HTTPServiceUnavailable
        if is_first and first == "slow":
            await asyncio.sleep(3)
        await asyncio.sleep(head)
        file = pathlib.Path(__file__).with_name(file)
        body = file.read_bytes()
        response = web.StreamResponse()
        response.content_length = len(body)
        response.headers["Content-Type"] = KINDS[file.suffix]
        size = -(-len(body) // pieces)
        # A client may go before it has all.
        with suppress(ConnectionResetError):
            await response.prepare(request)
            for start in range(0, len(body), size):
                await asyncio.sleep(rest / pieces)
                await response.write(body[start : start + size])
        return response

    runner = web.ServerRunner(web.Server(answer), shutdown_timeout=0)
    await runner.setup()
    listener = socket.create_server(("127.0.0.1", 0))
    await web.SockSite(runner, listener).start()
    port = listener.getsockname()[1]
    try:
        yield TCPConnector(resolver=Resolver(port))
    finally:
        await runner.cleanup()

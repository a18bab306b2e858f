import asyncio
import sys
from urllib import robotparser
from urllib.parse import (
    urldefrag, urljoin, urlsplit,
)

import aiohttp
import website
from website.html import Html

AT_ONCE = 3
MOST_PAGES = 100
TRIES = 3
PACE = 0.1
PATIENCE = aiohttp.ClientTimeout(
    total=None, sock_read=1
)


async def visit(session, url):
    async with session.get(
        url, allow_redirects=False
    ) as page:
        page.raise_for_status()
        to = page.headers.get("Location")
        if to:
            to = urldefrag(urljoin(url, to)).url
            return f"→ {to}", [to]
        if page.content_type != "text/html":
            return page.content_type, []
        html = Html(await page.text(), url)
        return html.title, html.links


def may_pass(error):
    return getattr(error, "status", 500) >= 500


def line(error):
    if not hasattr(error, "status"):
        return repr(error)
    return f"HTTP {error.status} {error.message}"


async def visit_patiently(session, url, room):
    async with room:
        pause = 0.2
        for tries in range(1, TRIES + 1):
            try:
                end = await visit(session, url)
                return end, tries
            except (
                aiohttp.ClientError,
                TimeoutError,
            ) as error:
                end = error
            if not may_pass(end):
                break
            if tries < TRIES:
                await asyncio.sleep(pause)
                pause *= 2
        return end, tries


async def rules(session, url):
    robots = robotparser.RobotFileParser()
    url = urljoin(url, "/robots.txt")
    try:
        # Five redirects; the sixth is too many.
        async with session.get(
            url, max_redirects=6
        ) as page:
            lines = ""
            if page.status == 200:
                lines = await page.text()
            elif not 400 <= page.status < 500:
                status = page.status
                sys.exit(f"{url}：HTTP {status}")
    except (
        aiohttp.ClientError,
        TimeoutError,
    ) as error:
        sys.exit(f"{url}：{line(error)}")
    robots.parse(lines.splitlines())
    return robots


def origin(url):
    return urlsplit(url)[:2]


async def crawl(session, start):
    robots = await rules(session, start)
    room = asyncio.Semaphore(AT_ONCE)
    seen, following = {start}, [start]
    while following:
        visits = []
        for url in following:
            visit = visit_patiently(
                session, url, room
            )
            visit = asyncio.create_task(visit)
            visits.append((url, visit))
            await asyncio.sleep(PACE)
        following = []
        for url, visit in visits:
            end, tries = await visit
            again = ""
            if tries > 1:
                again = f"（第 {tries} 次）"
            if isinstance(end, Exception):
                end = line(end), []
            title, links = end
            print(f"{url}：{title}{again}")
            for link in links:
                if (
                    origin(link) == origin(start)
                    and robots.can_fetch("", link)
                    and len(seen) < MOST_PAGES
                    and link not in seen
                ):
                    seen.add(link)
                    following.append(link)


async def main():
    async with (
        website.serve() as connector,
        aiohttp.ClientSession(
            connector=connector,
            timeout=PATIENCE,
        ) as session,
    ):
        await crawl(session, website.URL)


asyncio.run(main())

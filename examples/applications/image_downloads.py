import asyncio
import os
import pathlib
import sys
import tempfile

import aiohttp
import website

FOLDER = pathlib.Path("downloads")
AT_ONCE = 8
PATIENCE = aiohttp.ClientTimeout(
    total=None, connect=5, sock_read=5
)


async def download(session, url):
    print(f"发送请求：{url}")
    name = url.rsplit("/")[-1]
    async with session.get(url) as answer:
        answer.raise_for_status()
        part = tempfile.NamedTemporaryFile(
            dir=FOLDER, delete=False
        )
        try:
            with part:
                body = answer.content.iter_any()
                async for piece in body:
                    part.write(piece)
            os.replace(part.name, FOLDER / name)
        except BaseException:
            os.unlink(part.name)
            raise
    print(f"下载完成：{url}")


async def main():
    FOLDER.mkdir(exist_ok=True)
    room = asyncio.Semaphore(AT_ONCE)

    async def in_turn(session, url):
        async with room:
            await download(session, url)

    async with (
        website.serve() as connector,
        aiohttp.ClientSession(
            connector=connector,
            timeout=PATIENCE,
        ) as session,
    ):
        ends = await asyncio.gather(
            *(
                in_turn(session, url)
                for url in website.IMAGES
            ),
            return_exceptions=True,
        )
    for url, end in zip(website.IMAGES, ends):
        if end:
            sys.stderr.write(f"{url}：{end}\n")
    sys.exit(any(ends))


asyncio.run(main())

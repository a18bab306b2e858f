import asyncio
import pathlib
import sys

import aiofiles
import aiohttp
import website
from website import part

FOLDER = pathlib.Path("downloads")
AT_ONCE = 8
PATIENCE = aiohttp.ClientTimeout(
    total=None, connect=5, sock_read=5
)


async def download(session, url):
    print(f"发送请求：{url}")
    async with session.get(url) as answer:
        answer.raise_for_status()
        name = part.file_name(answer.url)
        path = part.new(FOLDER)
        try:
            async with aiofiles.open(
                path, "xb"
            ) as file:
                body = answer.content.iter_any()
                async for piece in body:
                    await file.write(piece)
            saved = await asyncio.to_thread(
                part.persist, path, name
            )
        except BaseException:
            path.unlink(missing_ok=True)
            raise
    print(f"下载完成：{url}")
    if saved != name:
        sys.stderr.write(f"{name} → {saved}\n")


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

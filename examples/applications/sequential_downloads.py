import asyncio
import pathlib
import sys

import aiohttp
import website
from website import part

FOLDER = pathlib.Path("downloads")


async def download(session, url):
    print(f"开始下载：{url}")
    async with session.get(url) as answer:
        answer.raise_for_status()
        name = part.file_name(answer.url)
        image = await answer.read()
    print("下载完成")

    saved = await asyncio.to_thread(
        part.write_new, FOLDER, name, image
    )
    if saved != name:
        sys.stderr.write(f"{name} → {saved}\n")


async def main():
    FOLDER.mkdir(exist_ok=True)
    async with (
        website.serve() as connector,
        aiohttp.ClientSession(
            connector=connector
        ) as session,
    ):
        for url in website.IMAGES:
            await download(session, url)


asyncio.run(main())

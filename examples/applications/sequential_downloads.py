import asyncio
import pathlib

import aiohttp
import website

FOLDER = pathlib.Path("downloads")


async def download(session, url):
    print(f"开始下载：{url}")
    async with session.get(url) as answer:
        answer.raise_for_status()
        image = await answer.read()
    print("下载完成")

    name = url.rsplit("/")[-1]
    (FOLDER / name).write_bytes(image)


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

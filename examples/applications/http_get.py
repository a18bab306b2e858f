import asyncio

import aiohttp
import website


async def main():
    async with (
        website.serve() as connector,
        aiohttp.ClientSession(
            connector=connector
        ) as session,
        session.get(website.URL) as page,
    ):
        page.raise_for_status()
        text = await page.text()
        print(text[:100])


asyncio.run(main())

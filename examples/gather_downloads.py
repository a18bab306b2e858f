import asyncio

URLS = [
    "https://example.com/image1.jpg",
    "https://example.com/image2.jpg",
    "https://example.com/image3.jpg",
]


async def download(url):
    print(f"开始下载：{url}")
    await asyncio.sleep(2)
    print(f"下载完成：{url}")


async def main():
    downloads = [download(url) for url in URLS]
    await asyncio.gather(*downloads)


asyncio.run(main())

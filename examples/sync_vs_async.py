import asyncio
import time


async def request(id):
    print(f"Request {id} sent")
    await asyncio.sleep(1)
    print(f"Request {id} answered")


async def main():
    start = time.monotonic()
    for id in range(1, 4):
        await request(id)
    seconds = int(time.monotonic() - start)
    print(f"One after another: {seconds} s")

    start = time.monotonic()
    await asyncio.gather(
        *map(request, range(1, 4))
    )
    seconds = int(time.monotonic() - start)
    print(f"Together: {seconds} s")


asyncio.run(main())

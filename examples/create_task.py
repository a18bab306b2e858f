import asyncio
import time


async def hello():
    print("Hello")


async def world():
    print("World")


async def main():
    start = time.monotonic()

    hello_task = asyncio.create_task(hello())
    world_task = asyncio.create_task(world())
    await hello_task
    await world_task
    print("Done.")

    seconds = int(time.monotonic() - start)
    print(f"Time: {seconds} s")


asyncio.run(main())

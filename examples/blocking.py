import asyncio
import time


def load():
    print("Load started")
    time.sleep(3)
    print("Load finished")


async def load_here():
    load()


async def tick():
    for n in (1, 2):
        await asyncio.sleep(1)
        print(f"Tick {n}")


async def main():
    print("On this thread:")
    await asyncio.gather(tick(), load_here())

    print("On another thread:")
    await asyncio.gather(
        tick(), asyncio.to_thread(load)
    )


asyncio.run(main())

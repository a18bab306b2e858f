import asyncio

count = 0


async def add_after():
    global count
    await asyncio.sleep(1)
    count += 1


async def add_across():
    global count
    seen = count
    await asyncio.sleep(1)
    count = seen + 1


async def add_locked(lock):
    global count
    async with lock:
        seen = count
        await asyncio.sleep(1)
        count = seen + 1


async def main():
    global count
    await asyncio.gather(
        add_after(), add_after()
    )
    print("No await between:", count)

    count = 0
    await asyncio.gather(
        add_across(), add_across()
    )
    print("An await between:", count)

    count = 0
    lock = asyncio.Lock()
    await asyncio.gather(
        add_locked(lock), add_locked(lock)
    )
    print("A lock around it:", count)


asyncio.run(main())

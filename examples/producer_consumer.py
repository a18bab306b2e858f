import asyncio


async def produce(queue):
    for item in range(1, 6):
        await queue.put(item)
        print(f"Put {item}")
    await queue.put(None)


async def consume(queue):
    while True:
        item = await queue.get()
        if item is None:
            break
        print(f"Got {item}")
        await asyncio.sleep(1)
    print("Done")


async def main():
    queue = asyncio.Queue(maxsize=2)
    await asyncio.gather(
        produce(queue), consume(queue)
    )


asyncio.run(main())

import asyncio


async def wait():
    await asyncio.sleep(1)


async def main():
    tasks = []
    for _ in range(10_000):
        tasks.append(asyncio.create_task(wait()))
    print(f"{len(tasks)} tasks started")

    ended = 0
    for task in tasks:
        await task
        ended += 1
    print(f"{ended} tasks ended")


asyncio.run(main())

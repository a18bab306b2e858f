import asyncio


async def task1():
    print("Task 1 started")
    await asyncio.sleep(1)
    print("Task 1 finished")


async def task2():
    print("Task 2 started")
    await asyncio.sleep(2)
    print("Task 2 finished")


async def main():
    first = asyncio.create_task(task1())
    second = asyncio.create_task(task2())

    await first
    await second


asyncio.run(main())

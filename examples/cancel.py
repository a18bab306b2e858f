import asyncio


async def my_coroutine():
    await asyncio.sleep(1)
    print("Task completed")


async def main():
    task = asyncio.create_task(my_coroutine())
    await asyncio.sleep(0.5)
    task.cancel()

    try:
        await task
    except asyncio.CancelledError:
        print("Task was cancelled")


asyncio.run(main())

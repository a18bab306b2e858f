import asyncio


async def my_coroutine(future):
    await asyncio.sleep(1)
    future.set_result("Result")


async def main():
    loop = asyncio.get_running_loop()
    future = loop.create_future()
    task = asyncio.create_task(
        my_coroutine(future)
    )

    result = await future
    print(result)
    await task


asyncio.run(main())

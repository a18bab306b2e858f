import asyncio


async def my_coroutine():
    await asyncio.sleep(2)
    return "Completed"


async def main():
    try:
        result = await asyncio.wait_for(
            my_coroutine(), timeout=1
        )
    except TimeoutError:
        print("The coroutine timed out")
    else:
        print(result)


asyncio.run(main())

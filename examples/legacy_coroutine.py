import asyncio
import types


@types.coroutine
def func1():
    print(1)
    yield from asyncio.sleep(2)
    print(2)


async def func2():
    print(3)
    await asyncio.sleep(2)
    print(4)


async def main():
    await asyncio.gather(func1(), func2())


asyncio.run(main())

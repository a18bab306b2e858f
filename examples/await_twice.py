import asyncio


async def others():
    print("start")
    await asyncio.sleep(2)
    print("end")
    return "返回值"


async def func():
    print("执行协程函数内部代码")

    first = await others()
    print(f"IO请求结束，结果为： {first}")

    second = await others()
    print(f"IO请求结束，结果为： {second}")


asyncio.run(func())

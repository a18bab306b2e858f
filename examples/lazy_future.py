import asyncio


async def func():
    print("快来搞我吧")


result = func()
print("func 已调用，还没运行")

asyncio.run(result)

import asyncio


async def work(name):
    await asyncio.sleep(1)
    return name


async def main():
    print("await:", await work("a"))

    b, c = await asyncio.gather(
        work("b"), work("c")
    )
    print(f"gather: {b} and {c}")

    task = asyncio.create_task(work("d"))
    print("create_task: started")
    print("create_task:", await task)

    try:
        e = await asyncio.wait_for(work("e"), 0.5)
        print("wait_for:", e)
    except TimeoutError:
        print("wait_for: timed out")


asyncio.run(main())

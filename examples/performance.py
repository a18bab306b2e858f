import asyncio
import time


async def request():
    await asyncio.sleep(1)


class Count:
    lock = asyncio.Lock()
    value = 0


async def lock_then_wait(count):
    async with count.lock:
        await request()
        count.value += 1


async def wait_then_lock(count):
    await request()
    async with count.lock:
        count.value += 1


async def timed(what, work):
    start = time.monotonic()
    await work
    seconds = int(time.monotonic() - start)
    print(f"{what}: {seconds} s")


async def one_by_one():
    for _ in range(3):
        await request()


async def main():
    gather = asyncio.gather
    await timed("one by one", one_by_one())
    many = [request() for _ in "abc"]
    await timed("together", gather(*many))

    count = Count()
    many = [lock_then_wait(count) for _ in "abc"]
    await timed("lock, then wait", gather(*many))
    many = [wait_then_lock(count) for _ in "abc"]
    await timed("wait, then lock", gather(*many))


asyncio.run(main())

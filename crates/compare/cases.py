"""asyncio's part: what src/cases.rs does with tokio, call for call."""

import asyncio
import sys
import threading
import time

MANY = 100_000


async def each(times, work):
    await work(times // 10)
    start = time.perf_counter_ns()
    await work(times)
    return (time.perf_counter_ns() - start) / times


async def nothing():
    pass


async def spawn():
    async def work(times):
        for _ in range(times):
            await asyncio.create_task(nothing())

    return await each(200_000, work)


async def yielded():
    async def work(times):
        async def turns():
            for _ in range(times // 10):
                await asyncio.sleep(0)

        tasks = [asyncio.create_task(turns()) for _ in range(10)]
        for task in tasks:
            await task

    return await each(500_000, work)


async def queue():
    async def work(times):
        queue = asyncio.Queue(100)

        async def produce():
            for item in range(times):
                await queue.put(item)
            await queue.put(None)

        producer = asyncio.create_task(produce())
        while await queue.get() is not None:
            pass
        await producer

    return await each(200_000, work)


def resident():
    with open("/proc/self/status") as status:
        for line in status:
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024


def private(process):
    total = 0
    with open(f"/proc/{process}/smaps_rollup") as rollup:
        for line in rollup:
            if line.startswith(("Private_Clean:", "Private_Dirty:")):
                total += int(line.split()[1]) * 1024
    return total


async def memory():
    begun = 0

    async def idle():
        nonlocal begun
        begun += 1
        await asyncio.sleep(3600)

    before = resident()
    for _ in range(MANY):
        asyncio.create_task(idle())
    while begun < MANY:
        await asyncio.sleep(0)
    return (resident() - before) / MANY


async def sleepers():
    start = time.perf_counter_ns()
    tasks = [asyncio.create_task(asyncio.sleep(1)) for _ in range(MANY)]
    for task in tasks:
        await task
    return time.perf_counter_ns() - start


async def echo():
    async def serve(reader, writer):
        while data := await reader.read(64):
            writer.write(data)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    times = 20_000
    for some in (times // 10, times):
        start = time.perf_counter_ns()
        for _ in range(some):
            writer.write(b"x" * 64)
            await writer.drain()
            await reader.readexactly(64)
        nanos = (time.perf_counter_ns() - start) / some
    writer.close()
    server.close()
    return nanos


async def latency():
    async def ask():
        port = int(sys.argv[3])
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        answer = await reader.read()
        writer.close()
        return answer

    start = time.perf_counter_ns()
    asking = [asyncio.create_task(ask()) for _ in range(10)]
    for answer in asking:
        await answer
    return time.perf_counter_ns() - start


async def thread_start():
    times = 5_000
    start = time.perf_counter_ns()
    for _ in range(times):
        thread = threading.Thread(target=lambda: None)
        thread.start()
        thread.join()
    return (time.perf_counter_ns() - start) / times


async def thread_memory():
    many = 1_000
    begun = threading.Barrier(many + 1)
    end = threading.Barrier(many + 1)

    def idle():
        begun.wait()
        end.wait()

    before = resident()
    for _ in range(many):
        threading.Thread(target=idle).start()
    begun.wait()
    after = resident()
    end.wait()
    return (after - before) / many


async def process_start():
    times = 20
    start = time.perf_counter_ns()
    for _ in range(times):
        child = await asyncio.create_subprocess_exec(sys.executable, "-c", "pass")
        await child.wait()
    return (time.perf_counter_ns() - start) / times


async def process_memory():
    code = "import time; time.sleep(60)"
    children = []
    for _ in range(10):
        children.append(await asyncio.create_subprocess_exec(sys.executable, "-c", code))
    await asyncio.sleep(0.5)
    total = sum(private(child.pid) for child in children)
    for child in children:
        child.kill()
        await child.wait()
    return total / len(children)


def run(case, by):
    if by == "uvloop":
        import uvloop

        return uvloop.run(case())
    return asyncio.run(case())


CASES = {
    "spawn": spawn,
    "yield": yielded,
    "queue": queue,
    "memory": memory,
    "sleepers": sleepers,
    "echo": echo,
    "latency": latency,
    "thread_start": thread_start,
    "thread_memory": thread_memory,
    "process_start": process_start,
    "process_memory": process_memory,
}

if __name__ == "__main__":
    print(run(CASES[sys.argv[1]], sys.argv[2]), flush=True)
    if sys.argv[1] == "memory":
        # A hundred thousand sleepers need not be cancelled one by one.
        import os

        os._exit(0)

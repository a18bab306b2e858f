import asyncio


async def work(name, queue):
    while True:
        item = await queue.get()
        print(f"Task {name} got work item {item}")
        await asyncio.sleep(1)
        queue.task_done()


async def main():
    queue = asyncio.Queue()
    for item in range(10):
        await queue.put(item)

    workers = [
        asyncio.create_task(work(name, queue))
        for name in ("task_1", "task_2", "task_3")
    ]

    await queue.join()

    for worker in workers:
        worker.cancel()
    await asyncio.gather(
        *workers, return_exceptions=True
    )


asyncio.run(main())

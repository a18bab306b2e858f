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

    workers = []
    for i in range(1, 4):
        worker = work(f"task_{i}", queue)
        workers.append(asyncio.create_task(worker))

    await queue.join()

    for worker in workers:
        worker.cancel()
    await asyncio.gather(
        *workers, return_exceptions=True
    )


asyncio.run(main())

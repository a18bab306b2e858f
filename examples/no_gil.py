import asyncio
import threading

PARTS = [
    range(2, 5000),
    range(5000, 7100),
    range(7100, 8700),
    range(8700, 10_000),
]


def count_primes(part):
    primes = sum(
        all(n % d for d in range(2, n))
        for n in part
    )
    return primes, threading.current_thread()


async def count_task(part):
    return count_primes(part)


async def with_tasks():
    tasks = [count_task(part) for part in PARTS]
    return await asyncio.gather(*tasks)


def with_threads():
    answers = []

    def work(part):
        answers.append(count_primes(part))

    threads = [
        threading.Thread(target=work, args=[part])
        for part in PARTS
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def report(who, answers):
    primes = sum(p for p, _ in answers)
    used = len({t for _, t in answers})
    print(
        f"{who}: {primes} primes,"
        f" threads: {used}"
    )


report("4 tasks", asyncio.run(with_tasks()))
report("4 threads", with_threads())

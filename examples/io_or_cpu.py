import asyncio


async def download(name):
    print(f"Download {name} started")
    await asyncio.sleep(1)
    print(f"Download {name} finished")


async def count_primes(name):
    print(f"Count {name} started")
    primes = sum(
        all(n % d for d in range(2, n))
        for n in range(2, 5000)
    )
    print(f"Count {name} finished: {primes}")


async def main():
    print("I/O-bound:")
    await asyncio.gather(
        download("A"), download("B")
    )

    print("CPU-bound:")
    await asyncio.gather(
        count_primes("C"), count_primes("D")
    )

    print("Mixed:")
    await asyncio.gather(
        download("E"),
        count_primes("F"),
        download("G"),
    )


asyncio.run(main())

import asyncio
import random


async def count():
    rng = random.Random(75291)
    for i in range(10):
        print(f"Counting {i}")
        await asyncio.sleep(rng.randint(1, 3))


asyncio.run(count())

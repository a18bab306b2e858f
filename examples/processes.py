import asyncio
import sys
import time


async def task(number):
    child = await asyncio.create_subprocess_exec(
        sys.executable, __file__, str(number)
    )
    await child.wait()
    print(f"Task {number} completed")


async def main():
    await asyncio.gather(task(1), task(2))


if len(sys.argv) > 1:
    time.sleep(int(sys.argv[1]))
else:
    asyncio.run(main())

import asyncio
import os
import sys
from pathlib import Path

import aiofiles

FOLDER = Path(__file__).parent / "files"


async def read_file(name):
    print(f"Reading {name}")
    async with aiofiles.open(
        name, encoding="utf-8"
    ) as file:
        return await file.read()


async def main():
    names = sys.argv[1:]
    if not names:
        os.chdir(FOLDER)
        names = [
            f"file{n}.txt" for n in range(1, 4)
        ]

    texts = await asyncio.gather(
        *map(read_file, names),
        return_exceptions=True,
    )

    code = 0
    for name, text in zip(names, texts):
        if isinstance(text, Exception):
            print(
                f"{name}: {text}", file=sys.stderr
            )
            code = 1
        else:
            print(text, end="")
    sys.exit(code)


asyncio.run(main())

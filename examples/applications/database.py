import asyncio
from pathlib import Path

import aiosqlite

FILE = Path(__file__).parents[2] / "users.db"


async def fill(db):
    await db.execute(
        "CREATE TABLE IF NOT EXISTS users ("
        " id BIGINT PRIMARY KEY,"
        " name VARCHAR(40) NOT NULL,"
        " coins BIGINT NOT NULL)"
    )
    users = "SELECT COUNT(*) FROM users"
    async with db.execute(users) as rows:
        if (await rows.fetchone())[0] > 0:
            return
    await db.executemany(
        "REPLACE INTO users VALUES (?, ?, 10)",
        [(1, "Ann"), (2, "Bob"), (3, "D'Arcy")],
    )
    await db.commit()


async def find(two, name, seconds):
    async with two, aiosqlite.connect(FILE) as db:
        rows = await db.execute(
            "SELECT id FROM users WHERE name = ?",
            (name,),
        )
        (user,) = await rows.fetchone()
        await asyncio.sleep(seconds)
        print(f"{name} is user {user}")


async def give(db, coins):
    for user, change in (1, -coins), (2, coins):
        await db.execute(
            "UPDATE users SET coins = coins + ?"
            " WHERE id = ?",
            (change, user),
        )
    left = "SELECT coins FROM users WHERE id = 1"
    async with db.execute(left) as rows:
        if (await rows.fetchone())[0] < 0:
            await db.rollback()
            return False
    await db.commit()
    return True


async def show(db):
    users = "SELECT * FROM users ORDER BY id"
    async with db.execute(users) as rows:
        async for user, name, coins in rows:
            print(user, name, coins)


async def main():
    async with aiosqlite.connect(FILE) as db:
        await fill(db)
        await show(db)

        two = asyncio.Semaphore(2)
        await asyncio.gather(
            find(two, "Ann", 1),
            find(two, "Bob", 1.5),
            find(two, "D'Arcy", 1),
        )

        if not await give(db, 30):
            print("Ann cannot give 30")
        await show(db)


asyncio.run(main())

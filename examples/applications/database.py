import asyncio
import os
from pathlib import Path

from sqlalchemy import make_url, text
from sqlalchemy.ext import asyncio as sql

FILE = Path(__file__).parents[2] / "users.db"
DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "mysql": "mysql+aiomysql",
}


async def fill(engine):
    table = text(
        "CREATE TABLE IF NOT EXISTS users ("
        " id BIGINT PRIMARY KEY,"
        " name VARCHAR(40) NOT NULL,"
        " coins BIGINT NOT NULL)"
    )
    count = text("SELECT COUNT(*) FROM users")
    user = text(
        "REPLACE INTO users"
        " VALUES (:id, :name, 10)"
    )
    names = enumerate(("Ann", "Bob", "D'Arcy"), 1)
    async with engine.begin() as db:
        await db.execute(table)
        if await db.scalar(count) > 0:
            return
        for id, name in names:
            values = {"id": id, "name": name}
            await db.execute(user, values)


async def find(engine, name, seconds):
    query = text(
        "SELECT id FROM users WHERE name = :name"
    )
    async with engine.connect() as db:
        values = {"name": name}
        id = await db.scalar(query, values)
        await asyncio.sleep(seconds)
        print(f"{name} is user {id}")


async def give(engine, coins):
    change = text(
        "UPDATE users SET coins = coins + :coins"
        " WHERE id = :id"
    )
    left = text(
        "SELECT coins FROM users WHERE id = 1"
    )
    changes = [
        {"id": 1, "coins": -coins},
        {"id": 2, "coins": coins},
    ]
    async with engine.connect() as db:
        for values in changes:
            await db.execute(change, values)
        if await db.scalar(left) < 0:
            return False
        await db.commit()
        return True


async def show(engine):
    rows = text("SELECT * FROM users ORDER BY id")
    async with engine.connect() as db:
        for row in await db.execute(rows):
            print(*row)


async def main():
    url = make_url(
        os.environ.get("DATABASE_URL")
        or f"sqlite:///{FILE}"
    )
    driver = DRIVERS[url.drivername]
    engine = sql.create_async_engine(
        url.set(drivername=driver),
        pool_size=2,
        max_overflow=0,
        pool_timeout=5,
    )
    await fill(engine)
    await show(engine)

    await asyncio.gather(
        find(engine, "Ann", 1),
        find(engine, "Bob", 1.5),
        find(engine, "D'Arcy", 1),
    )

    if not await give(engine, 30):
        print("Ann cannot give 30")
    await show(engine)
    await engine.dispose()


asyncio.run(main())

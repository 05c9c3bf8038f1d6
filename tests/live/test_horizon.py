"""The horizon rule: nothing missed, nothing doubled; the naive reader must lose events."""

import asyncio
import random
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from polyphony.app.postgres import Postgres
from polyphony.domain.event import NewEvent, Op
from polyphony.store import events, feed
from polyphony.store.database import Database
from polyphony.store.migrate import migrate

WRITERS = 6
SECONDS = 6.0


class Naive:
    """``id > last``: what everybody writes first, and what loses events."""

    def __init__(self) -> None:
        self.last = 0
        self.seen: list[int] = []

    async def read(self, session: psycopg.AsyncConnection) -> None:
        found = await session.execute(
            "SELECT id FROM event WHERE id > %s ORDER BY id LIMIT 500", [self.last]
        )
        for (id_,) in await found.fetchall():
            self.last = id_
            self.seen.append(id_)


class Horizon:
    """The reader of the product, without its sockets."""

    def __init__(self, start: feed.Cursor) -> None:
        self.cursor = start
        self.seen: list[int] = []

    async def read(self, session: psycopg.AsyncConnection) -> bool:
        edge = await feed.horizon(session)
        rows = await feed.after(session, self.cursor, edge.xmin, edge.now - timedelta(days=1))
        page = rows[: feed.PAGE]
        self.seen += [row.id for row in page]
        if len(rows) > feed.PAGE:
            self.cursor = feed.Cursor(edge.epoch, page[-1].xid, page[-1].id)
            return True
        self.cursor = max(self.cursor, edge.cursor)
        return False


async def write(database: Database, seed: int, until: float) -> None:
    chance = random.Random(seed)
    loop = asyncio.get_running_loop()
    while loop.time() < until:
        try:
            async with database.transaction() as session:
                for _ in range(chance.randint(1, 3)):
                    told = NewEvent("case.changed", Op.FACT, None, None, None, ["all"])
                    await events.append(session, [told])
                    await asyncio.sleep(chance.random() * 0.03)
                if chance.random() < 0.05:
                    await session.execute("SELECT 1 / 0")  # rolled back on purpose
        except psycopg.errors.DivisionByZero:
            continue


@pytest.mark.alone
@pytest.mark.timeout(120)
async def test_the_horizon_reader_sees_all_once_and_the_naive_one_does_not(open_home: Path) -> None:
    with Postgres(open_home) as postgres:
        await asyncio.to_thread(migrate, postgres.url("owner"), "app")
        url = postgres.url("app")
        async with (
            Database(url, size=WRITERS + 2) as database,
            database.direct() as first,
            database.direct() as second,
        ):
            reader, naive = Horizon((await feed.horizon(first)).cursor), Naive()
            until = asyncio.get_running_loop().time() + SECONDS
            writers = [asyncio.create_task(write(database, n, until)) for n in range(WRITERS)]
            while not all(one.done() for one in writers):
                await reader.read(first)
                await naive.read(second)
                await asyncio.sleep(0.005)
            await asyncio.gather(*writers)
            while await reader.read(first):
                pass
            await naive.read(second)
            found = await second.execute("SELECT id FROM event ORDER BY id")
            committed = [row[0] for row in await found.fetchall()]
    assert sorted(reader.seen) == committed  # none missed, none doubled
    assert len(committed) > 200
    missed = set(committed) - set(naive.seen)
    assert missed  # the control has its teeth: sequences become visible out of order

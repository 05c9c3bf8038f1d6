"""Hints between processes: one notifier sends, everybody listens, losing one costs only a poll."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from polyphony.store import wake
from polyphony.store.database import Database, Unavailable

CHANNEL = "polyphony"
GAP_S = 0.01
"""At least so long between two notices of one process: at most 100 a second."""


async def notify(database: Database) -> None:
    """Be the notifier of this process, for ever: turn hints into NOTIFY outside transactions."""
    flag = asyncio.Event()
    loop = asyncio.get_running_loop()
    end = wake.hear(lambda: loop.call_soon_threadsafe(flag.set))
    try:
        while True:
            with contextlib.suppress(Unavailable):
                await _serve(database, flag)
            await asyncio.sleep(1.0)
    finally:
        end()


async def _serve(database: Database, flag: asyncio.Event) -> None:
    async with database.direct() as connection:
        while True:
            await flag.wait()
            flag.clear()
            if topics := wake.take():
                await connection.execute("SELECT pg_notify(%s, %s)", [CHANNEL, topics])
            await asyncio.sleep(GAP_S)


async def listen(database: Database, idle_s: float = 1.0) -> AsyncIterator[frozenset[str]]:
    """Yield the topics of each notice, an empty set every ``idle_s`` seconds; for ever.

    While the database is away it yields empty sets: readers fall back to polling.
    """
    while True:
        try:
            async with database.direct() as connection:
                await connection.execute("LISTEN polyphony")
                while True:
                    heard: set[str] = set()
                    async for notice in connection.notifies(timeout=idle_s, stop_after=1):
                        heard.update(notice.payload.split())
                    yield frozenset(heard)
        except Unavailable:
            yield frozenset()
            await asyncio.sleep(idle_s)

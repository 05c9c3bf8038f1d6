"""Wake-up hints: a flag per topic, one notifier per process, no NOTIFY inside a transaction."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from functools import partial

from polyphony.store.database import Database, Session, Unavailable, after_commit

CHANNEL = "polyphony"
GAP_S = 0.01
"""At least so long between two notices of one process: ≤ 100 a second."""

_due: set[str] = set()
_hearers: set[Callable[[], None]] = set()


def hint(topic: str) -> None:
    """Say that something committed under a topic (events, arrivals, deliveries, timers, work)."""
    _due.add(topic)
    for wake in tuple(_hearers):
        wake()


def mark(session: Session, topic: str) -> None:
    """Promise a hint for the moment this transaction has committed."""
    after_commit(session, partial(hint, topic))


async def notify(database: Database) -> None:
    """Be the notifier of this process, for ever: hints become NOTIFY outside transactions."""
    flag = asyncio.Event()
    loop = asyncio.get_running_loop()

    def wake() -> None:
        loop.call_soon_threadsafe(flag.set)

    _hearers.add(wake)
    try:
        while True:
            with contextlib.suppress(Unavailable):
                await _serve(database, flag)
            await asyncio.sleep(1.0)
    finally:
        _hearers.discard(wake)


async def _serve(database: Database, flag: asyncio.Event) -> None:
    async with database.direct() as connection:
        while True:
            await flag.wait()
            flag.clear()
            topics = " ".join(sorted(_due))
            _due.clear()
            if topics:
                await connection.execute("SELECT pg_notify(%s, %s)", [CHANNEL, topics])
            await asyncio.sleep(GAP_S)


async def listen(database: Database, away_s: float = 0.5) -> AsyncIterator[frozenset[str]]:
    """Yield the topics of each notice; an empty set whenever some may have been missed.

    While the database is away an empty set comes every ``away_s`` seconds.
    """
    while True:
        try:
            async with database.direct() as connection:
                await connection.execute("LISTEN polyphony")
                yield frozenset()
                async for heard in notices(connection):
                    yield frozenset(word for _, said in heard for word in said.split())
        except Unavailable:
            yield frozenset()
            await asyncio.sleep(away_s)


async def notices(connection: Session) -> AsyncIterator[list[tuple[str, str]]]:
    """Yield what is heard on a direct connection as (channel, payload), for ever.

    Nothing runs while nothing is said: the driver's own waiting looks ten times a second.
    """
    loop = asyncio.get_running_loop()
    line = connection.pgconn
    said = asyncio.Event()
    while True:
        loop.add_reader(line.socket, said.set)
        try:
            await said.wait()
        finally:
            loop.remove_reader(line.socket)
        said.clear()
        line.consume_input()  # raises when the server is gone
        heard: list[tuple[str, str]] = []
        while (notice := line.notifies()) is not None:
            heard.append((notice.relname.decode(), notice.extra.decode()))
        if heard:
            yield heard

"""Election: one router owns the shard; an advisory lock chooses it, the epoch fences the others."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from polyphony.store import shards
from polyphony.store.database import Database, Session, Unavailable

POLL_S = 0.5
BEAT_S = 1.0


@dataclass(slots=True)
class Reign:
    """The time one owner has; ``lost`` is set when somebody else took the epoch."""

    epoch: int
    lost: asyncio.Event


async def reigns(database: Database, name: str) -> AsyncGenerator[Reign]:
    """Stand by until chosen, again and again; leave the loop body when ``lost`` is set."""
    while True:
        try:
            async with database.direct() as connection, _reign(database, connection, name) as reign:
                yield reign
        except Unavailable:
            await asyncio.sleep(POLL_S)


@asynccontextmanager
async def _reign(database: Database, connection: Session, name: str) -> AsyncIterator[Reign]:
    epoch = await _win(database, connection, name)
    reign = Reign(epoch, asyncio.Event())
    beating = asyncio.create_task(_beat(database, connection, name, reign))
    try:
        yield reign
    finally:
        beating.cancel()
        await asyncio.gather(beating, return_exceptions=True)
        with contextlib.suppress(Unavailable):
            async with database.transaction() as session:
                await shards.resign(session, reign.epoch)


async def _win(database: Database, connection: Session, name: str) -> int:
    """Wait until the lock is free, or until its owner has not beaten for too long."""
    while True:
        locked = await shards.try_lock(connection)
        async with database.single() as session:
            epoch = await shards.take(session, name, locked=locked)
        if epoch is not None:
            return epoch
        if locked:
            await shards.unlock(connection)
        await asyncio.sleep(POLL_S)


async def _beat(database: Database, connection: Session, name: str, reign: Reign) -> None:
    """Say every second that we live; stop reigning as soon as the epoch is another's."""
    locked = False
    try:
        while True:
            await asyncio.sleep(BEAT_S)
            locked = locked or await shards.try_lock(connection)
            async with database.single() as session:
                if not await shards.beat(session, name, reign.epoch, locked=locked):
                    return
    finally:
        reign.lost.set()  # whatever ended the beating: an owner that does not beat owns nothing

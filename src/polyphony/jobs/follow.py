"""Follow: the loops of those who read the log behind everybody; a worker's, one at a time each."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from polyphony.flows import follow, index
from polyphony.flows.follow import Consumer
from polyphony.jobs.worker import Loop
from polyphony.ports import Outside
from polyphony.store.database import Database

CONSUMERS: Sequence[Consumer] = (index.CONSUMER,)
"""Everybody who follows; a new one stands here and nowhere else."""

GATHER_S = 0.3
"""After a hint so long is waited: what comes meanwhile shares the turn and its commit."""
IDLE_S = 5.0
"""A lost hint delays a reader by so much at most; a quiet house is asked no more often."""


def loops(database: Database, outside: Outside) -> list[Loop]:
    """Return one loop per consumer."""
    return [
        Loop(f"follow {one.name}", Following(database, outside, one).turn,
             frozenset({"events"}), IDLE_S)
        for one in CONSUMERS
    ]  # fmt: skip


@dataclass(slots=True)
class Following:
    """One consumer at work."""

    database: Database
    outside: Outside
    consumer: Consumer
    busy: bool = False

    async def turn(self) -> bool:
        """Take one page; tell whether there may be more at once."""
        if not self.busy:
            await asyncio.sleep(GATHER_S)
        async with self.database.transaction() as session:
            self.busy = await follow.turn(session, self.consumer, self.outside.now())
        return self.busy

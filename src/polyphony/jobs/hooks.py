"""Hooks: a loop that tells other systems; the calls lie between two transactions."""

import asyncio
import random
from dataclasses import dataclass

from polyphony.domain.hook import PATIENCE_S
from polyphony.flows import hook
from polyphony.jobs.worker import Loop
from polyphony.ports import Outgoing, Outside
from polyphony.store import hooks
from polyphony.store.database import Database
from polyphony.store.hooks import Due

IDLE_S = 5.0


def loops(database: Database, outside: Outside) -> list[Loop]:
    """Return the loop, or none where nothing may be called."""
    if outside.outgoing is None:
        return []
    calling = Calling(database, outside, outside.outgoing)
    return [Loop("hooks", calling.turn, frozenset({"hooks"}), IDLE_S)]


@dataclass(slots=True)
class Calling:
    """Claims, calls, settles."""

    database: Database
    outside: Outside
    outgoing: Outgoing

    async def turn(self) -> bool:
        """Make the calls that are due; tell whether there were some."""
        at = self.outside.now()
        async with self.database.transaction() as session:
            due = await hooks.claim(session, at)
        if not due:
            return False
        tried = await asyncio.gather(*(self._call(one) for one in due))
        chances = [random.random() for _ in tried]  # noqa: S311 - spreads tries, guards nothing
        async with self.database.transaction() as session:
            await hook.settle(session, tried, self.outside.now(), chances)
        return True

    async def _call(self, due: Due) -> hook.Tried:
        try:
            async with asyncio.timeout(PATIENCE_S):
                return await hook.call(due, self.outside.keys, self.outgoing, self.outside.now())
        except TimeoutError:
            return hook.Tried(due)

"""Seal: the loop that chains the audit, in whichever worker comes first."""

from dataclasses import dataclass

from polyphony.flows import seal
from polyphony.jobs.worker import Loop
from polyphony.store.database import Database

EVERY_S = 10.0
"""A line of the audit is sealed so long after it was written, at most; idle costs one look."""


def loops(database: Database) -> list[Loop]:
    """Return the loop."""
    return [Loop("seal", Sealing(database).turn, frozenset(), EVERY_S)]


@dataclass(slots=True)
class Sealing:
    """One worker's sealing."""

    database: Database

    async def turn(self) -> bool:
        """Seal one block; tell whether there may be more."""
        async with self.database.transaction() as session:
            return await seal.turn(session)

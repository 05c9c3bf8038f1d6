"""What bench ``races`` looks at: wave by wave what went wrong, and the journal once more."""

import asyncio
from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import datetime
from typing import LiteralString

from polyphony.app.bench import hall
from polyphony.app.bench.offers import BROKEN
from polyphony.flows import replay
from polyphony.store import feed
from polyphony.store.database import Database, Session

# All who are there, whatever wave: each looks through a partial index or at the agents only.
_OF_NOW = ("over_capacity", "wrong_load", "double_live", "offered_without_offer")
_OF_WAVE: Mapping[str, LiteralString] = {
    "double_accepted": """
        SELECT count(*) FROM (
            SELECT work_item_id FROM offer
             WHERE state = 'accepted' AND work_item_id BETWEEN %(low)s AND %(high)s
             GROUP BY 1 HAVING count(*) > 1) x""",
    "lost": """
        SELECT %(items)s - count(*) FROM work_item
         WHERE state = 'done' AND id BETWEEN %(low)s AND %(high)s""",
}
# Only what is settled, so that no later commit falls behind the place up to which was looked.
_OLD_EPOCHS: LiteralString = """
SELECT count(*) FILTER (WHERE x.epoch < greatest(x.top, %(top)s)), max(x.epoch) FROM (
    SELECT o.epoch, max(o.epoch) OVER (ORDER BY e.xid, e.id) AS top
      FROM event e JOIN offer o ON o.id = e.entity_id
     WHERE e.epoch = %(log)s AND e.xid >= %(since)s::text::xid8 AND e.xid < %(until)s::text::xid8
       AND e.type = 'offer.made' AND o.epoch > 0) x"""
_DEADLOCKS: LiteralString = (
    "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
)
_LAST_REIGN: LiteralString = "SELECT max(at) FROM routing_cycle WHERE kind = 'begin'"


@dataclass(frozen=True, slots=True)
class Again:
    """A stretch of the journal lived through again: decisions, beginnings, differences."""

    decided: int = 0
    epochs: int = 0
    differ: int = 0


def live_again(url: str, since: datetime | None, until: datetime | None) -> Again:
    """Live through the journal between two beginnings, in a process of one's own."""

    async def main() -> Again:
        async with Database(url, size=1, name="again") as database, database.reads() as session:
            return await _lived(session, since, until)

    return asyncio.run(main())


async def _lived(session: Session, since: datetime | None, until: datetime | None) -> Again:
    decided = epochs = differ = 0
    async for one in replay.replay(session, since, until):
        differ += one.difference is not None
        if until is None or one.cycle.at < until:  # the last beginning is the first of the next
            decided += len(one.decided)
            epochs += one.cycle.kind == "begin"
    return Again(decided, epochs, differ)


@dataclass(slots=True)
class Judge:
    """Judges one wave after the other; what it holds does not grow with them.

    ``broken`` counts what went wrong by its name, ``replayed`` and ``epochs`` what was lived
    through again so far.
    """

    database: Database
    url: str
    aside: Executor
    broken: dict[str, int] = field(default_factory=dict)
    replayed: int = 0
    epochs: int = 0
    _xid: int = 0
    _top: int = 0
    _since: datetime | None = None

    async def wave(self, number: int, items: int) -> None:
        """Judge a wave of so many items that has come to its end, while the next go on."""
        low, high = hall.items_of(number)
        async with self.database.reads() as session:
            await session.execute("SET LOCAL statement_timeout = 0")
            for name, query in _OF_WAVE.items():
                params = {"low": low, "high": high, "items": items}
                self._add(name, await _count(session, query, params))

    async def moment(self) -> None:
        """Judge how everything stands now, and the reigns that are over."""
        await self._stands(last=False)
        async with self.database.reads() as session:
            found = await (await session.execute(_LAST_REIGN)).fetchone()
        until: datetime | None = found[0] if found else None
        if until is not None and until != self._since:
            await self._again(until)

    async def end(self) -> None:
        """Judge the rest when all have gone home."""
        await self._stands(last=True)
        await self._again(None)

    async def _stands(self, *, last: bool) -> None:
        async with self.database.reads() as session:
            await session.execute("SET LOCAL statement_timeout = 0")
            edge = await feed.horizon(session)
            until = edge.xmax if last else edge.xmin
            params = {"top": self._top, "log": edge.epoch, "since": self._xid, "until": until}
            row = await (await session.execute(_OLD_EPOCHS, params)).fetchone() or (0, None)
            self._add("by_an_old_epoch", int(row[0]))
            self._top, self._xid = max(self._top, int(row[1] or 0)), until
            for name in _OF_NOW:
                self._add(name, await _count(session, BROKEN[name], {}))
            self.broken["deadlocks"] = await _count(session, _DEADLOCKS, {})

    async def _again(self, until: datetime | None) -> None:
        """Live through the journal from the last beginning looked at to another, its own included.

        All before a committed beginning is there: no older epoch may write any more.
        """
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self.aside, live_again, self.url, self._since, until)
        self.replayed += found.decided
        self.epochs += found.epochs
        self._add("replay_differs", found.differ)
        self._since = until

    def _add(self, name: str, count: int) -> None:
        self.broken[name] = self.broken.get(name, 0) + count


async def _count(session: Session, query: LiteralString, params: Mapping[str, object]) -> int:
    row = await (await session.execute(query, params or None)).fetchone()
    return int(row[0]) if row else 0

"""Board: one process counts what the log tells, and tells it to the screens once a second."""

import asyncio
import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import orjson
import structlog

from polyphony.domain.board import Board, Picture, Place
from polyphony.domain.service_hours import to_ms
from polyphony.flows import count
from polyphony.flows.count import Counted, Structure, Touched
from polyphony.jobs.limits import Limiter
from polyphony.store import board, facts, feed, wake
from polyphony.store.database import Database, Session, Unavailable
from polyphony.store.feed import Cursor, Name

LOOK_S, ASLEEP_S = 1.0, 5.0
"""Between two looks: while somebody watches, and while nobody does."""
WATCHED_S = 30.0
"""Screens say every ten seconds that they are there."""
LOCK_S = 5.0
RECONCILE_S = 300.0
TIDY_S = 60.0
LIMITS_S = 15.0
"""So often figures are held against the thresholds of boards."""
STRANGE_S = 10.0
KEEP_S = 300.0
"""A cursor that only moved over what is nothing to us is kept this seldom."""
PAGE = 2_000
BATCH = 500
NOTICE_BYTES = 7_600
WATCH, WHOLE = "boards", "boards_whole"
"""Hints of the web processes: somebody watches; somebody needs everything."""

_ABOUT = frozenset({
    "work_item", "case", "offer", "presence", "load",
    "queue", "calendar", "department", "agent", "person", "presence_status",
})  # fmt: skip
_STRUCTURE = frozenset({"queue", "calendar", "department"})
_EVERYBODY = frozenset({"queue", "agent", "person", "presence_status"})

_log = structlog.stdlib.get_logger("polyphony.board")


@dataclass
class Watch:
    """Who looks at boards, as far as hints tell."""

    until: float = 0.0
    whole: bool = False
    stirred: asyncio.Event = field(default_factory=asyncio.Event)

    async def listen(self, database: Database) -> None:
        """Hear what web processes say, for ever."""
        clock = asyncio.get_running_loop().time
        async for topics in wake.listen(database):
            if WATCH in topics or WHOLE in topics:
                self.until = clock() + WATCHED_S
                self.whole = self.whole or WHOLE in topics
                self.stirred.set()


class Keeper:
    """The one who counts: the counters in memory, the place in the log, and the loop over both."""

    def __init__(self, database: Database, now: Callable[[], datetime], watch: Watch) -> None:
        self._database = database
        self._now = now
        self._watch = watch
        self._cursor = Cursor(1, 0, 0)
        self._since = now()
        self._known = Structure({}, {}, {})
        self._number = 0
        self._strange_at = -STRANGE_S
        self._kept_at = self._reconciled_at = self._tidied_at = self._limited_at = 0.0
        self._limiter = Limiter(to_ms(now()))
        self.board = Board(to_ms(now()) - 1)
        self.drift = 0

    async def begin(self) -> None:
        """Go on from the facts and the cursor kept with them; make what is missing."""
        at = self._now()
        async with self._database.reads() as session:
            edge = await feed.horizon(session)
            kept = await board.kept(session)
        if kept is None or kept.cursor.epoch != edge.epoch or kept.at < edge.now - feed_window():
            self._cursor, self._since = edge.cursor, edge.now
            await self._backfill(at)
        else:
            self._cursor, self._since = kept.cursor, kept.at
        async with self._database.reads() as session:
            self._known = await count.structure(session)
            self._recount(await count.everything(session, self._known, at), at)
        clock = asyncio.get_running_loop().time()
        self._kept_at = self._reconciled_at = self._tidied_at = clock
        _log.info("counting", places=sum(1 for _ in self.board.places()))

    def _recount(self, counted: Sequence[Counted], at: datetime) -> None:
        self.board = Board(to_ms(at) - 1)
        self._take(counted)
        self.board.advance(to_ms(at))

    def _take(self, counted: Sequence[Counted]) -> None:
        for one in counted:
            self.board.apply(one.entity, one.id, one.version, one.adds)

    async def _backfill(self, at: datetime) -> None:
        """Make the facts of open work and of today's, some at a time; then keep the cursor."""
        last = UUID(int=0)
        async with self._database.reads() as session:
            self._known = await count.structure(session)
        while True:
            async with self._database.transaction() as session:
                found = await board.items_since(session, at - count.BACK, last, BATCH)
                if found:
                    await count.of_items(session, found, self._known)
                    last = found[-1]
                else:
                    await board.keep(session, self._cursor, self._since)
            if not found:
                return

    # ── the loop ────────────────────────────────────────────────────────────────────────────────

    async def run(self, log: Session) -> None:
        """Count and tell until the connection that holds the lock is gone."""
        await feed.steady(log)
        clock = asyncio.get_running_loop().time
        while True:
            began = clock()
            await self._look(log)
            watched = clock() < self._watch.until
            if watched:
                await self._tell(log)
            await self._look_after(clock())
            rest = (LOOK_S if watched else ASLEEP_S) - (clock() - began)
            self._watch.stirred.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(max(rest, 0.05)):
                    if watched:
                        await asyncio.sleep(rest)
                    else:
                        await self._watch.stirred.wait()

    async def _look(self, log: Session) -> None:
        """Read the settled names behind the cursor, make their facts, count them."""
        more = True
        while more:
            since = self._since - timedelta(days=1)
            edge, page = await feed.names(log, self._cursor, since, _ABOUT, PAGE)
            if edge.epoch != self._cursor.epoch:
                raise Unavailable("another history of the cluster")
            more = len(page) > PAGE
            settled = [one for one in page[:PAGE] if one.xid < edge.xmin]
            end = edge.cursor
            if more and settled:
                end = Cursor(edge.epoch, settled[-1].xid, settled[-1].id)
            more = more and bool(settled)
            await self._count(_touched(settled), end, edge)
        self.board.advance(to_ms(edge.now))

    async def _count(self, touched: Touched, end: Cursor, edge: feed.Horizon) -> None:
        clock = asyncio.get_running_loop().time()
        if touched:
            async with self._database.transaction() as session:
                if touched.structure:
                    self._known = await count.structure(session)
                counted = await count.derive(session, touched, self._known)
                if touched.agents:
                    below = min(edge.xmin, end.xid + 1)
                    since = self._since - timedelta(days=1)
                    await facts.keep_presences(session, self._cursor, below, since)
                await board.keep(session, end, edge.now)
            self._take(counted)
            self._gone(touched, counted)
            self._kept_at = clock
            if touched.structure or self._strange(counted, clock):
                await self._anew(edge.now)
        elif clock - self._kept_at > KEEP_S:
            self._kept_at = clock
            async with self._database.single() as session:
                await board.keep(session, end, edge.now)
        self._cursor, self._since = end, edge.now

    async def _anew(self, at: datetime) -> None:
        """Days and places may be others now: count everything again."""
        before = set(self.board.places())
        async with self._database.reads() as session:
            self._known = await count.structure(session)
            self._recount(await count.everything(session, self._known, at), at)
        self.board.changed |= before

    def _strange(self, counted: Sequence[Counted], clock: float) -> bool:
        """Tell whether something was counted in a Queue or Department made without an event."""
        if clock - self._strange_at < STRANGE_S:
            return False
        places = {part.place for one in counted for part in one.adds}
        strange = any(
            one.department not in self._known.departments
            or (one.queue is not None and one.queue not in self._known.queues)
            for one in places
        )
        self._strange_at = clock if strange else self._strange_at
        return strange

    def _gone(self, touched: Touched, counted: Sequence[Counted]) -> None:
        """What was named and is not there any more counts no longer."""
        for one in touched.items - count.ids(counted, "work_item"):
            self.board.forget("work_item", one)
        if touched.everybody:
            for one in self.board.known("agent") - count.ids(counted, "agent"):
                self.board.forget("agent", one)

    async def _look_after(self, clock: float) -> None:
        if clock - self._limited_at > LIMITS_S:
            self._limited_at = clock
            queues = {id_: one.department_id for id_, one in self._known.queues.items()}
            await self._limiter.turn(self._database, self.board, queues, self._now())
        if clock - self._tidied_at > TIDY_S:
            self._tidied_at = clock
            self.board.tidy()
        if clock - self._reconciled_at > RECONCILE_S:
            self._reconciled_at = clock
            await self.reconcile()

    async def reconcile(self) -> int:
        """Count everything anew from one snapshot, compare, replace; return how many places differ.

        Rows that changed since our place in the log are left out: they are counted next.
        """
        async with self._database.reads() as session:
            await board.one_moment(session)
            edge, behind = await feed.names(session, self._cursor, self._since, _ABOUT, PAGE)
            if len(behind) > PAGE:
                return 0
            counted = await count.everything(session, self._known, edge.now)
            late = _touched(behind)
            late.items.update(await board.items_of_cases(session, sorted(late.cases)))
        fresh = Board(to_ms(edge.now) - 1)
        for one in self._late(counted, late):
            fresh.apply(one.entity, one.id, one.version, one.adds)
        self.board.advance(to_ms(edge.now))
        fresh.advance(self.board.at)
        ours, theirs = self.board.pictures(), fresh.pictures()
        different = {place for place in ours.keys() | theirs.keys()
                     if ours.get(place) != theirs.get(place)}  # fmt: skip
        if different:
            self.drift += len(different)
            _log.error("counters differed", places=len(different))
            fresh.changed |= different
            self.board = fresh
        async with self._database.single() as session:
            await board.note(
                session, {"at": edge.now, "differed": len(different), "drift": self.drift}
            )
        return len(different)

    def _late(self, counted: Sequence[Counted], late: Touched) -> list[Counted]:
        """Take for rows that are counted next what they add at our place in the log."""
        agents = late.agents | (self.board.known("agent") if late.everybody else set())
        left_out = {"work_item": late.items, "agent": agents}
        found = [one for one in counted if one.id not in left_out.get(one.entity, ())]
        for entity, ids in left_out.items():
            found += [Counted(entity, *one) for one in self.board.of(entity, ids)]
        return found

    # ── telling ─────────────────────────────────────────────────────────────────────────────────

    async def _tell(self, log: Session) -> None:
        """Send what changed, or everything, as lines of text in notices; an empty one is a sign."""
        whole, self._watch.whole = self._watch.whole, False
        places = set(self.board.places()) if whole else self.board.changed
        lines = [self._line(place) for place in sorted(places, key=_order)]
        if whole or places:
            lines += self._series(places)
        self.board.changed = set()
        packs = list(_packed(lines))
        payloads = []
        for number, pack in enumerate(packs):
            self._number += 1
            mark = ("W" if number == 0 else "w") if whole else "d"
            last = "." if number == len(packs) - 1 else "-"
            payloads.append(f"{self._number} {self.board.at} {mark}{last}\n{pack}")
        await board.tell(log, payloads)

    def _line(self, place: Place) -> str:
        if place.sealed:
            kind = "s"
        else:
            kind = "o" if self._known.departments.get(place.department) else "d"
        told = encoded(place, self.board.picture(place)).decode()
        return f"{place.department} {kind} {place.queue or ''}:{place.channel} {told}"

    def _series(self, places: Sequence[Place] | set[Place]) -> list[str]:
        """The last half hour of the Departments concerned, for their plots."""
        found = []
        for department, sealed in sorted({(one.department, one.sealed) for one in places}):
            opened = "o" if self._known.departments.get(department) else "d"
            series = self.board.series(department, sealed=sealed)
            told = orjson.dumps({"series": series}).decode()
            found.append(f"{department} {'s' if sealed else opened} series {told}")
        return found


def feed_window() -> timedelta:
    """Return how old a kept cursor may be before facts are made anew instead."""
    return timedelta(hours=48)


def encoded(place: Place, picture: Picture) -> bytes:
    """Write one place as the screens read it; what is zero or empty is left out."""
    told: dict[str, object] = {"q": place.queue, "c": place.channel}
    names = ("now", "since", "late", "soon", "day", "half")
    told |= {name: value for name, value in zip(names, picture, strict=True) if value}
    return orjson.dumps(told)


def _order(place: Place) -> tuple[str, bool, str, str]:
    return str(place.department), place.sealed, str(place.queue or ""), place.channel


def _packed(lines: Sequence[str]) -> Iterator[str]:
    """Put as many lines as fit into one notice; there is always one, be it empty."""
    pack: list[str] = []
    size = 0
    for line in lines:
        length = len(line.encode()) + 1
        if pack and size + length > NOTICE_BYTES:
            yield "\n".join(pack)
            pack, size = [], 0
        pack.append(line)
        size += length
    yield "\n".join(pack)


def _touched(names: Sequence[Name]) -> Touched:
    """Sort what the log names by what must be read of it."""
    found = Touched()
    by_entity = {"work_item": found.items, "case": found.cases, "offer": found.offers,
                 "presence": found.agents, "load": found.agents}  # fmt: skip
    for one in names:
        found.structure = found.structure or one.entity in _STRUCTURE
        found.everybody = found.everybody or one.entity in _EVERYBODY
        if one.entity in by_entity and one.entity_id is not None:
            by_entity[one.entity].add(one.entity_id)
    return found


async def run(database: Database, now: Callable[[], datetime]) -> None:
    """Count for ever, or stand by until whoever counts is gone."""
    watch = Watch()
    ears = asyncio.create_task(watch.listen(database))
    try:
        while True:
            try:
                async with database.direct() as log:
                    while not await board.try_lock(log):  # noqa: ASYNC110 - nobody tells of it
                        await asyncio.sleep(LOCK_S)
                    keeper = Keeper(database, now, watch)
                    await keeper.begin()
                    await keeper.run(log)
            except Unavailable:
                await asyncio.sleep(1.0)
            except Exception:  # noqa: BLE001 - the router beside us goes on; counting begins anew
                _log.exception("counting failed")
                await asyncio.sleep(LOCK_S)
    finally:
        ears.cancel()
        await asyncio.gather(ears, return_exceptions=True)

"""Feed: the one tailer of this process; reads the log by the horizon rule and keeps a ring."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice, takewhile

import orjson
import structlog

from polyphony.live.fan import Fan, News
from polyphony.live.line import Line
from polyphony.store import events, feed
from polyphony.store.database import Database, Session, Unavailable
from polyphony.store.feed import Cursor, Page

RING_EVENTS = 50_000
RING_AGE = timedelta(minutes=5)
REST_S = (0.001, 0.02)
"""Between two readings: as long as the last one took, so that requests have their turn."""
HELD_S = 0.01
"""Look again so soon when something is committed that an older transaction still holds."""
IDLE_S, ASLEEP_S, ALONE_S = 0.25, 1.0, 5.0
"""Without a hint: while something happened lately, when nothing did, and without any line."""
LATELY_S = 5.0
LAG_S = 1.0
LOOK_S = 0.2
WINDOW = timedelta(hours=72)
REPLAY_EVENTS = 20_000
REPLAY_BYTES = 5 * 1024 * 1024
BULK_ROWS = 5_000
"""A list is fetched anew after a job that changed more than so many of its rows."""
RIGHTS = ("sign_in.revoked", "person.grants_changed")

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)

_log = structlog.stdlib.get_logger("polyphony.live.feed")

Rights = Callable[[Sequence[News]], Awaitable[None]]
Chatter = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Reset:
    """Why a client cannot resume."""

    reason: str


@dataclass
class Feed:
    """Reads the log once for all lines of this process.

    ``rights`` is called with changes of rights before anything else of their batch is sent;
    ``chatter`` with what other processes say about fleeting things, ``counters`` with the boards'.
    """

    database: Database
    fan: Fan
    rights: Rights
    chatter: Chatter
    counters: Chatter | None = None
    position: Cursor = field(default_factory=lambda: Cursor(0, 0, 0))
    lag: timedelta = timedelta()
    alive: bool = False
    _ring: deque[News] = field(default_factory=deque)
    _ring_start: Cursor = field(default_factory=lambda: Cursor(0, 0, 0))
    _early: set[int] = field(default_factory=set)
    _looked: float = 0.0
    _moving: float = 0.0
    _held: bool = False
    _now: datetime = _NEVER
    _hinted: asyncio.Event = field(default_factory=asyncio.Event)
    _moved: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def run(self) -> None:
        """Tail the log for ever; when the database is away, wait and go on where we were."""
        while True:
            try:
                async with asyncio.TaskGroup() as group:
                    group.create_task(self._listen())
                    group.create_task(self._tail())
            except* Unavailable:
                _log.warning("log out of reach")
            self.alive = False
            await asyncio.sleep(0.5)

    async def _listen(self) -> None:
        async with self.database.direct() as session:
            async for channel, payload in feed.chatter(session):
                if channel == feed.FLEETING:
                    self.chatter(payload)
                elif channel == feed.BOARD:
                    if self.counters is not None:
                        self.counters(payload)
                elif "events" in payload.split():
                    self._hinted.set()

    async def _tail(self) -> None:
        clock = asyncio.get_running_loop().time
        async with self.database.direct() as session:
            await self.enter(session)
            while True:
                self._hinted.clear()
                began = clock()
                full = await self.step(session)
                self.alive = True
                await asyncio.sleep(min(max(clock() - began, REST_S[0]), REST_S[1]))
                if not full:
                    await self._hint()

    async def _hint(self) -> None:
        """Wait until somebody says that something was committed, or for a while."""
        awake = asyncio.get_running_loop().time() - self._moving < LATELY_S
        asleep_s = ASLEEP_S if self.fan.lines else ALONE_S
        wait_s = HELD_S if self._held else IDLE_S if awake else asleep_s
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(wait_s):
                await self._hinted.wait()

    async def enter(self, session: Session) -> None:
        """Find out which history of the cluster this is; a new one resets everybody."""
        await feed.steady(session)
        await events.check_epoch(session)
        edge = await feed.horizon(session)
        self._now = edge.now
        if edge.epoch == self.position.epoch:
            return
        known = self.position.epoch != 0
        self.position = self._ring_start = edge.cursor
        self._ring.clear()
        self._early.clear()
        if known:
            for line in tuple(self.fan.lines):
                line.cursor = self.position
                line.reset("all", "epoch")

    async def step(self, session: Session) -> bool:
        """Read one page and send it; return whether there is more to read at once."""
        page = await feed.read(session, self.position, self._now - timedelta(days=1))
        edge, self._now = page.edge, page.edge.now
        full = len(page.rows) > feed.PAGE
        batch = [News(row, edge.epoch) for row in page.rows[: feed.PAGE]]
        if full:
            batch = _whole_transactions(batch)
        end = batch[-1].cursor if full else max(self.position, edge.cursor)
        if batch or page.held:
            self._moving = asyncio.get_running_loop().time()
        if batch:
            await self._change_rights(batch)
            self._remember(batch, edge.now)
            self.fan.send(batch, end)
            self._end_jobs(batch)
        await self._moved_to(end)
        await self._look_ahead(session, page, full=full)
        return full

    async def _change_rights(self, batch: Sequence[News]) -> None:
        changes = [news for news in batch if news.row.type in RIGHTS]
        if changes:
            await self.rights(changes)

    def _end_jobs(self, batch: Sequence[News]) -> None:
        """Have whose job over very many rows has ended, or was undone, fetch his lists again."""
        for news in batch:
            if news.row.type == "bulk_job.changed" and _many_changed(news):
                self.fan.tally['resets_total{reason="bulk"}'] += 1
                for line in self.fan.hearers(news.aud):
                    line.reset("view", "bulk")

    def _remember(self, batch: Sequence[News], now: datetime) -> None:
        self._ring.extend(batch)
        for news in batch:
            self._early.discard(news.row.id)
        while self._ring and (
            len(self._ring) > RING_EVENTS or self._ring[0].row.at < now - RING_AGE
        ):
            self._ring_start = self._ring.popleft().cursor

    async def _moved_to(self, end: Cursor) -> None:
        async with self._moved:
            self.position = end
            self._moved.notify_all()

    async def _look_ahead(self, session: Session, page: Page, *, full: bool) -> None:
        """When a slow transaction holds the horizon, send committed news as early frames."""
        self._held = page.held and not full
        if not page.held:
            self.lag = timedelta()
            return
        now = asyncio.get_running_loop().time()
        if full or now - self._looked < LOOK_S:  # nothing is early before it is LAG_S late
            return
        self._looked = now
        edge = page.edge
        rows = await feed.beyond(session, edge)
        if not rows:
            return
        self.lag = max(edge.now - min(row.at for row in rows), timedelta())
        if self.lag.total_seconds() < LAG_S:
            return
        self._held = False  # a long one: the hints and LOOK_S will do
        batch = [News(row, edge.epoch) for row in rows if row.id not in self._early]
        self._early |= {news.row.id for news in batch}
        await self._change_rights(batch)
        self.fan.send_early(batch)

    # ── joining ─────────────────────────────────────────────────────────────────────────────────

    async def check(self, session: Session, cursor: Cursor) -> Reset | None:
        """Tell why a cursor cannot be resumed, or None when it can."""
        edge = await feed.horizon(session)
        if cursor.epoch != edge.epoch:
            return Reset("epoch")
        if cursor.xid > edge.xmax:
            return Reset("future")
        if cursor < self._ring_start and await feed.lost(session, cursor, edge.now - WINDOW):
            return Reset("expired")
        return None

    async def join(self, line: Line) -> Reset | None:
        """Replay what the line missed, then let it hear everything; a Reset joins it at once."""
        async with self._moved:
            if self.position < line.cursor:
                self._hinted.set()
            await self._moved.wait_for(lambda: self.position >= line.cursor)
        older: list[News] = []
        covered = line.cursor
        if covered < self._ring_start:
            older, covered = await self._older(line.cursor)
        # No await from here on: the ring and the fan are one moment.
        start = self._ring_start
        missed = [news for news in older if news.cursor <= start]
        missed += self._since(line.cursor)
        pieces = [
            (news.cursor, piece)
            for news in missed
            if (piece := news.for_tags(line.tags)) is not None
        ]
        reset = None
        if covered < start or _too_much(pieces):
            pieces, reset = [], Reset("too_much")
            line.cursor = self.position
        elif any(_regranted(news, line) for news in missed):
            pieces, reset = [], Reset("grants")
            line.cursor = self.position
        if pieces:
            line.events(pieces, self.position)
        self.fan.add(line)
        return reset

    def _since(self, cursor: Cursor) -> list[News]:
        """Return what the ring holds behind a cursor; most who come missed little of it."""
        found = list(takewhile(lambda news: news.cursor > cursor, reversed(self._ring)))
        return found[::-1]

    async def _older(self, cursor: Cursor) -> tuple[list[News], Cursor]:
        """Read from the table what the ring no longer holds; return it and how far it reaches."""
        found: list[News] = []
        async with self.database.reads() as session:
            edge = await feed.horizon(session)
            while len(found) <= REPLAY_EVENTS * 2:
                rows = await feed.after(session, cursor, edge.xmin, edge.now - WINDOW)
                found += [News(row, edge.epoch) for row in islice(rows, feed.PAGE)]
                if len(rows) <= feed.PAGE:
                    return found, edge.cursor
                cursor = found[-1].cursor
                if cursor >= self._ring_start:
                    break
        return found, cursor


def _regranted(news: News, line: Line) -> bool:
    """Tell whether his rights changed: even if they are the same again, he lost what came between.

    What happened in that time was told to others only, and is not told again.
    """
    return news.row.type == "person.grants_changed" and news.row.entity_id == line.scope.id


def _many_changed(news: News) -> bool:
    job = orjson.loads(news.row.payload or "{}")
    over = job.get("state") in ("done", "cancelled") and job.get("undo") != "asked"
    return over and job.get("done", 0) > BULK_ROWS


def _too_much(pieces: Sequence[tuple[Cursor, bytes]]) -> bool:
    return len(pieces) > REPLAY_EVENTS or sum(len(p) for _, p in pieces) > REPLAY_BYTES


def _whole_transactions(batch: list[News]) -> list[News]:
    """Cut behind the last whole transaction, unless the batch is one."""
    last = batch[-1].cursor.xid
    whole = [news for news in batch if news.cursor.xid != last]
    return whole or batch

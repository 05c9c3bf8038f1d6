"""Router: the owner loop: take what happened, decide, commit, and learn what was refused."""

import asyncio
import contextlib
import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from polyphony.domain.routing.canonical import Opening
from polyphony.domain.routing.decisions import Decision, Offer
from polyphony.domain.routing.facts import Gone, Input, Pace, Policy, Refused, Tick
from polyphony.domain.routing.match import rebuild, step
from polyphony.domain.routing.state import State
from polyphony.domain.service_hours import to_ms
from polyphony.flows import attend, expect, route
from polyphony.flows.fall_due import fall_due
from polyphony.flows.record import Recorder
from polyphony.jobs.backlog import Backlog, Part
from polyphony.jobs.election import Reign, reigns
from polyphony.jobs.in_force import InForce
from polyphony.store import agents, feed, journal, pace, presence, wake, work
from polyphony.store.database import Database, Session, Unavailable
from polyphony.store.feed import Cursor
from polyphony.store.offers import Stamp

POLL_S = 0.5
"""At most so long without looking; a hint wakes earlier."""
IDLE_S = 2.0
"""The same while no work is open at all: a lost hint then costs two seconds."""
REST_S = 0.02
"""After a look at most so long, else as long as it took, so that news gather when many come."""
ASIDE_S = 0.05
"""So long may pass until we hear of what is most likely nothing we route by."""
PAGE = 2_000
"""Names of one reading of the log."""
TURN_S = 0.25
"""So long is written at a time before we look again: what many decided keeps nobody's news."""
TEND_S = 1.0
PACE_S = 30.0
MET_S = 3600.0
"""How often everybody is read anew: handle times and what skills are good for change by the day."""
_CONFIGURED = frozenset({"queue", "calendar", "department", "skill", "rule", "lever"})
_REFILL = frozenset({"skill", "person", "agent"})
_TOPICS = frozenset({"work", "presence", "config"})
_ABOUT = _CONFIGURED | _REFILL | {"work_item", "presence", "load"}

_log = structlog.stdlib.get_logger("polyphony.router")


@dataclass(slots=True)
class News:
    """What the log said has changed since we last looked."""

    items: set[UUID] = field(default_factory=set)
    agents: set[UUID] = field(default_factory=set)
    policy: bool = False
    everybody: bool = False

    def __bool__(self) -> bool:
        """Tell whether anything has."""
        return bool(self.items or self.agents or self.policy or self.everybody)


class Owner:
    """One reign: the state in memory, the place in the log, and the loop over both."""

    def __init__(self, database: Database, reign: Reign, now: Callable[[], datetime]) -> None:
        self._database = database
        self._reign = reign
        self._now = now
        self._cursor = Cursor(1, 0, 0)
        self._early: set[tuple[int, int]] = set()
        self._loads: set[tuple[UUID, int]] = set()  # of ours, still to be met in the log
        self._since = now() - timedelta(days=1)
        self._policy = Policy(0)
        self._state = State(self._policy)
        self._recorder = Recorder(reign.epoch)
        self._backlog = Backlog()
        self._rules = InForce(database)
        self._day = now().date()
        self._pace: Pace | None = None
        self._tended = self._looked = self._met = self._paced = 0.0

    async def begin(self) -> None:
        """Rebuild the state from the tables alone and decide what is due."""
        gc.unfreeze()
        gc.disable()  # all that is made now stays: looking for what goes would only cost time
        try:
            again = bool(self._recorder.no)
            due = await self._build()
            if again:
                gc.collect()  # the state of yesterday
            gc.freeze()  # what lives as long as we do need not be walked in every round
        finally:
            gc.enable()
        self._backlog.clear()
        self._backlog.add(self._recorder.no, due)

    async def _build(self) -> list[Decision]:
        self._day = self._now().date()
        self._policy = await self._rules.read()
        async with self._database.reads() as session:
            edge = await feed.horizon(session)
            self._cursor, self._since, self._early = edge.cursor, edge.now, set()
            self._loads.clear()
            everybody = await agents.facts(session)
            open_items = await work.facts(session)
            self._pace = await self._pace_of(session, edge.now)
            if not self._recorder.no:
                self._recorder.follow(await journal.last(session))
        self._met = self._paced = self._looked = asyncio.get_running_loop().time()
        at = to_ms(edge.now)
        self._state, due = rebuild(self._policy, open_items, everybody, at, self._pace)
        _log.info("routing", epoch=self._reign.epoch, items=len(open_items), agents=len(everybody))
        opening = Opening(self._recorder.digest, at, open_items, everybody, self._pace)
        self._recorder.begin(self._policy.version, opening, due, self._now())
        return due

    async def run(self, hinted: asyncio.Event) -> None:
        """Route until the reign is over."""
        clock = asyncio.get_running_loop().time
        async with self._database.direct() as log:
            await feed.steady(log)
            while not self._reign.lost.is_set():
                hinted.clear()
                began = clock()
                if self._now().date() != self._day:
                    await self.begin()  # a day of the journal stands for itself
                await self._look(log)
                await self._tend(log)
                if await self._carry_out():
                    continue  # more is to be written: whatever has happened meanwhile comes first
                await asyncio.sleep(min(clock() - began, REST_S))
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(self._pause()):
                        await hinted.wait()

    def _pause(self) -> float:
        """Seconds until the next look: half of one, or less when something falls due before.

        What falls due does so by the database's time: our own clock may be an hour off.
        """
        if not self._state.items:
            return IDLE_S
        passed = asyncio.get_running_loop().time() - self._looked
        due = (self._state.wake - self._state.now) / 1000 - passed
        return min(max(min(due, self._rules.ends_in), 0.002), POLL_S)

    async def _look(self, log: Session) -> None:
        self._step(await self._inputs(log))

    def _step(self, inputs: Sequence[Input]) -> None:
        """Decide, and note what was decided on what; it is written behind what was before."""
        _, decided = step(self._state, inputs, self._policy)
        self._recorder.step(self._policy.version, inputs, decided, self._now())
        self._backlog.add(self._recorder.no, decided)

    async def _inputs(self, log: Session) -> list[Input]:
        """Read the log up to now and the facts of everything it names, items before agents."""
        news, at = await self._read_log(log)
        self._looked = asyncio.get_running_loop().time()
        if news.policy or self._rules.old:
            self._policy = await self._rules.read()
        if self._looked - self._met > MET_S:
            news.everybody = True
        inputs: list[Input] = []
        paced = self._looked - self._paced > PACE_S
        if news or paced:
            async with self._database.reads() as session:
                inputs = await self._facts(session, news, at)
                if paced:
                    inputs += await self._new_pace(session)
        return [*inputs, Tick(at)]

    async def _new_pace(self, session: Session) -> list[Input]:
        """Read how much live work comes in; told only when it is another than last time."""
        self._paced = self._looked
        found = await self._pace_of(session, self._since)
        last, self._pace = self._pace, found
        same = last is not None and (last.pools, last.waits) == (found.pools, found.waits)
        return [] if same else [found]

    async def _pace_of(self, session: Session, at: datetime) -> Pace:
        """Read how much live work comes in, and how long it waits where overflow asks for it."""
        found = await pace.now(session, at)
        return replace(found, waits=await expect.by_queue(session, at))

    async def _facts(self, session: Session, news: News, at: int) -> list[Input]:
        inputs: list[Input] = []
        if news.items:
            found = await work.facts(session, sorted(news.items))
            inputs += found
            missing = news.items - {one.id for one in found}
            inputs += [Gone(at, one) for one in sorted(missing)]
            news.agents.update(one.agent for one in found if one.agent is not None)
            news.agents.update(self._holders(news.items))
        if news.everybody:
            self._met = self._looked
        if news.agents or news.everybody:
            wanted = None if news.everybody else sorted(news.agents)
            inputs += await agents.facts(session, wanted)
        return inputs

    def _holders(self, items: set[UUID]) -> list[UUID]:
        known = (self._state.items.get(one.int) for one in items)
        return [one.agent.id for one in known if one is not None and one.agent is not None]

    async def _read_log(self, log: Session) -> tuple[News, int]:
        """Read what is settled, and early what is not: a slow writer elsewhere delays nothing."""
        news = News()
        while True:
            since = self._since - timedelta(days=1)
            edge, page = await feed.names(log, self._cursor, since, _ABOUT, PAGE)
            settled = None
            for one in page[:PAGE]:
                place = (one.xid, one.id)
                if one.xid < edge.xmin:
                    settled = place
                if place not in self._early:
                    self._note(news, one)
                    if one.xid >= edge.xmin:
                        self._early.add(place)
            if len(page) <= PAGE or settled is None:
                break
            self._cursor = Cursor(edge.epoch, *settled)
        if len(page) <= PAGE:
            self._cursor = edge.cursor
        self._since = edge.now
        self._early = {seen for seen in self._early if seen[0] >= edge.xmin}
        return news, to_ms(edge.now)

    def _note(self, news: News, one: feed.Name) -> None:
        """Take note of a name, unless it says what this very owner has done."""
        entity, about, version = one.entity, one.entity_id, one.version or 0
        if entity in _CONFIGURED:
            news.policy = True
        if entity in _REFILL:
            news.everybody = True
        if about is None:
            return
        if entity == "work_item":
            if not self._state.knows(about.int, version):
                news.items.add(about)
        elif entity == "load" and (about, version) in self._loads:
            self._loads.discard((about, version))
        elif entity in {"presence", "load"}:
            news.agents.add(about)

    async def _carry_out(self) -> bool:
        """Commit in batches for a while; return whether more is left to be written.

        What is refused is looked at again on fresh facts.
        """
        clock = asyncio.get_running_loop().time
        until = clock() + TURN_S
        while self._backlog and not self._reign.lost.is_set():
            # the journal of what was decided is committed before others go beside it
            abreast = self._backlog.take(several=not self._recorder.pending)
            done = await asyncio.gather(*map(self._commit, abreast), return_exceptions=True)
            for failed in done:
                if isinstance(failed, BaseException):
                    raise failed
            if clock() > until:
                break
        return bool(self._backlog)

    async def _commit(self, taken: Part) -> None:
        """Commit decisions of one step and the journal so far; decide again what was refused."""
        no, part = taken
        stamp = Stamp(self._reign.epoch, no, self._now())
        async with self._database.transaction() as session:
            refused = await route.commit(session, part, stamp, self._loads)
            await self._recorder.write(session)
        if refused:
            made = sum(isinstance(one, Offer) for one in part)
            _log.info("refused", refused=len(refused), offers=made, epoch=self._reign.epoch)
            await self._again(refused)

    async def _again(self, refused: Sequence[Refused]) -> None:
        """Forget the refused pairs, read their truth, decide again."""
        items = sorted({one.item for one in refused})
        people = {one.agent for one in refused if one.agent is not None}
        async with self._database.reads() as session:
            found = await work.facts(session, items)
            people.update(one.agent for one in found if one.agent is not None)
            fresh = await agents.facts(session, sorted(people))
            edge = await feed.horizon(session)
        at = to_ms(edge.now)
        gone = [Gone(at, one) for one in items if one not in {two.id for two in found}]
        self._backlog.forget(set(items))
        self._step([*refused, *gone, *found, *fresh])

    async def _tend(self, log: Session) -> None:
        """Once a second: what time alone asks for of agents."""
        now = asyncio.get_running_loop().time()
        if now - self._tended < TEND_S:
            return
        self._tended = now
        at = self._now()
        if self._recorder.pending:
            async with self._database.transaction() as session:
                await self._recorder.write(session)
        if await presence.anything_due(log, at):
            async with self._database.transaction() as session:
                await attend.tend(session, at)
            async with self._database.transaction() as session:
                await fall_due(session, at)


async def run(database: Database, now: Callable[[], datetime], name: str) -> None:
    """Be a router for ever: stand by, reign, step down, stand by again.

    A cancellation is repeated until it is heard: one that arrives while a pool hands out a
    connection may be lost on its way.
    """
    working = asyncio.create_task(_work(database, now, name))
    try:
        await asyncio.shield(working)
    finally:
        while not working.done():
            working.cancel()
            await asyncio.wait({working}, timeout=1.0)


async def _work(database: Database, now: Callable[[], datetime], name: str) -> None:
    hinted = asyncio.Event()
    ears = asyncio.create_task(_hear(database, hinted))
    try:
        async with contextlib.aclosing(reigns(database, name)) as reigning:
            async for reign in reigning:
                await _rule(Owner(database, reign, now), reign, hinted)
    finally:
        ears.cancel()


async def _rule(owner: Owner, reign: Reign, hinted: asyncio.Event) -> None:
    try:
        await owner.begin()
        await owner.run(hinted)
    except Unavailable as away:
        _log.warning("database away", detail=str(away))
    finally:
        gc.unfreeze()
    _log.info("stepping down", epoch=reign.epoch)


async def _hear(database: Database, hinted: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    aside: asyncio.TimerHandle | None = None
    async for topics in wake.listen(database):
        if topics & _TOPICS:
            hinted.set()
        elif "events" in topics and (aside is None or aside.when() < loop.time()):
            aside = loop.call_later(ASIDE_S, hinted.set)

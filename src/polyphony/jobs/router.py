"""Router: the owner loop: take what happened, decide, commit, and learn what was refused."""

import asyncio
import contextlib
import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from polyphony.domain.routing.decisions import Decision, Offer
from polyphony.domain.routing.facts import Gone, Input, Policy, Refused, Tick
from polyphony.domain.routing.match import rebuild, step
from polyphony.domain.routing.state import State
from polyphony.domain.service_hours import to_ms
from polyphony.flows import attend, route
from polyphony.flows.fall_due import fall_due
from polyphony.jobs.election import Reign, reigns
from polyphony.store import agents, feed, presence, queues, wake, work
from polyphony.store.database import Database, Session, Unavailable
from polyphony.store.feed import Cursor
from polyphony.store.offers import Stamp

POLL_S = 0.25
"""At most so long without looking; a hint wakes earlier."""
IDLE_S = 1.0
"""The same while no work is open at all: a lost hint then costs a second."""
BATCH = 200
"""Decisions of one transaction."""
TEND_S = 1.0
POLICY_S = 60.0
"""How often the policy is read anew even if nobody told of a change (handle times, classes)."""
_CONFIGURED = frozenset({"queue", "calendar", "department", "skill", "rule"})
_REFILL = frozenset({"skill", "person", "agent"})
_ABOUT = _CONFIGURED | _REFILL | {"work_item", "presence", "load"}

_log = structlog.stdlib.get_logger("polyphony.router")


@dataclass(slots=True)
class News:
    """What the log said has changed since we last looked."""

    items: set[UUID] = field(default_factory=set)
    agents: set[UUID] = field(default_factory=set)
    policy: bool = False
    everybody: bool = False


class Owner:
    """One reign: the state in memory, the place in the log, and the loop over both."""

    def __init__(self, database: Database, reign: Reign, now: Callable[[], datetime]) -> None:
        self._database = database
        self._reign = reign
        self._now = now
        self._cursor = Cursor(1, 0, 0)
        self._early: set[tuple[int, int]] = set()
        self._since = now() - timedelta(days=1)
        self._quiet: tuple[int, int] | None = None  # nobody has written since these edges
        self._policy = Policy(0)
        self._state = State(self._policy)
        self._cycle = 0
        self._tended = self._priced = 0.0

    async def begin(self) -> None:
        """Rebuild the state from the tables alone and carry out what is due."""
        async with self._database.reads() as session:
            edge = await feed.horizon(session)
            self._cursor, self._since = edge.cursor, edge.now
            self._policy = await queues.policy(session, 1)
            everybody = await agents.facts(session)
            open_items = await work.facts(session)
        self._state, due = rebuild(self._policy, open_items, everybody, to_ms(edge.now))
        gc.collect()
        gc.freeze()  # what lives as long as we do need not be walked in every round
        _log.info("routing", epoch=self._reign.epoch, items=len(open_items), agents=len(everybody))
        self._priced = asyncio.get_running_loop().time()
        await self._carry_out(due)

    async def run(self, hinted: asyncio.Event) -> None:
        """Route until the reign is over."""
        while not self._reign.lost.is_set():
            hinted.clear()
            await self._look()
            await self._tend()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._pause()):
                    await hinted.wait()

    def _pause(self) -> float:
        """Seconds until the next look: a quarter, or less when something falls due before."""
        if not self._state.items:
            return IDLE_S
        if not self._state.timers:
            return POLL_S
        due = (self._state.timers[0][0] - to_ms(self._now())) / 1000
        return min(max(due, 0.002), POLL_S)

    async def _look(self) -> None:
        inputs = await self._inputs()
        _, decided = step(self._state, inputs, self._policy)
        await self._carry_out(decided)

    async def _inputs(self) -> list[Input]:
        """Read the log up to now and the facts of everything it names, items before agents."""
        async with self._database.reads() as session:
            news, at = await self._read_log(session)
            if news.policy or self._is_old():
                self._policy = await queues.policy(session, self._policy.version + 1)
                self._priced = asyncio.get_running_loop().time()
            inputs: list[Input] = []
            if news.items:
                found = await work.facts(session, sorted(news.items))
                inputs += found
                missing = news.items - {one.id for one in found}
                inputs += [Gone(at, one) for one in sorted(missing)]
                news.agents.update(one.agent for one in found if one.agent is not None)
                news.agents.update(self._holders(news.items))
            if news.agents or news.everybody:
                wanted = None if news.everybody else sorted(news.agents)
                inputs += await agents.facts(session, wanted)
        return [*inputs, Tick(at)]

    def _holders(self, items: set[UUID]) -> list[UUID]:
        known = (self._state.items.get(one.int) for one in items)
        return [one.agent.id for one in known if one is not None and one.agent is not None]

    def _is_old(self) -> bool:
        return asyncio.get_running_loop().time() - self._priced > POLICY_S

    async def _read_log(self, session: Session) -> tuple[News, int]:
        """Read what is settled, and early what is not: a slow writer elsewhere delays nothing."""
        news = News()
        edge = await feed.horizon(session)
        if self._quiet == (edge.xmin, edge.xmax):
            return news, to_ms(edge.now)
        self._quiet = (edge.xmin, edge.xmax) if edge.xmin == edge.xmax else None
        while True:
            page = await feed.after(session, self._cursor, edge.xmin, self._since, about=_ABOUT)
            for one in page[: feed.PAGE]:
                if (one.xid, one.id) not in self._early:
                    _note(news, one)
            if len(page) <= feed.PAGE:
                break
            last = page[feed.PAGE - 1]
            self._cursor = Cursor(edge.epoch, last.xid, last.id)
        self._cursor, self._since = edge.cursor, edge.now
        self._early = {seen for seen in self._early if seen[0] >= edge.xmin}
        for one in await feed.beyond(session, edge, 5_000, _ABOUT):
            if (one.xid, one.id) not in self._early:
                self._early.add((one.xid, one.id))
                _note(news, one)
        return news, to_ms(edge.now)

    async def _carry_out(self, decided: Sequence[Decision]) -> None:
        """Commit in batches; what is refused is looked at again on fresh facts."""
        queue = list(decided)
        while queue and not self._reign.lost.is_set():
            part, queue = queue[:BATCH], queue[BATCH:]
            self._cycle += 1
            stamp = Stamp(self._reign.epoch, self._cycle, self._now())
            async with self._database.transaction() as session:
                refused = await route.commit(session, part, stamp)
            made = sum(isinstance(one, Offer) for one in part)
            if refused:
                _log.info("refused", refused=len(refused), offers=made, epoch=self._reign.epoch)
                queue += await self._again(refused)

    async def _again(self, refused: Sequence[Refused]) -> list[Decision]:
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
        _, decided = step(self._state, [*refused, *gone, *found, *fresh], self._policy)
        return decided

    async def _tend(self) -> None:
        """Once a second: what time alone asks for of agents."""
        now = asyncio.get_running_loop().time()
        if now - self._tended < TEND_S:
            return
        self._tended = now
        at = self._now()
        async with self._database.reads() as session:
            due = await presence.anything_due(session, at)
        if due:
            async with self._database.transaction() as session:
                await attend.tend(session, at)
            async with self._database.transaction() as session:
                await fall_due(session, at)


def _note(news: News, one: feed.Row) -> None:
    entity, about = one.entity, one.entity_id
    if entity in _CONFIGURED:
        news.policy = True
    if entity in _REFILL:
        news.everybody = True
    if about is None:
        return
    if entity == "work_item":
        news.items.add(about)
    elif entity in {"presence", "load"}:
        news.agents.add(about)


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
    async for topics in wake.listen(database):
        if topics:
            hinted.set()

"""Who takes part in bench ``races``: routers that are killed, a thief, agents in a hurry."""

import asyncio
import contextlib
import multiprocessing
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerContext
from random import Random
from uuid import UUID

from polyphony.app import logs
from polyphony.app.bench.offers import answer
from polyphony.app.clock import now
from polyphony.domain.errors import Refusal
from polyphony.domain.event import SYSTEM
from polyphony.flows import attend, handle
from polyphony.jobs import router
from polyphony.store.database import Database, Unavailable

ACTORS = 4
"""So many act for the agents, each for the agents of its own."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How often a router is killed and how often the epoch is stolen, in seconds."""

    kill_s: float = 2.0
    steal_s: float = 3.0


@dataclass(slots=True)
class Deeds:
    """What those who take part have done; ``over`` tells them to go home."""

    over: asyncio.Event = field(default_factory=asyncio.Event)
    killed: int = 0
    stolen: int = 0
    settled_by_others: int = 0
    flips: int = 0
    missed: int = 0
    two_winners: int = 0


def births() -> ForkServerContext:
    """Return how processes are born here: of one that has read all code, so they live at once."""
    found = multiprocessing.get_context("forkserver")
    found.set_forkserver_preload(["polyphony.app.bench.races"])
    return found


def deaf() -> None:
    """Let an interrupt be heard by the bench alone: it ends the others itself."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def own(url: str, name: str) -> None:
    """Be a router in a process of its own, until killed."""
    deaf()
    logs.configure("warning", "router")  # hundreds of reigns would fill the screen

    async def main() -> None:
        async with Database(url, size=4, name=name) as database:
            await router.run(database, now, name)

    asyncio.run(main())


@asynccontextmanager
async def gathered(
    database: Database, url: str, deeds: Deeds, pace: Pace, seed: int
) -> AsyncIterator[None]:
    """Let everybody take part until the block is left; then all have gone home."""
    work = [_reborn(url, name, deeds, pace) for name in ("first", "second")]
    work += [_steal(database, deeds, pace), _flip(database, deeds, Random(seed))]  # noqa: S311 - no secret
    work += [_act(database, deeds, Random(seed + 1 + n), n) for n in range(ACTORS)]  # noqa: S311 - no secret
    work += [_one_by_one(database, deeds, Random(seed))]  # noqa: S311 - no secret
    tasks = [asyncio.create_task(one) for one in work]
    try:
        yield
    finally:
        deeds.over.set()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _reborn(url: str, name: str, deeds: Deeds, pace: Pace) -> None:
    """Be a router process that is killed without warning and born again, until it is over."""
    offset = 0.0 if name == "first" else pace.kill_s
    while not deeds.over.is_set():
        process = births().Process(target=own, args=(url, name), daemon=True)
        await asyncio.to_thread(process.start)  # the first birth reads all code
        with contextlib.suppress(TimeoutError):
            # each of the two lives twice as long as one is killed: there is always somebody
            await asyncio.wait_for(deeds.over.wait(), 2 * pace.kill_s + offset)
        offset = 0.0
        deeds.killed += not deeds.over.is_set()
        if process.is_alive():  # else its number may be another's by now
            process.kill()
        await asyncio.to_thread(process.join)


async def _steal(database: Database, deeds: Deeds, pace: Pace) -> None:
    while not deeds.over.is_set():
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(deeds.over.wait(), pace.steal_s)
        with contextlib.suppress(Unavailable):
            async with database.transaction() as session:
                await session.execute("UPDATE router_shard SET epoch = epoch + 1")
            deeds.stolen += 1


async def _flip(database: Database, deeds: Deeds, chance: Random) -> None:
    """Agents who are there come and go: what they are offered is withdrawn; the silent return."""
    while not deeds.over.is_set():
        with contextlib.suppress(Unavailable):
            there, silent = await _crowd(database)
            if there:
                who = chance.choice(there)
                deeds.flips += 2
                for status in ("busy", "online"):
                    await _choose(database, who, status)
            for one in silent[:20]:
                await _here(database, one)
        await asyncio.sleep(0.02)


async def _crowd(database: Database) -> tuple[list[UUID], list[UUID]]:
    """Return who is there, and who of them has fallen silent."""
    async with database.reads() as session:
        found = await session.execute(
            "SELECT agent_id, status = 'not_responding' OR silent <> '{}'"
            "  FROM agent_presence WHERE status <> 'offline' ORDER BY agent_id"
        )
        rows = await found.fetchall()
    return [one[0] for one in rows], [one[0] for one in rows if one[1]]


async def _choose(database: Database, who: UUID, status: str) -> None:
    with contextlib.suppress(Refusal):
        async with database.transaction() as session:
            await attend.choose(session, who, attend.Wish(status), now())


async def _here(database: Database, who: UUID) -> None:
    """Say "I am here": only that opens again the channels on which somebody missed an Offer."""
    with contextlib.suppress(Refusal):
        async with database.transaction() as session:
            await attend.here(session, who, now())


async def _act(database: Database, deeds: Deeds, chance: Random, part: int) -> None:
    """Accept many Offers to the agents of a part at once, finish them, let some pass."""
    while not deeds.over.is_set():
        try:
            live = await _offered(database, part)
            if not live:
                await _finish_left(database)
                await asyncio.sleep(0.02)
                continue
            chance.shuffle(live)
            passed = len(live) // 50  # these are left to their deadline
            deeds.missed += passed
            await answer(database, live[passed:][:200])
        except Unavailable:
            await asyncio.sleep(0.05)


async def _finish_left(database: Database) -> None:
    """Finish what was accepted and not finished, because something was locked for too long."""
    async with database.reads() as session:
        found = await session.execute("SELECT id FROM work_item WHERE state = 'in_work' LIMIT 5")
        left = [one[0] for one in await found.fetchall()]
    for item in left:
        with contextlib.suppress(Refusal):
            async with database.transaction() as session:
                await handle.finish(session, item, SYSTEM, now())


async def _offered(database: Database, part: int) -> list[tuple[UUID, UUID, UUID]]:
    """Return live Offers to the agents of one part: its batches wait for no other part's locks."""
    async with database.reads() as session:
        found = await session.execute(
            "SELECT id, work_item_id, agent_id FROM offer WHERE state = 'offered'"
            " AND get_byte(uuid_send(agent_id), 15) %% %s = %s LIMIT 400",
            [ACTORS, part],
        )
        return [(one[0], one[1], one[2]) for one in await found.fetchall()]


async def _one_by_one(database: Database, deeds: Deeds, chance: Random) -> None:
    """Take the way of the screens, among the batches: who is offered what answers for himself."""
    while not deeds.over.is_set():
        with contextlib.suppress(Unavailable):
            live = await _offered(database, chance.randrange(ACTORS))
            for one in chance.sample(live, min(len(live), 4)):
                await _screen(database, deeds, chance, one)
        await asyncio.sleep(0.2)


async def _screen(
    database: Database, deeds: Deeds, chance: Random, one: tuple[UUID, UUID, UUID]
) -> None:
    """Decline an Offer, or let two try to accept it and finish the work for who won."""
    offer, item, agent = one
    if chance.random() < 0.2:
        with contextlib.suppress(Refusal):
            async with database.transaction() as session:
                await handle.decline(session, offer, agent, now())
        return
    answers = await asyncio.gather(
        *(_accept(database, offer, agent) for _ in range(2)), return_exceptions=True
    )
    won = sum(isinstance(each, handle.Handled) for each in answers)
    deeds.settled_by_others += len(answers) - won
    deeds.two_winners += won > 1
    if won:
        with contextlib.suppress(Refusal):
            async with database.transaction() as session:
                await handle.finish(session, item, SYSTEM, now())


async def _accept(database: Database, offer: UUID, agent: UUID) -> handle.Handled:
    async with database.transaction() as session:
        return await handle.accept(session, offer, agent, now())

"""Bench ``races``: two routers, a thief of the epoch, a killer every two seconds, racing agents."""

import asyncio
import contextlib
import multiprocessing
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from uuid import UUID

from polyphony.app.bench import hall
from polyphony.app.bench.hall import Hall
from polyphony.app.bench.offers import BROKEN, NOBODY, answer
from polyphony.app.bench.report import Measured, Target
from polyphony.app.bench.stage import staged
from polyphony.app.clock import now
from polyphony.domain.errors import Refusal
from polyphony.domain.event import SYSTEM
from polyphony.flows import attend, handle, replay
from polyphony.jobs import router
from polyphony.store.database import Database, Unavailable

TARGETS = (Target("broken", "lower", 0.0),)


@dataclass(frozen=True, slots=True)
class Size:
    """Agents, items to get through, the most seconds for it, and how often a router is killed."""

    agents: int
    items: int
    seconds: float
    kill_s: float = 2.0
    steal_s: float = 3.0


SIZES = {
    "quick": Size(200, 6_000, 60.0),
    "full": Size(2_000, 1_000_000, 14_400.0),
}


def own(url: str, name: str) -> None:
    """Be a router in a process of its own, until killed."""

    async def main() -> None:
        async with Database(url, size=4, name=name) as database:
            await router.run(database, now, name)

    asyncio.run(main())


@dataclass(slots=True)
class Race:
    """What happened: how often the epoch was stolen and a router killed, what agents did."""

    assigned: int = 0
    killed: int = 0
    stolen: int = 0
    settled_by_others: int = 0
    flips: int = 0
    missed: int = 0
    wall_s: float = 0.0
    broken: dict[str, int] = field(default_factory=dict)
    replayed: int = 0
    epochs: int = 0


async def measure(size: str) -> Measured:
    """Race on a durable cluster of its own until everything is done."""
    chosen = SIZES[size]
    async with staged(NOBODY, {}) as stage:
        found = await race(stage.database, stage.postgres.url("app"), chosen)
    checks: dict[str, tuple[object, object]] = {
        name: (count, 0) for name, count in found.broken.items()
    }
    return Measured(
        ops=found.assigned,
        wall_s=found.wall_s,
        cpu_us_per_op={},
        ratios={"broken": float(sum(found.broken.values()))},
        checks={**checks, "assigned": (found.assigned >= chosen.items, True)},
        extra={
            name: getattr(found, name)
            for name in (
                "killed",
                "stolen",
                "settled_by_others",
                "flips",
                "missed",
                "epochs",
                "replayed",
            )
        },
    )


async def race(database: Database, url: str, size: Size, seed: int = 1) -> Race:
    """Let everybody race until all items are done, then count what is wrong and replay it all."""
    async with database.transaction() as session:
        await hall.fill(session, Hall(size.agents, size.items), now() - timedelta(seconds=5))
        await session.execute('UPDATE queue SET offer_timeout_s = \'{"email": 3, "chat": 3}\'')
    found, over = Race(), asyncio.Event()
    began = time.perf_counter()
    async with contextlib.AsyncExitStack() as stack:
        for name in ("first", "second"):
            await stack.enter_async_context(_router(url, name, found, over, size))
        work = [_steal(database, found, over, size), _flip(database, found, over, Random(seed))]  # noqa: S311 - no secret
        work += [_act(database, found, over, Random(seed + n)) for n in range(1, 5)]  # noqa: S311 - no secret
        tasks = [asyncio.create_task(one) for one in work]
        try:
            await _until_done(database, size, found)
        finally:
            over.set()
            await asyncio.gather(*tasks, return_exceptions=True)
    found.wall_s = time.perf_counter() - began
    await _judge(database, found)
    return found


async def _until_done(database: Database, size: Size, found: Race) -> None:
    end = time.perf_counter() + size.seconds
    while time.perf_counter() < end:
        async with database.reads() as session:
            row = await (
                await session.execute("SELECT count(*) FROM work_item WHERE state = 'done'")
            ).fetchone()
        found.assigned = int(row[0]) if row else 0
        if found.assigned >= size.items:
            return
        await asyncio.sleep(0.25)


@asynccontextmanager
async def _router(
    url: str, name: str, found: Race, over: asyncio.Event, size: Size
) -> AsyncIterator[None]:
    """A router process that is killed without warning and started again, until it is over."""
    loop = asyncio.create_task(_reborn(url, name, found, over, size))
    try:
        yield
    finally:
        over.set()
        await loop


async def _reborn(url: str, name: str, found: Race, over: asyncio.Event, size: Size) -> None:
    """Kill and bear again; born of a process that has read all code already, it lives at once."""
    births = multiprocessing.get_context("forkserver")
    births.set_forkserver_preload(["polyphony.app.bench.races"])
    offset = 0.0 if name == "first" else size.kill_s
    while not over.is_set():
        process = births.Process(target=own, args=(url, name), daemon=True)
        await asyncio.to_thread(process.start)  # the first birth reads all code
        with contextlib.suppress(TimeoutError):
            # each of the two lives twice as long as one is killed: there is always somebody
            await asyncio.wait_for(over.wait(), 2 * size.kill_s + offset)
        offset = 0.0
        found.killed += not over.is_set()
        if process.is_alive():  # else its number may be another's by now
            process.kill()
        await asyncio.to_thread(process.join)


async def _steal(database: Database, found: Race, over: asyncio.Event, size: Size) -> None:
    while not over.is_set():
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(over.wait(), size.steal_s)
        with contextlib.suppress(Unavailable):
            async with database.transaction() as session:
                await session.execute("UPDATE router_shard SET epoch = epoch + 1")
            found.stolen += 1


async def _flip(database: Database, found: Race, over: asyncio.Event, chance: Random) -> None:
    """Agents come and go: every change withdraws what they are offered; the silent come back."""
    async with database.reads() as session:
        rows = await (await session.execute("SELECT agent_id FROM agent_load")).fetchall()
    agents = [one[0] for one in rows]
    while not over.is_set():
        who = chance.choice(agents)
        for status in ("busy", "online"):
            with contextlib.suppress(Unavailable, Refusal):
                async with database.transaction() as session:
                    await attend.choose(session, who, attend.Wish(status), now())
                found.flips += 1
        async with database.reads() as session:
            rows = await (
                await session.execute(
                    "SELECT agent_id FROM agent_presence"
                    " WHERE status = 'not_responding' OR silent <> '{}' LIMIT 20"
                )
            ).fetchall()
        for (one,) in rows:
            with contextlib.suppress(Unavailable, Refusal):
                async with database.transaction() as session:
                    await attend.choose(session, one, attend.Wish("online"), now())
        await asyncio.sleep(0.02)


async def _act(database: Database, found: Race, over: asyncio.Event, chance: Random) -> None:
    """Accept, decline, let pass and finish what is offered: mostly many, some one by one."""
    while not over.is_set():
        try:
            live = await _offered(database)
            if not live:
                await _finish_left(database)
                await asyncio.sleep(0.02)
                continue
            chance.shuffle(live)
            found.missed += len(live) // 50  # these are left to their deadline
            await _one_by_one(database, found, chance, live[:4])
            await answer(database, live[4 + len(live) // 50 :][:100])
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


async def _offered(database: Database) -> list[tuple[UUID, UUID, UUID]]:
    async with database.reads() as session:
        found = await session.execute(
            "SELECT id, work_item_id, agent_id FROM offer WHERE state = 'offered' LIMIT 200"
        )
        return [(one[0], one[1], one[2]) for one in await found.fetchall()]


async def _one_by_one(
    database: Database, found: Race, chance: Random, live: list[tuple[UUID, UUID, UUID]]
) -> None:
    """Take the way of the screens: two try to accept the same Offer, one declines another."""
    for offer, item, agent in live:
        if chance.random() < 0.2:
            with contextlib.suppress(Refusal):
                async with database.transaction() as session:
                    await handle.decline(session, offer, agent, now())
            continue
        answers = await asyncio.gather(
            *(_accept(database, offer, agent) for _ in range(2)), return_exceptions=True
        )
        won = sum(isinstance(one, handle.Handled) for one in answers)
        found.settled_by_others += len(answers) - won
        if won > 1:
            found.broken["two_winners"] = found.broken.get("two_winners", 0) + 1
        if won:
            with contextlib.suppress(Refusal):
                async with database.transaction() as session:
                    await handle.finish(session, item, SYSTEM, now())


async def _accept(database: Database, offer: UUID, agent: UUID) -> handle.Handled:
    async with database.transaction() as session:
        return await handle.accept(session, offer, agent, now())


async def _judge(database: Database, found: Race) -> None:
    """Count what is wrong, and live through the journal of all reigns again."""
    async with database.reads() as session:
        for name, query in BROKEN.items():
            row = await (await session.execute(query)).fetchone()
            found.broken[name] = int(row[0]) if row else -1
        row = await (
            await session.execute(
                "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
            )
        ).fetchone()
        found.broken["deadlocks"] = int(row[0]) if row else -1
        row = await (
            await session.execute(
                "SELECT count(*) FROM work_item WHERE state NOT IN ('done', 'cancelled')"
            )
        ).fetchone()
        found.broken["lost"] = int(row[0]) if row else -1
        differ = 0
        async for one in replay.replay(session, None, None):
            found.replayed += len(one.decided)
            found.epochs += one.cycle.kind == "begin"
            differ += one.difference is not None
        found.broken["replay_differs"] = differ

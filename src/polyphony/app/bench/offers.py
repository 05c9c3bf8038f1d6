"""Bench ``offers``: durable Offers a second of the real router against the bare statement."""

import asyncio
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import LiteralString
from uuid import UUID

import orjson

from polyphony.app.bench import cpu, hall
from polyphony.app.bench.hall import Hall
from polyphony.app.bench.report import Measured, Target
from polyphony.app.bench.stage import Stage, staged
from polyphony.app.clock import now
from polyphony.domain.event import SYSTEM
from polyphony.flows.announce import announce
from polyphony.store import columns, keys, offers, work
from polyphony.store.company import Plan
from polyphony.store.database import Database, Session
from polyphony.store.offers import NewOffer, Stamp
from polyphony.store.work import Move

TARGETS = (
    Target("rate_to_floor", "higher", 0.5, 0.8, wall=True),
    Target("cpu_of_floor", "higher", 0.5, 0.8),
)
NOBODY = Plan("UTC", {}, {}, (), (), (), (), always=True)
BATCH = 200
_NOTES = (
    "floor: the guarded statement and one bare event a row, one connection",
    "burst: what the router writes when everybody is free",
    "going: offers while all are accepted and finished; who does that is on the same machine",
)


@dataclass(frozen=True, slots=True)
class Size:
    """Agents and items of the hall, Offers of the floor, seconds of accepting and finishing."""

    agents: int
    items: int
    floor: int
    seconds: float


SIZES = {
    "quick": Size(5_000, 40_000, 4_000, 8.0),
    "full": Size(10_000, 100_000, 20_000, 60.0),
}


async def measure(size: str) -> Measured:
    """Measure the floor, then what the router writes at once, then the going on of it."""
    chosen = SIZES[size]
    async with staged(NOBODY, {}) as stage:
        await _fill(stage, Hall(chosen.floor // 2, chosen.floor, number=1))
        floor = await _floor(stage, chosen.floor)
        async with stage.database.transaction() as session:
            await hall.empty(session)
        await _fill(stage, Hall(chosen.agents, chosen.items, number=2))
        began = time.perf_counter()
        await stage.start("router")
        burst = await _burst(stage)
        going = await _going(stage, chosen.seconds)
        checks = await _checks(stage)
        wall = time.perf_counter() - began
    return Measured(
        ops=burst.offers + going.offers,
        wall_s=wall,
        cpu_us_per_op={
            "router": round(burst.app_us, 1),
            "pg": round(burst.pg_us, 1),
            "total": round(burst.app_us + burst.pg_us, 1),
            "floor": round(floor.app_us + floor.pg_us, 1),
            "floor_app": round(floor.app_us, 1),
            "floor_pg": round(floor.pg_us, 1),
        },
        ratios={
            "rate_to_floor": burst.per_s / floor.per_s,
            "cpu_of_floor": (floor.app_us + floor.pg_us) / (burst.app_us + burst.pg_us),
        },
        checks=checks,
        extra={
            "floor_per_s": round(floor.per_s),
            "burst_per_s": round(burst.per_s),
            "burst_offers": burst.offers,
            "going_per_s": round(going.per_s),
            "going_offers": going.offers,
            "going_router_us": round(going.app_us, 1),
        },
        notes=_NOTES,
    )


@dataclass(frozen=True, slots=True)
class Rate:
    """Offers, how many a second, and the CPU of one."""

    offers: int
    per_s: float
    app_us: float
    pg_us: float


async def _fill(stage: Stage, wanted: Hall) -> None:
    async with stage.database.transaction() as session:
        await session.execute("SET LOCAL statement_timeout = 0")
        await hall.fill(session, wanted, now() - timedelta(seconds=5))


_PAIRS: LiteralString = """
SELECT i.id, a.agent_id, i.version, a.presence_version FROM
    (SELECT id, version, row_number() OVER (ORDER BY id) AS n FROM work_item
      WHERE state = 'waiting') i
    JOIN (SELECT agent_id, presence_version, row_number() OVER (ORDER BY agent_id) AS n
            FROM agent_load) a ON a.n = (i.n + 1) / 2"""
_BARE: columns.Shape = {"id": "uuid", "payload": "jsonb"}
_EVENT: LiteralString = f"""
INSERT INTO event (type, op, entity, entity_id, version, aud, actor_kind, payload)
SELECT 'offer.made', 0, 'offer', n.id, 1, '{{}}', 'router', n.payload
  FROM {columns.source(_BARE)}"""


@dataclass(frozen=True, slots=True)
class _Event:
    id: UUID
    payload: object


async def _floor(stage: Stage, count: int) -> Rate:
    """Write Offers by the guarded statement and one bare event each, 200 at once."""
    why = {"side": "agent_freed", "item": {"x": 1, "w": 1, "score": 1}, "lost": [], "policy": 1}
    async with Database(stage.postgres.url("app"), size=1, name="floor") as database:
        async with database.reads() as session:
            found = await (await session.execute(_PAIRS)).fetchall()
        before = cpu.used({"app": os.getpid()}, stage.postgres.pid)
        began, made = time.perf_counter(), 0
        for start in range(0, count, BATCH):
            at = now()
            part = found[start : start + BATCH]
            ids = keys.keys(at, len(part))
            batch = [
                NewOffer(key, item, agent, version, presence, at + timedelta(seconds=60), why)
                for key, (item, agent, version, presence) in zip(ids, part, strict=True)
            ]
            async with database.transaction() as session:
                made += len(await offers.make(session, batch, Stamp(None, 0, at)))
                events = [_Event(one.id, orjson.loads(orjson.dumps(why))) for one in batch]
                await session.execute(_EVENT, columns.params(_BARE, events))
        wall = time.perf_counter() - began
        spent = cpu.used({"app": os.getpid()}, stage.postgres.pid).minus(before)
    if made != count:
        raise RuntimeError(f"the floor made {made} of {count} offers")
    return Rate(made, made / wall, spent.app["app"] / made * 1e6, (spent.pg or 0) / made * 1e6)


_SPAN: LiteralString = """
SELECT count(*), extract(epoch FROM max(made_at) - min(made_at))::float8,
       count(*) FILTER (WHERE made_at = (SELECT max(made_at) FROM offer WHERE epoch > 0))
  FROM offer WHERE epoch > 0"""


async def _burst(stage: Stage) -> Rate:
    """Wait until everybody is full; the span runs from the first to the last commit's beginning."""
    marks: list[tuple[int, cpu.Used]] = []
    last, still = 0, 0
    for _ in range(480):
        await asyncio.sleep(0.25)
        made = await _count(stage)
        marks.append((made, cpu.used(stage.pids, stage.postgres.pid)))
        still = still + 1 if made and made == last else 0
        last = made
        if still > 6:
            break
    async with stage.database.reads() as session:
        count, span, tail = await (await session.execute(_SPAN)).fetchone() or (0, 0.0, 0)
    first = next(mark for mark in marks if mark[0])
    full = next(mark for mark in marks if mark[0] == last)
    used, n = full[1].minus(first[1]), max(full[0] - first[0], 1)
    return Rate(
        count,
        (count - tail) / span if span else 0.0,
        used.app["router"] / n * 1e6,
        (used.pg or 0.0) / n * 1e6,
    )


async def _count(stage: Stage) -> int:
    async with stage.database.reads() as session:
        one = await (await session.execute("SELECT count(*) FROM offer WHERE epoch > 0")).fetchone()
    return int(one[0]) if one else 0


async def _going(stage: Stage, seconds: float) -> Rate:
    """Accept and finish whatever is offered for some seconds; count what is offered meanwhile."""
    before, used = await _count(stage), cpu.used(stage.pids, stage.postgres.pid)
    began = time.perf_counter()
    while time.perf_counter() - began < seconds:
        live = await _live(stage)
        for start in range(0, len(live), BATCH):
            await answer(stage.database, live[start : start + BATCH])
        if not live:
            await asyncio.sleep(0.01)
    wall = time.perf_counter() - began
    made = await _count(stage) - before
    spent = cpu.used(stage.pids, stage.postgres.pid).minus(used)
    per = max(made, 1)
    return Rate(made, made / wall, spent.app["router"] / per * 1e6, 0.0)


async def _live(stage: Stage) -> list[tuple[UUID, UUID, UUID]]:
    async with stage.database.reads() as session:
        found = await session.execute(
            "SELECT id, work_item_id, agent_id FROM offer WHERE state = 'offered'"
            " ORDER BY id LIMIT 2000"
        )
        return [(one[0], one[1], one[2]) for one in await found.fetchall()]


async def answer(database: Database, live: Sequence[tuple[UUID, UUID, UUID]]) -> int:
    """Accept many Offers in one transaction and finish their work in the next; return how many."""
    at = now()
    mine = {item: (offer, agent) for offer, item, agent in live}
    async with database.transaction() as session:
        await work.lock(session, sorted(mine), sorted({one[1] for one in mine.values()}))
        done = await _accepted(session, [one[0] for one in mine.values()], at)
        moves = [Move(one, "offered", "in_work", mine[one][1]) for one in done]
        await work.move(session, moves, at)
        await _tell(session, mine, done, offers_too=True)
    async with database.transaction() as session:
        await work.lock(session, done)
        moves = [Move(one, "in_work", "done", mine[one][1]) for one in done]
        await work.move(session, moves, now())
        await _tell(session, mine, done, offers_too=False)
    return len(done)


async def _accepted(session: Session, live: Sequence[UUID], at: object) -> list[UUID]:
    found = await session.execute(
        "UPDATE offer SET state = 'accepted', settled_at = %s, version = version + 1"
        " WHERE id = ANY(%s) AND state = 'offered' RETURNING work_item_id",
        [at, list(live)],
    )
    return sorted([one[0] for one in await found.fetchall()])


async def _tell(
    session: Session,
    mine: dict[UUID, tuple[UUID, UUID]],
    done: Sequence[UUID],
    *,
    offers_too: bool,
) -> None:
    await announce(
        session,
        actor=SYSTEM,
        offers=[mine[one][0] for one in done] if offers_too else [],
        work_items=done,
        loads=sorted({mine[one][1] for one in done}),
    )


async def _checks(stage: Stage) -> dict[str, tuple[object, object]]:
    """What must hold whatever happened: capacity, loads, one live Offer of an item."""
    async with stage.database.transaction() as session:
        await hall.measured(session)
    async with stage.database.reads() as session:
        return {name: (await _one(session, query), 0) for name, query in BROKEN.items()}


async def _one(session: Session, query: LiteralString) -> int:
    found = await (await session.execute(query)).fetchone()
    return int(found[0]) if found else -1


BROKEN: dict[str, LiteralString] = {
    "over_capacity": "SELECT count(*) FROM agent_load WHERE routed_units > cap_max",
    "wrong_load": """
        SELECT count(*) FROM agent_load l
         WHERE (l.routed_units, l.manual_units) <> (
               SELECT coalesce(sum(units) FILTER (WHERE routed), 0),
                      coalesce(sum(units) FILTER (WHERE NOT routed), 0) FROM work_item w
                WHERE w.agent_id = l.agent_id AND w.state IN ('offered', 'in_work', 'wrap_up'))""",
    "double_live": """
        SELECT count(*) FROM (SELECT work_item_id FROM offer WHERE state = 'offered'
                               GROUP BY 1 HAVING count(*) > 1) x""",
    "double_accepted": """
        SELECT count(*) FROM (SELECT work_item_id FROM offer WHERE state = 'accepted'
                               GROUP BY 1 HAVING count(*) > 1) x""",
    "offered_without_offer": """
        SELECT count(*) FROM work_item w WHERE w.state = 'offered' AND NOT EXISTS (
            SELECT FROM offer o WHERE o.work_item_id = w.id AND o.state = 'offered'
                                  AND o.agent_id = w.agent_id)""",
    "by_an_old_epoch": """
        SELECT count(*) FROM (
            SELECT o.epoch, max(o.epoch) OVER (ORDER BY e.xid, e.id) AS top
              FROM event e JOIN offer o ON o.id = e.entity_id
             WHERE e.type = 'offer.made' AND o.epoch > 0) x WHERE epoch < top""",
}
"""What would be wrong, as counts."""

"""Bench ``levers``: in a full hall, how soon a lever is felt and how long its preview takes."""

import asyncio
import time
from datetime import timedelta
from uuid import UUID, uuid4

from polyphony.app.bench import hall
from polyphony.app.bench.hall import Hall
from polyphony.app.bench.offers import NOBODY
from polyphony.app.bench.report import Measured, Target
from polyphony.app.bench.stage import Stage, staged
from polyphony.app.bench.takeover import settled
from polyphony.app.clock import now
from polyphony.domain.event import Actor
from polyphony.domain.ids import DepartmentId
from polyphony.domain.lever import Kind, Lever, Place
from polyphony.domain.permission import Scope
from polyphony.domain.role import Role
from polyphony.flows import preview_lever, pull_lever
from polyphony.flows.pull_lever import Puller, Wish
from polyphony.store import wake

TARGETS = (
    Target("apply_s", "lower", 1.0, wall=True),
    Target("preview_s", "lower", 2.0, wall=True),
)
SIZES = {"quick": Hall(1_000, 20_000), "full": Hall(10_000, 100_000)}
_WAIT_S = 60.0
_LOOKS = 5


async def measure(size: str) -> Measured:
    """Preview a weight and pause a queue in a hall where everybody has been offered something."""
    async with staged(NOBODY, {}) as stage:
        async with stage.database.transaction() as session:
            await session.execute("SET LOCAL statement_timeout = 0")
            await hall.fill(session, SIZES[size], now() - timedelta(seconds=5))
        await stage.start("router")
        first = await settled(stage, 0)
        hints = asyncio.create_task(wake.notify(stage.database))
        try:
            by, queue = await _lead(stage)
            looks = [await _looked(stage, queue, by) for _ in range(_LOOKS)]
            applied, left = await _pulled(stage, queue, by)
        finally:
            hints.cancel()
            await asyncio.gather(hints, return_exceptions=True)
    return Measured(
        ops=1,
        wall_s=applied,
        cpu_us_per_op={},
        ratios={"apply_s": applied, "preview_s": sorted(looks)[_LOOKS // 2]},
        checks={"levers left after undo": (left, 0)},
        extra={"first_offers": first, "previews_s": [round(one, 2) for one in looks]},
    )


async def _lead(stage: Stage) -> tuple[Puller, UUID]:
    """Somebody who leads the hall, and its first queue."""
    async with stage.database.reads() as session:
        found = await session.execute(
            "SELECT q.id, q.department_id FROM queue q WHERE q.name = 'Line 0'"
        )
        queue, department = await found.fetchone() or (uuid4(), uuid4())
    me, here = uuid4(), frozenset({DepartmentId(department)})
    scope = Scope("person", me, frozenset({Role.SUPERVISOR}), departments=here)
    return Puller(scope, Actor("person", me), now()), queue


async def _looked(stage: Stage, queue: UUID, by: Puller) -> float:
    lever = Lever(Kind.WEIGHT, Place(queue), {"milli": 3000})
    began = time.perf_counter()
    async with stage.database.reads() as session:
        await preview_lever.preview(session, lever, 3600, by)
    return time.perf_counter() - began


async def _pulled(stage: Stage, queue: UUID, by: Puller) -> tuple[float, int]:
    """Seconds until the first Offer of a paused queue goes back; levers left when it is undone."""
    began = time.perf_counter()
    wish = Wish(Lever(Kind.PAUSE, Place(queue)), 3600, "bench")
    async with stage.database.transaction() as session:
        made = await pull_lever.pull(session, uuid4(), wish, by)
    gone = "SELECT count(*) FROM offer WHERE state = 'withdrawn'"
    applied = await _until(stage, gone, began)
    async with stage.database.transaction() as session:
        await pull_lever.undo(session, made.id, by)
    return applied, await _one(stage, "SELECT count(*) FROM lever WHERE ended_at IS NULL")


async def _until(stage: Stage, query: str, began: float) -> float:
    while time.perf_counter() - began < _WAIT_S:
        if await _one(stage, query):
            break
        await asyncio.sleep(0.01)
    return time.perf_counter() - began


async def _one(stage: Stage, query: str) -> int:
    async with stage.database.reads() as session:
        row = await (await session.execute(query.encode())).fetchone()
    return int(row[0]) if row else 0

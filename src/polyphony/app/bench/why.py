"""Bench ``why``: how long it takes to hear why work waits, in a hall where everybody is busy."""

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import quantiles
from uuid import UUID

import httpx

from polyphony.app.bench import hall
from polyphony.app.bench.hall import Hall
from polyphony.app.bench.report import Measured, Target
from polyphony.app.bench.stage import Stage, staged
from polyphony.app.bench.takeover import settled
from polyphony.app.clock import now
from polyphony.store.company import PersonPlan, Plan

TARGETS = (Target("p95_ms", "lower", 50.0, 20.0, wall=True),)
LEAD = Plan(
    "UTC", {}, {"Office": "open"}, (), (),
    (PersonPlan("lead", "lead@bench.example", "Lead", "en", ["Office"], ["admin"]),),
    (), always=True,
)  # fmt: skip
_WARM = 20
_NOTES = (
    "one after the other over HTTP, as who leads reads them, of items drawn from all that wait",
    "everybody is busy: at most 200 members of a queue are looked at, those signed in first",
)


@dataclass(frozen=True, slots=True)
class Size:
    """Agents and items of the hall, and how often it is asked."""

    agents: int
    items: int
    asked: int


SIZES = {"quick": Size(2_000, 20_000, 300), "full": Size(10_000, 100_000, 1_000)}


async def measure(size: str, seed: int) -> Measured:
    """Fill a hall, let the router offer until nobody is free, then ask why others wait."""
    chosen = SIZES[size]
    async with staged(LEAD, {}) as stage:
        async with stage.database.transaction() as session:
            await session.execute("SET LOCAL statement_timeout = 0")
            await hall.fill(
                session, Hall(chosen.agents, chosen.items), now() - timedelta(seconds=5)
            )
        await stage.start("router", "web")
        await settled(stage, 0)
        async with stage.database.transaction() as session:
            await hall.measured(session)  # as the server does by itself within a minute
        waiting = await _waiting(stage)
        drawn = random.Random(seed).choices(waiting, k=chosen.asked + _WARM)  # noqa: S311 - a draw
        took, told = await _ask(stage, drawn)
    parts = quantiles(took, n=100, method="inclusive")
    return Measured(
        ops=len(took),
        wall_s=sum(took) / 1000,
        cpu_us_per_op={},
        ratios={"p95_ms": parts[94]},
        checks={"told": (told, len(took))},
        extra={"p50_ms": round(parts[49], 1), "waiting": len(waiting)},
        notes=_NOTES,
    )


async def _waiting(stage: Stage) -> list[UUID]:
    async with stage.database.reads() as session:
        found = await session.execute("SELECT id FROM work_item WHERE state = 'waiting' ORDER BY 1")
        return [one[0] for one in await found.fetchall()]


async def _ask(stage: Stage, items: Sequence[UUID]) -> tuple[list[float], int]:
    """Return how long each answer took in ms, and how many named what keeps the item."""
    cookie, _ = await stage.sign_in("lead")
    took, told = [], 0
    async with httpx.AsyncClient(base_url=stage.base, headers={"Cookie": cookie}) as http:
        for number, item in enumerate(items):
            began = time.perf_counter()
            answer = await http.get(f"/v1/work_items/{item}/why")
            spent = (time.perf_counter() - began) * 1000
            if number < _WARM:
                continue
            took.append(spent)
            told += answer.status_code == 200 and bool(answer.json()["waiting"]["blockers"])
    return took, told

"""Bench `timeline`: the 50 newest of a customer over all channels, against one index probe."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from statistics import quantiles
from uuid import UUID

from polyphony.app.bench import cpu, past
from polyphony.app.bench.report import Measured, Target
from polyphony.app.bench.stage import Stage, staged
from polyphony.app.clock import now
from polyphony.domain.ids import DepartmentId
from polyphony.domain.permission import Scope
from polyphony.domain.role import Role
from polyphony.store import timeline as lines
from polyphony.store.company import AccountPlan, PersonPlan, Plan, QueuePlan
from polyphony.store.database import Session

TARGETS = (
    Target("p99_to_floor", "lower", 8.0, wall=True),
    Target("growth_p99", "lower", 5.0, wall=True),
)
_SIZES = {
    "quick": ((4_000, 40_000), (40_000, 400_000)),
    "full": ((40_000, 400_000), (400_000, 4_000_000)),
}
_ASKED = 1_000


async def measure(size: str) -> Measured:
    """Ask for 1,000 timelines at two sizes of a past; compare with a probe of 50 rows."""
    small, large = _SIZES[size]
    first = await _at(small)
    second = await _at(large)
    return Measured(
        ops=_ASKED,
        wall_s=second["wall_s"],
        cpu_us_per_op={"pg": round(second["pg_us"], 1)},
        ratios={"p99_to_floor": second["p99"] / second["floor_p99"],
                "growth_p99": second["p99"] / first["p99"]},
        latency_ms={"of": "one timeline", "samples": _ASKED, "p50": round(second["p50"], 3),
                    "p99": round(second["p99"], 3), "floor_p99": round(second["floor_p99"], 3)},
        checks={"found": (second["found"], second["wanted"])},
        extra={"interactions": [small[1], large[1]], "p99_small_ms": round(first["p99"], 3)},
    )  # fmt: skip


async def _at(size: tuple[int, int]) -> dict[str, float]:
    async with staged(plan(), {}) as stage:
        async with stage.database.transaction() as session:
            customers = await past.write(
                session, stage.found.accounts["mail"], stage.found.departments["Desk"], size, now()
            )
        async with stage.database.direct() as session:
            await session.execute("VACUUM ANALYZE")
        return await _ask(stage, customers)


async def _ask(stage: Stage, customers: Sequence[UUID]) -> dict[str, float]:
    # Growing steps ask for busy customers and for quiet ones.
    chosen = [customers[(n * n) % len(customers)] for n in range(_ASKED)]
    who = scope(stage)
    async with stage.database.reads() as session:
        floor = await _floor(session, chosen)
        for customer in chosen[:50]:
            await lines.timeline(session, who, customer, None)
        before, began = cpu.used({}, stage.postgres.pid), time.perf_counter()
        took, found = [], 0
        for customer in chosen:
            start = time.perf_counter()
            found += len(await lines.timeline(session, who, customer, None))
            took.append((time.perf_counter() - start) * 1000)
        wall = time.perf_counter() - began
        spent = cpu.used({}, stage.postgres.pid).minus(before)
        wanted = await _wanted(session, chosen)
    marks = quantiles(took, n=100)
    return {"p50": marks[49], "p99": marks[98], "floor_p99": floor, "wall_s": wall,
            "pg_us": (spent.pg or 0.0) / _ASKED * 1e6, "found": found,
            "wanted": wanted}  # fmt: skip


async def _floor(session: Session, customers: Sequence[UUID]) -> float:
    took = []
    for n in range(len(customers)):
        start = time.perf_counter()
        cursor = await session.execute(
            "SELECT id, text FROM message WHERE interaction_id >= %s"
            " ORDER BY interaction_id, position LIMIT 50",
            [customers[n]],
        )
        await cursor.fetchall()
        took.append((time.perf_counter() - start) * 1000)
        await asyncio.sleep(0)
    return quantiles(took, n=100)[98]


async def _wanted(session: Session, customers: Sequence[UUID]) -> float:
    cursor = await session.execute(
        f"SELECT sum(LEAST({lines.PAGE + 1}, n)) FROM (SELECT c.id,"
        " (SELECT count(*) FROM record r JOIN interaction i ON i.record_id = r.id"
        " JOIN message m ON m.interaction_id = i.id"
        " WHERE r.customer_id = c.id) AS n FROM unnest(%s::uuid[]) AS c(id)) AS counted",
        [list(customers)],
    )
    row = await cursor.fetchone()
    return float(row[0]) if row else 0.0


def scope(stage: Stage) -> Scope:
    """Return what the only agent may see."""
    return Scope(
        kind="person", id=stage.found.people["agent"], roles=frozenset({Role.AGENT}),
        departments=frozenset(DepartmentId(d) for d in stage.found.departments.values()),
    )  # fmt: skip


def plan() -> Plan:
    """Return an organisation of one desk, one mailbox and one agent."""
    settings: Mapping[str, object] = {}
    return Plan(
        "UTC", {}, {"Desk": "open"}, [QueuePlan("mail", "Desk", "Mail")], [],
        [PersonPlan("agent", "agent@bench.example", "Agent", "en", ["Desk"], queues=["mail"])],
        [AccountPlan("mail", "email", "Desk", "d@bench.example", "Desk", "mail", "en", settings)],
        always=True,
    )  # fmt: skip

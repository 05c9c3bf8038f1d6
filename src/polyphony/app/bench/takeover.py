"""Bench ``takeover``: how long nobody decides when the owner of a full hall is killed, or hangs."""

import asyncio
import os
import signal
import time
from dataclasses import dataclass
from datetime import timedelta

from polyphony.app.bench import hall
from polyphony.app.bench.hall import Hall
from polyphony.app.bench.offers import NOBODY, answer
from polyphony.app.bench.report import Measured, Target
from polyphony.app.bench.stage import Stage, staged
from polyphony.app.clock import now

TARGETS = (
    Target("killed_s", "lower", 5.0, 2.0, wall=True),
    Target("hung_s", "lower", 9.0, 7.0, wall=True),
)
SIZES = {"quick": Hall(1_000, 100_000), "full": Hall(1_000, 100_000)}
_WAIT_S = 60.0


@dataclass(frozen=True, slots=True)
class _Taken:
    seconds: float
    epoch: int


async def measure(size: str) -> Measured:
    """Kill the owner, later stop another; each time until the next Offer is made."""
    chosen = SIZES[size]
    async with staged(NOBODY, {}) as stage:
        async with stage.database.transaction() as session:
            await session.execute("SET LOCAL statement_timeout = 0")
            await hall.fill(session, chosen, now() - timedelta(seconds=5))
        began = time.perf_counter()
        await stage.start("router")
        first = await settled(stage, 0)
        start_s = time.perf_counter() - began
        killed = await _replaced(stage, signal.SIGKILL)
        hung = await _replaced(stage, signal.SIGSTOP)
        waiting = await _one(stage, "SELECT count(*) FROM work_item WHERE state = 'waiting'")
        epochs = await _one(stage, "SELECT count(DISTINCT epoch) FROM offer WHERE epoch > 0")
    return Measured(
        ops=2,
        wall_s=killed.seconds + hung.seconds,
        cpu_us_per_op={},
        ratios={"killed_s": killed.seconds, "hung_s": hung.seconds},
        checks={"epochs": (epochs, 3)},
        extra={"waiting": waiting, "first_offers": first, "first_s": round(start_s, 2)},
    )


async def _replaced(stage: Stage, how: signal.Signals) -> _Taken:
    """Let another stand by, strike the owner, free one agent, and wait for the Offer to him."""
    owner = stage.processes.pop("router")
    await stage.start("router")
    await asyncio.sleep(4.0)  # the other stands by
    epoch = await _one(stage, "SELECT epoch FROM router_shard")
    os.kill(owner.pid, how)
    began = time.perf_counter()
    await _free_one(stage)
    while time.perf_counter() - began < _WAIT_S:
        if await _one(stage, f"SELECT count(*) FROM offer WHERE epoch > {epoch}"):
            break
        await asyncio.sleep(0.02)
    took = time.perf_counter() - began
    if owner.returncode is None:
        os.kill(owner.pid, signal.SIGKILL)
    await owner.wait()
    await settled(stage, 0)
    return _Taken(took, epoch)


async def _free_one(stage: Stage) -> None:
    async with stage.database.reads() as session:
        found = await session.execute(
            "SELECT id, work_item_id, agent_id FROM offer WHERE state = 'offered' LIMIT 1"
        )
        rows = [(one[0], one[1], one[2]) for one in await found.fetchall()]
    await answer(stage.database, rows)


async def settled(stage: Stage, least: int) -> int:
    """Wait until no more Offers are made; return how many there are."""
    last, still = -1, 0
    for _ in range(int(_WAIT_S * 10)):
        made = await _one(stage, "SELECT count(*) FROM offer")
        still = still + 1 if made == last and made > least else 0
        last = made
        if still > 10:
            break
        await asyncio.sleep(0.1)
    return last


async def _one(stage: Stage, query: str) -> int:
    async with stage.database.reads() as session:
        row = await (await session.execute(query.encode())).fetchone()
    return int(row[0]) if row else 0

"""Bench `intake-mail`: raw MIME over IMAP to a WorkItem and a frame at an agent's socket."""

import asyncio
import json
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from polyphony.app.bench import chat, past, spent
from polyphony.app.bench.post import ADDRESS, WORD
from polyphony.app.bench.report import Measured, Target
from polyphony.app.bench.stage import Stage, staged
from polyphony.app.clock import now
from polyphony.store.company import AccountPlan, PersonPlan, Plan, QueuePlan

TARGETS = (Target("cpu_to_floor", "lower", 2.8, 1.6),)
_WAIT_S = 240.0


@dataclass(frozen=True, slots=True)
class Size:
    """How many mails, customers and Interactions of a past, and connected agents."""

    mails: int
    customers: int
    history: int
    agents: int


SIZES = {"quick": Size(2000, 20_000, 100_000, 20), "full": Size(10_000, 20_000, 100_000, 200)}


async def intake(size: str, seed: int, parse_us: float, insert_us: float) -> Measured:
    """Measure the CPU of one mail; the floor is one compat32 parse and one batched insert."""
    chosen = SIZES[size]
    provider = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "polyphony.app.bench.post", str(chosen.mails), str(seed),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        assert provider.stdout is not None  # noqa: S101 - a pipe was asked for
        ports = json.loads(await provider.stdout.readline())
        secrets = {"mail": {"imap_password": WORD, "smtp_password": WORD}}
        async with staged(_plan(chosen, ports), secrets) as stage:
            async with stage.database.transaction() as session:
                await past.write(session, stage.found.accounts["mail"],
                                 stage.found.departments["Desk"],
                                 (chosen.customers, chosen.history), now())  # fmt: skip
            return await _measured(stage, provider, chosen, parse_us + insert_us)
    finally:
        provider.kill()
        await provider.wait()


async def _measured(
    stage: Stage, provider: asyncio.subprocess.Process, size: Size, floor_us: float
) -> Measured:
    await stage.start("web", "worker", "router")
    cookies = await chat.agents(stage, size.agents)
    listening = asyncio.create_task(chat.listen(stage.base, cookies, size.mails, _WAIT_S))
    await asyncio.sleep(5)  # sockets open, offers of nothing: quiet before the mails come
    before, began = await spent.begin(stage), time.monotonic()
    assert provider.stdin is not None  # noqa: S101 - a pipe was asked for
    provider.stdin.write(b"go\n")
    await provider.stdin.drain()
    seen = await listening
    wall = time.monotonic() - began
    cost = await spent.end(stage, before, size.mails, floor_us)
    return Measured(
        ops=size.mails,
        wall_s=wall,
        cpu_us_per_op=cost.cpu_us_per_op,
        ratios={"cpu_to_floor": cost.total_us / floor_us},
        checks=await _checks(stage, size, seen),
        extra={"database": cost.database, "memory_mib": cost.memory_mib},
        notes=["the mail provider runs on the same cores; its CPU is not counted"],
    )


def _plan(size: Size, ports: Mapping[str, int]) -> Plan:
    people = [
        PersonPlan(f"agent{n}", f"agent{n}@bench.example", f"Agent {n}", "en", ["Desk"],
                   queues=["mail"])
        for n in range(size.agents)
    ]  # fmt: skip
    settings = {
        "imap_host": "127.0.0.1", "imap_security": "none", "imap_user": ADDRESS,
        "smtp_host": "127.0.0.1", "smtp_security": "none", "smtp_user": ADDRESS, **ports,
    }  # fmt: skip
    return Plan(
        "UTC", {}, {"Desk": "open"}, [QueuePlan("mail", "Desk", "Mail")], [], people,
        [AccountPlan("mail", "email", "Desk", ADDRESS, "Desk", "mail", "en", settings)],
        always=True,
    )  # fmt: skip


async def _checks(
    stage: Stage, size: Size, seen: Mapping[str, Any]
) -> dict[str, tuple[object, object]]:
    async with stage.database.transaction() as session:
        cursor = await session.execute(
            "SELECT (SELECT count(*) FROM arrival), (SELECT count(*) FROM arrival WHERE state ="
            " 'read'), (SELECT count(*) FROM message WHERE arrival_id IS NOT NULL),"
            " (SELECT count(*) FROM work_item), (SELECT count(*) FROM (SELECT 1 FROM message"
            " WHERE arrival_id IS NOT NULL GROUP BY arrival_id HAVING count(*) > 1) AS twice)"
        )
        row = await cursor.fetchone()
    arrivals, read, messages, items, doubled = row if row is not None else (0,) * 5
    wanted = size.mails
    return {
        "stored": (arrivals, wanted),
        "read": (read, wanted),
        "messages": (messages, wanted),
        "work_items": (items, wanted),
        "pushed": (seen["heard"], wanted),
        "double": (doubled, 0),
    }

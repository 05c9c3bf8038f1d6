"""Bench `stream`: thousands of sockets, targeted events, slow readers, a storm of reconnects."""

import asyncio
import json
import os
import resource
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from polyphony.app.bench import cpu, floors
from polyphony.app.bench.report import Measured, Target
from polyphony.app.bench.stage import Stage, staged
from polyphony.app.clock import now
from polyphony.domain.event import NewEvent, Op
from polyphony.store import events, wake
from polyphony.store.company import PersonPlan, Plan, QueuePlan
from polyphony.store.keys import key

TARGETS = (
    Target("cpu_to_echo", "lower", 4.0, 2.0),
    Target("kib_a_socket", "lower", 31.0, 12.0),
    Target("storm_s", "lower", 30.0, wall=True),
)
SPARE_FILES = 500
LINES_A_PERSON = 5
BATCH_S = 0.1
WARM = 0.2
"""This part of the sockets is opened before memory is read the first time."""


@dataclass(frozen=True, slots=True)
class Size:
    """How many sockets, events a second, seconds; a tenth reads slowly, ``storm`` dial again."""

    sockets: int
    rate: int
    seconds: float
    storm: int


SIZES = {"quick": Size(1_000, 500, 8.0, 300), "full": Size(5_000, 500, 30.0, 1_000)}


def fitting(size: Size) -> Size:
    """Return the size as the limit of open files of this process allows it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    most = min(hard, 1_000_000) - SPARE_FILES
    if most >= size.sockets:
        return size
    return Size(most, size.rate, size.seconds, min(size.storm, most // 3))


def plan(sockets: int) -> Plan:
    """Describe people enough for so many sockets; nobody of them takes work."""
    people = [
        PersonPlan(f"p{n}", f"p{n}@bench.example", f"Person {n}", "en", ["Desk"])
        for n in range(-(-sockets // LINES_A_PERSON))
    ]
    return Plan("UTC", {}, {"Desk": "open"}, [QueuePlan("one", "Desk", "One")], [], people, [])


async def measure(size: str) -> Measured:
    """Measure the CPU of one delivered event, the memory of a socket, and a storm."""
    chosen = fitting(SIZES[size])
    async with staged(plan(chosen.sockets), {}) as stage:
        await stage.start("web")
        cookies = [await stage.sign_in(person) for person in stage.found.people]
        crowd = await _crowd(stage, cookies, chosen)
        try:
            floor = await _ask(crowd, "echo")
            await _ask(crowd, "dial", part=WARM)
            warm_mib = cpu.memory_mib([stage.pids["web"]])
            await _ask(crowd, "dial", part=1.0)
            full_mib = cpu.memory_mib([stage.pids["web"]])
            before = cpu.used({"web": stage.pids["web"]}, None)
            sent = await _send(stage, chosen)
            heard = await _ask(crowd, "settle", expect=sent)
            spent = cpu.used({"web": stage.pids["web"]}, None).minus(before)
            storm = await _ask(crowd, "storm", count=chosen.storm)
        finally:
            crowd.stdin.close() if crowd.stdin else None
            await crowd.wait()
    cost = spent.app["web"] / max(1, int(heard["delivered"])) * 1e6
    return Measured(
        ops=int(heard["delivered"]),
        wall_s=chosen.seconds,
        cpu_us_per_op={"web": round(cost, 1), "echo": round(floor["echo_us"], 1)},
        ratios={
            "cpu_to_echo": cost / floor["echo_us"],
            "kib_a_socket": (full_mib - warm_mib) * 1024 / (chosen.sockets * (1 - WARM)),
            "storm_s": storm["settled_s"],
        },
        checks={
            "sockets open": (heard["open"], chosen.sockets),
            "events delivered": (heard["delivered"], sent),
            "gaps, doubles, foreign": (heard["faults"] + storm["faults"], 0),
            "storm in sync": (storm["synced"], chosen.storm),
        },
        latency_ms=_latency(heard["ages_s"]),
        notes=["the load generator runs on the same cores; its CPU is not counted"],
        extra={"sockets": chosen.sockets, "storm": chosen.storm,
               "memory_mib": {"warm": round(warm_mib), "full": round(full_mib)}},
    )  # fmt: skip


def _latency(ages: list[float]) -> Mapping[str, object]:
    return {
        "of": "commit to the socket",
        "n": len(ages),
        "p50": round((floors.percentile(ages, 0.5) or 0.0) * 1000, 2),
        "p99": None if (p := floors.percentile(ages, 0.99)) is None else round(p * 1000, 2),
    }


async def _send(stage: Stage, size: Size) -> int:
    """Append events, each for one person; return how many frames the sockets must get of them."""
    people = list(stage.found.people.values())
    loop = asyncio.get_running_loop()
    began, number, per = loop.time(), 0, int(size.rate * BATCH_S)
    while number < int(size.rate * size.seconds):
        await asyncio.sleep(max(0.0, began + number / size.rate - loop.time()))
        told = []
        for _ in range(per):
            person = people[number % len(people)]
            told.append(
                NewEvent(
                    "notice.changed", Op.UPSERT, "notice", key(now()), 1, [f"person:{person}"],
                    payload={"sent_at": now().timestamp(), "n": number, "text": "x" * 150},
                )
            )  # fmt: skip
            number += 1
        async with stage.database.transaction() as session:
            await events.append(session, told)
            wake.mark(session, "events")
    return sum(_lines(size, n % len(people)) for n in range(number))


def _lines(size: Size, person: int) -> int:
    """How many sockets a person holds: all five but the last one."""
    return min(LINES_A_PERSON, size.sockets - person * LINES_A_PERSON)


async def _crowd(
    stage: Stage, cookies: list[tuple[str, str]], size: Size
) -> asyncio.subprocess.Process:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "polyphony.app.bench.stream_crowd", env={**os.environ},
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=2**26,
    )  # fmt: skip
    told = {"base": stage.base, "cookies": cookies, "sockets": size.sockets,
            "each": LINES_A_PERSON}  # fmt: skip
    if process.stdin is not None:
        process.stdin.write(json.dumps(told).encode() + b"\n")
    return process


async def _ask(crowd: asyncio.subprocess.Process, act: str, **facts: object) -> dict[str, Any]:
    """Tell the crowd what to do and wait until it is done."""
    if crowd.stdin is None or crowd.stdout is None:
        raise RuntimeError
    crowd.stdin.write(json.dumps({"do": act, **facts}).encode() + b"\n")
    await crowd.stdin.drain()
    answer = await crowd.stdout.readline()
    if not answer:
        raise RuntimeError(f"the crowd ended while it should {act}")
    found = json.loads(answer)
    return dict(found)

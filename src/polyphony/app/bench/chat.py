"""Benches `intake-chat` and `screen`: visitors post over keep-alive lines, agents listen."""

import asyncio
import hashlib
import json
import os
import secrets
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx

from polyphony.app.bench import cpu, floors, spent
from polyphony.app.bench.report import Measured, Target
from polyphony.app.bench.stage import Stage, free_port, staged
from polyphony.app.clock import now
from polyphony.store.company import AccountPlan, PersonPlan, Plan, QueuePlan
from polyphony.store.keys import keys

INTAKE_TARGETS = (Target("cpu_to_floor", "lower", 2.9, 1.4),)
SCREEN_TARGETS = (Target("p99_to_floor", "lower", 20.0, 8.0, wall=True),)
_STEPS = (0.5, 0.8, 1.0)
_ROLES = ("web", "worker", "router")


@dataclass(frozen=True, slots=True)
class Size:
    """How many agents, chat sessions, seconds a step, and posts to find the maximum."""

    agents: int
    sessions: int
    seconds: float
    probe: int


SIZES = {"quick": Size(20, 400, 4.0, 2000), "full": Size(200, 3000, 20.0, 10000)}


def plan(agents: int) -> Plan:
    """Describe a deployment with one chat account and so many agents."""
    people = [
        PersonPlan(f"agent{n}", f"agent{n}@bench.example", f"Agent {n}", "en", ["Desk"],
                   queues=["chat"])
        for n in range(agents)
    ]  # fmt: skip
    settings = {"origins": ["*"], "messages_per_minute": 100_000, "sessions_per_hour": 1_000_000}
    return Plan(
        "UTC", {}, {"Desk": "open"}, [QueuePlan("chat", "Desk", "Chat")], [], people,
        [AccountPlan("chat", "chat", "bench", "pk_bench", "Desk", "chat", "en", settings)],
        always=True,
    )  # fmt: skip


async def intake(size: str) -> Measured:
    """Measure the CPU of one chat message, from the POST to the agents' sockets."""
    chosen = SIZES[size]
    async with staged(plan(chosen.agents), {}) as stage:
        bare = await _bare_floor(stage, chosen)
        tokens, cookies = await _filled(stage, chosen)
        most = await _most(stage.base, tokens, chosen, cookies)
        before = await spent.begin(stage)
        parts = [
            await crowd(stage.base, tokens, cookies, most * share, chosen.seconds)
            for share in _STEPS
        ]
        ops = sum(len(part["acknowledged"]) for part in parts)
        cost = await spent.end(stage, before, ops, bare)
        checks = await _checks(stage, parts, chosen)
    return Measured(
        ops=ops,
        wall_s=sum(part["wall_s"] for part in parts),
        cpu_us_per_op=cost.cpu_us_per_op,
        ratios={"cpu_to_floor": cost.total_us / bare},
        checks=checks,
        latency_ms=latency("due time to 201", [s for part in parts for s in part["answered_s"]]),
        errors=_errors(parts),
        notes=["the load generator runs on the same cores; its CPU is not counted"],
        extra={
            "steps_per_s": [round(part["per_s"], 1) for part in parts],
            "database": cost.database,
            "memory_mib": cost.memory_mib,
        },
    )


async def screen(size: str, durable: Mapping[str, float]) -> Measured:
    """Measure from a customer's POST to the frame at an agent's socket, at half the top rate."""
    chosen = SIZES[size]
    async with staged(plan(chosen.agents), {}) as stage:
        tokens, cookies = await _filled(stage, chosen)
        most = await _most(stage.base, tokens, chosen, cookies)
        before = await spent.begin(stage)
        seconds = max(chosen.seconds * 2, 1_100 / (most * 0.5))  # a p99 needs 1,000 samples
        part = await crowd(stage.base, tokens, cookies, most * 0.5, seconds)
        ops = len(part["acknowledged"])
        cost = await spent.end(stage, before, ops)
        checks = await _checks(stage, [part], chosen)
    p99 = floors.percentile(part["pushed_s"], 0.99)
    floor_ms = durable["p50_ms"] + part["echo_ms"]
    return Measured(
        ops=ops,
        wall_s=part["wall_s"],
        cpu_us_per_op=cost.cpu_us_per_op,
        ratios={"p99_to_floor": None if p99 is None else p99 * 1000 / floor_ms},
        checks=checks,
        latency_ms=latency("due time to the agent's socket", part["pushed_s"]),
        errors=_errors([part]),
        notes=["the load generator runs on the same cores; its CPU is not counted"],
        extra={
            "floor_ms": round(floor_ms, 3),
            "rate_per_s": round(most * 0.5, 1),
            "database": cost.database,
            "memory_mib": cost.memory_mib,
        },
    )


async def _filled(stage: Stage, size: Size) -> tuple[list[str], list[tuple[str, str]]]:
    await stage.start(*_ROLES)
    tokens = await _sessions(stage, size.sessions)
    return tokens, await agents(stage, size.agents)


async def _most(
    base: str, tokens: Sequence[str], size: Size, cookies: Sequence[tuple[str, str]] = ()
) -> float:
    """Find the highest rate: as many posts as the connections carry; then let it settle.

    With agents it is the rate of the whole way: until the last message stood at their sockets.
    """
    found = await crowd(base, tokens, cookies, 100_000.0, size.probe / 100_000.0)
    if not found["acknowledged"]:
        raise RuntimeError(f"no message was taken: {found['errors']}")
    await asyncio.sleep(2)
    return len(found["acknowledged"]) / float(found["settled_s"])


def _errors(parts: Sequence[Mapping[str, Any]]) -> int:
    return sum(sum(part["errors"].values()) for part in parts)


def latency(of: str, samples: Sequence[float]) -> dict[str, object]:
    """Describe a latency by its percentiles, in milliseconds."""
    found: dict[str, object] = {"of": of, "samples": len(samples)}
    for name, share in (("p50", 0.5), ("p90", 0.9), ("p99", 0.99)):
        value = floors.percentile(samples, share)
        found[name] = None if value is None else round(value * 1000, 2)
    found["max"] = round(max(samples) * 1000, 2) if samples else None
    return found


async def listen(
    base: str, cookies: Sequence[tuple[str, str]], expect: int, wait_s: float
) -> dict[str, Any]:
    """Only listen with all agents until so many messages were pushed, or the time is up."""
    load = {"base": base, "tokens": [], "cookies": list(cookies), "rate": 0.0, "seconds": wait_s,
            "expect": expect}  # fmt: skip
    return await _generate(load)


async def crowd(
    base: str,
    tokens: Sequence[str],
    cookies: Sequence[tuple[str, str]],
    rate: float,
    seconds: float,
) -> dict[str, Any]:
    """Run the load generator in its own process; return what it saw and the rate it got."""
    load = {"base": base, "tokens": list(tokens), "cookies": list(cookies), "rate": rate,
            "seconds": seconds}  # fmt: skip
    seen = await _generate(load)
    seen["per_s"] = len(seen["acknowledged"]) / max(0.001, seen["wall_s"])
    return seen


async def _generate(load: Mapping[str, object]) -> dict[str, Any]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "polyphony.app.bench.crowd",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=2**26,
    )  # fmt: skip
    out, _ = await process.communicate(json.dumps(load).encode())
    seen: dict[str, Any] = json.loads(out)
    return seen


async def _bare_floor(stage: Stage, size: Size) -> float:
    port = free_port()
    environment = {**os.environ, "POLYPHONY_BENCH_URL": stage.postgres.url("owner")}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "polyphony.app.bench.bare", str(port), env=environment
    )
    base = f"http://127.0.0.1:{port}"
    try:
        async with httpx.AsyncClient(base_url=base) as http:
            for _ in range(300):
                try:
                    await http.get("/readyz")
                    break
                except httpx.HTTPError:
                    await asyncio.sleep(0.05)
        most = await _most(base, ["x"], size)
        before, ops = cpu.used({"bare": process.pid}, stage.postgres.pid), 0
        for share in _STEPS:
            ops += len((await crowd(base, ["x"], [], most * share, 2.0))["acknowledged"])
        spent = cpu.used({"bare": process.pid}, stage.postgres.pid).minus(before)
    finally:
        process.terminate()
        await process.wait()
    return (spent.app["bare"] + (spent.pg or 0.0)) / ops * 1e6


async def _sessions(stage: Stage, count: int) -> list[str]:
    async with httpx.AsyncClient(base_url=stage.base, timeout=30) as http:
        tokens = []
        for _ in range(count):
            answer = await http.post(
                "/v1/chat/sessions", json={"key": "pk_bench", "language": "en"}
            )
            answer.raise_for_status()
            tokens.append(str(answer.json()["token"]))
    return tokens


async def agents(stage: Stage, count: int) -> list[tuple[str, str]]:
    """Sign in this many agents of the plan and bring them online; return cookie and CSRF token."""
    cookies, at = [], now()
    ids = keys(at, count)
    async with stage.database.transaction() as session:
        for number in range(count):
            token, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(16)
            await session.execute(
                "INSERT INTO sign_in (id, person_id, token_hash, csrf, created_at, seen_at,"
                " expires_at) VALUES (%s, %s, %s, %s, %s, %s, %s)",
                [ids[number], stage.found.people[f"agent{number}"],
                 hashlib.sha256(token.encode()).digest(), csrf, at, at, at + timedelta(days=1)],
            )  # fmt: skip
            cookies.append((f"polyphony={token}", csrf))
    async with httpx.AsyncClient(base_url=stage.base, timeout=30) as http:
        for cookie, csrf in cookies:
            headers = {"Cookie": cookie, "X-Polyphony-CSRF": csrf, "Origin": stage.base}
            answer = await http.put("/v1/presence", json={"status": "online"}, headers=headers)
            answer.raise_for_status()
    return cookies


async def _checks(
    stage: Stage, parts: Sequence[Mapping[str, Any]], size: Size
) -> dict[str, tuple[object, object]]:
    acknowledged = sum(len(part["acknowledged"]) for part in parts) + size.probe
    async with stage.database.transaction() as session:
        cursor = await session.execute(
            "SELECT (SELECT count(*) FROM arrival), (SELECT count(*) FROM message WHERE kind='in'),"
            " (SELECT count(*) FROM (SELECT 1 FROM message WHERE kind = 'in' GROUP BY text"
            "   HAVING count(*) > 1) AS twice), (SELECT count(*) FROM work_item)"
        )
        row = await cursor.fetchone()
    arrivals, messages, doubled, items = row if row is not None else (0, 0, 0, 0)
    pushed = sum(len(part["pushed_s"]) for part in parts)
    return {
        "stored": (arrivals, acknowledged),
        "read": (messages, acknowledged),
        "double": (doubled, 0),
        "routed": (items, size.sessions),
        "pushed": (pushed, acknowledged - size.probe),
    }

"""`polyphony bench [NAME]`: floors, measured part, checks, floors again; one result each."""

import asyncio
import json
import os
import tempfile
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from polyphony.app.bench import (
    board,
    chat,
    floors,
    levers,
    machine,
    mail,
    offers,
    pure,
    races,
    report,
    search,
    start,
    stream,
    takeover,
    timeline,
    why,
)
from polyphony.app.bench.report import Head, Measured, Target
from polyphony.app.postgres import Postgres
from polyphony.store.database import Database
from polyphony.store.migrate import migrate

CHECK_FAILED = 4
USAGE = 2


@dataclass(frozen=True, slots=True)
class Ask:
    """What was asked for: size, seed, how many runs."""

    size: str = "quick"
    seed: int = 1
    runs: int = 1


Bench = Callable[[Ask, Mapping[str, Any]], Awaitable[Measured]]


async def _read(ask: Ask, _: Mapping[str, Any]) -> Measured:
    return await asyncio.to_thread(pure.read, ask.size, ask.seed)


async def _routing(ask: Ask, _: Mapping[str, Any]) -> Measured:
    return await asyncio.to_thread(pure.routing, ask.size, ask.seed)


async def _reference_day(ask: Ask, _: Mapping[str, Any]) -> Measured:
    return await asyncio.to_thread(pure.reference_day, ask.size, ask.seed)


async def _expected_wait(ask: Ask, _: Mapping[str, Any]) -> Measured:
    return await asyncio.to_thread(pure.expected_wait, ask.size, ask.seed)


async def _mail(ask: Ask, floor: Mapping[str, Any]) -> Measured:
    parse = await asyncio.to_thread(pure.parse_floor_us, ask.seed)
    insert = floor["batch_insert"]
    return await mail.intake(ask.size, ask.seed, parse, insert["app_us"] + (insert["pg_us"] or 0))


async def _chat(ask: Ask, _: Mapping[str, Any]) -> Measured:
    return await chat.intake(ask.size)


async def _screen(ask: Ask, floor: Mapping[str, Any]) -> Measured:
    return await chat.screen(ask.size, floor["single_commit"])


async def _timeline(ask: Ask, _: Mapping[str, Any]) -> Measured:
    return await timeline.measure(ask.size)


async def _start(ask: Ask, _: Mapping[str, Any]) -> Measured:
    return await start.measure(ask.size)


async def _stream(ask: Ask, _: Mapping[str, Any]) -> Measured:
    return await stream.measure(ask.size)


async def _offers(ask: Ask, _: Mapping[str, Any]) -> Measured:
    return await offers.measure(ask.size)


async def _races(ask: Ask, _: Mapping[str, Any]) -> Measured:
    return await races.measure(ask.size)


async def _takeover(ask: Ask, _: Mapping[str, Any]) -> Measured:
    return await takeover.measure(ask.size)


async def _levers(ask: Ask, _: Mapping[str, Any]) -> Measured:
    return await levers.measure(ask.size)


async def _why(ask: Ask, _: Mapping[str, Any]) -> Measured:
    return await why.measure(ask.size, ask.seed)


async def _board(ask: Ask, _: Mapping[str, Any]) -> Measured:
    return await board.measure(ask.size)


async def _search(ask: Ask, _: Mapping[str, Any]) -> Measured:
    return await search.measure(ask.size)


async def _nothing(_: Ask, floor: Mapping[str, Any]) -> Measured:
    told = {name: floor["batch_insert"][name] for name in ("app_us", "pg_us")}
    return Measured(ops=0, wall_s=0.0, cpu_us_per_op=told, ratios={})


BENCHES: Mapping[str, tuple[Bench, Sequence[Target]]] = {
    "read": (_read, pure.READ_TARGETS),
    "intake-mail": (_mail, mail.TARGETS),
    "intake-chat": (_chat, chat.INTAKE_TARGETS),
    "screen": (_screen, chat.SCREEN_TARGETS),
    "routing": (_routing, pure.ROUTING_TARGETS),
    "reference-day": (_reference_day, pure.DAY_TARGETS),
    "expected-wait": (_expected_wait, pure.WAIT_TARGETS),
    "offers": (_offers, offers.TARGETS),
    "races": (_races, races.TARGETS),
    "takeover": (_takeover, takeover.TARGETS),
    "why": (_why, why.TARGETS),
    "timeline": (_timeline, timeline.TARGETS),
    "search": (_search, search.TARGETS),
    "start": (_start, start.TARGETS),
    "stream": (_stream, stream.TARGETS),
    "levers": (_levers, levers.TARGETS),
    "board": (_board, board.TARGETS),
}


def run(name: str | None, ask: Ask, *, as_json: bool) -> int:
    """Run one bench or all; print tables or JSON lines; 4 when a promise did not hold."""
    if name is not None and name not in {*BENCHES, "floors"}:
        Console(stderr=True).print(f"there is no bench {name}; there are: {', '.join(BENCHES)}")
        return USAGE
    names = [name] if name else list(BENCHES)
    valid = True
    for one in names:
        result = asyncio.run(_one(one, ask))
        if as_json:
            print(json.dumps(result, ensure_ascii=False), flush=True)  # noqa: T201 - the answer of the command
        else:
            report.show(result, Console())
        valid = valid and bool(result["valid"])
    return 0 if valid else CHECK_FAILED


async def _one(name: str, ask: Ask) -> dict[str, object]:
    before, ours = machine.Moment.now(), _ours()
    known = await _floors()
    if name == "floors":
        measure: Bench = _nothing
        targets: Sequence[Target] = ()
    else:
        measure, targets = BENCHES[name]
    runs = [await measure(ask, known) for _ in range(ask.runs)]
    again = await _floors()
    described = machine.describe(before, machine.Moment.now(), _ours() - ours)
    drift = _drift(known, again)
    described["quiet"] = bool(described["quiet"]) and drift <= 0.3
    head = Head(name, ask.size, ask.seed, {})
    server = known.pop("server")
    return report.document(head, {**described, **server}, {**known, "drift": drift}, runs, targets)


async def _floors() -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="polyphony_bench_") as folder:
        home = Path(folder)
        os.chmod(home, 0o755)  # noqa: PTH101, S103 - the server's account must reach its programs
        with Postgres(home) as postgres:
            await asyncio.to_thread(migrate, postgres.url("owner"), "app")
            async with Database(postgres.url("owner"), size=2, name="floors") as database:
                server = await machine.server(database)
                settings = server["settings"]
                if isinstance(settings, dict) and (off := machine.unsafe(settings)):
                    raise RuntimeError(f"durability is off: {', '.join(off)}")
                return {
                    "server": server,
                    "fdatasync": await asyncio.to_thread(floors.fdatasync, home),
                    "single_commit": await floors.durable(database),
                    "batch_insert": await floors.batch_insert(database, postgres.pid),
                }


def _drift(before: Mapping[str, Any], after: Mapping[str, Any]) -> float:
    one, two = before["single_commit"]["p50_ms"], after["single_commit"]["p50_ms"]
    return round(float(abs(one - two)) / float(max(one, two)), 3)


def _ours() -> float:
    """CPU of everything this process started and has seen the end of, and its own."""
    import resource  # noqa: PLC0415 - not there on every system

    spent = 0.0
    for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN):
        usage = resource.getrusage(who)
        spent += usage.ru_utime + usage.ru_stime
    return spent

"""The chain of the audit and the index of the search for the person at the terminal."""

import asyncio
import json
import time
from dataclasses import asdict
from pathlib import Path

from polyphony import settings
from polyphony.app import clock, home
from polyphony.app.say import answer, say
from polyphony.domain.errors import Invalid
from polyphony.flows import index, seal
from polyphony.flows.seal import Verified
from polyphony.store import search_index
from polyphony.store.database import Database

CHECK_FAILED = 4
TOLD = 100
"""So many faults are listed; all are counted."""


def verify(head: Path | None, as_json: bool) -> int:  # noqa: FBT001 - shape of Programs
    """Verify the whole chain, and that it still holds an exported head."""
    known = _known(head) if head else None
    return asyncio.run(_verify(known, as_json=as_json))


def _known(path: Path) -> tuple[int, str]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return int(found["blocks"]), str(found["head"])
    except (OSError, ValueError, KeyError, TypeError) as broken:
        raise Invalid("audit.head", {"given": str(path)[:200]}) from broken


async def _verify(known: tuple[int, str] | None, *, as_json: bool) -> int:
    began, done = time.perf_counter(), Verified()
    faults = []
    with home.opened(settings.read(), say, make=False) as postgres:
        ready = home.prepare(settings.read(), postgres, say)
        async with (
            Database(ready.database_url or "", size=1, name="polyphony audit") as database,
            database.reads() as session,
        ):
            await session.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            faults = [one async for one in seal.verify(session, done, known)]
            rest = await seal.state(session, clock.now())
    took = round(time.perf_counter() - began, 1)
    facts = {
        **asdict(done), "unsealed": rest.unsealed, "seconds": took, "faults": len(faults),
        "first": [{"kind": one.kind, "block": one.block, "line": str(one.line or "")}
                  for one in faults[:TOLD]],
    }  # fmt: skip
    lines = [
        f"{one.kind:<8} block {one.block}" + (f", line {one.line}" if one.line else "")
        for one in faults[:TOLD]
    ]
    lines.append(
        f"{done.lines} lines in {done.blocks} blocks, {len(faults)} faults,"
        f" {rest.unsealed} lines not sealed yet, {took} s. Head: {done.head}"
    )
    answer(facts, lines, as_json=as_json)
    return CHECK_FAILED if faults else 0


def head(to: Path | None, as_json: bool) -> int:  # noqa: FBT001 - shape of Programs
    """Print or write number and digest of the newest block."""
    facts = asyncio.run(_state())
    text = json.dumps(facts, ensure_ascii=False)
    if to is not None:
        to.write_text(text + "\n", encoding="utf-8")
    answer(facts, [f"block {facts['blocks']}: {facts['head']}"], as_json=as_json)
    return 0


async def _state() -> dict[str, object]:
    with home.opened(settings.read(), say, make=False) as postgres:
        ready = home.prepare(settings.read(), postgres, say)
        async with (
            Database(ready.database_url or "", size=1, name="polyphony audit") as database,
            database.reads() as session,
        ):
            found = await seal.state(session, clock.now())
    return {
        "blocks": found.blocks,
        "head": found.head,
        "sealed_at": found.sealed_at.isoformat() if found.sealed_at else None,
    }


def rebuild(now: bool, as_json: bool) -> int:  # noqa: FBT001 - shape of Programs
    """Have all history indexed again; here and now, or by the worker."""
    facts = asyncio.run(_rebuild(now=now))
    said = f"{facts['entries']} entries in {facts['seconds']} s." if now else "The worker does it."
    answer(facts, [said], as_json=as_json)
    return 0


async def _rebuild(*, now: bool) -> dict[str, object]:
    began, entries, more = time.perf_counter(), 0, now
    with home.opened(settings.read(), say, make=False) as postgres:
        ready = home.prepare(settings.read(), postgres, say)
        async with Database(ready.database_url or "", size=1, name="polyphony search") as database:
            async with database.transaction() as session:
                await search_index.refill(session)
            while more:
                async with database.transaction() as session:
                    more = await index.fill(session)
            while now:
                async with database.transaction() as session:
                    if not await search_index.strays(session, 1_000):
                        break
            async with database.reads() as session:
                entries = sum(one.rows for one in await search_index.fills(session))
    return {"entries": entries, "seconds": round(time.perf_counter() - began, 1), "waited": now}

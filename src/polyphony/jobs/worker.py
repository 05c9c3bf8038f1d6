"""Worker: hot loops that take a batch, do it, settle it, and sleep until hinted; stop gently."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import structlog

from polyphony.store import wake
from polyphony.store.database import Database, Unavailable

log = structlog.get_logger()

AWAY_S = 0.5
AWAY_MAX_S = 2.0
FAULT_S = 1.0


@dataclass(slots=True)
class Loop:
    """One loop: ``turn`` does what there is and says whether there may be more at once.

    It runs again when a hint of its topics comes, but not before ``rest_s`` seconds have passed
    since it had nothing left to do, or after ``idle_s`` seconds at most.
    """

    name: str
    turn: Callable[[], Awaitable[bool]]
    topics: frozenset[str] = frozenset()
    idle_s: float = 1.0
    rest_s: float = 0.0
    wake: asyncio.Event = field(default_factory=asyncio.Event)


async def run(database: Database, loops: Sequence[Loop], stop: asyncio.Event) -> None:
    """Turn all loops until told to stop; returns when each has finished its present turn."""
    beside = [
        asyncio.create_task(wake.notify(database), name="notifier"),
        asyncio.create_task(_hear(database, loops), name="hints"),
    ]
    turning = [asyncio.create_task(_turn(one, stop), name=one.name) for one in loops]
    try:
        await stop.wait()
    finally:
        for one in loops:
            one.wake.set()
        await asyncio.gather(*turning, return_exceptions=True)
        for task in beside:
            task.cancel()
        await asyncio.gather(*beside, return_exceptions=True)


async def _hear(database: Database, loops: Sequence[Loop]) -> None:
    async for topics in wake.listen(database):
        for one in loops:
            if one.topics & topics:
                one.wake.set()


async def _turn(loop: Loop, stop: asyncio.Event) -> None:
    away_s = AWAY_S
    while not stop.is_set():
        loop.wake.clear()
        try:
            busy = await loop.turn()
            away_s = AWAY_S
        except Unavailable as gone:
            log.warning("worker.database_away", loop=loop.name, error=type(gone).__name__)
            await _sleep(stop, away_s)
            away_s = min(AWAY_MAX_S, away_s * 2)
            continue
        except Exception:
            log.exception("worker.turn_failed", loop=loop.name)
            await _sleep(stop, FAULT_S)
            continue
        if not busy:
            if loop.rest_s:
                await _sleep(stop, loop.rest_s)
            await _sleep(loop.wake, loop.idle_s)


async def _sleep(event: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)

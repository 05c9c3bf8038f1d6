"""Bench ``races``: two routers, a thief of the epoch, a killer every two seconds, racing agents."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta

from polyphony.app.bench import hall, races_crowd
from polyphony.app.bench.hall import Hall
from polyphony.app.bench.offers import NOBODY
from polyphony.app.bench.races_crowd import Deeds, Pace
from polyphony.app.bench.races_judge import Judge
from polyphony.app.bench.report import Measured, Target
from polyphony.app.bench.stage import staged
from polyphony.app.clock import now
from polyphony.app.say import say
from polyphony.domain.event import SYSTEM
from polyphony.flows.announce import announce
from polyphony.store.database import Database

TARGETS = (Target("broken", "lower", 0.0),)
TELL_S = 15.0
_TOLD = ("killed", "stolen", "settled_by_others", "flips", "missed")


@dataclass(frozen=True, slots=True)
class Size:
    """Agents, items to get through, the most seconds for it, and how they come.

    The items come in waves of ``wave``; the next one comes when fewer than ``ahead`` are left
    open, so that a new owner never has to read more than both together.
    """

    agents: int
    items: int
    seconds: float
    wave: int = 10_000
    ahead: int = 2_000
    pace: Pace = field(default_factory=Pace)


SIZES = {
    "quick": Size(200, 6_000, 60.0),
    "full": Size(300, 1_000_000, 14_400.0, wave=5_000),
}


@dataclass(slots=True)
class Race:
    """How it stands: items put in and done, waves by number that go on, and what was judged."""

    deeds: Deeds = field(default_factory=Deeds)
    put: int = 0
    assigned: int = 0
    waves: int = 0
    judged: int = 0
    going: dict[int, int] = field(default_factory=dict)
    broken: dict[str, int] = field(default_factory=dict)
    replayed: int = 0
    epochs: int = 0
    wall_s: float = 0.0

    def told(self) -> str:
        """Say it in one line for people."""
        wrong = {name: count for name, count in self.broken.items() if count} or "nothing"
        return (
            f"{self.assigned:,} assigned, {self.deeds.killed} killed, {self.deeds.stolen} stolen;"
            f" judged {self.judged} of {self.waves} waves and {self.epochs} reigns,"
            f" wrong: {wrong}"
        )


async def measure(size: str) -> Measured:
    """Race on a durable cluster of its own until everything is done."""
    chosen = SIZES[size]
    async with staged(NOBODY, {}) as stage:
        found = await race(stage.database, stage.postgres.url("app"), chosen, tell=say)
    checks: dict[str, tuple[object, object]] = {
        name: (count, 0) for name, count in found.broken.items()
    }
    return Measured(
        ops=found.assigned,
        wall_s=found.wall_s,
        cpu_us_per_op={},
        ratios={"broken": float(sum(found.broken.values()))},
        checks={**checks, "assigned": (found.assigned >= chosen.items, True)},
        extra={
            **{name: getattr(found.deeds, name) for name in _TOLD},
            "waves": found.waves,
            "epochs": found.epochs,
            "replayed": found.replayed,
        },
    )


async def race(
    database: Database,
    url: str,
    size: Size,
    seed: int = 1,
    tell: Callable[[str], None] = lambda _: None,
) -> Race:
    """Let everybody race until all items are done; judge each wave, and live through it again.

    ``tell`` hears how it goes; who interrupts is told what was judged so far.
    """
    found = Race()
    aside = ProcessPoolExecutor(1, races_crowd.births(), initializer=races_crowd.deaf)
    judge = Judge(database, url, aside, found.broken)
    try:
        await _put(database, size, found)
        began = time.perf_counter()
        async with races_crowd.gathered(database, url, found.deeds, size.pace, seed):
            await _until_done(_Round(database, size, found, judge, tell, began))
        found.wall_s = time.perf_counter() - began
        await _finish(judge, found)
    except asyncio.CancelledError:
        tell(f"interrupted: {found.told()}")
        raise
    finally:
        aside.shutdown(cancel_futures=True)
    return found


async def _put(database: Database, size: Size, found: Race) -> None:
    """Put the next wave in; whoever routes is told as the product tells it."""
    count = min(size.wave, size.items - found.put)
    wanted, number = Hall(size.agents, count), found.waves + 1
    at = now() - timedelta(seconds=5)
    async with database.transaction() as session:
        await session.execute("SET LOCAL statement_timeout = 0")
        if number == 1:
            await hall.fill(session, wanted, at)
            await session.execute('UPDATE queue SET offer_timeout_s = \'{"email": 3, "chat": 3}\'')
        else:
            await hall.add(session, wanted, number, at)
            await announce(session, actor=SYSTEM, work_items=hall.all_of(number, count))
    found.waves, found.put = number, found.put + count
    found.going[number] = count


@dataclass(frozen=True, slots=True)
class _Round:
    """What the loop over the waves needs."""

    database: Database
    size: Size
    found: Race
    judge: Judge
    tell: Callable[[str], None]
    began: float


async def _until_done(one: _Round) -> None:
    """Put in wave after wave until all is done or it is too late; judge beside it."""
    async with asyncio.TaskGroup() as beside:
        judging: asyncio.Task[None] | None = None
        told = one.began
        while (at := time.perf_counter()) < one.began + one.size.seconds:
            over = await _look(one)
            if one.found.assigned >= one.size.items:
                return
            if over and (judging is None or judging.done()):
                judging = beside.create_task(_judged(one.judge, one.found, over))
            if at - told > TELL_S:
                told = at
                one.tell(_progress(one.size, one.found, at - one.began))
            await asyncio.sleep(0.25)


async def _look(one: _Round) -> list[int]:
    """Count what is done, put in a wave when little is left; return the waves that are done."""
    size, found = one.size, one.found
    left = await _left(one.database)
    over = [number for number in found.going if number not in left]
    found.assigned = found.put - sum(left.values())
    if found.put < size.items and found.put - found.assigned < size.ahead:
        await _put(one.database, size, found)
    return over


async def _judged(judge: Judge, found: Race, waves: list[int]) -> None:
    """Judge waves that came to their end, and the reigns that did."""
    await _judge_waves(judge, found, waves)
    await judge.moment()
    found.replayed, found.epochs = judge.replayed, judge.epochs


async def _judge_waves(judge: Judge, found: Race, waves: list[int]) -> None:
    for number in waves:
        if number in found.going:
            await judge.wave(number, found.going[number])
            del found.going[number]
            found.judged += 1


async def _finish(judge: Judge, found: Race) -> None:
    """Judge what is left of it; whatever was not done by now is lost."""
    await _judge_waves(judge, found, list(found.going))
    await judge.end()
    found.broken["two_winners"] = found.deeds.two_winners
    found.replayed, found.epochs = judge.replayed, judge.epochs


async def _left(database: Database) -> dict[int, int]:
    """Count what is open by its wave."""
    async with database.reads() as session:
        rows = await (
            await session.execute(
                "SELECT left(id::text, 8), count(*) FROM work_item"
                " WHERE state NOT IN ('done', 'cancelled') GROUP BY 1"
            )
        ).fetchall()
    return {int(name, 16) // 16: int(count) for name, count in rows}


def _progress(size: Size, found: Race, seconds: float) -> str:
    rate = found.assigned / seconds
    rest = (size.items - found.assigned) / rate / 60 if rate else 0.0
    return (
        f"wave {found.waves} of {-(-size.items // size.wave)}: {found.told()};"
        f" {rate:.0f}/s, the end in {rest:.1f} min"
    )

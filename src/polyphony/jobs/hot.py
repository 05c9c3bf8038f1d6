"""Hot: which hot table is served by which flow: arrivals, deliveries, timers, mailed codes."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from polyphony.domain.channel import ChannelKind
from polyphony.flows import call_attempt, confirm, continue_by_mail, deliver, receive, run_step
from polyphony.flows.deliver import Job, Result
from polyphony.flows.deliver.claim import opened
from polyphony.flows.receive import Read
from polyphony.jobs.worker import Loop
from polyphony.ports import Outside
from polyphony.store import absences, accounts, arrivals, callbacks, deliveries, due, steps, timers
from polyphony.store.batch import MicroBatch
from polyphony.store.database import Database, Session, Unavailable
from polyphony.store.timers import Timer

log = structlog.get_logger()

READ_BATCH = 100
DELIVER_BATCH = 20
TIMER_BATCH = 500
READERS = 2
FLOOD = 50
"""A batch so large has more behind it: the next one is claimed and parsed beside it."""
REST = 0.25
REST_S = 0.02
"""Between batches of a stream, at most so long and this share of what the last one took.

What comes meanwhile shares a batch: under load each costs less, a lone message never waits.
"""
IDLE_S = 30.0
LOOK_S = 1.0
"""A lost hint costs at most so much; what falls due is never later than that."""
LEASE_S = 30.0
"""Who finishes first wins; a lease only keeps two workers from doing the same by chance."""

Due = Callable[[Session, Sequence[Timer], datetime, Outside], Awaitable[None]]
DUE: Mapping[str, Due] = {
    absences.KIND: continue_by_mail.due,
    steps.KIND: run_step.due,
    callbacks.KIND: call_attempt.due,
}
"""Kind of timer → the flow that does it (and drops the timer in the same transaction)."""


def loops(
    database: Database, outside: Outside, sending: "Sending", beside: Sequence[Loop] = ()
) -> list[Loop]:
    """Return the loops of one worker; whoever runs them drains ``sending`` at the end.

    None of them looks by itself: hints wake them, and one look a second at everything. Loops
    ``beside`` them are looked after too.
    """
    reading = Reading(database, outside)
    turning = [
        *(
            Loop(f"read {number}", reading.turn, frozenset({"arrivals"}), IDLE_S)
            for number in range(READERS)
        ),
        Loop("send", sending.turn, frozenset({"deliveries"}), IDLE_S),
        Loop("release", sending.release, frozenset({"deliveries", "held"}), IDLE_S),
        Loop("mend", sending.mend, idle_s=5.0),
        Loop("timers", Timing(database, outside).turn, frozenset({"timers"}), IDLE_S),
        Loop("codes", Coding(database, outside).turn, frozenset({"chat_code"}), IDLE_S),
        *beside,
    ]
    return [*turning, Loop("look", Look(database, outside, turning).turn, idle_s=LOOK_S)]


@dataclass(slots=True)
class Look:
    """Wakes whoever has something to do although nobody told him."""

    database: Database
    outside: Outside
    loops: Sequence[Loop]

    async def turn(self) -> bool:
        """Look once at all hot tables."""
        async with self.database.single() as session:
            found = await due.look(
                session, self.outside.now(), timedelta(seconds=LOOK_S), list(DUE)
            )
        for one in self.loops:
            if one.topics & found:
                one.wake.set()
        return False


@dataclass(slots=True)
class Reading:
    """Arrivals become messages."""

    database: Database
    outside: Outside
    _claiming: asyncio.Lock = field(default_factory=asyncio.Lock)
    _under_way: int = 0
    _last: int = 0

    async def turn(self) -> bool:
        """Read one batch: claim, understand outside any transaction, write.

        While one is under way the next begins when it has ended, but for floods.
        """
        if self._under_way and self._last < FLOOD:
            return False  # who is at it looks again
        clock = asyncio.get_running_loop().time
        began = clock()
        self._under_way += 1
        try:
            found = await self._batch()
        finally:
            self._under_way -= 1
        if 1 < found < FLOOD:
            await asyncio.sleep(min((clock() - began) * REST, REST_S))
        return found > 1

    async def _batch(self) -> int:
        async with self._claiming, self.database.single() as session:
            taken = await receive.claim(session, READ_BATCH, self.outside.now(), LEASE_S)
        self._last = len(taken.rows)
        if not taken.rows:
            return 0
        try:
            raws = await receive.raws(taken, self.outside)
            parsed = await self.outside.reader.read(raws)
            batch = list(zip(raws, parsed, strict=True))
            await self._written(await receive.store_files(batch, self.outside.files))
        except (asyncio.CancelledError, Unavailable):
            raise
        except Exception:
            await self._back([one.id for one in taken.rows])
            raise
        return len(taken.rows)

    async def _written(self, batch: Sequence[Read]) -> None:
        """Write what was read, also when the database is away for a while meanwhile."""
        until = self.outside.now() + timedelta(seconds=LEASE_S)
        while True:
            try:
                await self.write(batch)
            except Unavailable:
                if self.outside.now() > until:
                    raise
                await asyncio.sleep(0.25)
            else:
                return

    async def write(self, batch: Sequence[Read]) -> None:
        """Write a batch; when it fails halve it until the poisonous one stands alone."""
        try:
            # Most statements of a batch answer nothing: in a pipeline none of them is waited for.
            async with self.database.transaction() as session, session.pipeline():
                await receive.read(session, batch, self.outside.now(), self.outside)
        except Unavailable:
            raise
        except Exception as error:  # noqa: BLE001 - whatever one mail does, the others go on
            if len(batch) > 1:
                middle = len(batch) // 2
                await self.write(batch[:middle])
                await self.write(batch[middle:])
                return
            arrival, kind = str(batch[0][0].arrival), type(error).__name__
            log.warning("arrival.poison", arrival=arrival, error=kind)
            async with self.database.transaction() as session:
                why = f"write: {type(error).__name__}: {error}"
                await receive.fail(session, [(batch[0][0], why)], self.outside.now())

    async def _back(self, ids: Sequence[UUID]) -> None:
        async with self.database.transaction() as session:
            await arrivals.release(session, ids)


@dataclass(slots=True)
class Sending:
    """Deliveries leave, at most ``room`` at once; verdicts are written together."""

    database: Database
    outside: Outside
    room: int = 40
    _running: set[asyncio.Task[None]] = field(default_factory=set)
    _verdicts: MicroBatch[Result, None] | None = None

    async def turn(self) -> bool:
        """Claim what fits and start it; at the end of the worker wait for what is under way."""
        free = min(DELIVER_BATCH, self.room - len(self._running))
        if free <= 0:
            await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)
            return True
        async with self.database.transaction() as session:
            jobs = await deliver.claim(session, free, self.outside.now())
        for job in jobs:
            task = asyncio.create_task(self._one(job))
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        return bool(jobs)

    async def drain(self) -> None:
        """Wait for every hand-over under way and its verdict."""
        while self._running:
            await asyncio.wait(set(self._running))

    async def release(self) -> bool:
        """Let go what was held until now; sleep until the next is due."""
        async with self.database.transaction() as session:
            gone = await deliver.release(session, self.outside.now(), 100)
        if gone:
            return True
        async with self.database.reads() as session:
            next_ = await deliveries.next_due(session)
        if next_ is not None:
            wait = (next_ - self.outside.now()).total_seconds()
            if 0 < wait < LOOK_S:
                await asyncio.sleep(wait)
                return True
        return False

    async def mend(self) -> bool:
        """Doubt what died, repeat what may be repeated once, drop what is over its time."""
        at = self.outside.now()
        async with self.database.transaction() as session:
            await deliver.lapse(session, at, 100)
            await deliver.repeat(session, at, 100)
            await deliver.expire(session, at, 100)
        return False

    async def _one(self, job: Job) -> None:
        result = await deliver.perform(job, self.outside)
        if self._verdicts is None:
            self._verdicts = MicroBatch(self._settle, wait_s=0.005)
        while True:
            try:
                await self._verdicts.add(result)
            except Unavailable:
                # The verdict must not get lost with the connection: the lease is 60 s.
                await asyncio.sleep(0.5)
                if self.outside.now() - result.ended > timedelta(seconds=300):
                    return
            except Exception:
                log.exception("delivery.verdict_lost", delivery=str(job.row.id))
                return
            else:
                return

    async def _settle(self, results: Sequence[Result]) -> Sequence[None]:
        chance = random.random()  # noqa: S311 - spreads retries, guards nothing
        async with self.database.transaction() as session:
            await deliver.settle(session, results, self.outside.now(), chance)
        return [None] * len(results)


@dataclass(slots=True)
class Timing:
    """Timers strike."""

    database: Database
    outside: Outside

    async def turn(self) -> bool:
        """Do what is due, each kind in its own transaction."""
        at = self.outside.now()
        busy = False
        for kind, flow in DUE.items():
            async with self.database.transaction() as session:
                found = await timers.claim(session, TIMER_BATCH, at, timedelta(seconds=30), [kind])
            if found:
                async with self.database.transaction() as session:
                    await flow(session, found, at, self.outside)
                busy = True
        return busy


@dataclass(slots=True)
class Coding:
    """Codes visitors asked for are mailed."""

    database: Database
    outside: Outside

    async def turn(self) -> bool:
        """Claim and commit, send outside any transaction, write what became of them."""
        if ChannelKind.EMAIL not in self.outside.channels:
            return False
        async with self.database.transaction() as session:
            mails = await confirm.claim(session, self.outside.now())
            boxes = await accounts.by_ids(session, sorted({one.account_id for one in mails}))
        if not mails:
            return False
        verdicts = await asyncio.gather(
            *(
                confirm.send(one, opened(boxes[one.account_id], self.outside.keys), self.outside)
                for one in mails
            )
        )
        async with self.database.transaction() as session:
            await confirm.settle(session, verdicts)
        return True

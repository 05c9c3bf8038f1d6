"""Mailboxes and other pulled accounts: one lease each, collect, keep, acknowledge, come back."""

import asyncio
import random
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from uuid import UUID

import structlog

from polyphony.domain.channel import ChannelKind
from polyphony.domain.failure import AccountBroken, SendFailure, TooFast
from polyphony.ports import Account, Channel, Collected, Health

log = structlog.get_logger()

LEASE_S = 30.0
LOOK_S = 10.0
BACK_OFF_S = 1.0
BACK_OFF_MAX_S = 60.0
BROKEN_MAX_S = 300.0
STEADY_S = 60.0
WELL_S = 65.0  # longer than a door waits for a server's answer

Lease = Callable[[UUID, float], Awaitable[bool]]
"""(thing, seconds) → it is ours for so long from now; False: another worker has it."""


@dataclass(frozen=True, slots=True)
class Memory:
    """The store's half, handed in: each function is one short transaction.

    ``accounts`` are the pulled accounts that are switched on, with opened secrets. ``keep`` stores
    the bodies and the mark in one commit and returns after it. ``health`` notes how an account is.
    """

    accounts: Callable[[], Awaitable[Sequence[Account]]]
    lease: Lease
    release: Callable[[UUID], Awaitable[None]]
    mark: Callable[[UUID], Awaitable[Mapping[str, object]]]
    keep: Callable[[Account, Sequence[bytes], Mapping[str, object]], Awaitable[None]]
    health: Callable[[Account, Health], Awaitable[None]]


def back_off(failures: int, most_s: float, chance: float) -> float:
    """Return seconds to wait after so many failures in a row; ``chance`` in 0…1 spreads them."""
    return max(0.05, chance * min(most_s, BACK_OFF_S * 2.0 ** min(failures, 16)))


async def while_leased(
    thing: UUID,
    lease: Lease,
    release: Callable[[UUID], Awaitable[None]],
    work: Callable[[], Awaitable[None]],
) -> bool:
    """Run the work while the lease is ours; return when it ended or the lease went away.

    The answer tells whether the lease was ours at all.

    Also for work that is no account, such as the mail receiver: give it an id of its own.
    """
    if not await lease(thing, LEASE_S):
        return False
    working = asyncio.ensure_future(work())
    renewing = asyncio.ensure_future(_renew(thing, lease))
    try:
        await asyncio.wait({working, renewing}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for one in (renewing, working):
            one.cancel()
        await asyncio.gather(working, renewing, return_exceptions=True)
        with suppress(Exception):  # the lease runs out by itself when the database is away
            await release(thing)
    if not working.cancelled():
        working.result()
    return True


async def _renew(thing: UUID, lease: Lease) -> None:
    """Renew until it is refused, or until nobody answered for a whole lease."""
    loop = asyncio.get_running_loop()
    ours_until = loop.time() + LEASE_S
    while loop.time() < ours_until:
        await asyncio.sleep(LEASE_S / 3)
        begun = loop.time()
        try:
            if not await lease(thing, LEASE_S):
                return
        except Exception as error:  # noqa: BLE001 - the database may be away for a while
            log.warning("collector.lease_not_renewed", error=type(error).__name__)
        else:
            ours_until = begun + LEASE_S


@asynccontextmanager
async def _closing(batches: AsyncIterator[Collected]) -> AsyncIterator[AsyncIterator[Collected]]:
    """Close what a door handed out: its connection ends with us, not with the garbage."""
    try:
        yield batches
    finally:
        if isinstance(batches, AsyncGenerator):
            await batches.aclose()


@dataclass(slots=True)
class Collectors:
    """All pulled accounts of one worker; ``look`` makes it notice changed accounts at once."""

    channels: Mapping[ChannelKind, Channel]
    memory: Memory
    _tasks: dict[UUID, tuple[Account, asyncio.Task[None]]] = field(default_factory=dict)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def look(self) -> None:
        """Accounts may have changed: compare now instead of in some seconds."""
        self._changed.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Tend every account until told to stop; returns when all connections are closed."""
        stopping = asyncio.ensure_future(stop.wait())
        try:
            while not stop.is_set():
                self._changed.clear()
                await self._compare()
                changed = asyncio.ensure_future(self._changed.wait())
                await asyncio.wait(
                    {stopping, changed}, timeout=LOOK_S, return_when=asyncio.FIRST_COMPLETED
                )
                changed.cancel()
        finally:
            stopping.cancel()
            await self._end(list(self._tasks))

    async def _compare(self) -> None:
        try:
            found = {account.id: account for account in await self.memory.accounts()}
        except Exception as error:  # noqa: BLE001 - running collectors go on meanwhile
            log.warning("collector.accounts_unknown", error=type(error).__name__)
            return
        gone = [id_ for id_, (known, _) in self._tasks.items() if found.get(id_) != known]
        await self._end(gone)
        for account in found.values():
            if account.id not in self._tasks and account.kind in self.channels:
                task = asyncio.create_task(self._tend(account), name=f"collect {account.id}")
                self._tasks[account.id] = (account, task)

    async def _end(self, ids: Sequence[UUID]) -> None:
        tasks = [self._tasks.pop(id_)[1] for id_ in ids]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _tend(self, account: Account) -> None:
        """Collect for ever; after a failure wait longer each time, but never give up."""
        loop = asyncio.get_running_loop()
        failures = 0
        while True:
            begun = loop.time()
            most_s = BACK_OFF_MAX_S
            try:
                ours = await while_leased(
                    account.id,
                    self.memory.lease,
                    self.memory.release,
                    lambda: self._collect(account),
                )
                if not ours:
                    most_s = LEASE_S / 3  # soon after the other worker's lease ran out
            except SendFailure as failure:
                most_s = BROKEN_MAX_S if isinstance(failure, AccountBroken) else BACK_OFF_MAX_S
                await self._ill(account, failure)
            except Exception as error:  # noqa: BLE001 - the database is away, or a bug: come back
                log.warning("collector.failed", account=str(account.id), error=type(error).__name__)
            failures = 0 if loop.time() - begun > STEADY_S else failures + 1
            chance = random.random()  # noqa: S311 - spreads reconnections, guards nothing
            await asyncio.sleep(back_off(failures, most_s, chance))

    async def _collect(self, account: Account) -> None:
        channel = self.channels[account.kind]
        mark = await self.memory.mark(account.id)
        well = False
        steady = asyncio.create_task(self._well(account, WELL_S))
        try:
            async with _closing(channel.collect(account, mark)) as batches:
                async for batch in batches:
                    await self.memory.keep(account, batch.bodies, batch.mark)
                    # Asking for the next batch is what acknowledges this one.
                    if not well:
                        well = True
                        await self._well(account)
        finally:
            steady.cancel()

    async def _well(self, account: Account, after_s: float = 0.0) -> None:
        """Note that the account works: something came, or nothing failed for long enough."""
        await asyncio.sleep(after_s)
        with suppress(Exception):  # the note is a courtesy, the next success writes it again
            await self.memory.health(account, Health("working"))

    async def _ill(self, account: Account, failure: SendFailure) -> None:
        state = "broken" if isinstance(failure, AccountBroken) else "degraded"
        if isinstance(failure, TooFast):
            await asyncio.sleep(min(failure.after_s, BROKEN_MAX_S))
        log.warning("collector.account_ill", account=str(account.id), code=failure.code)
        with suppress(Exception):  # the note is a courtesy, the next failure writes it again
            await self.memory.health(account, Health(state, failure.code, failure.detail))

"""Schedule: what happens every minute and hour or at a moment, whoever of the workers does it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from polyphony.domain.channel import ChannelKind
from polyphony.domain.failure import SendFailure
from polyphony.flows import (
    bulk,
    deliver,
    follow_rules,
    hook,
    look_out,
    pull_lever,
    push,
    snooze,
    tidy,
)
from polyphony.flows.deliver.claim import opened
from polyphony.jobs.worker import Loop
from polyphony.ports import Health, Outside
from polyphony.store import accounts, chat_wait, events, handled
from polyphony.store.accounts import AccountRow
from polyphony.store.database import Database

MANY = 500
HALF_MINUTE, HOUR = 30.0, 3600.0
BULK_S = 5.0
"""A lost hint delays a job over many Cases by so much at most."""

ALERTS_S = 10.0
"""What needs those who lead is looked for so often; what the router sees it tells at once."""

RULES_S = 1.0
"""Event rules act about so long after what happened; they are never part of the intake."""
RULES_IDLE_S = 5.0
"""So often they look although nobody told of an event: one may have come behind a slow writer."""

Drop = Callable[[Sequence[str]], Awaitable[None]]
"""Removes blobs nobody names from the disk."""


async def prepare(database: Database) -> None:
    """Do what must be true before work is accepted: the log's days and its epoch."""
    async with database.transaction() as session:
        await tidy.ahead(session)
        await events.check_epoch(session)


def loops(database: Database, outside: Outside, drop: Drop) -> list[Loop]:
    """Return the scheduled loops of one worker; each may run in several workers at once."""
    plan = Plan(database, outside, drop)
    return [
        Loop("targets", plan.targets, frozenset({"targets"}), HALF_MINUTE),
        Loop("levers", plan.levers, frozenset({"levers"}), HALF_MINUTE),
        Loop("cases", plan.cases, frozenset(), HALF_MINUTE),
        Loop("accounts", plan.accounts, frozenset(), HALF_MINUTE),
        Loop("hour", plan.hour, frozenset(), HOUR),
        Loop("event rules", plan.rules, frozenset({"events"}), RULES_IDLE_S, RULES_S),
        Loop("alerts", plan.alerts, frozenset(), ALERTS_S),
        Loop("bulk", plan.bulk, frozenset({"bulk"}), BULK_S),
    ]


@dataclass(slots=True)
class Plan:
    """The scheduled works of one worker."""

    database: Database
    outside: Outside
    drop: Drop

    async def targets(self) -> bool:
        """Warn and breach targets."""
        async with self.database.transaction() as session:
            return await tidy.strike(session, self.outside.now(), MANY) >= MANY

    async def cases(self) -> bool:
        """Take up Cases that are due, close those nobody took up, give back what was put aside."""
        at = self.outside.now()
        async with self.database.transaction() as session:
            resumed = await tidy.resume(session, at, MANY)
        async with self.database.transaction() as session:
            closed = await tidy.close(session, at, MANY)
        async with self.database.transaction() as session:
            await snooze.over(session, at, MANY)
        return len(resumed) >= MANY or len(closed) >= MANY

    async def accounts(self) -> bool:
        """Try broken accounts again: whoever answers works, and what was held may go."""
        async with self.database.reads() as session:
            broken = await accounts.states(session, "broken")
        for one in broken:
            health = await self._check(one)
            async with self.database.transaction() as session:
                await deliver.heal(session, one.id, health, self.outside.now())
        return False

    async def levers(self) -> bool:
        """Take off levers whose time is over."""
        async with self.database.transaction() as session:
            return await pull_lever.expire(session, self.outside.now())

    async def rules(self) -> bool:
        """Do what event rules say about one page of the log."""
        async with self.database.transaction() as session:
            return await follow_rules.turn(session, self.outside.now())

    async def alerts(self) -> bool:
        """Look for what needs those who lead, and for what does not any more."""
        async with self.database.transaction() as session:
            await look_out.look(session, self.outside.now())
        return False

    async def bulk(self) -> bool:
        """Do one batch of the oldest job over many Cases."""
        async with self.database.transaction() as session:
            return await bulk.turn(session, self.outside.now(), self.outside)

    async def hour(self) -> bool:
        """Make partitions ahead, let the quiet fall asleep, drop what is old."""
        at = self.outside.now()
        async with self.database.transaction() as session:
            await tidy.ahead(session)
        async with self.database.transaction() as session:
            await tidy.fall_asleep(session, at, MANY)
        async with self.database.transaction() as session:
            orphans = await tidy.sweep(session, at, MANY)
        async with self.database.transaction() as session:
            await push.tidy(session, at)
        async with self.database.transaction() as session:
            await tidy.forget_routing(session, at)
            await look_out.forget(session, at)
            await hook.tidy(session, at)
        async with self.database.transaction() as session:
            await handled.refresh(session, at)
        async with self.database.transaction() as session:
            await chat_wait.refresh_patience(session, at)
        # Only after the commit: a blob without a row is harmless, a row without a blob is not.
        await self.drop(orphans)
        return False

    async def _check(self, row: AccountRow) -> Health:
        channel = self.outside.channels.get(ChannelKind(row.kind))
        if channel is None:
            return Health("broken", "no_door")
        try:
            async with asyncio.timeout(60):
                return await channel.check(opened(row, self.outside.keys))
        except SendFailure as failure:
            return Health("broken", failure.code, failure.detail)
        except TimeoutError:
            return Health("broken", "no_answer")

"""Mailbox: the store's half of collecting mail and of the built-in receiver, bound together."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from polyphony.channels.email.client.listen import belongs
from polyphony.channels.email.parse import arrival_key
from polyphony.domain.channel import ChannelKind
from polyphony.domain.errors import NotFound
from polyphony.flows import configure, deliver, receive
from polyphony.flows.deliver.claim import opened
from polyphony.flows.receive import Kept
from polyphony.jobs.collectors import Memory
from polyphony.ports import Account, Health, Outside
from polyphony.store import accounts, collectors
from polyphony.store.batch import MicroBatch
from polyphony.store.database import Database

OURS_FOR = timedelta(seconds=5)
"""So long a list of our own addresses is believed before it is read again."""


@dataclass(slots=True)
class Mailbox:
    """Everything that keeps mail, for one worker named ``owner``."""

    database: Database
    outside: Outside
    owner: str
    _ours: Mapping[str, UUID] = field(default_factory=dict)
    _known_at: datetime | None = None
    _intake: MicroBatch[Kept, UUID] | None = None
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def memory(self) -> Memory:
        """Return what collectors need of the store, each function one short transaction."""
        return Memory(
            self._accounts, self._lease, self._release, self._mark, self._keep, self._health
        )

    async def knows(self, recipient: str) -> bool:
        """Tell whether mail for this address is taken at all."""
        return belongs(recipient, await self._addresses()) is not None

    async def take(self, recipient: str, body: bytes) -> None:
        """Keep a mail handed to the receiver; return after the commit; NotFound for strangers."""
        ours = await self._addresses()
        address = belongs(recipient, ours)
        if address is None:
            raise NotFound("recipient")
        if self._intake is None:
            self._intake = MicroBatch(self._commit)
        at = self.outside.now()
        kept = Kept(ours[address], arrival_key(body), body, at)
        await self._intake.add(await receive.shelve(self.outside.files, kept))

    def rotated(self, account: UUID, token: str) -> None:
        """A provider replaced an OAuth secret: seal the new one before the old one dies."""
        task = asyncio.get_running_loop().create_task(self._replace(account, token))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _replace(self, account: UUID, token: str) -> None:
        async with self.database.transaction() as session:
            fresh = {"oauth_refresh_token": token}
            await configure.set_secrets(session, account, fresh, self.outside.keys)
            await accounts.forget_sign_in_until(session, account)

    async def _commit(self, batch: Sequence[Kept]) -> Sequence[UUID]:
        async with self.database.transaction() as session:
            return await receive.keep(session, batch)

    async def _addresses(self) -> Mapping[str, UUID]:
        at = self.outside.now()
        if self._known_at is None or at - self._known_at > OURS_FOR:
            async with self.database.reads() as session:
                found = await accounts.of_kind(session, ChannelKind.EMAIL.value)
            self._ours = {one.address: one.id for one in found if one.state != "paused"}
            self._known_at = at
        return self._ours

    async def _accounts(self) -> Sequence[Account]:
        async with self.database.reads() as session:
            found = await accounts.of_kind(session, ChannelKind.EMAIL.value)
        return [
            opened(one, self.outside.keys)
            for one in found
            if one.state != "paused" and one.settings.get("imap_host")
        ]

    async def _lease(self, account: UUID, seconds: float) -> bool:
        async with self.database.transaction() as session:
            at = self.outside.now()
            return await collectors.lease(session, account, self.owner, at, seconds)

    async def _release(self, account: UUID) -> None:
        async with self.database.transaction() as session:
            await collectors.release(session, account, self.owner)

    async def _mark(self, account: UUID) -> Mapping[str, object]:
        async with self.database.reads() as session:
            return await collectors.mark(session, account)

    async def _keep(
        self, account: Account, bodies: Sequence[bytes], mark: Mapping[str, object]
    ) -> None:
        at = self.outside.now()
        kept = [
            await receive.shelve(self.outside.files, Kept(account.id, arrival_key(body), body, at))
            for body in bodies
        ]
        async with self.database.transaction() as session:
            await receive.keep(session, kept, (account.id, mark))

    async def _health(self, account: Account, health: Health) -> None:
        async with self.database.transaction() as session:
            await deliver.heal(session, account.id, health, self.outside.now())

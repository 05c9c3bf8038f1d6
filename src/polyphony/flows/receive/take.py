"""Take: claim what arrived, bring its bytes, put what is read of it where the reading needs it."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from polyphony.domain.channel import ChannelKind
from polyphony.domain.failure import Unreadable
from polyphony.domain.message import Inbound, Part, Receipt
from polyphony.ports import Account, Files, Outside, Parsed, Raw
from polyphony.store import accounts, arrivals
from polyphony.store.accounts import AccountRow
from polyphony.store.arrivals import Claimed
from polyphony.store.database import Session

Read = tuple[Raw, Parsed | Unreadable]


@dataclass(frozen=True, slots=True)
class Taken:
    """Claimed arrivals with the accounts they came to; ``ours`` are all our mail addresses."""

    rows: Sequence[Claimed]
    accounts: Mapping[UUID, AccountRow]
    ours: frozenset[str]


async def claim(session: Session, n: int, at: datetime, lease_s: float = 60.0) -> Taken:
    """Claim up to ``n`` unread arrivals for ``lease_s`` seconds; the caller commits, then reads."""
    rows = await arrivals.claim(session, n, at, timedelta(seconds=lease_s))
    if not rows:
        return Taken((), {}, frozenset())
    found = await accounts.by_ids(session, sorted({one.account_id for one in rows}))
    mail = any(one.kind == ChannelKind.EMAIL.value for one in found.values())
    ours = await accounts.our_addresses(session) if mail else frozenset()
    return Taken(rows, found, ours)


async def raws(taken: Taken, outside: Outside) -> list[Raw]:
    """Bring the bytes, from the row or from the file store; in the order of the claim."""
    ports = {one.id: as_port(one) for one in taken.accounts.values()}
    return [
        Raw(
            one.id,
            ports[one.account_id],
            one.key,
            one.body if one.body is not None else await outside.files.get(one.sha256 or ""),
            one.received_at,
            taken.ours,
        )
        for one in taken.rows
    ]


def as_port(row: AccountRow) -> Account:
    """Return an account as a reading door sees it: no secrets."""
    return Account(row.id, ChannelKind(row.kind), row.name, row.address, row.settings)


async def store_files(batch: Sequence[Read], files: Files) -> list[Read]:
    """Put all attachments on disk before anything names them; afterwards parts carry no bytes."""
    return list(await asyncio.gather(*(_stored(one, files) for one in batch)))


async def _stored(one: Read, files: Files) -> Read:
    raw, parsed = one
    if isinstance(parsed, Unreadable) or not any(_bytes_of(event) for event in parsed):
        return one
    return raw, tuple([await _shelved(event, files) for event in parsed])


def _bytes_of(event: object) -> bool:
    return isinstance(event, Inbound) and any(part.data for part in event.parts)


async def _shelved(event: Inbound | Receipt, files: Files) -> Inbound | Receipt:
    if isinstance(event, Receipt):
        return event
    return replace(event, parts=tuple([await _shelved_part(part, files) for part in event.parts]))


async def _shelved_part(part: Part, files: Files) -> Part:
    if not part.data and part.sha256 and part.size:
        return part
    digest = await files.put(part.data)
    return replace(part, data=b"", sha256=digest, size=len(part.data))

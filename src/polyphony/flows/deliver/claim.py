"""Claim: take what is due, with everything a door needs to know; the caller commits, then sends."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson

from polyphony.domain.channel import ChannelKind
from polyphony.domain.delivery import HEAD_OF_LINE, LEASE
from polyphony.ports import Account, KeyRing
from polyphony.store import accounts, deliveries, letters, messages
from polyphony.store.accounts import AccountRow
from polyphony.store.database import Session
from polyphony.store.deliveries import DeliveryRow
from polyphony.store.letters import Before, Letter
from polyphony.store.messages import FileRow


@dataclass(frozen=True, slots=True)
class Job:
    """One claimed delivery: what leaves, by whose door, what stood before it (newest first)."""

    row: DeliveryRow
    letter: Letter
    account: AccountRow
    before: Sequence[Before]
    files: Sequence[FileRow]


async def claim(session: Session, n: int, at: datetime) -> list[Job]:
    """Claim up to ``n`` due deliveries, each the head of its line, under a lease of 60 s."""
    rows = await deliveries.claim(session, n, at, LEASE, HEAD_OF_LINE)
    if not rows:
        return []
    found = await letters.letters(session, [one.id for one in rows])
    boxes = await accounts.by_ids(session, sorted({one.account_id for one in rows}))
    before: dict[object, list[Before]] = defaultdict(list)
    for one in await letters.before(session, [one.id for one in rows]):
        before[one.interaction_id].append(one)
    files: dict[object, list[FileRow]] = defaultdict(list)
    for file in await messages.files_of(session, sorted({one.message_id for one in rows})):
        files[file.message_id].append(file)
    return [
        Job(
            one,
            found[one.id],
            boxes[one.account_id],
            before[found[one.id].interaction_id],
            files[one.message_id],
        )
        for one in rows
    ]


def opened(row: AccountRow, keys: KeyRing) -> Account:
    """Return the account as a sending door sees it, with opened secrets (in memory only)."""
    secrets: dict[str, str] = {}
    if row.secrets is not None:
        secrets = orjson.loads(keys.unseal(bytes(row.secrets), f"account:{row.id}"))
    return Account(row.id, ChannelKind(row.kind), row.name, row.address, row.settings, secrets)

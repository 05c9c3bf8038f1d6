"""Receipts: what providers say about deliveries we cannot name yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from polyphony.store import columns
from polyphony.store.database import Session, rows


@dataclass(frozen=True, slots=True)
class Waiting:
    """A receipt whose delivery is not known (yet)."""

    account_id: UUID
    provider_id: str
    key: str
    state: str
    reason: str
    detail: str
    hard: bool
    at: datetime


_WAITING: columns.Shape = {
    "account_id": "uuid",
    "provider_id": "text",
    "key": "text",
    "state": "text",
    "reason": "text",
    "detail": "text",
    "hard": "bool",
    "at": "timestamptz",
}
_ADD_WAITING = columns.insert("receipt_waiting", _WAITING, "ON CONFLICT DO NOTHING")


async def keep_waiting(session: Session, batch: Sequence[Waiting]) -> None:
    """Keep receipts nobody can place yet."""
    await columns.add(session, _ADD_WAITING, _WAITING, batch)


async def take_waiting(session: Session, pairs: Sequence[tuple[UUID, str]]) -> list[Waiting]:
    """Take out the receipts that speak of these (account, provider id)."""
    if not pairs:
        return []
    query: LiteralString = (
        "DELETE FROM receipt_waiting w USING unnest(%s::uuid[], %s::text[]) AS n (account, id)"
        " WHERE w.account_id = n.account AND w.provider_id = n.id"
        " RETURNING w.account_id, w.provider_id, w.key, w.state, w.reason, w.detail, w.hard, w.at"
    )
    lists = [[one[0] for one in pairs], [one[1] for one in pairs]]
    return await rows(session, query, lists, Waiting)


async def prune_waiting(session: Session, before: datetime) -> int:
    """Drop receipts nobody could place for long; return how many."""
    found = await session.execute("DELETE FROM receipt_waiting WHERE at < %s", [before])
    return found.rowcount

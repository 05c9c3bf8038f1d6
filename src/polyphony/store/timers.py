"""Timers: what must happen at a moment; claimed under a lease, done once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import LiteralString
from uuid import UUID

from polyphony.store import columns, wake
from polyphony.store.database import Session, rows


@dataclass(frozen=True, slots=True)
class Timer:
    """Do ``kind`` with an entity at a moment; ``key`` is unique: setting it again moves it."""

    id: UUID
    due_at: datetime
    kind: str
    entity_id: UUID
    key: str
    payload: object = None
    tries: int = 0


_NEW: columns.Shape = {
    "id": "uuid",
    "due_at": "timestamptz",
    "kind": "text",
    "entity_id": "uuid",
    "key": "text",
    "payload": "jsonb",
}
_SET: LiteralString = columns.insert(
    "timer",
    _NEW,
    "ORDER BY key ON CONFLICT (key) DO UPDATE SET due_at = excluded.due_at, kind = excluded.kind,"
    " payload = excluded.payload, tries = 0, lease_until = NULL",
)


async def arm(session: Session, batch: Sequence[Timer]) -> None:
    """Set timers; one with the same key is moved."""
    filled = [one if one.payload is not None else _empty(one) for one in batch]
    await columns.add(session, _SET, _NEW, filled)
    if batch:
        wake.mark(session, "timers")


def _empty(timer: Timer) -> Timer:
    return Timer(timer.id, timer.due_at, timer.kind, timer.entity_id, timer.key, {})


async def disarm(session: Session, keys: Sequence[str]) -> None:
    """Drop timers by key."""
    await session.execute("DELETE FROM timer WHERE key = ANY(%s)", [sorted(keys)])


_CLAIM: LiteralString = """
UPDATE timer t SET lease_until = %(until)s, tries = tries + 1
  FROM (SELECT id FROM timer
         WHERE due_at <= %(at)s AND (lease_until IS NULL OR lease_until < %(at)s)
           AND (%(kinds)s::text[] IS NULL OR kind = ANY(%(kinds)s))
         ORDER BY due_at LIMIT %(n)s FOR UPDATE SKIP LOCKED) c
 WHERE t.id = c.id
RETURNING t.id, t.due_at, t.kind, t.entity_id, t.key, t.payload, t.tries"""


async def claim(
    session: Session, n: int, at: datetime, lease: timedelta, kinds: Sequence[str] | None = None
) -> list[Timer]:
    """Take up to ``n`` due timers (of some kinds), earliest first."""
    params = {
        "n": n,
        "at": at,
        "until": at + lease,
        "kinds": None if kinds is None else list(kinds),
    }
    return await rows(session, _CLAIM, params, Timer)


async def done(session: Session, ids: Sequence[UUID]) -> None:
    """Drop timers whose work is done, in the transaction that did it."""
    await session.execute("DELETE FROM timer WHERE id = ANY(%s)", [sorted(ids)])


async def next_due(session: Session) -> datetime | None:
    """Return when the earliest timer is due."""
    found = await session.execute("SELECT min(due_at) FROM timer WHERE lease_until IS NULL")
    row = await found.fetchone()
    return row[0] if row else None

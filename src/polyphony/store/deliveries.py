"""Deliveries: what must leave; claimed head of line, settled once, receipts only upwards."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import LiteralString
from uuid import UUID

from polyphony.store import columns, wake
from polyphony.store.database import Session, rows


@dataclass(slots=True)
class DeliveryRow:
    """One outgoing Message to one address, as a flow works on it."""

    id: UUID
    message_id: UUID
    account_id: UUID
    identity_id: UUID | None
    to_address: str
    purpose: str
    state: str
    why: str | None
    not_before: datetime
    created_at: datetime
    lane: int = 0
    detail: str | None = None
    expires_at: datetime | None = None
    tries: int = 0
    lookups: int = 0
    lease_until: datetime | None = None
    provider_id: str | None = None
    settled_at: datetime | None = None
    uncertain_since: datetime | None = None
    repeated: bool = False
    first_tried_at: datetime | None = None
    pinned: bool = False
    version: int = 1


_COLUMNS: LiteralString = (
    "d.id, d.message_id, d.account_id, d.identity_id, d.to_address, d.purpose, d.state, d.why,"
    " d.not_before, d.created_at, d.lane, d.detail, d.expires_at, d.tries, d.lookups,"
    " d.lease_until, d.provider_id, d.settled_at, d.uncertain_since, d.repeated,"
    " d.first_tried_at, d.pinned, d.version"
)
_NEW: columns.Shape = {
    "id": "uuid",
    "message_id": "uuid",
    "account_id": "uuid",
    "identity_id": "uuid",
    "to_address": "text",
    "purpose": "text",
    "lane": "smallint",
    "state": "text",
    "why": "text",
    "not_before": "timestamptz",
    "expires_at": "timestamptz",
    "created_at": "timestamptz",
    "settled_at": "timestamptz",
    "pinned": "bool",
}
_ADD = columns.insert("delivery", _NEW)
_SAVED: columns.Shape = {
    "id": "uuid",
    "version": "bigint",
    "state": "text",
    "why": "text",
    "detail": "text",
    "not_before": "timestamptz",
    "tries": "smallint",
    "lookups": "smallint",
    "lease_until": "timestamptz",
    "provider_id": "text",
    "settled_at": "timestamptz",
    "uncertain_since": "timestamptz",
    "repeated": "bool",
    "pinned": "bool",
}
_SET: LiteralString = ", ".join(
    f"{name} = n.{name}" for name in _SAVED if name not in {"id", "version"}
)
_SAVE: LiteralString = f"""
UPDATE delivery d SET version = d.version + 1, {_SET}
  FROM {columns.source(_SAVED)} WHERE d.id = n.id AND d.version = n.version RETURNING d.id"""


async def add(session: Session, batch: Sequence[DeliveryRow]) -> None:
    """Promise deliveries."""
    await columns.add(session, _ADD, _NEW, batch)
    if batch:
        wake.mark(session, "deliveries")


async def save(session: Session, batch: Sequence[DeliveryRow]) -> set[UUID]:
    """Write changed deliveries, each version one up; return those whose version was as read."""
    if not batch:
        return set()
    found = await session.execute(_SAVE, columns.params(_SAVED, batch))
    wake.mark(session, "deliveries")
    return {row[0] for row in await found.fetchall()}


async def locked(session: Session, ids: Sequence[UUID]) -> dict[UUID, DeliveryRow]:
    """Return deliveries under their row locks, in the order of the ids."""
    query: LiteralString = (
        f"SELECT {_COLUMNS} FROM delivery d WHERE d.id = ANY(%s) ORDER BY d.id FOR UPDATE"
    )
    return {one.id: one for one in await rows(session, query, [sorted(ids)], DeliveryRow)}


async def of_messages(session: Session, messages: Sequence[UUID]) -> list[DeliveryRow]:
    """Return the deliveries of Messages, newest last."""
    query: LiteralString = (
        f"SELECT {_COLUMNS} FROM delivery d WHERE d.message_id = ANY(%s)"
        " ORDER BY d.created_at, d.id"
    )
    return await rows(session, query, [list(messages)], DeliveryRow)


# Claimable is the head of its line: nothing earlier to the same recipient is under way, and
# nothing earlier is in doubt for less than two minutes. Held and failed ones block nobody.
_CLAIM: LiteralString = f"""
WITH head AS (
    SELECT d.id, d.account_id FROM delivery d
      JOIN channel_account a ON a.id = d.account_id AND a.state IN ('working', 'degraded')
     WHERE d.state = 'queued' AND d.not_before <= %(at)s
       AND NOT EXISTS (SELECT FROM delivery e
            WHERE e.account_id = d.account_id AND e.to_address = d.to_address AND e.id < d.id
              AND e.state IN ('queued', 'sending', 'uncertain')
              AND (e.state <> 'uncertain' OR e.uncertain_since > %(doubt)s))
     ORDER BY d.lane, d.not_before, d.id LIMIT %(n)s
       FOR UPDATE OF d SKIP LOCKED),
ranked AS (
    SELECT h.id, row_number() OVER (PARTITION BY h.account_id ORDER BY h.id) AS nth, h.account_id
      FROM head h),
allowed AS (
    SELECT r.id FROM ranked r
      LEFT JOIN (SELECT account_id, floor(least(burst,
                        tokens + rate * extract(epoch FROM %(at)s - refilled_at))) AS left_
                   FROM account_rate WHERE account_id IN (SELECT account_id FROM head)
                  ORDER BY account_id FOR UPDATE) t ON t.account_id = r.account_id
     WHERE t.left_ IS NULL OR r.nth <= t.left_),
claimed AS (
    UPDATE delivery d SET state = 'sending', lease_until = %(until)s, tries = d.tries + 1,
           first_tried_at = coalesce(d.first_tried_at, %(at)s), version = d.version + 1
      FROM allowed w WHERE d.id = w.id
 RETURNING {_COLUMNS}),
paid AS (
    UPDATE account_rate t SET refilled_at = %(at)s,
           tokens = least(t.burst, t.tokens
                    + t.rate * extract(epoch FROM %(at)s - t.refilled_at)) - c.n
      FROM (SELECT account_id, count(*) AS n FROM claimed GROUP BY account_id) c
     WHERE c.account_id = t.account_id)
SELECT * FROM claimed ORDER BY id"""


async def claim(
    session: Session, n: int, at: datetime, lease: timedelta, doubt: timedelta
) -> list[DeliveryRow]:
    """Take up to ``n`` due deliveries and the tokens they cost; ours until the lease ends."""
    params = {"n": n, "at": at, "until": at + lease, "doubt": at - doubt}
    return await rows(session, _CLAIM, params, DeliveryRow)


async def set_rate(
    session: Session, account: UUID, rate: float, burst: float, at: datetime
) -> None:
    """Limit an account to ``rate`` deliveries a second, at most ``burst`` at once."""
    await session.execute(
        "INSERT INTO account_rate (account_id, tokens, rate, burst, refilled_at)"
        " VALUES (%s, %s, %s, %s, %s) ON CONFLICT (account_id) DO UPDATE"
        " SET rate = excluded.rate, burst = excluded.burst,"
        " tokens = least(account_rate.tokens, excluded.burst)",
        [account, burst, rate, burst, at],
    )


async def drop_rate(session: Session, account: UUID) -> None:
    """Let an account send as fast as its server takes it."""
    await session.execute("DELETE FROM account_rate WHERE account_id = %s", [account])


async def slow_down(session: Session, account: UUID, at: datetime) -> None:
    """Halve the rate of an account whose provider asked us to wait; nothing waits from before."""
    await session.execute(
        "UPDATE account_rate SET rate = greatest(rate / 2, 0.1), tokens = 0, refilled_at = %s"
        " WHERE account_id = %s",
        [at, account],
    )


async def lapsed(session: Session, at: datetime, n: int) -> list[DeliveryRow]:
    """Return deliveries whose sender died: their lease is over and no verdict was written."""
    query: LiteralString = (
        f"SELECT {_COLUMNS} FROM delivery d WHERE d.state = 'sending' AND d.lease_until < %s"
        " ORDER BY d.id LIMIT %s FOR UPDATE SKIP LOCKED"
    )
    return await rows(session, query, [at, n], DeliveryRow)


async def doubtful(session: Session, before: datetime, n: int) -> list[DeliveryRow]:
    """Return uncertain deliveries that nobody repeated yet and that are old enough to be."""
    query: LiteralString = (
        f"SELECT {_COLUMNS} FROM delivery d WHERE d.state = 'uncertain' AND NOT d.repeated"
        " AND d.uncertain_since <= %s ORDER BY d.id LIMIT %s FOR UPDATE SKIP LOCKED"
    )
    return await rows(session, query, [before, n], DeliveryRow)


async def to_release(session: Session, at: datetime, n: int) -> list[UUID]:
    """Return held deliveries whose moment has come (undo, schedule, a healed account)."""
    found = await session.execute(
        "SELECT d.id FROM delivery d JOIN channel_account a ON a.id = d.account_id"
        " WHERE d.state = 'held' AND d.not_before <= %s"
        " AND (d.why <> 'account_broken' OR a.state IN ('working', 'degraded'))"
        " ORDER BY d.not_before LIMIT %s",
        [at, n],
    )
    return [row[0] for row in await found.fetchall()]


async def cases_of(session: Session, ids: Sequence[UUID]) -> dict[UUID, tuple[UUID, UUID]]:
    """Return (Case, Interaction) by delivery."""
    found = await session.execute(
        "SELECT d.id, i.case_id, i.id FROM delivery d JOIN message m ON m.id = d.message_id"
        " JOIN interaction i ON i.id = m.interaction_id WHERE d.id = ANY(%s)",
        [list(ids)],
    )
    return {row[0]: (row[1], row[2]) for row in await found.fetchall()}


async def expired(session: Session, at: datetime, n: int) -> list[DeliveryRow]:
    """Return deliveries that wait longer than they may."""
    query: LiteralString = (
        f"SELECT {_COLUMNS} FROM delivery d WHERE d.state IN ('held', 'queued')"
        " AND d.expires_at <= %s ORDER BY d.id LIMIT %s FOR UPDATE SKIP LOCKED"
    )
    return await rows(session, query, [at, n], DeliveryRow)


async def of_account(session: Session, account: UUID, state: str, n: int) -> list[DeliveryRow]:
    """Return deliveries of an account in a state under their locks."""
    query: LiteralString = (
        f"SELECT {_COLUMNS} FROM delivery d WHERE d.account_id = %s AND d.state = %s"
        " ORDER BY d.id LIMIT %s FOR UPDATE SKIP LOCKED"
    )
    return await rows(session, query, [account, state, n], DeliveryRow)


async def by_receipts(
    session: Session, ids: Sequence[UUID], provider: Sequence[tuple[UUID, str]]
) -> list[DeliveryRow]:
    """Return what receipts speak of, by our own id or by (account, provider id), locked."""
    query: LiteralString = f"""
SELECT {_COLUMNS} FROM delivery d
 WHERE d.id = ANY(%s)
    OR (d.account_id, d.provider_id) IN (SELECT * FROM unnest(%s::uuid[], %s::text[]))
 ORDER BY d.id FOR UPDATE"""
    lists = [sorted(ids), [one[0] for one in provider], [one[1] for one in provider]]
    return await rows(session, query, lists, DeliveryRow)


@dataclass(frozen=True, slots=True)
class Try:
    """One call of a provider and how it ended."""

    id: UUID
    delivery_id: UUID
    at: datetime
    outcome: str
    latency_ms: int | None
    detail: str | None


_TRY: columns.Shape = {
    "id": "uuid",
    "delivery_id": "uuid",
    "at": "timestamptz",
    "outcome": "text",
    "latency_ms": "int",
    "detail": "text",
}
_ADD_TRY = columns.insert("delivery_try", _TRY)


async def tried(session: Session, batch: Sequence[Try]) -> None:
    """Note provider calls."""
    await columns.add(session, _ADD_TRY, _TRY, batch)


async def next_due(session: Session) -> datetime | None:
    """Return the earliest moment at which a held or queued delivery is due."""
    found = await session.execute(
        "SELECT min(not_before) FROM delivery WHERE state IN ('held', 'queued')"
    )
    row = await found.fetchone()
    return row[0] if row else None

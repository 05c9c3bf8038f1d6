"""Callbacks: who wants to be called or written to, the work it makes, what was tried."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from psycopg.types.json import Jsonb

from polyphony.store import levers, wake
from polyphony.store.database import Session, row, rows
from polyphony.store.keys import key

KIND = "callback"
"""The kind of timer that ends a callback nobody came to."""


@dataclass(frozen=True, slots=True)
class Waits:
    """A chat of a visitor that waits, and what its Queue allows."""

    interaction_id: UUID
    case_id: UUID
    record_id: UUID
    language: str
    work_id: UUID
    work_state: str
    queue_id: UUID
    waiting_since: datetime
    tier: str
    urgency: str
    requirements: object
    sticky: UUID | None
    weight_due: datetime | None
    blocker: str | None
    callback: bool


_WAITS: LiteralString = f"""
SELECT i.id AS interaction_id, i.case_id, i.record_id, coalesce(i.language, '') AS language,
       w.id AS work_id, w.state AS work_state, w.queue_id, w.waiting_since, w.tier, w.urgency,
       w.requirements, w.sticky, w.due_at AS weight_due, w.blocker,
       {levers.CALLBACK} AS callback
  FROM interaction i
  JOIN work_item w ON w.interaction_id = i.id AND w.state IN ('waiting', 'offered')
  JOIN queue q ON q.id = w.queue_id
 WHERE i.identity_id = %s AND i.case_id = %s AND i.channel_kind = 'chat'
 ORDER BY w.waiting_since LIMIT 1"""


async def waits(session: Session, identity: UUID, case: UUID) -> Waits | None:
    """Return the waiting chat of a visitor in a Case."""
    return await row(session, _WAITS, [identity, case], Waits)


@dataclass(frozen=True, slots=True)
class NewCallback:
    """A request, and the WorkItem it becomes; ``begins`` None = it waits at once."""

    id: UUID
    work_id: UUID
    of: Waits
    way: str
    address: str
    reason: str
    language: str
    window: tuple[datetime, datetime] | None
    begins: datetime | None
    expires_at: datetime
    units: int
    exclusive: bool
    target_ms: int


async def live(session: Session, new: NewCallback) -> bool:
    """Tell whether the customer, or the address, has a request in this Queue already."""
    found = await session.execute(
        "SELECT EXISTS (SELECT FROM callback WHERE state = 'open' AND queue_id = %s"
        " AND (record_id = %s OR (way = %s AND address = %s AND address <> '')))",
        [new.of.queue_id, new.of.record_id, new.way, new.address],
    )
    return bool((await found.fetchone() or (False,))[0])


async def asked_since(session: Session, record: UUID, since: datetime) -> int:
    """Return how often a customer has asked since a moment."""
    found = await session.execute(
        "SELECT count(*) FROM callback WHERE record_id = %s AND asked_at > %s", [record, since]
    )
    return int((await found.fetchone() or (0,))[0])


_ADD: LiteralString = """
INSERT INTO callback (id, interaction_id, record_id, queue_id, way, address, language, reason,
                      window_from, window_to, asked_at, place_since, expires_at, state_since)
VALUES (%(id)s, %(interaction)s, %(record)s, %(queue)s, %(way)s, %(address)s, %(language)s,
        %(reason)s, %(from)s, %(to)s, %(at)s, %(since)s, %(expires)s, %(at)s)
ON CONFLICT DO NOTHING RETURNING id"""
_WORK: LiteralString = """
WITH s AS (INSERT INTO queue_stay (id, work_item_id, queue_id, entered_at, how, reason)
           SELECT %(stay)s, %(work)s, %(queue)s, %(at)s, 'added', 'callback'
            WHERE %(begins)s::timestamptz IS NULL)
INSERT INTO work_item (id, case_id, callback_id, queue_id, kind, channel_kind, units, exclusive,
                       target_ms, due_at, tier, urgency, requirements, waiting_since, sticky,
                       why_queue, state, wake_at, state_since, created_at)
VALUES (%(work)s, %(case)s, %(id)s, %(queue)s, 'callback', 'callback', %(units)s, %(exclusive)s,
        %(target)s, %(due)s, %(tier)s, %(urgency)s, %(requirements)s, %(since)s, %(sticky)s,
        '{"code": "callback"}', CASE WHEN %(begins)s::timestamptz IS NULL THEN 'waiting'
        ELSE 'parked' END, %(begins)s, %(at)s, %(at)s)"""


async def add(session: Session, new: NewCallback, at: datetime) -> bool:
    """Add a request and its work, in the place its chat had; False = there is one already."""
    begins, ends = new.window or (None, None)
    params = {
        "id": new.id,
        "work": new.work_id,
        "stay": key(at),
        "interaction": new.of.interaction_id,
        "case": new.of.case_id,
        "record": new.of.record_id,
        "queue": new.of.queue_id,
        "way": new.way,
        "address": new.address,
        "language": new.language,
        "reason": new.reason,
        "from": begins,
        "to": ends,
        "begins": new.begins,
        "at": at,
        "since": new.of.waiting_since,
        "expires": new.expires_at,
        "units": new.units,
        "exclusive": new.exclusive,
        "target": new.target_ms,
        "due": new.of.weight_due,
        "tier": new.of.tier,
        "urgency": new.of.urgency,
        "requirements": Jsonb(new.of.requirements),
        "sticky": new.of.sticky,
    }
    found = await session.execute(_ADD, params)
    if await found.fetchone() is None:
        return False
    await session.execute(_WORK, params)
    await session.execute(
        "INSERT INTO timer (id, due_at, kind, entity_id, key) VALUES (%s, %s, %s, %s, %s)",
        [key(at), new.expires_at, KIND, new.id, f"{KIND}:{new.id}"],
    )
    wake.mark(session, "work")
    wake.mark(session, "timers")
    return True


@dataclass(frozen=True, slots=True)
class CallbackRow:
    """A request as a flow works on it, with its live WorkItem (or None)."""

    id: UUID
    interaction_id: UUID
    case_id: UUID
    identity_id: UUID
    queue_id: UUID
    way: str
    address: str
    language: str
    reason: str
    window_from: datetime | None
    window_to: datetime | None
    asked_at: datetime
    place_since: datetime
    attempts: int
    expires_at: datetime
    state: str
    work_id: UUID | None
    work_state: str | None
    work_queue: UUID | None
    work_agent: UUID | None


_ROW: LiteralString = """
SELECT b.id, b.interaction_id, i.case_id, i.identity_id, b.queue_id, b.way, b.address, b.language,
       b.reason, b.window_from, b.window_to, b.asked_at, b.place_since, b.attempts, b.expires_at,
       b.state, w.id AS work_id, w.state AS work_state, w.queue_id AS work_queue,
       w.agent_id AS work_agent
  FROM callback b JOIN interaction i ON i.id = b.interaction_id
  LEFT JOIN work_item w ON w.callback_id = b.id AND w.state NOT IN ('done', 'cancelled') """


async def by_id(session: Session, callback: UUID) -> CallbackRow | None:
    """Return a request."""
    return await row(session, _ROW + "WHERE b.id = %s", [callback], CallbackRow)


async def of_visitor(session: Session, identity: UUID, case: UUID) -> CallbackRow | None:
    """Return the live request of a visitor in a Case."""
    return await row(
        session,
        _ROW + "WHERE i.identity_id = %s AND i.case_id = %s AND b.state = 'open' LIMIT 1",
        [identity, case],
        CallbackRow,
    )


async def of_visitors(session: Session, identities: Sequence[UUID]) -> list[CallbackRow]:
    """Return the live requests of visitors."""
    return await rows(
        session,
        _ROW + "WHERE i.identity_id = ANY(%s) AND b.state = 'open' ORDER BY b.asked_at",
        [list(identities)],
        CallbackRow,
    )


async def tried(
    session: Session, callback: UUID, agent: UUID, outcome: str, at: datetime
) -> int | None:
    """Note an attempt; return its number, None when there were three."""
    found = await session.execute(
        """WITH b AS (UPDATE callback SET attempts = attempts + 1, version = version + 1
                       WHERE id = %(id)s AND attempts < 3 RETURNING attempts)
           INSERT INTO callback_attempt (callback_id, no, agent_id, at, outcome)
           SELECT %(id)s, b.attempts, %(agent)s, %(at)s, %(outcome)s FROM b RETURNING no""",
        {"id": callback, "agent": agent, "at": at, "outcome": outcome},
    )
    one = await found.fetchone()
    return None if one is None else int(one[0])


async def over(session: Session, callbacks: Sequence[UUID], state: str, at: datetime) -> None:
    """End requests that are open: done, expired or withdrawn; their timers go with them."""
    if not callbacks:
        return
    ids = list(callbacks)
    await session.execute(
        "UPDATE callback SET state = %s, state_since = %s, version = version + 1"
        " WHERE id = ANY(%s) AND state = 'open'",
        [state, at, ids],
    )
    await session.execute("DELETE FROM timer WHERE kind = %s AND entity_id = ANY(%s)", [KIND, ids])


async def rehouse(
    session: Session, interactions: Sequence[UUID], case: UUID
) -> list[tuple[UUID, UUID | None]]:
    """Let live requests go along with their chats into another Case; return (request, work)."""
    found = await session.execute(
        """UPDATE work_item w SET case_id = %s FROM callback b
            WHERE w.callback_id = b.id AND b.interaction_id = ANY(%s)
              AND w.state NOT IN ('done', 'cancelled') RETURNING b.id, w.id""",
        [case, list(interactions)],
    )
    return sorted((one, item) for one, item in await found.fetchall())


async def later(session: Session, callback: UUID, until: datetime) -> None:
    """Let a request last longer: somebody is at it."""
    await session.execute("UPDATE callback SET expires_at = %s WHERE id = %s", [until, callback])
    await session.execute(
        "INSERT INTO timer (id, due_at, kind, entity_id, key) VALUES (%s, %s, %s, %s, %s)"
        " ON CONFLICT (key) DO UPDATE SET due_at = excluded.due_at",
        [key(until), until, KIND, callback, f"{KIND}:{callback}"],
    )


async def keep_place(session: Session, interaction: UUID, since: datetime) -> list[UUID]:
    """Let a chat that waits again wait since its customer did first; return its work."""
    found = await session.execute(
        "UPDATE work_item SET waiting_since = least(waiting_since, %s), version = version + 1"
        " WHERE interaction_id = %s AND state = 'waiting' RETURNING id",
        [since, interaction],
    )
    wake.mark(session, "work")
    return [one[0] for one in await found.fetchall()]

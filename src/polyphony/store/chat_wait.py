"""Chat wait: what stands in the Queues chats wait in, and how long people waited there lately."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import LiteralString
from uuid import UUID

from polyphony.store.database import Session, rows

LINE_MOST = 2_000
RECENT_MOST = 60


@dataclass(frozen=True, slots=True)
class Mine:
    """A chat of a customer that waits."""

    identity_id: UUID
    case_id: UUID
    work_id: UUID
    queue_id: UUID


async def mine(session: Session, identities: Sequence[UUID]) -> list[Mine]:
    """Return the waiting chats of these customers."""
    return await rows(
        session,
        "SELECT i.identity_id, i.case_id, w.id AS work_id, w.queue_id FROM interaction i"
        " JOIN work_item w ON w.interaction_id = i.id AND w.state IN ('waiting', 'offered')"
        " WHERE i.identity_id = ANY(%s) AND i.channel_kind = 'chat'",
        [list(identities)],
        Mine,
    )


@dataclass(frozen=True, slots=True)
class InLine:
    """One chat that waits in a Queue; times in ms."""

    id: UUID
    queue_id: UUID
    tier: str
    urgency: str
    waiting_since: datetime
    target_ms: int
    used_ms: int
    queue_milli: int


async def lines(session: Session, queues: Sequence[UUID]) -> list[InLine]:
    """Return the chats that wait in these Queues, the longest waiting first."""
    query: LiteralString = """
SELECT w.id, w.queue_id, w.tier, w.urgency, w.waiting_since, w.target_ms,
       w.target_used_ms AS used_ms, q.weight_milli AS queue_milli
  FROM work_item w JOIN queue q ON q.id = w.queue_id
 WHERE w.queue_id = ANY(%s) AND w.channel_kind = 'chat' AND w.state IN ('waiting', 'offered')
 ORDER BY w.waiting_since LIMIT %s"""
    return await rows(session, query, [list(queues), LINE_MOST], InLine)


@dataclass(frozen=True, slots=True)
class Taken:
    """A wait of a chat that ended because somebody took it."""

    queue_id: UUID
    entered_at: datetime
    left_at: datetime


async def taken(session: Session, queues: Sequence[UUID], at: datetime) -> list[Taken]:
    """Return the newest waits of the last hour of chats that were taken, some per Queue."""
    query: LiteralString = """
SELECT q.id AS queue_id, s.entered_at, s.left_at
  FROM unnest(%(queues)s::uuid[]) AS q (id)
 CROSS JOIN LATERAL (
       SELECT s.entered_at, s.left_at FROM queue_stay s
         JOIN work_item w ON w.id = s.work_item_id AND w.channel_kind = 'chat'
        WHERE s.queue_id = q.id AND s.how = 'taken' AND s.left_at > %(since)s
          AND s.left_at <= %(at)s
        ORDER BY s.left_at DESC LIMIT %(most)s) s"""
    params = {
        "queues": list(queues),
        "since": at - timedelta(hours=1),
        "at": at,
        "most": RECENT_MOST,
    }
    return await rows(session, query, params, Taken)


async def staffed(session: Session, queues: Sequence[UUID]) -> set[UUID]:
    """Return those Queues somebody serves chats of at the moment."""
    found = await session.execute(
        "SELECT DISTINCT m.queue_id FROM queue_member m"
        " JOIN agent a ON a.person_id = m.agent_id AND 'chat' = ANY(a.channels)"
        " JOIN agent_presence p ON p.agent_id = m.agent_id"
        " JOIN presence_status s ON s.key = p.status"
        "  AND coalesce(s.matrix->>'chat', s.matrix->>'messaging') IN ('on', 'finish')"
        "  AND coalesce(p.toggles->>'chat', 'true') <> 'false' AND NOT 'chat' = ANY(p.silent)"
        " WHERE m.queue_id = ANY(%s)",
        [list(queues)],
    )
    return {one[0] for one in await found.fetchall()}


async def door(session: Session, account_id: UUID) -> UUID | None:
    """Return the Queue a newcomer of this account waits in when no rule says otherwise."""
    found = await session.execute(
        "SELECT coalesce(a.default_queue, d.triage_queue) FROM channel_account a"
        " JOIN department d ON d.id = a.department_id WHERE a.id = %s",
        [account_id],
    )
    one = await found.fetchone()
    return one[0] if one else None

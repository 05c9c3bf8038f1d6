"""In line: what waits in Queues and how fast they were served lately."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from polyphony.store.database import Session, rows

MANY = 2_000
"""So many of a Queue are looked at; who waits behind them is late anyhow."""


@dataclass(frozen=True, slots=True)
class Waits:
    """One waiting WorkItem as far as its turn is concerned."""

    id: UUID
    case_id: UUID
    queue_id: UUID
    channel_kind: str
    waiting_since: datetime
    target_used_ms: int
    target_ms: int
    due_at: datetime | None
    tier: str
    urgency: str
    boost_milli: int


async def waiting(session: Session, queues: Sequence[UUID]) -> list[Waits]:
    """Return what waits in Queues, those that wait longest first."""
    return await rows(
        session,
        """SELECT w.id, w.case_id, w.queue_id, w.channel_kind, w.waiting_since, w.target_used_ms,
                  w.target_ms, w.due_at, w.tier, w.urgency, w.boost_milli
             FROM unnest(%s::uuid[]) AS q (id)
            CROSS JOIN LATERAL (SELECT * FROM work_item w
                   WHERE w.queue_id = q.id AND w.state = 'waiting'
                   ORDER BY w.waiting_since, w.id LIMIT %s) w""",
        [list(queues), MANY],
        Waits,
    )


@dataclass(frozen=True, slots=True)
class Served:
    """A Queue, its weight, its calendar, and how many were taken since a moment."""

    queue_id: UUID
    weight_milli: int
    calendar_id: UUID
    taken: int


async def served(session: Session, queues: Sequence[UUID], at: datetime) -> list[Served]:
    """Return how many waits of each Queue ended in the last hour because somebody took them."""
    return await rows(
        session,
        """SELECT q.id AS queue_id, q.weight_milli, coalesce(q.calendar_id, d.calendar_id)
                  AS calendar_id, (SELECT count(*) FROM (SELECT FROM queue_stay s
                     WHERE s.queue_id = q.id AND s.how = 'taken' AND s.left_at > %s
                       AND s.left_at <= %s LIMIT 10000) x) AS taken
             FROM queue q JOIN department d ON d.id = q.department_id WHERE q.id = ANY(%s)""",
        [at - timedelta(hours=1), at, list(queues)],
        Served,
    )

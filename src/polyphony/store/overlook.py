"""Overlook: what stands beside the counters of a board: lines, clocks, doors, levers, the log."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import LiteralString
from uuid import UUID

from polyphony.store import board
from polyphony.store.database import Session, rows
from polyphony.store.levers import FORCE

WAITING_MAX = 500
"""So many of a Queue are looked at; who waits behind them is not begun in half an hour."""
HALF = timedelta(minutes=30)
DAY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class LineRow:
    """A Queue: its weight and calendar, and of the last half hour what came, began, and may wait.

    ``warned`` = work whose clock has passed its warning and not yet its end.
    """

    queue_id: UUID
    department_id: UUID
    weight_milli: int
    calendar_id: UUID
    arrivals: int
    starts: int
    target_ms: int
    warned: int


_LINES: LiteralString = """
SELECT q.id AS queue_id, q.department_id, q.weight_milli,
       coalesce(q.calendar_id, d.calendar_id) AS calendar_id,
       coalesce(f.arrivals, 0) AS arrivals, coalesce(f.target_ms, 0) AS target_ms,
       (SELECT count(*) FROM (SELECT FROM queue_stay s
          WHERE s.queue_id = q.id AND s.how = 'taken' AND s.left_at > %(half)s
            AND s.left_at <= %(at)s LIMIT 10000) x) AS starts,
       (SELECT count(DISTINCT w.id) FROM work_item w
          JOIN case_ c ON c.id = w.case_id AND c.visibility <> 'sealed'
          JOIN sla_clock k ON k.case_id = w.case_id AND k.state = 'running'
           AND (k.interaction_id IS NULL OR k.interaction_id = w.interaction_id)
         WHERE w.queue_id = q.id AND w.state IN ('waiting', 'offered', 'in_work', 'suspended')
           AND k.warn_at <= %(at)s AND k.due_at > %(at)s) AS warned
  FROM queue q JOIN department d ON d.id = q.department_id
  LEFT JOIN (SELECT queue_id, count(*) AS arrivals, avg(target_ms)::bigint AS target_ms
               FROM fact_wait WHERE entered_at > %(half)s AND NOT sealed
              GROUP BY queue_id) f ON f.queue_id = q.id
 WHERE q.department_id = ANY(%(departments)s)
 ORDER BY q.id"""


async def lines(session: Session, departments: Collection[UUID], at: datetime) -> list[LineRow]:
    """Return the Queues of departments as they go."""
    params = {"departments": sorted(departments), "half": at - HALF, "at": at}
    return await rows(session, _LINES, params, LineRow)


@dataclass(frozen=True, slots=True)
class WaitRow:
    """One waiting WorkItem as far as its turn is concerned."""

    id: UUID
    queue_id: UUID
    channel_kind: str
    waiting_since: datetime
    target_used_ms: int
    target_ms: int
    due_at: datetime | None
    tier: str
    urgency: str
    boost_milli: int


async def waiting(session: Session, queues: Sequence[UUID]) -> list[WaitRow]:
    """Return what waits in Queues, those that wait longest first; sealed matters are left out."""
    return await rows(
        session,
        """SELECT w.id, w.queue_id, w.channel_kind, w.waiting_since, w.target_used_ms,
                  w.target_ms, w.due_at, w.tier, w.urgency, w.boost_milli
             FROM unnest(%s::uuid[]) AS q (id)
            CROSS JOIN LATERAL (SELECT w.* FROM work_item w
                   JOIN case_ c ON c.id = w.case_id AND c.visibility <> 'sealed'
                  WHERE w.queue_id = q.id AND w.state IN ('waiting', 'offered')
                  ORDER BY w.waiting_since, w.id LIMIT %s) w""",
        [list(queues), WAITING_MAX],
        WaitRow,
    )


@dataclass(frozen=True, slots=True)
class DoorRow:
    """A channel account: how it is, what it could not deliver, what it has not read yet."""

    id: UUID
    kind: str
    name: str
    state: str
    failed: int
    uncertain: int
    unread: int
    unread_since: datetime | None


_DOORS: LiteralString = """
SELECT a.id, a.kind, a.name, a.state, coalesce(d.failed, 0) AS failed,
       coalesce(d.uncertain, 0) AS uncertain, coalesce(n.unread, 0) AS unread, n.unread_since
  FROM channel_account a
  LEFT JOIN (SELECT account_id, count(*) FILTER (WHERE state = 'failed') AS failed,
                    count(*) FILTER (WHERE state = 'uncertain') AS uncertain
               FROM delivery WHERE state = 'uncertain'
                 OR (state = 'failed' AND settled_at > %(day)s) GROUP BY account_id) d
    ON d.account_id = a.id
  LEFT JOIN (SELECT account_id, count(*) AS unread, min(received_at) AS unread_since
               FROM arrival WHERE state = 'new' GROUP BY account_id) n ON n.account_id = a.id
 WHERE a.department_id = ANY(%(departments)s)
 ORDER BY a.name, a.id"""


async def doors(session: Session, departments: Collection[UUID], at: datetime) -> list[DoorRow]:
    """Return the channel accounts of departments; failed deliveries are those of a day."""
    return await rows(
        session, _DOORS, {"departments": sorted(departments), "day": at - DAY}, DoorRow
    )


@dataclass(frozen=True, slots=True)
class ForceRow:
    """A lever in force; without ``until_at`` somebody takes it off."""

    id: UUID
    kind: str
    queue_id: UUID | None
    channel: str | None
    tier: str | None
    until_at: datetime | None


async def in_force(session: Session, departments: Collection[UUID]) -> list[ForceRow]:
    """Return the levers in force over departments, and over the house; the next end first."""
    query: LiteralString = f"""
        SELECT l.id, l.kind, l.queue_id, l.channel, l.tier, l.until_at FROM lever l
         WHERE {FORCE} AND (l.department_id IS NULL OR l.department_id = ANY(%s))
         ORDER BY l.until_at NULLS FIRST, l.id"""
    return await rows(session, query, [sorted(departments)], ForceRow)


_COUNTED = ("work_item", "offer", "presence", "load")


async def behind(session: Session, at: datetime) -> int | None:
    """Return how far in ms the counters are behind the log; None = nobody has ever counted.

    That is the age of the oldest news about work and people they have not read, 0 without any.
    """
    kept = await board.kept(session)
    if kept is None:
        return None
    cursor = kept.cursor
    found = await session.execute(
        """SELECT greatest(0, 1000 * extract(epoch FROM %s - e.at))::bigint FROM event e
            WHERE (e.epoch, e.xid, e.id) > (%s, %s::text::xid8, %s) AND e.entity = ANY(%s)
              AND e.at > %s ORDER BY e.epoch, e.xid, e.id LIMIT 1""",
        [at, cursor.epoch, str(cursor.xid), cursor.id, list(_COUNTED), kept.at - DAY],
    )
    one = await found.fetchone()
    return one[0] if one else 0

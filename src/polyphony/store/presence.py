"""Presence: status and switches of Agents, guarded by the lock on their load."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import LiteralString
from uuid import UUID

from polyphony.domain.presence import GRACE_S, HEARTBEAT_S, RETURN_LATE
from polyphony.store import columns, wake
from polyphony.store.database import Session, rows


@dataclass(frozen=True, slots=True)
class PresenceRow:
    """A Presence as kept, with the channels the Agent was given."""

    agent_id: UUID
    status: str
    previous: str | None
    toggles: Mapping[str, bool]
    silent: list[str]
    reason: str | None
    since: datetime
    planned_return: datetime | None
    grace_until: datetime | None
    process: str | None
    channels: list[str]
    version: int


_LOCK: LiteralString = (
    "SELECT agent_id FROM agent_load WHERE agent_id = ANY(%s) ORDER BY agent_id FOR NO KEY UPDATE"
)
_ROWS: LiteralString = """
SELECT p.agent_id, p.status, p.previous, p.toggles, p.silent, p.reason, p.since, p.planned_return,
       p.grace_until, p.process, a.channels, p.version
  FROM agent_presence p JOIN agent a ON a.person_id = p.agent_id
 WHERE p.agent_id = ANY(%s) ORDER BY p.agent_id"""


async def lock(session: Session, agents: Sequence[UUID]) -> dict[UUID, PresenceRow]:
    """Lock the loads of agents, in order, then read their Presence as it is now."""
    wanted = sorted(set(agents))
    await session.execute(_LOCK, [wanted])
    return {one.agent_id: one for one in await rows(session, _ROWS, [wanted], PresenceRow)}


@dataclass(frozen=True, slots=True)
class Change:
    """The Presence an agent has from now on; ``fresh`` = he begins anew (idle, no misses).

    ``by`` is the person who changed it, ``reconnected`` counts a line that came back in time.
    """

    agent: UUID
    status: str
    previous: str | None
    toggles: object
    silent: Sequence[str]
    reason: str | None
    planned_return: datetime | None
    grace_until: datetime | None
    fresh: bool = False
    misses: object = None
    by: UUID | None = None
    reconnected: bool = False


_SHAPE: columns.Shape = {
    "agent": "uuid",
    "status": "text",
    "previous": "text",
    "toggles": "jsonb",
    "silent": "words",
    "reason": "text",
    "planned_return": "timestamptz",
    "grace_until": "timestamptz",
    "fresh": "bool",
    "misses": "jsonb",
    "by": "uuid",
    "reconnected": "bool",
}
_WRITE: LiteralString = f"""
WITH n AS MATERIALIZED (SELECT * FROM {columns.source(_SHAPE)}),
     p AS (UPDATE agent_presence p
              SET status = n.status, previous = n.previous, toggles = n.toggles,
                  silent = n.silent, reason = n.reason, planned_return = n.planned_return,
                  grace_until = n.grace_until, version = p.version + 1, was = p.status,
                  by_id = n.by, reconnects = p.reconnects + n.reconnected::int,
                  return_told = CASE WHEN p.planned_return IS NOT DISTINCT FROM n.planned_return
                                     THEN p.return_told ELSE 0 END,
                  since = CASE WHEN p.status = n.status THEN p.since ELSE %(at)s END
             FROM n WHERE p.agent_id = n.agent RETURNING p.agent_id, p.version)
UPDATE agent_load l
   SET presence_version = p.version, version = l.version + 1,
       idle_since = CASE WHEN n.fresh THEN %(at)s ELSE l.idle_since END,
       misses = CASE WHEN n.fresh THEN '{{}}' ELSE coalesce(n.misses, l.misses) END
  FROM p JOIN n ON n.agent = p.agent_id WHERE l.agent_id = p.agent_id
RETURNING l.agent_id"""


async def write(session: Session, batch: Sequence[Change], at: datetime) -> list[UUID]:
    """Write Presences, each version one up; every Offer made against the old one is refused."""
    if not batch:
        return []
    found = await session.execute(_WRITE, {**columns.params(_SHAPE, batch), "at": at})
    wake.mark(session, "presence")
    return sorted([one[0] for one in await found.fetchall()])


async def silent_lines(session: Session, at: datetime, after: timedelta) -> list[UUID]:
    """Return agents whose web process has given no sign of life for so long."""
    found = await session.execute(
        """SELECT p.agent_id FROM agent_presence p
             LEFT JOIN web_process w ON w.name = p.process
            WHERE p.status NOT IN ('offline', 'reconnecting') AND p.process IS NOT NULL
              AND coalesce(w.beat_at, '-infinity') < %s ORDER BY p.agent_id""",
        [at - after],
    )
    return [one[0] for one in await found.fetchall()]


async def grace_over(session: Session, at: datetime) -> list[UUID]:
    """Return agents who lost their line and did not come back in time."""
    found = await session.execute(
        "SELECT agent_id FROM agent_presence WHERE status = 'reconnecting' AND grace_until <= %s"
        " ORDER BY agent_id",
        [at],
    )
    return [one[0] for one in await found.fetchall()]


async def graces(session: Session, agents: Sequence[UUID]) -> dict[UUID, int]:
    """Return the seconds each agent's lost line may come back: the shortest of his Queues."""
    found = await session.execute(
        """SELECT m.agent_id, min(q.grace_s) FROM queue_member m JOIN queue q ON q.id = m.queue_id
            WHERE m.agent_id = ANY(%s) GROUP BY m.agent_id""",
        [list(agents)],
    )
    return dict.fromkeys(agents, GRACE_S) | dict(await found.fetchall())


# Work of agents whose grace is over, in Queues that keep it for them no longer.
_KEPT: LiteralString = """
SELECT w.id FROM agent_presence p
  JOIN work_item w ON w.agent_id = p.agent_id AND w.state IN ('in_work', 'suspended')
  JOIN queue q ON q.id = w.queue_id
 WHERE p.status = 'offline' AND p.reason = 'disconnect'
   AND p.since + q.async_kept_s * interval '1 second' <= %(at)s"""
_RETURNS: LiteralString = """
SELECT p.agent_id FROM agent_presence p
 WHERE p.planned_return IS NOT NULL AND p.status NOT IN ('online', 'offline', 'reconnecting')
   AND ((p.return_told = 0 AND p.planned_return <= %(at)s)
        OR (p.return_told = 1 AND p.planned_return <= %(late)s))"""
_WRAPPED: LiteralString = """
SELECT p.agent_id FROM agent_presence p
 WHERE p.status = 'wrap_up' AND NOT EXISTS (
       SELECT FROM work_item w WHERE w.agent_id = p.agent_id AND w.state = 'wrap_up')"""


async def kept_too_long(session: Session, at: datetime) -> list[UUID]:
    """Return the work agents left behind whose Queue keeps it for them no longer."""
    found = await session.execute(_KEPT + " ORDER BY w.id", {"at": at})
    return [one[0] for one in await found.fetchall()]


async def done_wrapping(session: Session, of: Sequence[UUID] | None = None) -> list[UUID]:
    """Return agents (``of`` these, else all) in wrap-up who have nothing to wrap up any more."""
    found = await session.execute(
        _WRAPPED + " AND (%(of)s::uuid[] IS NULL OR p.agent_id = ANY(%(of)s)) ORDER BY p.agent_id",
        {"of": None if of is None else list(of)},
    )
    return [one[0] for one in await found.fetchall()]


async def overdue_returns(session: Session, at: datetime, late: timedelta) -> dict[UUID, int]:
    """Return agents whose planned return is over, and what was told of it so far (0 or 1).

    The second time is later by ``late``. Their rows are locked and noted as told once more.
    """
    found = await session.execute(
        "UPDATE agent_presence p SET return_told = p.return_told + 1"
        f" FROM ({_RETURNS} ORDER BY p.agent_id FOR NO KEY UPDATE) x WHERE p.agent_id = x.agent_id"
        " RETURNING p.agent_id, p.return_told - 1",
        {"at": at, "late": at - late},
    )
    return dict(await found.fetchall())


_DUE: LiteralString = f"""
SELECT EXISTS (SELECT FROM agent_presence WHERE status = 'reconnecting' AND grace_until <= %(at)s)
    OR EXISTS (SELECT FROM agent_presence p LEFT JOIN web_process w ON w.name = p.process
                WHERE p.status NOT IN ('offline', 'reconnecting') AND p.process IS NOT NULL
                  AND coalesce(w.beat_at, '-infinity') < %(beat)s)
    OR EXISTS ({_KEPT}) OR EXISTS ({_RETURNS}) OR EXISTS ({_WRAPPED})
    OR EXISTS (SELECT FROM work_item WHERE state = 'wrap_up')
    OR EXISTS (SELECT FROM work_item WHERE state = 'parked' AND wake_at <= %(at)s)"""


async def anything_due(session: Session, at: datetime) -> bool:
    """Tell in one glance whether time alone asks for anything of agents and their work."""
    found = await session.execute(
        _DUE,
        {"at": at, "beat": at - timedelta(seconds=HEARTBEAT_S), "late": at - RETURN_LATE},
    )
    one = await found.fetchone()
    return bool(one and one[0])

"""Presence: status and switches of Agents, guarded by the lock on their load."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import LiteralString
from uuid import UUID

from polyphony.domain.presence import ASYNC_KEPT_S, HEARTBEAT_S
from polyphony.store import columns, wake
from polyphony.store.database import Session, rows


@dataclass(frozen=True, slots=True)
class PresenceRow:
    """A Presence as kept, with the Agent's rights per channel."""

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
    """The Presence an agent has from now on; ``fresh`` = he begins anew (idle, no misses)."""

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
}
_WRITE: LiteralString = f"""
WITH n AS MATERIALIZED (SELECT * FROM {columns.source(_SHAPE)}),
     p AS (UPDATE agent_presence p
              SET status = n.status, previous = n.previous, toggles = n.toggles,
                  silent = n.silent, reason = n.reason, planned_return = n.planned_return,
                  grace_until = n.grace_until, version = p.version + 1,
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


async def long_gone(session: Session, at: datetime, after: timedelta) -> list[UUID]:
    """Return agents lost for so long who still hold work."""
    found = await session.execute(
        """SELECT DISTINCT p.agent_id FROM agent_presence p
             JOIN work_item w ON w.agent_id = p.agent_id AND w.state IN ('in_work', 'suspended')
            WHERE p.status = 'offline' AND p.reason = 'disconnect' AND p.since <= %s
            ORDER BY p.agent_id""",
        [at - after],
    )
    return [one[0] for one in await found.fetchall()]


async def anything_due(session: Session, at: datetime) -> bool:
    """Tell in one glance whether time alone asks for anything of agents and their work."""
    found = await session.execute(
        """SELECT EXISTS (SELECT FROM agent_presence
                           WHERE status = 'reconnecting' AND grace_until <= %(at)s)
               OR EXISTS (SELECT FROM agent_presence p LEFT JOIN web_process w ON w.name = p.process
                           WHERE p.status NOT IN ('offline', 'reconnecting')
                             AND p.process IS NOT NULL
                             AND coalesce(w.beat_at, '-infinity') < %(beat)s)
               OR EXISTS (SELECT FROM agent_presence p
                            JOIN work_item w ON w.agent_id = p.agent_id
                             AND w.state IN ('in_work', 'suspended')
                           WHERE p.status = 'offline' AND p.reason = 'disconnect'
                             AND p.since <= %(kept)s)
               OR EXISTS (SELECT FROM work_item WHERE state = 'wrap_up')
               OR EXISTS (SELECT FROM work_item WHERE state = 'parked' AND wake_at <= %(at)s)""",
        {
            "at": at,
            "beat": at - timedelta(seconds=HEARTBEAT_S),
            "kept": at - timedelta(seconds=ASYNC_KEPT_S),
        },
    )
    one = await found.fetchone()
    return bool(one and one[0])

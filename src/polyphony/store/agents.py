"""Agents: what routing may know of them, read in one statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from polyphony.domain.presence import (
    MATRIX,
    Status,
    effective,
    matrix_of,
    rights_of,
    system,
)
from polyphony.domain.routing.facts import AgentFacts
from polyphony.domain.service_hours import to_ms
from polyphony.store.database import Session, rows


@dataclass(frozen=True, slots=True)
class _Row:
    id: UUID
    now: datetime
    version: int
    status: str
    matrix: Mapping[str, str]
    channels: list[str]
    toggles: Mapping[str, bool]
    silent: list[str]
    cap_max: int
    idle_since: datetime
    misses: Mapping[str, int]
    skills: Mapping[str, int] | None
    queues: Mapping[str, int] | None
    active: bool
    handled: list[tuple[str, str, int, int]] | None


_FACTS: LiteralString = """
SELECT a.person_id AS id, clock_timestamp() AS now, l.presence_version AS version, p.status,
       m.matrix, a.channels, p.toggles, p.silent,
       coalesce(l.cap_lever, l.cap_max) AS cap_max, l.idle_since, l.misses,
       (SELECT jsonb_object_agg(k.key, s.level) FROM agent_skill s
          JOIN skill k ON k.id = s.skill_id
         WHERE s.agent_id = a.person_id AND current_date
               BETWEEN coalesce(s.valid_from, current_date) AND coalesce(s.valid_to, current_date)
       ) AS skills,
       (SELECT jsonb_object_agg(m.queue_id, m.rank) FROM queue_member m
         WHERE m.agent_id = a.person_id) AS queues,
       n.state = 'active' AS active,
       (SELECT jsonb_agg(jsonb_build_array(h.queue_id, h.channel_kind, h.sum_ms, h.n))
          FROM handle_time h WHERE h.agent_id = a.person_id) AS handled
  FROM agent a
  JOIN person n ON n.id = a.person_id
  JOIN agent_presence p ON p.agent_id = a.person_id
  JOIN presence_status m ON m.key = p.status
  JOIN agent_load l ON l.agent_id = a.person_id
 WHERE %(ids)s::uuid[] IS NULL OR a.person_id = ANY(%(ids)s)
 ORDER BY a.person_id"""


async def facts(session: Session, ids: Sequence[UUID] | None = None) -> list[AgentFacts]:
    """Return the routing facts of Agents; all of them without ``ids``, unknown ones are missing."""
    params = {"ids": None if ids is None else list(ids)}
    return [_facts(row) for row in await rows(session, _FACTS, params, _Row)]


def _facts(row: _Row) -> AgentFacts:
    status = system(row.status) if row.active else Status.OFFLINE
    matrix = matrix_of(row.matrix) if row.active else MATRIX[Status.OFFLINE]
    return AgentFacts(
        row.id,
        row.version,
        to_ms(row.now),
        status,
        effective(matrix, rights_of(row.channels), row.toggles, row.silent),
        row.skills or {},
        {UUID(key): rank for key, rank in (row.queues or {}).items()},
        row.cap_max,
        to_ms(row.idle_since),
        row.misses,
        {(UUID(queue), channel): (ms, n) for queue, channel, ms, n in row.handled or ()},
    )

"""Agents: what routing may know of them, read in one statement."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import LiteralString, NamedTuple
from uuid import UUID

from polyphony.domain.presence import (
    MATRIX,
    Mode,
    Status,
    effective,
    matrix_of,
    rights_of,
    system,
)
from polyphony.domain.routing.facts import AgentFacts
from polyphony.domain.service_hours import to_ms
from polyphony.store.database import Session, rows


class _Row(NamedTuple):
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


# Skills, Queues and handle times are gathered once for all who are asked about; of a skill of one's
# own and a lent one the higher level comes last, and the last of two equal keys stays.
_FACTS: LiteralString = """
SELECT a.person_id AS id, clock_timestamp() AS now, l.presence_version AS version, p.status,
       m.matrix, a.channels, p.toggles, p.silent,
       coalesce(l.cap_lever, l.cap_max) AS cap_max, l.idle_since, l.misses,
       s.skills, q.queues, n.state = 'active' AS active, h.handled
  FROM agent a
  JOIN person n ON n.id = a.person_id
  JOIN agent_presence p ON p.agent_id = a.person_id
  JOIN presence_status m ON m.key = p.status
  JOIN agent_load l ON l.agent_id = a.person_id
  LEFT JOIN (SELECT s.agent_id, jsonb_object_agg(k.key, s.level ORDER BY s.level) AS skills
               FROM (SELECT o.agent_id, o.skill_id, o.level FROM agent_skill o
                      WHERE current_date BETWEEN coalesce(o.valid_from, current_date)
                                             AND coalesce(o.valid_to, current_date)
                      UNION ALL SELECT t.agent_id, t.skill_id, t.level FROM lent_skill t) s
               JOIN skill k ON k.id = s.skill_id
              WHERE {s} GROUP BY s.agent_id) s ON s.agent_id = a.person_id
  LEFT JOIN (SELECT q.agent_id, jsonb_object_agg(q.queue_id, q.rank) AS queues
               FROM queue_member q WHERE {q} GROUP BY q.agent_id) q ON q.agent_id = a.person_id
  LEFT JOIN (SELECT h.agent_id, jsonb_agg(jsonb_build_array(
                        h.queue_id, h.channel_kind, h.sum_ms, h.n)) AS handled
               FROM handle_time h WHERE h.agent_id IS NOT NULL AND {h}
              GROUP BY h.agent_id) h ON h.agent_id = a.person_id
 WHERE {a}
 ORDER BY a.person_id"""


def _of(who: LiteralString) -> LiteralString:
    """Return the statement about those ``who`` says: a condition on the id of an Agent."""
    query: LiteralString = _FACTS
    for alias, column in (("s", "s.agent_id"), ("q", "q.agent_id"), ("h", "h.agent_id"),
                          ("a", "a.person_id")):  # fmt: skip
        query = query.replace("{" + alias + "}", column + who)
    return query


_EVERYBODY, _SOME = _of(" IS NOT NULL"), _of(" = ANY(%(ids)s)")
_ABOUT: LiteralString = (
    _SOME.replace("GROUP BY s.agent_id", "AND k.key = ANY(%(skills)s) GROUP BY s.agent_id")
    .replace("GROUP BY q.agent_id", "AND q.queue_id = ANY(%(queues)s) GROUP BY q.agent_id")
    .replace("h.agent_id IS NOT NULL AND", "false AND")
)


async def facts(session: Session, ids: Sequence[UUID] | None = None) -> list[AgentFacts]:
    """Return the routing facts of Agents; all of them without ``ids``, unknown ones are missing."""
    if ids is None:
        return _many(await rows(session, _EVERYBODY, None, _Row))
    return _many(await rows(session, _SOME, {"ids": list(ids)}, _Row))


async def facts_about(
    session: Session, ids: Sequence[UUID], skills: Collection[str], queues: Collection[UUID]
) -> list[AgentFacts]:
    """Return the facts of Agents as far as they concern some skills and Queues, no handle times."""
    params = {"ids": list(ids), "skills": sorted(skills), "queues": sorted(queues)}
    return _many(await rows(session, _ABOUT, params, _Row))


class Used(NamedTuple):
    """What an Agent has in his hands: units, and exclusive items."""

    agent: UUID
    units: int
    exclusive: int


async def used(session: Session, ids: Sequence[UUID]) -> list[Used]:
    """Return what Agents have in their hands, as their loads say."""
    return await rows(
        session,
        "SELECT agent_id AS agent, routed_units + manual_units AS units,"
        " exclusive_live AS exclusive FROM agent_load WHERE agent_id = ANY(%s) ORDER BY 1",
        [list(ids)],
        Used,
    )


def _many(found: Sequence[_Row]) -> list[AgentFacts]:
    """Make facts; what a status lets through is worked out once for all who are alike."""
    known: dict[tuple[object, ...], dict[str, Mode]] = {}
    made = []
    for row in found:
        alike = (row.status, row.active, *row.channels, None, *row.silent, None,
                 *row.toggles.items())  # fmt: skip
        modes = known.get(alike)
        if modes is None:
            matrix = matrix_of(row.matrix) if row.active else MATRIX[Status.OFFLINE]
            modes = effective(matrix, rights_of(row.channels), row.toggles, row.silent)
            known[alike] = modes
        made.append(_facts(row, modes))
    return made


def _facts(row: _Row, modes: Mapping[str, Mode]) -> AgentFacts:
    return AgentFacts(
        row.id,
        row.version,
        to_ms(row.now),
        system(row.status) if row.active else Status.OFFLINE,
        modes,
        row.skills or {},
        {UUID(key): rank for key, rank in (row.queues or {}).items()},
        row.cap_max,
        to_ms(row.idle_since),
        row.misses,
        {(UUID(queue), channel): (ms, n) for queue, channel, ms, n in row.handled or ()},
    )

"""Crew: agents as configuration, with their skills and queues, and who serves a queue."""

from collections.abc import Mapping, Sequence
from typing import LiteralString
from uuid import UUID

from polyphony.store.configuration import refused
from polyphony.store.database import Session

Json = dict[str, object]
_PROOF = ("valid_from", "valid_to", "source", "evidence")

_AGENT: LiteralString = """jsonb_build_object('id', a.person_id, 'version', a.version,
    'name', p.name, 'email', p.email, 'department_id', a.department_id, 'channels', a.channels,
    'cap_max', coalesce(l.cap_max, 100), 'status', coalesce(s.status, 'offline'),
    'skills', coalesce((SELECT jsonb_agg(jsonb_build_object('skill_id', k.skill_id,
        'level', k.level, 'valid_from', k.valid_from, 'valid_to', k.valid_to, 'source', k.source,
        'evidence', k.evidence) ORDER BY k.skill_id) FROM agent_skill k
        WHERE k.agent_id = a.person_id), '[]'),
    'queues', coalesce((SELECT jsonb_agg(jsonb_build_object('queue_id', q.queue_id,
        'rank', q.rank) ORDER BY q.queue_id) FROM queue_member q
        WHERE q.agent_id = a.person_id AND q.lever_id IS NULL), '[]'))"""


async def agents(session: Session, only: UUID | None = None) -> list[Json]:
    """Return all agents, or one, with skills and queues."""
    found = await session.execute(
        f"""SELECT {_AGENT} FROM agent a JOIN person p ON p.id = a.person_id
              LEFT JOIN agent_load l ON l.agent_id = a.person_id
              LEFT JOIN agent_presence s ON s.agent_id = a.person_id
             WHERE %(only)s::uuid IS NULL OR a.person_id = %(only)s ORDER BY p.name, p.id""",
        {"only": only},
    )
    return [row[0] for row in await found.fetchall()]


async def change_agent(session: Session, agent: UUID, values: Mapping[str, object]) -> bool:
    """Change channels, capacity, skills, home department; False when there is no such agent."""
    found = await session.execute(
        """UPDATE agent SET channels = coalesce(%(channels)s::text[], channels),
                  department_id = coalesce(%(department_id)s::uuid, department_id),
                  version = version + 1 WHERE person_id = %(id)s""",
        {
            "id": agent,
            "channels": values.get("channels"),
            "department_id": values.get("department_id"),
        },
    )
    if found.rowcount == 0:
        return False
    if values.get("cap_max") is not None:
        await session.execute(
            """INSERT INTO agent_load (agent_id, cap_max) VALUES (%s, %s)
               ON CONFLICT (agent_id) DO UPDATE SET cap_max = excluded.cap_max,
                   version = agent_load.version + 1""",
            [agent, values["cap_max"]],
        )
    skills = values.get("skills")
    if isinstance(skills, list):
        await _set_skills(session, agent, skills)
    return True


async def _set_skills(
    session: Session, agent: UUID, skills: Sequence[Mapping[str, object]]
) -> None:
    """Replace what an agent knows; of a skill he has, what is not said stays as it is."""
    found = await session.execute(
        """SELECT skill_id, valid_from, valid_to, source, evidence FROM agent_skill
            WHERE agent_id = %s""",
        [agent],
    )
    known = {row[0]: dict(zip(_PROOF, row[1:], strict=True)) for row in await found.fetchall()}
    new: Json = {"valid_from": None, "valid_to": None, "source": "admin", "evidence": ""}
    wanted = [{**new, **known.get(UUID(str(one["skill_id"])), {}), **one} for one in skills]
    await session.execute("DELETE FROM agent_skill WHERE agent_id = %s", [agent])
    with refused("agent_skill"):
        await session.execute(
            """INSERT INTO agent_skill (agent_id, skill_id, level, valid_from, valid_to, source,
                                        evidence)
               SELECT %(agent)s, x.* FROM unnest(%(skill_id)s::uuid[], %(level)s::int[],
                      %(valid_from)s::date[], %(valid_to)s::date[], %(source)s::text[],
                      %(evidence)s::text[]) AS x (skill_id, level, valid_from, valid_to, source, e)
                WHERE EXISTS (SELECT FROM skill WHERE id = x.skill_id)
                   ON CONFLICT DO NOTHING""",
            {name: [one[name] for one in wanted] for name in ("skill_id", "level", *_PROOF)}
            | {"agent": agent},
        )


async def set_members(
    session: Session, queue: UUID, members: Sequence[tuple[UUID, int]]
) -> list[UUID]:
    """Replace the members of a queue; return everybody whose rights changed."""
    found = await session.execute(
        """WITH wanted AS (
               SELECT a.person_id AS agent_id, x.rank
                 FROM unnest(%(agents)s::uuid[], %(ranks)s::int[]) AS x(agent_id, rank)
                 JOIN agent a ON a.person_id = x.agent_id),
           gone AS (DELETE FROM queue_member m WHERE m.queue_id = %(queue)s AND m.lever_id IS NULL
                       AND NOT EXISTS (SELECT FROM wanted w WHERE w.agent_id = m.agent_id)
                    RETURNING m.agent_id),
           born AS (INSERT INTO queue_member AS m (queue_id, agent_id, rank)
                    SELECT %(queue)s, agent_id, rank FROM wanted
                    ON CONFLICT (queue_id, agent_id) DO UPDATE
                      SET rank = excluded.rank, lever_id = NULL
                      WHERE m.rank <> excluded.rank OR m.lever_id IS NOT NULL RETURNING m.agent_id)
           SELECT agent_id FROM gone UNION SELECT agent_id FROM born""",
        {
            "queue": queue,
            "agents": [agent for agent, _ in members],
            "ranks": [rank for _, rank in members],
        },
    )
    return [row[0] for row in await found.fetchall()]


async def set_queues(session: Session, agent: UUID, queues: Sequence[tuple[UUID, int]]) -> None:
    """Replace the queues an agent serves, with his rank in each; what he is lent to stays."""
    await session.execute(
        "DELETE FROM queue_member WHERE agent_id = %s AND lever_id IS NULL", [agent]
    )
    await session.execute(
        """INSERT INTO queue_member (queue_id, agent_id, rank)
           SELECT q, %s, r FROM unnest(%s::uuid[], %s::int[]) AS x(q, r)
               ON CONFLICT (queue_id, agent_id)
               DO UPDATE SET rank = excluded.rank, lever_id = NULL""",
        [agent, [queue for queue, _ in queues], [rank for _, rank in queues]],
    )


async def members(session: Session, queue: UUID) -> list[Json]:
    """Return who works a queue."""
    found = await session.execute(
        """SELECT jsonb_build_object('agent_id', m.agent_id, 'rank', m.rank, 'name', p.name)
             FROM queue_member m JOIN person p ON p.id = m.agent_id
            WHERE m.queue_id = %s AND m.lever_id IS NULL
            ORDER BY m.rank, p.name""",
        [queue],
    )
    return [row[0] for row in await found.fetchall()]

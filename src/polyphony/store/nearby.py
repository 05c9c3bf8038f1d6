"""Nearby: the Agents and the work a lever can reach, as far as a preview looks."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from polyphony.store.database import Session

Json = dict[str, object]
AGENTS_NEAR, ITEMS_NEAR = 400, 1_500
"""So many Agents and waiting items a preview looks at; the longest waiting ones of each Queue."""


@dataclass(frozen=True, slots=True)
class Near:
    """What a lever can reach: Agents, the Queues they serve, and what waits there."""

    agents: list[UUID]
    queues: list[UUID]
    items: list[UUID]
    cut: bool


async def near(session: Session, queue: UUID | None, agents: Sequence[UUID]) -> Near:
    """Find the Agents signed in who serve a Queue or are named (neither = all), and all near them.

    A second ring of Agents serves the Queues of the first; what is too much is cut.
    """
    found = await session.execute(
        """WITH first AS (
               SELECT p.agent_id FROM agent_presence p
                WHERE p.status <> 'offline' AND (p.agent_id = ANY(%(agents)s) OR EXISTS (
                      SELECT FROM queue_member m WHERE m.agent_id = p.agent_id
                         AND (%(wide)s OR m.queue_id = %(queue)s::uuid)))
                ORDER BY p.agent_id LIMIT %(most)s),
           served AS (
               SELECT DISTINCT m.queue_id FROM queue_member m JOIN first USING (agent_id)
                UNION SELECT %(queue)s::uuid WHERE %(queue)s::uuid IS NOT NULL),
           second AS (
               SELECT agent_id FROM first
                UNION SELECT p.agent_id FROM agent_presence p
                WHERE p.status <> 'offline' AND EXISTS (
                      SELECT FROM queue_member m JOIN served USING (queue_id)
                       WHERE m.agent_id = p.agent_id))
           SELECT ARRAY(SELECT agent_id FROM second
                         ORDER BY agent_id IN (SELECT agent_id FROM first) DESC, agent_id
                         LIMIT %(most)s + 1),
                  ARRAY(SELECT queue_id FROM served ORDER BY queue_id)""",
        {
            "queue": queue,
            "agents": list(agents),
            "wide": queue is None and not agents,
            "most": AGENTS_NEAR,
        },
    )
    everybody, queues = await found.fetchone() or ([], [])
    waiting = await session.execute(
        """SELECT w.id FROM unnest(%(queues)s::uuid[]) AS q (id)
            CROSS JOIN LATERAL (SELECT x.id, x.waiting_since FROM work_item x
                   WHERE x.queue_id = q.id AND x.state = 'waiting'
                   ORDER BY x.waiting_since, x.id LIMIT %(most)s) w
            ORDER BY q.id = %(queue)s::uuid DESC NULLS LAST, w.waiting_since, w.id
            LIMIT %(most)s + 1""",
        {"queues": queues, "most": ITEMS_NEAR, "queue": queue},
    )
    items = [one[0] for one in await waiting.fetchall()]
    cut = len(everybody) > AGENTS_NEAR or len(items) > ITEMS_NEAR
    return Near(everybody[:AGENTS_NEAR], queues, items[:ITEMS_NEAR], cut)


async def references(session: Session, items: Sequence[UUID]) -> dict[UUID, Json]:
    """Return of items by which Case they are known, and whose it is."""
    found = await session.execute(
        """SELECT w.id, jsonb_build_object('case_id', c.id, 'reference', c.reference,
                  'department_id', c.department_id,
                  'sealed', 'sealed' IN (c.visibility, d.visibility))
             FROM work_item w JOIN case_ c ON c.id = w.case_id
             JOIN department d ON d.id = c.department_id WHERE w.id = ANY(%s)""",
        [list(items)],
    )
    return dict(await found.fetchall())

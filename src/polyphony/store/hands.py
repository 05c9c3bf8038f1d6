"""Hands: what agents hold, the room they have, and the Interactions that follow their work."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from polyphony.domain.capacity import Cost, fits
from polyphony.store import columns
from polyphony.store.database import Session


@dataclass(frozen=True, slots=True)
class Pairing:
    """The state an Interaction takes because its WorkItem moved; ``agent`` None = nobody.

    ``interaction`` None: the work is a step or a callback, nothing follows it.
    """

    interaction: UUID | None
    state: str
    agent: UUID | None
    ended_by: str | None = None


_PAIRS: columns.Shape = {
    "interaction": "uuid",
    "state": "text",
    "agent": "uuid",
    "ended_by": "text",
}
_PAIR: LiteralString = f"""
UPDATE interaction i
   SET state = n.state, agent_id = n.agent, version = i.version + 1,
       ended_at = CASE WHEN n.state = 'ended' THEN %(at)s ELSE i.ended_at END,
       ended_by = coalesce(n.ended_by, i.ended_by)
  FROM {columns.source(_PAIRS)}
 WHERE i.id = n.interaction AND i.state <> 'ended'"""


async def pair(session: Session, batch: Sequence[Pairing], at: datetime) -> None:
    """Let Interactions follow their WorkItems; the Cases must be locked."""
    real = [one for one in batch if one.interaction is not None]
    if real:
        await session.execute(_PAIR, {**columns.params(_PAIRS, real), "at": at})


async def lock_cases(session: Session, ids: Sequence[UUID]) -> list[UUID]:
    """Lock the Cases of WorkItems, in order: before agents and items, as intake does."""
    found = await session.execute(
        """SELECT id FROM case_ WHERE id IN (
               SELECT case_id FROM work_item WHERE id = ANY(%s))
            ORDER BY id FOR NO KEY UPDATE""",
        [sorted(ids)],
    )
    return [one[0] for one in await found.fetchall()]


async def lock_free_cases(session: Session, ids: Sequence[UUID]) -> set[UUID]:
    """Lock the Cases of WorkItems that nobody else holds now; return the items of those locked."""
    found = await session.execute(
        """WITH c AS MATERIALIZED (
               SELECT id FROM case_ WHERE id IN (
                   SELECT case_id FROM work_item WHERE id = ANY(%(ids)s))
                ORDER BY id FOR NO KEY UPDATE SKIP LOCKED)
           SELECT w.id FROM work_item w JOIN c ON c.id = w.case_id WHERE w.id = ANY(%(ids)s)""",
        {"ids": sorted(ids)},
    )
    return {one[0] for one in await found.fetchall()}


async def own(session: Session, case: UUID, agent: UUID) -> None:
    """Let an agent have work of a Case (locked); one without owner is his from now on.

    The version rises in any case: who lost sight of the Case takes only a newer one.
    """
    await session.execute(
        "UPDATE case_ SET owner_id = coalesce(owner_id, %s), version = version + 1 WHERE id = %s",
        [agent, case],
    )


async def holders_of(session: Session, case: UUID) -> set[UUID]:
    """Return the agents who have work of a Case in their hands."""
    found = await session.execute(
        """SELECT agent_id FROM work_item
            WHERE case_id = %s AND state IN ('in_work', 'suspended', 'wrap_up')""",
        [case],
    )
    return {one[0] for one in await found.fetchall()}


async def pass_on(session: Session, cases: Sequence[UUID]) -> None:
    """Raise the version of Cases (locked) whose work goes elsewhere, to whoever sees it there."""
    await session.execute(
        "UPDATE case_ SET version = version + 1 WHERE id = ANY(%s)", [sorted(set(cases))]
    )


_ONLY_OFFERED: LiteralString = """
SELECT DISTINCT w.case_id, n.agent
  FROM unnest(%s::uuid[], %s::uuid[]) AS n (item, agent)
  JOIN work_item w ON w.id = n.item
  JOIN case_ c ON c.id = w.case_id
  JOIN department d ON d.id = c.department_id
 WHERE NOT EXISTS (SELECT FROM member m
                    WHERE m.department_id = d.id AND m.person_id = n.agent)
   AND ('sealed' IN (c.visibility, d.visibility)
        OR NOT EXISTS (SELECT FROM queue_member q
                        WHERE q.queue_id = w.queue_id AND q.agent_id = n.agent))"""


async def only_offered(
    session: Session, pairs: Sequence[tuple[UUID, UUID]]
) -> list[tuple[UUID, UUID]]:
    """Return (Case, Agent) for those (WorkItem, Agent) who see the Case by an Offer only."""
    if not pairs:
        return []
    lists = [[one[0] for one in pairs], [one[1] for one in pairs]]
    found = await session.execute(_ONLY_OFFERED, lists)
    return [(case, agent) for case, agent in await found.fetchall()]


async def held(session: Session, agents: Sequence[UUID], *, live_only: bool = False) -> list[UUID]:
    """Return the items agents are working on; ``live_only`` = the customer waits on the line."""
    found = await session.execute(
        """SELECT w.id FROM work_item w LEFT JOIN interaction i ON i.id = w.interaction_id
            WHERE w.agent_id = ANY(%s) AND w.state IN ('in_work', 'suspended')
              AND (i.mode = 'live' OR NOT %s) ORDER BY w.id""",
        [list(agents), live_only],
    )
    return [one[0] for one in await found.fetchall()]


async def wrapped(session: Session, at: datetime) -> list[UUID]:
    """Return items whose wrap-up is over."""
    found = await session.execute(
        """SELECT w.id FROM work_item w JOIN queue q ON q.id = w.queue_id
            WHERE w.state = 'wrap_up' AND coalesce(
                  w.wrap_until, w.state_since + q.wrap_up_s * interval '1 second') <= %s
            ORDER BY w.id LIMIT 200""",
        [at],
    )
    return [one[0] for one in await found.fetchall()]


async def woken(session: Session, at: datetime) -> list[UUID]:
    """Return parked items whose moment has come."""
    found = await session.execute(
        "SELECT id FROM work_item WHERE state = 'parked' AND wake_at <= %s ORDER BY id LIMIT 200",
        [at],
    )
    return [one[0] for one in await found.fetchall()]


async def heads(session: Session, queue: UUID, agent: UUID) -> list[UUID]:
    """Return the oldest items of each class that waits in a Queue: one of them is the best.

    What a person sent to somebody else alone, and what excludes the agent, is left out.
    """
    found = await session.execute(
        """SELECT id FROM (
               SELECT w.id, row_number() OVER (
                          PARTITION BY w.channel_kind, w.requirements, w.tier, w.urgency,
                                       w.target_ms, w.ladder_step, w.boost_milli
                          ORDER BY w.waiting_since
                                   - w.target_used_ms * interval '1 millisecond', w.id) AS nth
                 FROM work_item w
                WHERE w.queue_id = %(queue)s AND w.state = 'waiting'
                  AND NOT (w.direct_require AND w.direct_agent <> %(agent)s)
                  AND NOT EXISTS (SELECT FROM exclusion x WHERE x.work_item_id = w.id
                                     AND x.agent_id = %(agent)s
                                     AND (x.until IS NULL OR x.until > now()))) w
            WHERE nth <= 2 ORDER BY id LIMIT 500""",
        {"queue": queue, "agent": agent},
    )
    return [one[0] for one in await found.fetchall()]


async def in_hands(session: Session, agent: UUID) -> list[UUID]:
    """Return everything whose units an agent spends."""
    found = await session.execute(
        "SELECT id FROM work_item WHERE agent_id = %s"
        " AND state IN ('offered', 'in_work', 'wrap_up') ORDER BY id",
        [agent],
    )
    return [one[0] for one in await found.fetchall()]


async def holder(session: Session, item: UUID) -> str | None:
    """Return the name of whoever has an item."""
    found = await session.execute(
        "SELECT p.name FROM work_item w JOIN person p ON p.id = w.agent_id WHERE w.id = %s", [item]
    )
    one = await found.fetchone()
    return str(one[0]) if one else None


async def forget_misses(session: Session, agent: UUID) -> None:
    """Reset the counters of misses: he answers."""
    await session.execute(
        "UPDATE agent_load SET misses = '{}', version = version + 1"
        " WHERE agent_id = %s AND misses <> '{}'",
        [agent],
    )


async def has_room(session: Session, agent: UUID, units: int, *, exclusive: bool) -> bool:
    """Tell whether one more item fits beside what an agent (locked) holds; no agent has no room."""
    found = await session.execute(
        "SELECT coalesce(cap_lever, cap_max), routed_units + manual_units, exclusive_live"
        "  FROM agent_load"
        " WHERE agent_id = %s",
        [agent],
    )
    one = await found.fetchone()
    return one is not None and fits(Cost(units, exclusive), one[1], one[0], one[2])


async def ahead(session: Session, item: UUID) -> int:
    """Count what waits longer in the same Queue."""
    found = await session.execute(
        """SELECT count(*) FROM work_item o JOIN work_item w ON w.id = %s
            WHERE o.queue_id = w.queue_id AND o.state = 'waiting' AND o.id <> w.id
              AND (o.waiting_since, o.id) < (w.waiting_since, w.id)""",
        [item],
    )
    one = await found.fetchone()
    return int(one[0]) if one else 0

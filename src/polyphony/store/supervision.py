"""Supervision: what those who lead look at: agents with what they do, and what waits in a Queue."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import LiteralString
from uuid import UUID

from polyphony.domain.permission import Scope
from polyphony.store.database import Session, rows
from polyphony.store.visibility import visible_to

Json = dict[str, object]
AGENTS_MAX = 500
WAITING_MAX = 100

_REFERENCE: LiteralString = (
    "substr(c.reference, 1, 2) || ' ' || substr(c.reference, 3, 4) || ' ' || substr(c.reference, 7)"
)


@dataclass(frozen=True, slots=True)
class AgentRow:
    """An agent of departments somebody leads; ``last_offer`` is how the newest of an hour ended."""

    id: UUID
    name: str
    departments: list[UUID]
    queues: list[UUID]
    last_offer: Json | None


# Home counts as a department; Offers of the last hour come from the facts the counters keep.
_AGENTS: LiteralString = """
SELECT p.id, p.name, m.departments,
       ARRAY(SELECT q.queue_id FROM queue_member q WHERE q.agent_id = a.person_id
              ORDER BY q.queue_id) AS queues,
       CASE WHEN o.agent_id IS NOT NULL THEN jsonb_build_object(
            'state', o.outcome, 'at', o.settled_at, 'reason', o.reason) END AS last_offer
  FROM agent a
  JOIN person p ON p.id = a.person_id AND p.state = 'active'
 CROSS JOIN LATERAL (SELECT ARRAY(
           SELECT department_id FROM member WHERE person_id = a.person_id
           UNION SELECT a.department_id) AS departments) m
  LEFT JOIN (SELECT DISTINCT ON (agent_id) agent_id, outcome, settled_at, reason
               FROM fact_offer WHERE made_at > %(since)s AND settled_at IS NOT NULL
              ORDER BY agent_id, made_at DESC) o ON o.agent_id = a.person_id
 WHERE m.departments && %(departments)s::uuid[]
 ORDER BY p.name, p.id LIMIT %(most)s"""


async def agents(session: Session, departments: Collection[UUID], at: datetime) -> list[AgentRow]:
    """Return the agents of departments by name, 500 at most."""
    params = {
        "departments": sorted(departments),
        "most": AGENTS_MAX,
        "since": at - timedelta(hours=1),
    }
    return await rows(session, _AGENTS, params, AgentRow)


@dataclass(frozen=True, slots=True)
class HeldRow:
    """Work in somebody's hands; of a matter the reader does not see only that there is some."""

    id: UUID
    agent_id: UUID
    case_id: UUID | None
    reference: str | None
    title: str | None
    channel_kind: str
    queue_id: UUID
    state: str
    since: datetime
    help: bool


async def held(session: Session, scope: Scope, agents_: Collection[UUID]) -> list[HeldRow]:
    """Return what agents have in hand, oldest first; what the reader may not see has no name."""
    condition, params = visible_to(scope)
    return await rows(
        session,
        f"""SELECT w.id, w.agent_id, w.channel_kind, w.queue_id, w.state, w.state_since AS since,
                   CASE WHEN s.seen THEN c.id END AS case_id,
                   CASE WHEN s.seen THEN {_REFERENCE} END AS reference,
                   CASE WHEN s.seen THEN c.title END AS title,
                   s.seen AND c.help IS NOT NULL AS help
              FROM work_item w JOIN case_ c ON c.id = w.case_id
             CROSS JOIN LATERAL (SELECT {condition} AS seen) s
             WHERE w.agent_id = ANY(%(agents)s)
               AND w.state IN ('offered', 'in_work', 'suspended', 'wrap_up')
             ORDER BY w.state_since, w.id LIMIT 2000""",
        {"agents": sorted(agents_), **params},
        HeldRow,
    )


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """Work that waits in a Queue."""

    id: UUID
    case_id: UUID
    reference: str
    title: str
    customer: str
    tier: str
    urgency: str
    channel_kind: str
    state: str
    agent_id: UUID | None
    waiting_since: datetime
    due_at: datetime | None
    ladder_step: int


async def waiting(
    session: Session, scope: Scope, queue: UUID, channel: str | None
) -> tuple[list[WaitingRow], int]:
    """Return what waits in a Queue (on a channel), longest first, 100 at most; and how many do.

    What the reader may not see is counted in neither.
    """
    condition, params = visible_to(scope)
    where: LiteralString = f"""
              FROM work_item w
              JOIN case_ c ON c.id = w.case_id
              JOIN record r ON r.id = c.record_id
              JOIN customer k ON k.id = r.customer_id
             WHERE w.queue_id = %(queue)s AND w.state IN ('waiting', 'offered')
               AND (%(channel)s::text IS NULL OR w.channel_kind = %(channel)s) AND {condition}"""
    values = {"queue": queue, "channel": channel, "most": WAITING_MAX, **params}
    found = await rows(
        session,
        f"""SELECT w.id, w.case_id, {_REFERENCE} AS reference, c.title, k.name AS customer,
                   w.tier, w.urgency, w.channel_kind, w.state, w.agent_id, w.waiting_since,
                   w.due_at, w.ladder_step {where}
             ORDER BY w.waiting_since, w.id LIMIT %(most)s""",
        values,
        WaitingRow,
    )
    if len(found) < WAITING_MAX:
        return found, len(found)
    total = await (await session.execute(f"SELECT count(*) {where}", values)).fetchone()
    return found, int(total[0]) if total else len(found)


async def department_of(session: Session, queue: UUID) -> UUID | None:
    """Return the department a Queue belongs to; None for an unknown Queue."""
    found = await session.execute("SELECT department_id FROM queue WHERE id = %s", [queue])
    one = await found.fetchone()
    return one[0] if one else None

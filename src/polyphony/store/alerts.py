"""Alerts: what needs those who lead; raised once, settled by hand, gone by itself."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from polyphony.domain.alert import OF_LINE, OF_WORK, AlertKind, NewAlert
from polyphony.store import columns
from polyphony.store.database import Session, row, rows
from polyphony.store.keys import keys

_LOOK_LOCK = 7065646

_NEW: columns.Shape = {
    "kind": "text",
    "key": "text",
    "department_id": "uuid",
    "queue_id": "uuid",
    "agent_id": "uuid",
    "work_item_id": "uuid",
    "case_id": "uuid",
    "run_id": "uuid",
    "facts": "jsonb",
}
MOST = 20
"""So many alerts of a kind about work of one Queue: a hundred more would say nothing new."""

# Of one kind and key there is one at a time; what is open already is only seen again.
_RAISE: LiteralString = f"""
WITH n AS MATERIALIZED (
         SELECT n.*, (%(keys)s::uuid[])[row_number() OVER ()] AS id
           FROM {columns.source(_NEW)}),
     k AS (SELECT n.id, n.kind, n.key, n.agent_id, n.work_item_id, n.run_id, n.facts,
                  coalesce(n.department_id, q.department_id, g.department_id) AS department_id,
                  q.id AS queue_id, coalesce(n.case_id, w.case_id) AS case_id,
                  row_number() OVER (PARTITION BY n.kind, q.id ORDER BY n.id)
                  + (SELECT count(*) FROM alert x WHERE n.work_item_id IS NOT NULL
                        AND x.kind = n.kind AND x.queue_id = q.id AND x.gone_at IS NULL) AS nth
             FROM n
             LEFT JOIN work_item w ON w.id = n.work_item_id
             LEFT JOIN queue q ON q.id = coalesce(n.queue_id, w.queue_id)
             LEFT JOIN agent g ON g.person_id = n.agent_id
            WHERE n.work_item_id IS NULL OR w.id IS NOT NULL),
     a AS (INSERT INTO alert (id, kind, key, department_id, queue_id, agent_id, work_item_id,
                              case_id, run_id, facts, at)
           SELECT id, kind, key, department_id, queue_id, agent_id, work_item_id, case_id, run_id,
                  facts, %(at)s
             FROM k WHERE department_id IS NOT NULL
                      AND (work_item_id IS NULL OR nth <= %(most)s)
           ON CONFLICT (kind, key) WHERE gone_at IS NULL DO NOTHING RETURNING id)
SELECT id FROM a ORDER BY id"""


async def raise_(session: Session, batch: Sequence[NewAlert], at: datetime) -> list[UUID]:
    """Keep new alerts; return those that were not there already."""
    if not batch:
        return []
    params = {**columns.params(_NEW, batch), "keys": keys(at, len(batch)), "at": at, "most": MOST}
    found = await session.execute(_RAISE, params)
    return [one[0] for one in await found.fetchall()]


_GONE: LiteralString = """
UPDATE alert a SET gone_at = %(at)s, version = version + 1
 WHERE a.gone_at IS NULL AND """


async def over(
    session: Session, kinds: Collection[str], but: Sequence[tuple[str, str]], at: datetime
) -> list[UUID]:
    """End the alerts of these kinds that are not among ``but`` (kind, key); return them."""
    found = await session.execute(
        _GONE
        + """a.kind = ANY(%(kinds)s) AND NOT EXISTS (
               SELECT FROM unnest(%(of)s::text[], %(names)s::text[]) AS n (kind, key)
                WHERE n.kind = a.kind AND n.key = a.key) RETURNING id""",
        {
            "at": at,
            "kinds": sorted(kinds),
            "of": [one[0] for one in but],
            "names": [one[1] for one in but],
        },
    )
    return sorted([one[0] for one in await found.fetchall()])


async def end(session: Session, kind: str, key: str, at: datetime) -> list[UUID]:
    """End the alert of a kind about something, if there is one."""
    found = await session.execute(
        _GONE + "a.kind = %(kind)s AND a.key = %(key)s RETURNING id",
        {"at": at, "kind": kind, "key": key},
    )
    return [one[0] for one in await found.fetchall()]


async def work_over(session: Session, at: datetime) -> list[UUID]:
    """End the alerts about work that waits no longer, or elsewhere; return them."""
    found = await session.execute(
        _GONE
        + """a.kind = ANY(%(kinds)s) AND NOT EXISTS (
               SELECT FROM work_item w WHERE w.id = a.work_item_id
                  AND w.state IN ('waiting', 'offered') AND w.queue_id = a.queue_id)
            RETURNING id""",
        {"at": at, "kinds": sorted(OF_WORK)},
    )
    return sorted([one[0] for one in await found.fetchall()])


async def lines_over(session: Session, at: datetime) -> list[UUID]:
    """End the alerts about Queues that have room again, or where nothing waits any more."""
    found = await session.execute(
        _GONE
        + """a.kind = ANY(%(kinds)s) AND NOT EXISTS (
               SELECT FROM queue q CROSS JOIN LATERAL (
                      SELECT count(*) AS n FROM work_item w
                       WHERE w.queue_id = q.id AND w.state IN ('waiting', 'offered')) l
                WHERE q.id = a.queue_id
                  AND l.n >= CASE a.kind WHEN 'queue_full' THEN q.max_waiting ELSE 1 END)
            RETURNING id""",
        {"at": at, "kinds": sorted(OF_LINE)},
    )
    return sorted([one[0] for one in await found.fetchall()])


@dataclass(frozen=True, slots=True)
class AlertRow:
    """An alert as kept."""

    id: UUID
    kind: str
    department_id: UUID
    case_id: UUID | None
    name: str
    settled_at: datetime | None
    gone_at: datetime | None


_ROW: LiteralString = """
SELECT a.id, a.kind, a.department_id, a.case_id, coalesce(p.name, q.name, '') AS name,
       a.settled_at, a.gone_at
  FROM alert a LEFT JOIN queue q ON q.id = a.queue_id LEFT JOIN person p ON p.id = a.agent_id"""


async def of(session: Session, ids: Sequence[UUID]) -> list[AlertRow]:
    """Return alerts; ``name`` is that of the Agent or the Queue they are about."""
    return await rows(session, _ROW + " WHERE a.id = ANY(%s) ORDER BY a.id", [list(ids)], AlertRow)


async def lock(session: Session, id_: UUID) -> AlertRow | None:
    """Return an alert, locked until the end of the transaction."""
    return await row(session, _ROW + " WHERE a.id = %s FOR UPDATE OF a", [id_], AlertRow)


async def settle(session: Session, id_: UUID, person: UUID, at: datetime) -> None:
    """Note that somebody took care of an alert."""
    await session.execute(
        "UPDATE alert SET settled_at = %s, settled_by = %s, version = version + 1 WHERE id = %s",
        [at, person, id_],
    )


async def listed(
    session: Session, departments: Collection[UUID], *, over: bool, limit: int
) -> list[tuple[UUID, UUID | None]]:
    """Return (alert, its Case) of departments, newest first: those open, or those that are over."""
    found = await session.execute(
        """SELECT id, case_id FROM alert
            WHERE department_id = ANY(%s)
              AND (settled_at IS NOT NULL OR gone_at IS NOT NULL) = %s
            ORDER BY at DESC, id DESC LIMIT %s""",
        [sorted(departments), over, limit],
    )
    return [(one, case) for one, case in await found.fetchall()]


async def flagged(session: Session, departments: Collection[UUID], limit: int) -> list[UUID]:
    """Return the Cases of departments whose flag is raised, longest first."""
    found = await session.execute(
        "SELECT id FROM case_ WHERE help IS NOT NULL AND department_id = ANY(%s)"
        " ORDER BY help->>'at', id LIMIT %s",
        [sorted(departments), limit],
    )
    return [one[0] for one in await found.fetchall()]


_LOOK: LiteralString = """
SELECT 'not_responding' AS kind, p.agent_id::text AS key, NULL::uuid AS department_id,
       NULL::uuid AS queue_id, p.agent_id, NULL::uuid AS work_item_id, NULL::uuid AS case_id,
       NULL::uuid AS run_id, jsonb_build_object('since', p.since) AS facts
  FROM agent_presence p WHERE p.status = 'not_responding'
UNION ALL
SELECT 'return_late', p.agent_id::text, NULL, NULL, p.agent_id, NULL, NULL, NULL,
       jsonb_build_object('planned_return', p.planned_return, 'status', p.status)
  FROM agent_presence p
 WHERE p.planned_return <= %(late)s AND p.status NOT IN ('online', 'offline', 'reconnecting')
UNION ALL
(SELECT DISTINCT ON (r.clock_id) 'escalation', r.clock_id::text, c.department_id, NULL, NULL, NULL,
        r.case_id, r.id, jsonb_build_object('ladder', r.outcome->'ladder',
                                            'clock', r.outcome->'clock')
   FROM escalation_run r
   JOIN sla_clock s ON s.id = r.clock_id AND s.state IN ('running', 'breached')
   JOIN case_ c ON c.id = r.case_id
  WHERE r.answerable AND r.ack_at IS NULL
    AND c.state NOT IN ('solved', 'closed', 'merged', 'discarded')
    AND NOT EXISTS (SELECT FROM escalation_run x WHERE x.clock_id = r.clock_id
                       AND x.ack_at IS NOT NULL)
  ORDER BY r.clock_id, r.at DESC)
LIMIT 500"""


@dataclass(frozen=True, slots=True)
class _Seen:
    kind: str
    key: str
    department_id: UUID | None
    queue_id: UUID | None
    agent_id: UUID | None
    work_item_id: UUID | None
    case_id: UUID | None
    run_id: UUID | None
    facts: dict[str, object]


async def look(session: Session, late: datetime) -> list[NewAlert]:
    """Find what tables alone tell: who does not respond, is not back, what nobody acknowledged."""
    found = await rows(session, _LOOK, {"late": late}, _Seen)
    return [
        NewAlert(
            AlertKind(one.kind), one.key, one.department_id, one.queue_id, one.agent_id,
            one.work_item_id, one.case_id, one.run_id, one.facts,
        )
        for one in found
    ]  # fmt: skip


async def oldest(session: Session, since: datetime, limit: int) -> list[tuple[UUID, UUID]]:
    """Return (Queue, its oldest item) of Queues whose pushed work waits since then."""
    found = await session.execute(
        """SELECT q.id, w.id FROM queue q
            CROSS JOIN LATERAL (
                 SELECT w.id FROM work_item w
                  WHERE w.queue_id = q.id AND w.state = 'waiting' AND w.waiting_since <= %s
                  ORDER BY w.waiting_since LIMIT 1) w
            WHERE q.delivery = 'push' ORDER BY q.id LIMIT %s""",
        [since, limit],
    )
    return [(queue, item) for queue, item in await found.fetchall()]


async def try_lock(session: Session) -> bool:
    """Look alone: others who look at the same time need not."""
    found = await session.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOOK_LOCK])
    one = await found.fetchone()
    return bool(one and one[0])


async def prune(session: Session, before: datetime) -> None:
    """Drop alerts that were over long ago."""
    await session.execute("DELETE FROM alert WHERE gone_at < %s", [before])

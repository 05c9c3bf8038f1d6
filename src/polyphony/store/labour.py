"""Labour: what moves of Cases and Interactions do to the WorkItems of Agents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from polyphony.store import columns, wake
from polyphony.store.database import Session, rows
from polyphony.store.keys import keys


@dataclass(frozen=True, slots=True)
class NewWork:
    """An Interaction that waits in a Queue from now on; ``visited`` are those that sent it on."""

    id: UUID
    case_id: UUID
    interaction_id: UUID
    queue_id: UUID
    channel_kind: str
    units: int
    exclusive: bool
    target_ms: int
    due_at: datetime | None
    tier: str
    urgency: str
    requirements: object
    waiting_since: datetime
    sticky: UUID | None
    why_queue: object
    visited: tuple[UUID, ...] = ()
    blocker: str | None = None


_NEW: columns.Shape = {
    "id": "uuid",
    "case_id": "uuid",
    "interaction_id": "uuid",
    "queue_id": "uuid",
    "channel_kind": "text",
    "units": "int",
    "exclusive": "bool",
    "target_ms": "bigint",
    "due_at": "timestamptz",
    "tier": "text",
    "urgency": "text",
    "requirements": "jsonb",
    "waiting_since": "timestamptz",
    "sticky": "uuid",
    "why_queue": "jsonb",
}
_ADD: LiteralString = f"""
WITH n AS MATERIALIZED (SELECT * FROM {columns.source(_NEW)}),
     q AS (INSERT INTO queue_stay (id, work_item_id, queue_id, entered_at, how)
           SELECT s.stay, n.id, n.queue_id, n.waiting_since, 'added'
             FROM n JOIN unnest(%(id)s::uuid[], %(stay)s::uuid[]) AS s (item, stay)
                    ON s.item = n.id)
INSERT INTO work_item (id, case_id, interaction_id, queue_id, channel_kind, units, exclusive,
                       target_ms, due_at, tier, urgency, requirements, waiting_since, sticky,
                       why_queue, state_since, created_at)
SELECT n.*, n.waiting_since, n.waiting_since FROM n"""


async def add(session: Session, batch: Sequence[NewWork]) -> None:
    """Put Interactions into their Queues."""
    if not batch:
        return
    stays = keys(batch[0].waiting_since, len(batch))
    await session.execute(_ADD, {**columns.params(_NEW, batch), "stay": stays})
    wake.mark(session, "work")


async def note_way(session: Session, batch: Sequence[NewWork]) -> None:
    """Keep which Queues sent new work on, and what its customers are asked; few have either."""
    for one in batch:
        if one.visited or one.blocker:
            await session.execute(
                "UPDATE work_item SET visited = %s, moves = %s, blocker = %s WHERE id = %s",
                [list(one.visited), len(one.visited), one.blocker, one.id],
            )


@dataclass(frozen=True, slots=True)
class Ended:
    """A WorkItem that moved, the Agent it was with, the Offer that was taken back and from whom."""

    id: UUID
    interaction_id: UUID | None
    agent_id: UUID | None
    offer_id: UUID | None
    offered_to: UUID | None


# Agents are locked before items, items before offers: the order of everybody.
_LOCK: LiteralString = """
SELECT l.agent_id FROM agent_load l
 WHERE l.agent_id IN (SELECT agent_id FROM work_item WHERE id = ANY(%s) AND agent_id IS NOT NULL)
 ORDER BY l.agent_id FOR UPDATE"""
_LOCK_ITEMS: LiteralString = "SELECT id FROM work_item WHERE id = ANY(%s) ORDER BY id FOR UPDATE"

_END: LiteralString = """
WITH was AS (SELECT id, interaction_id, agent_id, state, units, exclusive, routed
               FROM work_item WHERE id = ANY(%(ids)s) AND state = ANY(%(from)s)),
     w AS (UPDATE work_item i SET state = %(to)s, state_since = %(at)s, version = i.version + 1,
                  cancel_why = %(why)s, agent_id = CASE WHEN %(to)s = 'cancelled' THEN NULL
                                                        ELSE i.agent_id END
             FROM was WHERE i.id = was.id RETURNING i.id),
     f AS (UPDATE agent_load l SET version = l.version + 1,
                  idle_since = CASE WHEN EXISTS (
                      SELECT FROM work_item o WHERE o.agent_id = l.agent_id
                         AND o.state IN ('in_work', 'wrap_up') AND o.id <> ALL(%(ids)s))
                      THEN l.idle_since ELSE %(at)s END,
                  routed_units = l.routed_units - x.routed,
                  manual_units = l.manual_units - x.manual,
                  exclusive_live = l.exclusive_live - x.exclusive
             FROM (SELECT agent_id, coalesce(sum(units) FILTER (WHERE routed), 0) AS routed,
                          coalesce(sum(units) FILTER (WHERE NOT routed), 0) AS manual,
                          count(*) FILTER (WHERE exclusive) AS exclusive
                     FROM was WHERE agent_id IS NOT NULL AND state <> 'suspended'
                    GROUP BY agent_id) x
            WHERE l.agent_id = x.agent_id RETURNING l.agent_id),
     s AS (UPDATE queue_stay q SET left_at = greatest(%(at)s, q.entered_at), how = %(how)s
             FROM was WHERE q.work_item_id = was.id AND q.left_at IS NULL RETURNING q.id),
     o AS (UPDATE offer SET state = 'withdrawn', settled_at = %(at)s, reason = %(how)s,
                  version = version + 1
            WHERE work_item_id IN (SELECT id FROM was) AND state = 'offered'
        RETURNING id, work_item_id, agent_id)
SELECT was.id, was.interaction_id, was.agent_id, o.id AS offer_id, o.agent_id AS offered_to
  FROM was LEFT JOIN o ON o.work_item_id = was.id ORDER BY was.id"""


@dataclass(frozen=True, slots=True)
class End:
    """How WorkItems end: to which final state, from which states, and why."""

    to: str
    from_: tuple[str, ...]
    why: str


FINISH = End("done", ("in_work", "wrap_up", "suspended"), "finished")


def cancel(why: str) -> End:
    """Return the end of items nobody works on: abandoned, withdrawn, merged, expired."""
    return End("cancelled", ("waiting", "offered", "parked"), why)


async def end(session: Session, ids: Sequence[UUID], how: End, at: datetime) -> list[Ended]:
    """End WorkItems, free their Agents' units, take open Offers back; return what ended."""
    wanted = sorted(set(ids))
    if not wanted:
        return []
    await session.execute(_LOCK, [wanted])
    await session.execute(_LOCK_ITEMS, [wanted])
    params = {
        "ids": wanted,
        "from": list(how.from_),
        "to": how.to,
        "why": how.why if how.to == "cancelled" else None,
        "how": how.why,
        "at": at,
    }
    found = await rows(session, _END, params, Ended)
    if found:
        wake.mark(session, "work")
    return found


_WAKE: LiteralString = """
WITH w AS (UPDATE work_item SET state = 'waiting', state_since = %(at)s, wake_at = NULL,
                  version = version + 1
            WHERE id = ANY(%(ids)s) AND state = 'parked' RETURNING id, queue_id),
     s AS (INSERT INTO queue_stay (id, work_item_id, queue_id, entered_at, how, reason)
           SELECT n.stay, w.id, w.queue_id, %(at)s, 'woken', 'woken'
             FROM w JOIN unnest(%(ids)s::uuid[], %(stays)s::uuid[]) AS n (id, stay) ON n.id = w.id),
     x AS (DELETE FROM exclusion x USING w WHERE x.work_item_id = w.id AND x.reason <> 'conflict')
SELECT id FROM w ORDER BY id"""


async def wake_up(session: Session, ids: Sequence[UUID], at: datetime) -> list[UUID]:
    """Let parked WorkItems wait again; return those that were parked."""
    if not ids:
        return []
    wanted = sorted(ids)
    params = {"ids": wanted, "stays": keys(at, len(wanted)), "at": at}
    found = await session.execute(_WAKE, params)
    wake.mark(session, "work")
    return [row[0] for row in await found.fetchall()]


async def live_of_case(
    session: Session, case: UUID
) -> list[tuple[UUID, UUID | None, str, UUID | None]]:
    """Return (WorkItem, its Interaction if any, state, Agent) of a Case that are not final."""
    found = await session.execute(
        "SELECT id, interaction_id, state, agent_id FROM work_item"
        " WHERE case_id = %s AND state NOT IN ('done', 'cancelled') ORDER BY id",
        [case],
    )
    return [
        (item, interaction, state, agent)
        for item, interaction, state, agent in await found.fetchall()
    ]

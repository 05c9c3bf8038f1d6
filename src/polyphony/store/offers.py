"""Offers: made in guarded batches under the fence of the router's epoch, settled exactly once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from polyphony.store import columns, wake
from polyphony.store.database import Session, row, rows


@dataclass(frozen=True, slots=True)
class NewOffer:
    """Propose an item to an agent, if both are still as they were when it was decided."""

    id: UUID
    item: UUID
    agent: UUID
    item_version: int
    presence_version: int
    deadline: datetime
    why: object


_NEW: columns.Shape = {
    "id": "uuid",
    "item": "uuid",
    "agent": "uuid",
    "item_version": "bigint",
    "presence_version": "bigint",
    "deadline": "timestamptz",
    "why": "jsonb",
}
# The two dependencies (agents on the fence, items on the agents) fix the order of the locks;
# without them the planner chooses it, and writers deadlock.
_MAKE: LiteralString = f"""
WITH fence AS MATERIALIZED (
         SELECT epoch FROM router_shard
          WHERE id = 1 AND epoch = coalesce(%(epoch)s::bigint, epoch) FOR SHARE),
     n AS MATERIALIZED (SELECT * FROM {columns.source(_NEW)}),
     la AS MATERIALIZED (
         SELECT l.agent_id, l.presence_version, coalesce(l.cap_lever, l.cap_max) AS cap_max,
                l.routed_units + l.manual_units AS used, l.exclusive_live
           FROM agent_load l
          WHERE l.agent_id = ANY(%(agent)s) AND EXISTS (SELECT FROM fence)
          ORDER BY l.agent_id FOR NO KEY UPDATE),
     lw AS MATERIALIZED (
         SELECT w.id, w.version, w.units, w.exclusive
           FROM work_item w
          WHERE w.id = ANY(%(item)s) AND w.state = 'waiting' AND (SELECT count(*) FROM la) > 0
          ORDER BY w.id FOR NO KEY UPDATE),
     fit AS MATERIALIZED (
         SELECT * FROM (
             SELECT n.id, n.item, n.agent, n.deadline, n.why, lw.units, lw.exclusive, la.cap_max,
                    la.exclusive_live, la.used,
                    sum(lw.units) OVER mine AS taken,
                    sum(lw.exclusive::int) OVER mine AS exclusives,
                    count(*) OVER mine AS nth
               FROM n
               JOIN la ON la.agent_id = n.agent AND la.presence_version = n.presence_version
               JOIN lw ON lw.id = n.item AND lw.version = n.item_version
             WINDOW mine AS (PARTITION BY n.agent ORDER BY n.item)) AS pairs
          WHERE used + taken <= cap_max AND exclusive_live = 0
            AND (exclusives = 0 OR (exclusive AND nth = 1 AND used = 0))),
     ul AS (UPDATE agent_load l
               SET routed_units = l.routed_units + s.units,
                   exclusive_live = l.exclusive_live + s.exclusives, version = l.version + 1
              FROM (SELECT agent, sum(units) AS units, sum(exclusive::int) AS exclusives
                      FROM fit GROUP BY agent) s
             WHERE l.agent_id = s.agent
         RETURNING l.agent_id, l.version),
     uw AS (UPDATE work_item w
               SET state = 'offered', state_since = %(at)s, agent_id = fit.agent, routed = true,
                   hold_until = NULL, version = w.version + 1
              FROM fit WHERE w.id = fit.item),
     o AS (INSERT INTO offer (id, work_item_id, agent_id, made_at, deadline, epoch, cycle, why)
           SELECT fit.id, fit.item, fit.agent, %(at)s, fit.deadline, fence.epoch, %(cycle)s,
                  fit.why
             FROM fit CROSS JOIN fence)
SELECT fit.item, ul.version FROM fit JOIN ul ON ul.agent_id = fit.agent"""


@dataclass(frozen=True, slots=True)
class Stamp:
    """By which owner and in which cycle; ``epoch`` None = by a person, whoever owns the router."""

    epoch: int | None
    cycle: int
    at: datetime


async def make(session: Session, batch: Sequence[NewOffer], stamp: Stamp) -> set[UUID]:
    """Make the Offers that still fit as ``place`` does; return the items that were offered."""
    return set(await place(session, batch, stamp))


async def place(session: Session, batch: Sequence[NewOffer], stamp: Stamp) -> dict[UUID, int]:
    """Make the Offers that still fit, in one statement.

    Returns the items that were offered, each with the version its agent's load has now. Nothing at
    all happens when the epoch is no longer the owner's.
    """
    if not batch:
        return {}
    params = {
        **columns.params(_NEW, batch),
        "epoch": stamp.epoch,
        "cycle": stamp.cycle,
        "at": stamp.at,
    }
    found = await session.execute(_MAKE, params)
    made: dict[UUID, int] = dict(await found.fetchall())
    if made:
        wake.mark(session, "work")
    return made


@dataclass(frozen=True, slots=True)
class Settle:
    """End a live Offer of an item with an agent otherwise than by accepting; the item waits again.

    ``item_version`` None = whatever it is. ``until``, ``excluded`` and ``times`` are the exclusion
    that follows (``excluded`` None = none), ``misses`` the agent's new counters.
    """

    item: UUID
    agent: UUID
    becomes: str
    item_version: int | None = None
    reason: str | None = None
    by: UUID | None = None
    excluded: str | None = None
    until: datetime | None = None
    times: int = 1
    misses: object = None


_SETTLE: columns.Shape = {
    "item": "uuid",
    "agent": "uuid",
    "becomes": "text",
    "item_version": "bigint",
    "reason": "text",
    "by": "uuid",
    "excluded": "text",
    "until": "timestamptz",
    "times": "int",
    "misses": "jsonb",
}
_END: LiteralString = f"""
WITH fence AS MATERIALIZED (
         SELECT epoch FROM router_shard
          WHERE id = 1 AND epoch = coalesce(%(epoch)s::bigint, epoch) FOR SHARE),
     n AS MATERIALIZED (SELECT * FROM {columns.source(_SETTLE)}),
     la AS MATERIALIZED (
         SELECT l.agent_id FROM agent_load l
          WHERE l.agent_id = ANY(%(agent)s) AND EXISTS (SELECT FROM fence)
          ORDER BY l.agent_id FOR NO KEY UPDATE),
     lw AS MATERIALIZED (
         SELECT w.id, w.version, w.agent_id, w.units, w.exclusive, w.routed FROM work_item w
          WHERE w.id = ANY(%(item)s) AND w.state = 'offered' AND (SELECT count(*) FROM la) > 0
          ORDER BY w.id FOR NO KEY UPDATE),
     ok AS MATERIALIZED (
         SELECT n.*, lw.units, lw.exclusive, lw.routed FROM n
           JOIN lw ON lw.id = n.item AND lw.agent_id = n.agent
                  AND lw.version = coalesce(n.item_version, lw.version)),
     o AS (UPDATE offer o SET state = ok.becomes, settled_at = %(at)s, settled_by = ok.by,
                  reason = ok.reason, version = o.version + 1
             FROM ok WHERE o.work_item_id = ok.item AND o.state = 'offered'
        RETURNING o.id, o.work_item_id),
     w AS (UPDATE work_item w SET state = 'waiting', state_since = %(at)s, agent_id = NULL,
                  hold_until = NULL, version = w.version + 1
             FROM ok JOIN o ON o.work_item_id = ok.item WHERE w.id = ok.item),
     l AS (UPDATE agent_load l
              SET routed_units = l.routed_units - s.routed,
                  manual_units = l.manual_units - s.manual,
                  exclusive_live = l.exclusive_live - s.exclusives,
                  misses = coalesce(s.misses, l.misses), version = l.version + 1
             FROM (SELECT agent, sum(units) FILTER (WHERE routed) AS routed_units,
                          coalesce(sum(units) FILTER (WHERE routed), 0) AS routed,
                          coalesce(sum(units) FILTER (WHERE NOT routed), 0) AS manual,
                          sum(exclusive::int) AS exclusives,
                          (array_agg(misses ORDER BY (misses->>'all')::int DESC)
                              FILTER (WHERE misses IS NOT NULL))[1] AS misses
                     FROM ok GROUP BY agent) s
            WHERE l.agent_id = s.agent),
     x AS (INSERT INTO exclusion (work_item_id, agent_id, until, reason, times)
           SELECT item, agent, until, excluded, times FROM ok WHERE excluded IS NOT NULL
           ON CONFLICT (work_item_id, agent_id) DO UPDATE
              SET until = excluded.until, reason = excluded.reason, times = excluded.times
            WHERE exclusion.reason <> 'conflict')
SELECT o.id, ok.item, ok.agent FROM ok JOIN o ON o.work_item_id = ok.item ORDER BY ok.item"""


@dataclass(frozen=True, slots=True)
class Settled:
    """An Offer that was ended."""

    id: UUID
    item: UUID
    agent: UUID


async def settle(session: Session, batch: Sequence[Settle], stamp: Stamp) -> list[Settled]:
    """End live Offers in one statement; return those that were still live (and still so)."""
    if not batch:
        return []
    params = {**columns.params(_SETTLE, batch), "epoch": stamp.epoch, "at": stamp.at}
    found = await rows(session, _END, params, Settled)
    if found:
        wake.mark(session, "work")
    return found


@dataclass(frozen=True, slots=True)
class OfferRow:
    """An Offer as kept; ``settled_by`` is the person who ended it."""

    id: UUID
    work_item_id: UUID
    agent_id: UUID
    state: str
    deadline: datetime
    settled_by: UUID | None
    reason: str | None
    declines: int
    channel_kind: str
    decline_reasons: list[str]
    decline_allowed: bool
    auto_accept: bool
    holder: str | None


_ONE: LiteralString = """
SELECT o.id, o.work_item_id, o.agent_id, o.state, o.deadline, o.settled_by, o.reason,
       coalesce((SELECT x.times FROM exclusion x WHERE x.work_item_id = o.work_item_id
                    AND x.agent_id = o.agent_id AND x.reason = 'declined'), 0) AS declines,
       w.channel_kind, q.decline_reasons, q.decline_allowed, q.auto_accept, h.name AS holder
  FROM offer o
  JOIN work_item w ON w.id = o.work_item_id
  JOIN queue q ON q.id = w.queue_id
  LEFT JOIN person h ON h.id = w.agent_id
 WHERE o.id = %s"""


async def of(session: Session, offer: UUID) -> OfferRow | None:
    """Read one Offer without a lock."""
    return await row(session, _ONE, [offer], OfferRow)


async def accept(
    session: Session, offer: UUID, agent: UUID, at: datetime, *, rendered: bool = False
) -> bool:
    """Accept, if it is still live and his; the item must be locked before.

    ``rendered``: not he took it, but the card that was on his screen.
    """
    found = await session.execute(
        "UPDATE offer SET state = 'accepted', settled_at = %(at)s, version = version + 1,"
        " settled_by = CASE WHEN %(rendered)s THEN NULL ELSE %(agent)s::uuid END,"
        " rendered_at = CASE WHEN %(rendered)s THEN %(at)s ELSE rendered_at END"
        " WHERE id = %(offer)s AND agent_id = %(agent)s AND state = 'offered' RETURNING id",
        {"at": at, "agent": agent, "offer": offer, "rendered": rendered},
    )
    return await found.fetchone() is not None


@dataclass(frozen=True, slots=True)
class LiveOffer:
    """A live Offer with what decides whether it still fits."""

    id: UUID
    item: UUID
    agent: UUID
    channel_kind: str
    interaction_id: UUID | None
    case_id: UUID
    by_hand: bool


async def live(session: Session, agents: Sequence[UUID]) -> list[LiveOffer]:
    """Return the live Offers of agents."""
    return await rows(
        session,
        """SELECT o.id, o.work_item_id AS item, o.agent_id AS agent, w.channel_kind,
                  w.interaction_id, w.case_id,
                  coalesce(o.why ->> 'side' = 'transfer', false) AS by_hand
             FROM offer o JOIN work_item w ON w.id = o.work_item_id
            WHERE o.agent_id = ANY(%s) AND o.state = 'offered' ORDER BY o.work_item_id""",
        [list(agents)],
        LiveOffer,
    )

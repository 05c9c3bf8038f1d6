"""Interruptions: work in hand is suspended, resumed, asked back for, guarded by epoch and version.

All locks (fence, agents, items) must have been taken before.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import LiteralString
from uuid import UUID

from polyphony.store import columns, wake
from polyphony.store.database import Session
from polyphony.store.offers import Stamp

SUSPENDED_MAX = 2
"""Suspended items of one Agent at most."""


@dataclass(frozen=True, slots=True)
class Interruption:
    """An item in the hands of an agent; ``version`` None = whatever it is."""

    item: UUID
    agent: UUID
    version: int | None = None
    for_item: UUID | None = None


_SHAPE: columns.Shape = {
    "item": "uuid",
    "agent": "uuid",
    "version": "bigint",
    "for_item": "uuid",
}
_SOURCE: LiteralString = f"""
WITH fence AS MATERIALIZED (SELECT FROM router_shard WHERE id = 1 AND epoch = %(epoch)s),
     n AS MATERIALIZED (
         SELECT *, row_number() OVER (PARTITION BY agent ORDER BY item) AS nth
           FROM {columns.source(_SHAPE)} WHERE EXISTS (SELECT FROM fence)),"""
_LOADS: LiteralString = """
     l AS (UPDATE agent_load l
              SET routed_units = l.routed_units + d.routed,
                  manual_units = l.manual_units + d.manual,
                  exclusive_live = l.exclusive_live + d.exclusive, version = l.version + 1
             FROM (SELECT agent_id,
                          coalesce(sum(units) FILTER (WHERE routed), 0) * %(sign)s AS routed,
                          coalesce(sum(units) FILTER (WHERE NOT routed), 0) * %(sign)s AS manual,
                          sum(exclusive::int) * %(sign)s AS exclusive
                     FROM w GROUP BY agent_id) d
            WHERE l.agent_id = d.agent_id)
SELECT id FROM w"""
_SUSPEND: LiteralString = f"""{_SOURCE}
     w AS (UPDATE work_item w
              SET state = 'suspended', state_since = %(at)s, suspended_at = %(at)s,
                  suspended_by = n.for_item, ask_back_at = NULL, version = w.version + 1
             FROM n
            WHERE w.id = n.item AND w.state = 'in_work' AND w.agent_id = n.agent
              AND w.version = n.version
              AND n.nth + (SELECT count(*) FROM work_item s
                            WHERE s.agent_id = n.agent AND s.state = 'suspended') <= %(max)s
        RETURNING w.id, w.agent_id, w.units, w.exclusive, w.routed),{_LOADS}"""
_RESUME: LiteralString = f"""{_SOURCE}
     fit AS MATERIALIZED (
         SELECT item FROM (
             SELECT n.item, n.nth, w.exclusive, l.exclusive_live,
                    coalesce(l.cap_lever, l.cap_max) AS cap_max,
                    l.routed_units + l.manual_units AS used,
                    sum(w.units) OVER mine AS taken, sum(w.exclusive::int) OVER mine AS exclusives
               FROM n JOIN work_item w ON w.id = n.item AND w.state = 'suspended'
                      AND w.agent_id = n.agent AND w.version = n.version
               JOIN agent_load l ON l.agent_id = n.agent
             WINDOW mine AS (PARTITION BY n.agent ORDER BY n.item)) AS beside
          WHERE used + taken <= cap_max AND exclusive_live = 0
            AND (exclusives = 0 OR (exclusive AND nth = 1 AND used = 0))),
     w AS (UPDATE work_item w
              SET state = 'in_work', state_since = %(at)s, suspended_at = NULL,
                  suspended_by = NULL, ask_back_at = NULL, version = w.version + 1
             FROM fit WHERE w.id = fit.item
        RETURNING w.id, w.agent_id, w.units, w.exclusive, w.routed),{_LOADS}"""
_ASK: LiteralString = f"""{_SOURCE}
     w AS (UPDATE work_item w SET ask_back_at = %(at)s, version = w.version + 1
             FROM n
            WHERE w.id = n.item AND w.state = 'suspended' AND w.agent_id = n.agent
              AND w.ask_back_at IS NULL
        RETURNING w.id)
SELECT id FROM w"""


async def suspend(session: Session, batch: Sequence[Interruption], stamp: Stamp) -> set[UUID]:
    """Suspend items that are still in work as they were; the units of their agents are free.

    Returns those suspended; an agent has two suspended items at most.
    """
    return await _run(session, _SUSPEND, batch, stamp, -1)


async def resume(session: Session, batch: Sequence[Interruption], stamp: Stamp) -> set[UUID]:
    """Let suspended items go on that still fit; returns them."""
    return await _run(session, _RESUME, batch, stamp, 1)


async def ask_back(session: Session, batch: Sequence[Interruption], stamp: Stamp) -> set[UUID]:
    """Note that agents are asked whether they give suspended items back; returns the items."""
    return await _run(session, _ASK, batch, stamp, 0)


async def _run(
    session: Session,
    statement: LiteralString,
    batch: Sequence[Interruption],
    stamp: Stamp,
    sign: int,
) -> set[UUID]:
    if not batch:
        return set()
    params = {**columns.params(_SHAPE, batch), "epoch": stamp.epoch or 0, "at": stamp.at,
              "sign": sign, "max": SUSPENDED_MAX}  # fmt: skip
    found = await session.execute(statement, params)
    done = {one[0] for one in await found.fetchall()}
    if done:
        wake.mark(session, "work")
    return done


async def beside(session: Session, items: Sequence[UUID]) -> dict[UUID, UUID | None]:
    """Return the live work of the Cases of items, by id, each with who has it."""
    found = await session.execute(
        "SELECT id, agent_id FROM work_item WHERE state NOT IN ('done', 'cancelled')"
        " AND case_id IN (SELECT case_id FROM work_item WHERE id = ANY(%s))",
        [list(items)],
    )
    return {one[0]: one[1] for one in await found.fetchall()}

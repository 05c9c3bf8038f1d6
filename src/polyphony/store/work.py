"""Work: WorkItems as routing knows them, and their guarded moves with the load they carry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

import orjson

from polyphony.domain.offer import Exclusion
from polyphony.domain.routing.facts import ItemFacts
from polyphony.domain.skill import Requirement, requirement
from polyphony.domain.work import WorkState
from polyphony.store import columns, wake
from polyphony.store.database import Params, Session, rows
from polyphony.store.keys import keys

# Moments leave the server as epoch ms and JSON as text: reading 100,000 items at a takeover is
# dominated by making Python objects.
_FACTS: LiteralString = """
SELECT w.id, w.version, w.state, w.queue_id, w.channel_kind, w.units, w.exclusive, w.target_ms,
       w.target_used_ms, w.tier, w.urgency, w.requirements::text, w.ladder_step, w.agent_id,
       w.sticky, floor(extract(epoch FROM w.waiting_since) * 1000)::bigint,
       floor(extract(epoch FROM w.state_since) * 1000)::bigint,
       floor(extract(epoch FROM w.hold_until) * 1000)::bigint,
       floor(extract(epoch FROM o.deadline) * 1000)::bigint, x.excluded,
       floor(extract(epoch FROM statement_timestamp()) * 1000)::bigint,
       coalesce(o.why ->> 'side' = 'transfer', false), w.boost_milli, w.visited, w.moves,
       w.overflow_allowed, floor(extract(epoch FROM w.suspended_at) * 1000)::bigint,
       floor(extract(epoch FROM w.ask_back_at) * 1000)::bigint, w.direct_require,
       coalesce(w.blocker, '')
  FROM work_item w
  LEFT JOIN offer o ON o.work_item_id = w.id AND o.state = 'offered'
  LEFT JOIN (SELECT work_item_id, jsonb_agg(jsonb_build_object(
                 'agent', agent_id, 'until', floor(extract(epoch FROM until) * 1000)::bigint,
                 'reason', reason, 'times', times)) AS excluded
               FROM exclusion GROUP BY work_item_id) x ON x.work_item_id = w.id
 WHERE """
_OPEN: LiteralString = _FACTS + "w.state NOT IN ('done', 'cancelled') ORDER BY w.id"
_SOME: LiteralString = (
    _FACTS.replace("FROM exclusion GROUP", "FROM exclusion WHERE work_item_id = ANY(%(ids)s) GROUP")
    + "w.id = ANY(%(ids)s) ORDER BY w.id"
)
_HELD: LiteralString = (
    _FACTS + "w.state IN ('offered', 'in_work', 'suspended', 'wrap_up') ORDER BY w.id"
)


async def facts_in_hand(session: Session) -> list[ItemFacts]:
    """Return routing facts of everything some agent holds."""
    return await _read(session, _HELD, None)


async def in_hands(session: Session, agents: Sequence[UUID]) -> list[ItemFacts]:
    """Return routing facts of everything these agents hold."""
    found = await session.execute(
        "SELECT id FROM work_item WHERE agent_id = ANY(%s)"
        " AND state IN ('offered', 'in_work', 'suspended', 'wrap_up')",
        [list(agents)],
    )
    ids = [one[0] for one in await found.fetchall()]
    return await facts(session, ids) if ids else []


async def facts(session: Session, ids: Sequence[UUID] | None = None) -> list[ItemFacts]:
    """Return routing facts: of these ids whatever their state, else of all that are not final."""
    if ids is None:
        return await _read(session, _OPEN, None)
    return await _read(session, _SOME, {"ids": list(ids)})


async def _read(session: Session, query: LiteralString, params: Params | None) -> list[ItemFacts]:
    found = await session.execute(query, params)
    needs: dict[str, tuple[Requirement, ...]] = {}
    return [_facts(one, needs) for one in await found.fetchall()]


_STATES: Mapping[str, WorkState] = {one.value: one for one in WorkState}


def _facts(one: tuple[Any, ...], known: dict[str, tuple[Requirement, ...]]) -> ItemFacts:
    """Build facts of a row; equal requirements are read once."""
    needs = known.get(one[11])
    if needs is None:
        needs = known[one[11]] = tuple(requirement(need) for need in orjson.loads(one[11]))
    return ItemFacts(
        one[0],
        one[1],
        one[20],
        _STATES[one[2]],
        one[3],
        one[4],
        one[5],
        one[7],
        one[15],
        exclusive=one[6],
        used_ms=one[8],
        tier=one[9],
        urgency=one[10],
        requirements=needs,
        ladder_step=one[12],
        agent=one[13],
        sticky=one[14],
        hold_until=one[17],
        deadline=one[18],
        exclusions=tuple(_exclusion(raw) for raw in one[19]) if one[19] else (),
        moved_at=one[16],
        by_hand=one[21],
        boost_milli=one[22],
        visited=tuple(one[23]) if one[23] else (),
        moves=one[24],
        overflow=one[25],
        suspended_at=one[26] or 0,
        ask_back_at=one[27],
        require_direct=one[28],
        blocker=one[29],
    )


def _exclusion(raw: Mapping[str, object]) -> Exclusion:
    until = raw["until"]
    return Exclusion(
        UUID(str(raw["agent"])),
        int(str(until)) if until is not None else None,
        str(raw["reason"]),
        int(str(raw["times"])),
    )


@dataclass(frozen=True, slots=True)
class WorkRow:
    """A WorkItem as a flow works on it, locked, with the Case and the Interaction around it.

    Steps and callbacks have no Interaction: ``mode`` is ``async`` then.
    """

    id: UUID
    interaction_id: UUID | None
    case_id: UUID
    queue_id: UUID
    channel_kind: str
    state: str
    agent_id: UUID | None
    units: int
    exclusive: bool
    mode: str
    interaction_state: str | None
    owner_id: UUID | None
    waiting_since: datetime
    offer_id: UUID | None
    version: int
    disposition: str | None
    wrap_until: datetime | None
    wrap_extended: int
    step_id: UUID | None = None
    callback_id: UUID | None = None

    @property
    def interactions(self) -> list[UUID]:
        """The Interaction it is about; none for steps and callbacks."""
        return [] if self.interaction_id is None else [self.interaction_id]


_LOCK_AGENTS: LiteralString = """
SELECT agent_id FROM agent_load
 WHERE agent_id = ANY(%(agents)s)
    OR agent_id IN (SELECT agent_id FROM work_item WHERE id = ANY(%(ids)s))
 ORDER BY agent_id FOR NO KEY UPDATE"""
_LOCK_ITEMS: LiteralString = (
    "SELECT id FROM work_item WHERE id = ANY(%(ids)s) ORDER BY id FOR NO KEY UPDATE"
)
_ROWS: LiteralString = """
SELECT w.id, w.interaction_id, w.case_id, w.queue_id, w.channel_kind, w.state, w.agent_id, w.units,
       w.exclusive, coalesce(i.mode, 'async') AS mode, i.state AS interaction_state, c.owner_id,
       w.waiting_since, o.id AS offer_id, w.version,
       w.disposition, w.wrap_until, w.wrap_extended, w.step_id, w.callback_id
  FROM work_item w
  JOIN case_ c ON c.id = w.case_id
  LEFT JOIN interaction i ON i.id = w.interaction_id
  LEFT JOIN offer o ON o.work_item_id = w.id AND o.state = 'offered'
 WHERE w.id = ANY(%(ids)s) ORDER BY w.id"""


async def lock(
    session: Session, ids: Sequence[UUID], agents: Sequence[UUID] = ()
) -> dict[UUID, WorkRow]:
    """Lock agents, then items (the order of everybody) and read the items as they are now."""
    params = {"ids": sorted(ids), "agents": sorted(agents)}
    await session.execute(_LOCK_AGENTS, params)
    await session.execute(_LOCK_ITEMS, params)
    return {one.id: one for one in await rows(session, _ROWS, params, WorkRow)}


async def rehoused(session: Session, ids: Sequence[UUID]) -> list[WorkRow]:
    """Raise the version of items, and of their live Offers, whose Interaction changed the Case."""
    if not ids:
        return []
    await lock(session, ids)
    await session.execute("UPDATE work_item SET version = version + 1 WHERE id = ANY(%s)", [ids])
    await session.execute(
        "UPDATE offer SET version = version + 1 WHERE work_item_id = ANY(%s) AND state = 'offered'",
        [ids],
    )
    wake.mark(session, "work")
    return list((await rows_of(session, ids)).values())


async def rows_of(session: Session, ids: Sequence[UUID]) -> dict[UUID, WorkRow]:
    """Read items without a lock."""
    return {one.id: one for one in await rows(session, _ROWS, {"ids": list(ids)}, WorkRow)}


@dataclass(frozen=True, slots=True)
class Move:
    """One guarded move: ``state`` must still be ``was``; None leaves a field as it is.

    ``overflow`` = the move to another Queue is one of its own, and counted.
    ``direct`` is whom a person sent it to, with ``require`` for nobody else; any other move ends
    that. ``may_overflow`` says whether it may leave its Queue by itself. ``wrap_until`` is the end
    of a wrap-up, ``disposition_due`` that its end was not told in time.
    """

    id: UUID
    was: str
    becomes: str
    agent: UUID | None = None
    routed: bool | None = None
    queue: UUID | None = None
    wake_at: datetime | None = None
    waiting_since: datetime | None = None
    sticky: UUID | None = None
    disposition: str | None = None
    overflow: bool = False
    direct: UUID | None = None
    require: bool = False
    may_overflow: bool | None = None
    wrap_until: datetime | None = None
    disposition_due: bool | None = None


_MOVES: columns.Shape = {
    "id": "uuid",
    "was": "text",
    "becomes": "text",
    "agent": "uuid",
    "routed": "bool",
    "queue": "uuid",
    "wake_at": "timestamptz",
    "waiting_since": "timestamptz",
    "sticky": "uuid",
    "disposition": "text",
    "overflow": "bool",
    "direct": "uuid",
    "require": "bool",
    "may_overflow": "bool",
    "wrap_until": "timestamptz",
    "disposition_due": "bool",
}
# Another Queue is a new stay: who declined or missed in the old one may be asked again.
# Units are spent in offered, in_work and wrap_up; whoever lets go of real work is idle from now.
_MOVE: LiteralString = f"""
WITH n AS MATERIALIZED (SELECT * FROM {columns.source(_MOVES)}),
     b AS MATERIALIZED (SELECT w.* FROM work_item w JOIN n ON n.id = w.id AND n.was = w.state),
     w AS (UPDATE work_item w
              SET state = n.becomes, state_since = %(at)s, version = w.version + 1,
                  agent_id = n.agent, routed = coalesce(n.routed, w.routed), hold_until = NULL,
                  queue_id = coalesce(n.queue, w.queue_id), wake_at = n.wake_at,
                  ladder_step = CASE WHEN n.queue IS NULL THEN w.ladder_step ELSE 0 END,
                  waiting_since = coalesce(n.waiting_since, w.waiting_since),
                  sticky = coalesce(n.sticky, w.sticky),
                  disposition = coalesce(n.disposition, w.disposition),
                  suspended_at = CASE WHEN n.becomes = 'suspended' THEN %(at)s END,
                  suspended_by = NULL, ask_back_at = NULL,
                  visited = CASE WHEN n.overflow THEN w.visited || b.queue_id ELSE w.visited END,
                  moves = w.moves + n.overflow::int,
                  direct_agent = n.direct, direct_require = n.require AND n.direct IS NOT NULL,
                  overflow_allowed = coalesce(n.may_overflow, w.overflow_allowed),
                  wrap_until = n.wrap_until,
                  disposition_due = coalesce(n.disposition_due, w.disposition_due)
             FROM n JOIN b ON b.id = n.id WHERE w.id = n.id
        RETURNING w.id, w.agent_id, w.state, w.units, w.exclusive, w.routed),
     x AS (DELETE FROM exclusion e USING n JOIN b ON b.id = n.id
            WHERE e.work_item_id = n.id AND n.queue <> b.queue_id AND e.reason <> 'conflict'),
     d AS (SELECT agent_id, sum(routed) AS routed, sum(manual) AS manual,
                  sum(exclusive) AS exclusive, bool_or(freed) AS freed
             FROM (SELECT agent_id, CASE WHEN routed THEN -units ELSE 0 END AS routed,
                          CASE WHEN routed THEN 0 ELSE -units END AS manual,
                          -exclusive::int AS exclusive, state <> 'offered' AS freed
                     FROM b WHERE state IN ('offered', 'in_work', 'wrap_up')
                    UNION ALL
                   SELECT agent_id, CASE WHEN routed THEN units ELSE 0 END,
                          CASE WHEN routed THEN 0 ELSE units END, exclusive::int, NULL
                     FROM w WHERE state IN ('offered', 'in_work', 'wrap_up')
                            AND agent_id IS NOT NULL) AS every
            GROUP BY agent_id),
     f AS (SELECT d.agent_id, coalesce(d.freed, false) AND NOT EXISTS (
                      SELECT FROM w JOIN b ON b.id = w.id
                       WHERE w.agent_id = d.agent_id AND b.agent_id = d.agent_id
                         AND w.state IN ('in_work', 'wrap_up')) AS freed
             FROM d),
     l AS (UPDATE agent_load l
              SET routed_units = l.routed_units + d.routed,
                  manual_units = l.manual_units + d.manual,
                  exclusive_live = l.exclusive_live + d.exclusive,
                  idle_since = CASE WHEN f.freed THEN %(at)s ELSE l.idle_since END,
                  version = l.version + 1
             FROM d JOIN f ON f.agent_id = d.agent_id WHERE l.agent_id = d.agent_id)
SELECT id FROM w ORDER BY id"""


async def move(session: Session, batch: Sequence[Move], at: datetime) -> list[UUID]:
    """Move WorkItems that are still where they were thought; loads follow; return those moved.

    Call ``lock`` before. Stays are closed and opened by ``stays``.
    """
    if not batch:
        return []
    found = await session.execute(_MOVE, {**columns.params(_MOVES, batch), "at": at})
    wake.mark(session, "work")
    return [one[0] for one in await found.fetchall()]


async def leave_queue(session: Session, ids: Sequence[UUID], how: str, at: datetime) -> None:
    """Close the open Stays of items that wait no longer."""
    await session.execute(
        "UPDATE queue_stay SET left_at = greatest(%s, entered_at), how = %s"
        " WHERE work_item_id = ANY(%s) AND left_at IS NULL",
        [at, how, sorted(ids)],
    )


# Who declined or missed in the Stay before may be asked again; a conflict of interest stays one.
_ENTER: LiteralString = """
WITH born AS (
    INSERT INTO queue_stay (id, work_item_id, queue_id, entered_at, reason)
    SELECT n.stay, w.id, w.queue_id, greatest(%(at)s, (
               SELECT max(left_at) FROM queue_stay p WHERE p.work_item_id = w.id)), %(reason)s
      FROM work_item w JOIN unnest(%(ids)s::uuid[], %(stays)s::uuid[]) AS n (id, stay)
             ON n.id = w.id
     WHERE NOT EXISTS (SELECT FROM queue_stay s
                        WHERE s.work_item_id = w.id AND s.left_at IS NULL)
    RETURNING work_item_id)
DELETE FROM exclusion x USING born b
 WHERE x.work_item_id = b.work_item_id AND x.reason <> 'conflict'"""


async def enter_queue(
    session: Session, ids: Sequence[UUID], at: datetime, reason: str | None = None
) -> None:
    """Open a Stay in the present Queue of each item that has none open; ``reason`` = why again."""
    wanted = sorted(ids)
    params = {"ids": wanted, "stays": keys(at, len(wanted)), "at": at, "reason": reason}
    await session.execute(_ENTER, params)


@dataclass(frozen=True, slots=True)
class Note:
    """What the router notes of a waiting item: step, hold, what it waits for; no version."""

    item: UUID
    step: int | None = None
    hold_until: datetime | None = None
    hold: bool = False
    blocker: str | None = None


_NOTES: columns.Shape = {
    "item": "uuid",
    "step": "int",
    "hold_until": "timestamptz",
    "hold": "bool",
    "blocker": "text",
}
_NOTE: LiteralString = f"""
UPDATE work_item w
   SET ladder_step = coalesce(n.step, w.ladder_step),
       hold_until = CASE WHEN n.hold THEN n.hold_until ELSE w.hold_until END,
       blocker = coalesce(n.blocker, w.blocker)
  FROM {columns.source(_NOTES)}
  JOIN (SELECT id FROM work_item WHERE id = ANY(%(item)s) AND state = 'waiting'
         ORDER BY id FOR NO KEY UPDATE) k ON k.id = n.item
 WHERE w.id = n.item
   AND EXISTS (SELECT FROM router_shard WHERE id = 1 AND epoch = %(epoch)s)"""


async def note(session: Session, batch: Sequence[Note], epoch: int) -> None:
    """Write the router's notes; an owner that lost its epoch writes nothing."""
    if batch:
        await session.execute(_NOTE, {**columns.params(_NOTES, batch), "epoch": epoch})

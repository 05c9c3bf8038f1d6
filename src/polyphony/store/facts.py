"""Facts: what happened to work, derived from the rows the log names; made again, they are equal."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from polyphony.store import columns
from polyphony.store.database import Session, rows
from polyphony.store.feed import Cursor

# The answer of a text is the first message a person wrote while the stay was the newest one;
# work nobody wrote to us (a step, a callback) is answered by being taken.
_STAYS: LiteralString = """
SELECT s.id AS stay_id, w.id AS work_item_id, s.queue_id, q.department_id AS home_id,
       c.department_id, c.visibility = 'sealed' OR d.visibility = 'sealed' AS sealed,
       w.channel_kind, w.tier,
       CASE WHEN s.how = 'taken' THEN coalesce(
           (SELECT o.agent_id FROM offer o
             WHERE o.work_item_id = w.id AND o.state = 'accepted' AND o.settled_at >= s.entered_at
               AND o.settled_at <= s.left_at + interval '1 second'
             ORDER BY o.settled_at DESC LIMIT 1),
           CASE WHEN f.entered_at IS NULL THEN w.agent_id END) END AS agent_id,
       s.entered_at, (SELECT min(o.made_at) FROM offer o
                       WHERE o.work_item_id = w.id AND o.made_at >= s.entered_at
                         AND o.made_at <= coalesce(s.left_at, 'infinity')) AS first_offer_at,
       CASE WHEN w.interaction_id IS NULL THEN CASE WHEN s.how = 'taken' THEN s.left_at END
            ELSE (SELECT min(m.at) FROM message m
                   WHERE m.interaction_id = w.interaction_id AND m.kind = 'out'
                     AND m.author_kind = 'person' AND NOT m.hidden AND m.at >= s.entered_at
                     AND m.at < coalesce(f.entered_at, 'infinity')
                     AND coalesce(m.delivery_state, '') <> 'cancelled') END AS answered_at,
       s.left_at, CASE WHEN s.left_at IS NOT NULL THEN s.how END AS reason, w.target_ms,
       s.step_at_end, s.x_at_end, s.announced_s, w.sticky IS NOT NULL AS was_sticky,
       coalesce(q.calendar_id, h.calendar_id) AS calendar_id,
       w.version, w.state, w.state_since, w.units, f.entered_at AS following_at
  FROM work_item w
  JOIN queue_stay s ON s.work_item_id = w.id
  JOIN queue q ON q.id = s.queue_id
  JOIN department h ON h.id = q.department_id
  JOIN case_ c ON c.id = w.case_id
  JOIN department d ON d.id = c.department_id
  LEFT JOIN LATERAL (SELECT n.entered_at FROM queue_stay n
                      WHERE n.work_item_id = w.id AND n.entered_at > s.entered_at
                      ORDER BY n.entered_at LIMIT 1) f ON true
 WHERE w.id = ANY(%(ids)s)"""


@dataclass(frozen=True, slots=True)
class StayRow:
    """A stay as the tables tell it, before anything is counted."""

    stay_id: UUID
    work_item_id: UUID
    queue_id: UUID
    home_id: UUID
    department_id: UUID
    sealed: bool
    channel_kind: str
    tier: str
    agent_id: UUID | None
    entered_at: datetime
    first_offer_at: datetime | None
    answered_at: datetime | None
    left_at: datetime | None
    reason: str | None
    target_ms: int
    step_at_end: int | None
    x_at_end: int | None
    announced_s: int | None
    was_sticky: bool
    calendar_id: UUID
    version: int
    state: str
    state_since: datetime
    units: int
    following_at: datetime | None


async def stays(session: Session, items: Sequence[UUID]) -> list[StayRow]:
    """Return all stays of these WorkItems."""
    return await rows(session, _STAYS, {"ids": list(items)}, StayRow)


@dataclass(frozen=True, slots=True)
class WaitFact:
    """A stay, counted: how it stands and what it waited, on both clocks."""

    stay_id: UUID
    work_item_id: UUID
    queue_id: UUID
    home_id: UUID
    department_id: UUID
    sealed: bool
    channel_kind: str
    tier: str
    agent_id: UUID | None
    entered_at: datetime
    first_offer_at: datetime | None
    answered_at: datetime | None
    left_at: datetime | None
    how: str
    reason: str | None
    wall_ms: int
    service_ms: int
    target_ms: int
    step_at_end: int | None
    x_at_end: int | None
    announced_s: int | None
    was_sticky: bool
    version: int


@dataclass(frozen=True, slots=True)
class HandleFact:
    """A stretch of work of one Agent."""

    stay_id: UUID
    work_item_id: UUID
    agent_id: UUID | None
    queue_id: UUID
    home_id: UUID
    department_id: UUID
    sealed: bool
    channel_kind: str
    accepted_at: datetime
    first_reply_at: datetime | None
    ended_at: datetime | None
    wrap_end_at: datetime | None
    units: int
    version: int


@dataclass(frozen=True, slots=True)
class OfferFact:
    """An Offer and how it was settled."""

    offer_id: UUID
    work_item_id: UUID
    agent_id: UUID
    queue_id: UUID
    home_id: UUID
    department_id: UUID
    sealed: bool
    channel_kind: str
    made_at: datetime
    settled_at: datetime | None
    outcome: str
    reason: str | None
    settle_ms: int | None
    version: int


_KINDS: Mapping[str, LiteralString] = {
    "UUID": "uuid", "bool": "bool", "str": "text", "datetime": "timestamptz", "int": "bigint",
}  # fmt: skip


def _shape(fact: type) -> columns.Shape:
    fields: Mapping[str, object] = fact.__annotations__
    return {name: _KINDS[_plain(kind)] for name, kind in fields.items()}


def _plain(kind: object) -> str:
    name = getattr(kind, "__name__", str(kind))
    return name if name in _KINDS else str(kind).split(" |", 1)[0].rsplit(".", 1)[-1]


_WAIT, _HANDLE, _OFFER = _shape(WaitFact), _shape(HandleFact), _shape(OfferFact)


def _upsert(table: LiteralString, key: LiteralString, shape: columns.Shape) -> LiteralString:
    kept: LiteralString = ", ".join(
        f"{name} = least({table}.{name}, excluded.{name})"
        if table == "fact_handle" and name == "ended_at"
        else f"{name} = excluded.{name}"
        for name in shape
        if name != key
    )
    tail: LiteralString = (
        f"ORDER BY {key} ON CONFLICT ({key}) DO UPDATE SET {kept}"
        f" WHERE {table}.version <= excluded.version"
    )
    return columns.insert(table, shape, tail)


_ADD_WAIT = _upsert("fact_wait", "stay_id", _WAIT)
_ADD_HANDLE = _upsert("fact_handle", "stay_id", _HANDLE)
_ADD_OFFER = _upsert("fact_offer", "offer_id", _OFFER)


async def keep_waits(session: Session, batch: Sequence[WaitFact]) -> None:
    """Write stays; what was made from a newer row stays."""
    await columns.add(session, _ADD_WAIT, _WAIT, batch)


async def keep_stretches(session: Session, batch: Sequence[HandleFact]) -> None:
    """Write stretches of work; an end that was seen before wrap-up stays."""
    await columns.add(session, _ADD_HANDLE, _HANDLE, batch)


async def keep_offers(session: Session, batch: Sequence[OfferFact]) -> None:
    """Write Offers."""
    await columns.add(session, _ADD_OFFER, _OFFER, batch)


_OFFERS: LiteralString = """
SELECT o.id AS offer_id, o.work_item_id, o.agent_id, w.queue_id, q.department_id AS home_id,
       c.department_id, c.visibility = 'sealed' OR d.visibility = 'sealed' AS sealed,
       w.channel_kind, o.made_at, o.settled_at, o.state AS outcome, o.reason,
       (extract(epoch FROM o.settled_at - o.made_at) * 1000)::bigint AS settle_ms, o.version
  FROM offer o
  JOIN work_item w ON w.id = o.work_item_id
  JOIN queue q ON q.id = w.queue_id
  JOIN case_ c ON c.id = w.case_id
  JOIN department d ON d.id = c.department_id
 WHERE o.id = ANY(%(ids)s)"""


async def offers(session: Session, ids: Sequence[UUID]) -> list[OfferFact]:
    """Return Offers as facts."""
    return await rows(session, _OFFERS, {"ids": list(ids)}, OfferFact)


# Intervals begin with the events; the end of each is the beginning of the next one there is.
_PRESENCES: LiteralString = """
WITH seen AS (
    SELECT DISTINCT ON (e.entity_id, e.version) e.entity_id, e.version, e.at,
           e.payload->>'status' AS status, e.payload->>'reason' AS reason,
           coalesce(e.payload->'toggles', '{}') AS toggles
      FROM event e JOIN agent a ON a.person_id = e.entity_id
     WHERE e.epoch = %(epoch)s AND e.at >= date_trunc('day', %(since)s::timestamptz, 'UTC')
       AND (e.xid, e.id) > (%(xid)s::text::xid8, %(id)s) AND e.xid < %(below)s::text::xid8
       AND e.entity = 'presence' AND e.payload ? 'status'
     ORDER BY e.entity_id, e.version, e.xid, e.id),
     kept AS (
    INSERT INTO fact_presence (agent_id, version, began_at, status, reason, toggles)
    SELECT entity_id, version, at, status, reason, toggles FROM seen ORDER BY entity_id, version
    ON CONFLICT DO NOTHING)
SELECT DISTINCT entity_id FROM seen"""
_CLOSE: LiteralString = """
UPDATE fact_presence p SET ended_at = x.following
  FROM (SELECT agent_id, version,
               lead(began_at) OVER (PARTITION BY agent_id ORDER BY version) AS following
          FROM fact_presence WHERE agent_id = ANY(%(ids)s)
           AND version >= (SELECT coalesce(max(z.version), 0) - 100 FROM fact_presence z
                            WHERE z.agent_id = fact_presence.agent_id)) x
 WHERE p.agent_id = x.agent_id AND p.version = x.version
   AND p.ended_at IS DISTINCT FROM x.following AND x.following IS NOT NULL"""


async def keep_presences(
    session: Session, cursor: Cursor, below: int, since: datetime
) -> list[UUID]:
    """Write the intervals of Presence that events behind the cursor began; return whose."""
    params = {"epoch": cursor.epoch, "xid": str(cursor.xid), "id": cursor.id,
              "below": str(below), "since": since}  # fmt: skip
    found = [one[0] for one in await (await session.execute(_PRESENCES, params)).fetchall()]
    if found:
        await session.execute(_CLOSE, {"ids": sorted(found)})
    return found


# ── reading them back ───────────────────────────────────────────────────────────────────────────


async def waits_since(session: Session, since: datetime) -> list[WaitFact]:
    """Return the stays that began since a moment."""
    names: LiteralString = ", ".join(_WAIT)
    query: LiteralString = f"SELECT {names} FROM fact_wait WHERE entered_at >= %s"
    return await rows(session, query, [since], WaitFact)


async def stretches_since(session: Session, since: datetime) -> list[HandleFact]:
    """Return the work that ended since a moment."""
    names: LiteralString = ", ".join(_HANDLE)
    query: LiteralString = f"SELECT {names} FROM fact_handle WHERE wrap_end_at >= %s"
    return await rows(session, query, [since], HandleFact)


async def offers_since(session: Session, since: datetime) -> list[OfferFact]:
    """Return the Offers that were made since a moment."""
    names: LiteralString = ", ".join(_OFFER)
    query: LiteralString = f"SELECT {names} FROM fact_offer WHERE made_at >= %s"
    return await rows(session, query, [since], OfferFact)


_SUMS: LiteralString = """
SELECT queue_id, count(*) AS entered,
       count(*) FILTER (WHERE how = 'answered') AS answered,
       count(*) FILTER (WHERE how = 'answered' AND x.waited <= target_ms) AS answered_within,
       coalesce(sum(x.waited) FILTER (WHERE how = 'answered'), 0)::bigint AS wait_ms,
       count(*) FILTER (WHERE how = 'abandoned') AS abandoned,
       count(*) FILTER (WHERE how = 'abandoned' AND x.waited < %(short)s) AS abandoned_short,
       count(*) FILTER (WHERE how = 'abandoned' AND x.waited <= target_ms) AS abandoned_within,
       count(*) FILTER (WHERE how = 'flow_out') AS flow_out,
       count(*) FILTER (WHERE how = 'flow_out' AND x.waited <= target_ms) AS flow_within,
       count(*) FILTER (WHERE how = 'cancelled') AS cancelled
  FROM fact_wait
 CROSS JOIN LATERAL (SELECT CASE WHEN channel_kind = ANY(%(live)s) THEN wall_ms
                                 ELSE service_ms END AS waited) x
 WHERE entered_at >= %(since)s AND entered_at < %(until)s
   AND (%(queue)s::uuid IS NULL OR queue_id = %(queue)s)
   AND (%(channel)s::text IS NULL OR channel_kind = %(channel)s)
   AND (%(tier)s::text IS NULL OR tier = %(tier)s)
 GROUP BY queue_id"""


@dataclass(frozen=True, slots=True)
class Span:
    """What is added up: what entered in a time, of a Queue, a channel or a tier (None = any)."""

    since: datetime
    until: datetime
    queue: UUID | None = None
    channel: str | None = None
    tier: str | None = None


async def sums(
    session: Session, span: Span, live: Sequence[str], short_ms: int
) -> dict[UUID, dict[str, int]]:
    """Return the sums of a period by Queue: the evaluator of reports, in SQL."""
    found = await session.execute(_SUMS, {**asdict(span), "live": list(live), "short": short_ms})
    names = [column.name for column in found.description or ()][1:]
    return {
        one[0]: {name: int(n) for name, n in zip(names, one[1:], strict=True) if n}
        for one in await found.fetchall()
    }

"""Count: rows that changed become facts, and facts become what they add to the counters."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from polyphony.domain import tally
from polyphony.domain.board import Contribution, Place
from polyphony.domain.metric import Wait, how_of
from polyphony.domain.presence import LIVE_CHANNELS
from polyphony.domain.service_hours import ServiceHours, to_ms
from polyphony.store import agents, board, calendars, facts
from polyphony.store.board import ItemRow, QueueRow
from polyphony.store.database import Session
from polyphony.store.facts import HandleFact, OfferFact, StayRow, WaitFact

WALL = frozenset({*LIVE_CHANNELS, "chat"})
"""Channels somebody waits on in person: their waits run by the wall clock, others by the hours."""
BACK = timedelta(hours=26)
"""The longest day there is, and a little: older facts count in no figure of today."""
_FINAL = frozenset({"done", "cancelled"})


class Counted(NamedTuple):
    """What one row adds, by its version."""

    entity: str
    id: UUID
    version: int
    adds: Contribution


@dataclass(slots=True)
class Touched:
    """What the log said has changed."""

    items: set[UUID] = field(default_factory=set)
    cases: set[UUID] = field(default_factory=set)
    offers: set[UUID] = field(default_factory=set)
    agents: set[UUID] = field(default_factory=set)
    everybody: bool = False
    structure: bool = False

    def __bool__(self) -> bool:
        """Tell whether anything has."""
        named = self.items or self.cases or self.offers or self.agents
        return bool(named or self.everybody or self.structure)


@dataclass(frozen=True, slots=True)
class Structure:
    """Queues with the zones and hours their days and waits are counted by."""

    queues: Mapping[UUID, QueueRow]
    hours: Mapping[UUID, ServiceHours]
    departments: Mapping[UUID, bool]

    def zone(self, queue: UUID) -> str:
        """Return the zone the days of a Queue end in."""
        found = self.queues.get(queue)
        return found.zone if found else "UTC"


async def structure(session: Session) -> Structure:
    """Read Queues, calendars and which Departments are open."""
    queues = {one.id: one for one in await board.queues(session)}
    hours = await calendars.hours(session)
    return Structure(queues, hours, await board.departments(session))


async def derive(session: Session, touched: Touched, known: Structure) -> list[Counted]:
    """Write the facts of what changed; return what all of it adds to the counters."""
    wanted = set(touched.items)
    if touched.cases:
        wanted.update(await board.items_of_cases(session, sorted(touched.cases)))
    found: list[Counted] = []
    if wanted:
        found += await of_items(session, sorted(wanted), known)
    if touched.offers:
        settled = await facts.offers(session, sorted(touched.offers))
        await facts.keep_offers(session, settled)
        found += [_offered(one, known) for one in settled]
    if touched.agents or touched.everybody:
        ids = None if touched.everybody else sorted(touched.agents)
        found += await of_agents(session, ids, known)
    return found


async def of_items(session: Session, ids: Sequence[UUID], known: Structure) -> list[Counted]:
    """Write the stays and stretches of these WorkItems; return what they add."""
    rows = await facts.stays(session, ids)
    waits = [wait_of(row, known) for row in rows]
    stretches = [one for one in map(_stretch_of, rows) if one is not None]
    await facts.keep_waits(session, waits)
    await facts.keep_stretches(session, stretches)
    return [
        *(_item(one) for one in await board.items(session, ids)),
        *(_waited(one, known) for one in waits),
        *(_worked(one, known) for one in stretches),
    ]


async def of_agents(
    session: Session, ids: Sequence[UUID] | None, known: Structure
) -> list[Counted]:
    """Return what Agents add: where they are, what they could take, the room they have."""
    rooms = await board.rooms(session, ids)
    homes = {one.id: one.department_id for one in known.queues.values()}
    found = []
    for one in await agents.facts(session, ids):
        room = rooms.get(one.id)
        if room is None:
            continue
        served = tuple((queue, homes[queue]) for queue in one.queues if queue in homes)
        modes = {channel: mode.value for channel, mode in one.modes.items()}
        here = tally.Present(
            room.department_id, one.status.value, modes, one.cap_max, room.used, served
        )
        found.append(Counted("agent", one.id, room.version, tally.of_agent(here)))
    return found


async def everything(session: Session, known: Structure, at: datetime) -> list[Counted]:
    """Return what all rows add that count today: open work, today's facts, Agents."""
    since = at - BACK
    return [
        *(_item(one) for one in await board.open_items(session)),
        *(_waited(one, known) for one in await facts.waits_since(session, since)),
        *(_worked(one, known) for one in await facts.stretches_since(session, since)),
        *(_offered(one, known) for one in await facts.offers_since(session, since)),
        *await of_agents(session, None, known),
    ]


# ── from rows to facts ──────────────────────────────────────────────────────────────────────────


def wait_of(row: StayRow, known: Structure) -> WaitFact:
    """Count a stay: how it stands, what it waited on the wall clock and in service hours."""
    how = how_of(row.left_at is not None, row.reason, row.answered_at is not None)
    ended = row.answered_at or row.left_at or row.entered_at
    wall, service = _waited_ms(row, ended, known)
    return WaitFact(
        row.stay_id, row.work_item_id, row.queue_id, row.home_id, row.department_id, row.sealed,
        row.channel_kind, row.tier, row.agent_id, row.entered_at, row.first_offer_at,
        row.answered_at, row.left_at, how, row.reason, wall, service, row.target_ms,
        row.step_at_end, row.x_at_end, row.announced_s, row.was_sticky,
        row.version * 2 + (row.answered_at is not None),
    )  # fmt: skip


def _waited_ms(row: StayRow, ended: datetime, known: Structure) -> tuple[int, int]:
    begin, end = to_ms(row.entered_at), to_ms(ended)
    hours = known.hours.get(row.calendar_id)
    wall = max(0, end - begin)
    return wall, wall if hours is None else max(0, hours.axis(end) - hours.axis(begin))


def _stretch_of(row: StayRow) -> HandleFact | None:
    """Return the work that began when somebody took the item out of its Queue."""
    if row.left_at is None or row.reason != "taken":
        return None
    away = row.following_at or (row.state_since if row.state in {*_FINAL, "parked"} else None)
    wrapping = row.state_since if row.following_at is None and row.state == "wrap_up" else None
    return HandleFact(
        row.stay_id, row.work_item_id, row.agent_id, row.queue_id, row.home_id, row.department_id,
        row.sealed, row.channel_kind, row.left_at, row.answered_at, wrapping or away, away,
        row.units, row.version * 2 + (row.answered_at is not None),
    )  # fmt: skip


# ── from facts to contributions ─────────────────────────────────────────────────────────────────


def _place(one: ItemRow | WaitFact | HandleFact | OfferFact) -> Place:
    """Sealed matters count for their own Department, others for that of the Queue."""
    home = one.department_id if one.sealed else one.home_id
    return Place(home, one.queue_id, one.channel_kind, one.sealed)


def _item(one: ItemRow) -> Counted:
    due = None if one.due_at is None else to_ms(one.due_at)
    item = tally.Item(_place(one), one.state, to_ms(one.waiting_since), due, one.answered, one.kind)
    return Counted("work_item", one.id, one.version, tally.of_item(item))


def _waited(one: WaitFact, known: Structure) -> Counted:
    waited = one.wall_ms if one.channel_kind in WALL else one.service_ms
    stay = tally.Stay(
        _place(one),
        Wait(one.how, waited, one.target_ms),
        to_ms(one.entered_at),
        None if one.left_at is None else to_ms(one.left_at),
        known.zone(one.queue_id),
    )
    return Counted("stay", one.stay_id, one.version, tally.of_stay(stay))


def _worked(one: HandleFact, known: Structure) -> Counted:
    ended = None if one.wrap_end_at is None else to_ms(one.wrap_end_at)
    stretch = tally.Stretch(_place(one), to_ms(one.accepted_at), ended, known.zone(one.queue_id))
    return Counted("stretch", one.stay_id, one.version, tally.of_stretch(stretch))


def _offered(one: OfferFact, known: Structure) -> Counted:
    offered = tally.Offered(_place(one), one.outcome, to_ms(one.made_at), known.zone(one.queue_id))
    return Counted("offer", one.offer_id, one.version, tally.of_offer(offered))


def ids(counted: Iterable[Counted], entity: str) -> set[UUID]:
    """Return which rows of a kind were counted."""
    return {one.id for one in counted if one.entity == entity}

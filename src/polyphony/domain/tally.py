"""Tally: what one row of work, one stay, Offer, stretch of work or Agent adds to the counters."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from polyphony.domain.board import Contribution, Part, Place, bucket
from polyphony.domain.capacity import cost_of
from polyphony.domain.metric import OFFER_OUTCOMES, Wait, sums_of_wait

_OPEN = frozenset({"waiting", "offered", "in_work", "suspended", "wrap_up", "parked"})
_WAITS = frozenset({"waiting", "offered"})
_PRESSED = frozenset({"waiting", "offered", "in_work", "suspended"})
"""States in which the deadline of the answer still presses, unless somebody has answered."""


def day_end(at: int, zone: str) -> int:
    """Return the local midnight that ends the day of a moment (23 to 25 h long), in epoch ms."""
    local = datetime.fromtimestamp(at / 1000, ZoneInfo(zone))
    tomorrow = (local.replace(tzinfo=None) + timedelta(days=1)).date()
    midnight = datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=ZoneInfo(zone))
    return int(midnight.astimezone(UTC).timestamp()) * 1000


@dataclass(frozen=True, slots=True)
class Item:
    """A WorkItem as it stands; moments in epoch ms."""

    place: Place
    state: str
    waiting_since: int
    due_at: int | None
    answered: bool
    kind: str = "interaction"


def of_item(one: Item) -> Contribution:
    """Count an open WorkItem by its state; ended work adds nothing."""
    if one.state not in _OPEN:
        return ()
    now = [(one.state, 1)]
    if one.kind == "callback":
        now.append(("callbacks", 1))
    since = one.waiting_since if one.state in _WAITS else None
    due = one.due_at if one.state in _PRESSED and not one.answered else None
    return (Part(one.place, tuple(now), since, due),)


@dataclass(frozen=True, slots=True)
class Stay:
    """A stay in a Queue: when it began, how it stands, when it was left; ``zone`` of the Queue."""

    place: Place
    wait: Wait
    entered: int
    left: int | None
    zone: str


def of_stay(one: Stay) -> Contribution:
    """Count a stay in the day and the quarter minute of its arrival; its start where it fell."""
    sums = tuple(sorted(sums_of_wait(one.wait).items()))
    ticks = [(bucket(one.entered), name, n) for name, n in sums]
    if one.left is not None and one.wait.how in ("taken", "answered"):
        ticks.append((bucket(one.left), "started", 1))
    end = day_end(one.entered, one.zone)
    return (Part(one.place, day=sums, day_end=end, ticks=tuple(ticks)),)


@dataclass(frozen=True, slots=True)
class Offered:
    """An Offer and how it ended."""

    place: Place
    state: str
    made: int
    zone: str


def of_offer(one: Offered) -> Contribution:
    """Count a settled Offer in the day it was made."""
    if one.state not in OFFER_OUTCOMES:
        return ()
    return (Part(one.place, day=((one.state, 1),), day_end=day_end(one.made, one.zone)),)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of work of one Agent, from taking it to the end of wrap-up."""

    place: Place
    began: int
    ended: int | None
    zone: str


def of_stretch(one: Stretch) -> Contribution:
    """Count ended work in the day of its end."""
    if one.ended is None:
        return ()
    day = (("handled", 1), ("work_ms", max(0, one.ended - one.began)))
    return (Part(one.place, day=day, day_end=day_end(one.ended, one.zone)),)


@dataclass(frozen=True, slots=True)
class Present:
    """An Agent: status, mode per channel, room, and the Queues (with their Departments) served."""

    department: UUID
    status: str
    modes: Mapping[str, str]
    cap_max: int
    used: int
    queues: tuple[tuple[UUID, UUID], ...]


def of_agent(one: Present) -> Contribution:
    """Count an Agent at home and in every Queue served; who is offline is nowhere."""
    if one.status == "offline":
        return ()
    free = max(0, one.cap_max - one.used)
    ready = [
        channel
        for channel, mode in sorted(one.modes.items())
        if mode == "on" and free >= cost_of(channel).units
    ]
    units = (("units", one.cap_max), ("free", free))
    places = [(one.department, None), *((home, queue) for queue, home in sorted(one.queues))]
    parts = []
    for home, queue in places:
        gauges = ((one.status, 1), *(units if queue is None else ()))
        if ready:
            gauges += (("ready", 1),)
        parts.append(Part(Place(home, queue, ""), tuple((n, x) for n, x in gauges if x)))
        parts += [Part(Place(home, queue, channel), (("ready", 1),)) for channel in ready]
    return tuple(parts)

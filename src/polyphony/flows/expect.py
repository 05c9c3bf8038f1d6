"""Expect: how many are before a waiting visitor, and how long it may take, if anybody knows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from polyphony.domain.callback import OFFERED_FROM_MS
from polyphony.domain.channel import ChannelKind
from polyphony.domain.expected_wait import (
    Lately,
    Told,
    Waiting,
    band,
    edge_s,
    expected_ms,
    honest,
    places,
    tell,
)
from polyphony.domain.overflow import CALLBACK, FORM
from polyphony.domain.service_hours import ServiceHours, to_datetime, to_ms
from polyphony.flows.promise import hours_of
from polyphony.store import chat_wait, clocks, levers
from polyphony.store.chat_wait import Announced, InLine, Mine
from polyphony.store.database import Session

NOBODY = Lately(0, 0, 0)


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the line: how many are before, the minutes still to wait (None: not told).

    ``closed_until`` is set while the Queue is closed ("" = nobody knows when it opens);
    ``callback`` and ``form`` say what the customer may do instead of waiting, ``outage`` that chat
    is out of order and which channel serves instead ("" = none is named).
    """

    before: int | None
    band: int | None
    closed_until: str | None = None
    callback: bool = False
    form: bool = False
    outage: str | None = None

    def shown(self) -> dict[str, object]:
        """Return it as the widget reads it; ``expected_s`` is for pages opened long ago."""
        return {
            "before": self.before,
            "band": self.band,
            "expected_s": None if self.band is None else edge_s(self.band),
            "closed_until": self.closed_until,
            "callback": self.callback,
            "form": self.form,
            "outage": self.outage,
        }


@dataclass(frozen=True, slots=True)
class Stand:
    """Where one waiting chat stands: what is shown, and what is to be kept of it."""

    place: Place
    work_id: UUID
    told: Told
    was: Told | None


@dataclass(frozen=True, slots=True)
class _Line:
    """One Queue as it stands: who waits, in which order, and how it went lately."""

    waiting: Mapping[UUID, InLine]
    order: Mapping[UUID, int]
    lately: Lately
    staffed: bool
    closed_until: str | None
    outage: str | None = None


Stands = Mapping[tuple[UUID, UUID], Stand]


async def waits(session: Session, identities: Sequence[UUID], at: datetime) -> Stands:
    """Return where the waiting chats of customers stand, by (identity, Case)."""
    mine = await chat_wait.mine(session, identities)
    lines = await _lines(session, sorted({one.queue_id for one in mine}), at)
    return {(one.identity_id, one.case_id): _stand(lines[one.queue_id], one, at) for one in mine}


async def keep(session: Session, stands: Stands, at: datetime) -> None:
    """Keep what is told for the first time, or is better than before."""
    news = {one.work_id: one.told for one in stands.values() if one.told != one.was}
    await chat_wait.keep_told(session, news, at)


def news(stands: Stands) -> bool:
    """Tell whether there is something to keep."""
    return any(one.told != one.was for one in stands.values())


def _stand(line: _Line, mine: Mine, at: datetime) -> Stand:
    was = None
    if mine.told_at is not None:
        was = Told(mine.told_before, mine.told_band, mine.told_whole_s)
    found = line.waiting.get(mine.work_id)
    waited = max(0, to_ms(at) - to_ms(mine.waiting_since))
    # So many may wait that not even the line was read to its end.
    before = len(line.order) if found is None else line.order[mine.work_id]
    knows = found is not None and line.staffed
    wait = expected_ms(line.lately, before, waited) if knows else None
    told = tell(was, before, wait, waited)
    shown = honest(told, waited, known=wait is not None)
    announced = Announced.of(mine.announce)
    shut = line.closed_until is not None
    out = line.outage is not None
    slow = shut or out or not line.staffed or _long(wait)
    place = Place(
        told.before if announced.position else None,
        shown if announced.wait and not (shut or out) else None,
        line.closed_until,
        mine.blocker == CALLBACK or (mine.callback and slow),
        mine.blocker == FORM,
        line.outage,
    )
    return Stand(place, mine.work_id, told, was)


def _long(wait_ms: int | None) -> bool:
    return wait_ms is not None and wait_ms > OFFERED_FROM_MS


async def at_the_door(session: Session, account_id: UUID, at: datetime) -> Place | None:
    """Return the place a newcomer would get now; None when nobody serves his Queue.

    While chat is out of order only that is said, and which channel serves instead.
    """
    outage = await _outage(session)
    if outage is not None:
        return Place(None, None, outage=outage)
    found = await chat_wait.door(session, account_id)
    if found is None:
        return None
    queue, announce = found
    line = (await _lines(session, [queue], at))[queue]
    if not line.staffed:
        return None
    announced, before = Announced.of(announce), len(line.order)
    wait = expected_ms(line.lately, before) if announced.wait else None
    return Place(before if announced.position else None, None if wait is None else band(wait))


async def by_queue(session: Session, at: datetime) -> Mapping[UUID, int]:
    """Return the expected wait (ms) of a newcomer, for those Queues whose overflow asks for it."""
    return {
        queue: wait // 1000 * 1000
        for queue, (lately, waiting) in (await chat_wait.asked_for(session, at)).items()
        if (wait := expected_ms(lately, waiting)) is not None
    }


async def _lines(session: Session, queues: Sequence[UUID], at: datetime) -> dict[UUID, _Line]:
    if not queues:
        return {}
    waiting = await chat_wait.lines(session, queues)
    lately = await chat_wait.lately(session, queues, ["chat"], at)
    staffed = await chat_wait.staffed(session, queues)
    hours = await clocks.of_queues(session, queues)
    by_hand, outage = await levers.by_hand(session, queues), await _outage(session)
    found: dict[UUID, _Line] = {}
    for queue in queues:
        here = {one.id: one for one in waiting if one.queue_id == queue}
        shut = _closed_until(hours_of(hours[queue]), to_ms(at), by_hand.get(queue))
        order = places([_waiting(one) for one in here.values()], to_ms(at))
        known = lately.get(queue, NOBODY)
        found[queue] = _Line(here, order, known, queue in staffed, shut, outage)
    return found


async def _outage(session: Session) -> str | None:
    """Return which channel serves instead of chat while chat is out of order; None = it is not."""
    found = await levers.outages(session)
    return next((one.other for one in found if one.channel == ChannelKind.CHAT), None)


def _closed_until(
    hours: ServiceHours, at: int, by_hand: tuple[bool, datetime] | None
) -> str | None:
    """Return when a closed Queue opens; "" = nobody knows, None = it is open.

    A lever that keeps it open or closed counts before the hours.
    """
    if by_hand is not None:
        is_open, until = by_hand
        if is_open:
            return None
        at = max(at, to_ms(until))
        if hours.is_open(at):
            return to_datetime(at).isoformat()
    if hours.is_open(at):
        return None
    opens = hours.opens(at)
    return "" if opens is None else to_datetime(opens).isoformat()


def _waiting(one: InLine) -> Waiting:
    return Waiting(
        one.id,
        one.tier,
        one.urgency,
        to_ms(one.waiting_since),
        one.target_ms,
        one.used_ms,
        one.queue_milli,
    )

"""Call back: a visitor leaves the line, keeps his place, and may change his mind."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from polyphony.domain import callback
from polyphony.domain.callback import CHANNEL, Wish
from polyphony.domain.capacity import cost_of
from polyphony.domain.errors import Conflict, NotFound, RateLimited
from polyphony.domain.event import Actor
from polyphony.domain.overflow import CALLBACK
from polyphony.domain.service_hours import ServiceHours, to_datetime, to_ms
from polyphony.domain.sla import first_response_ms
from polyphony.flows import expect
from polyphony.flows.announce import announce
from polyphony.flows.carry_out import Matter, lock
from polyphony.flows.promise import hours_of
from polyphony.store import callbacks, clocks, messages, tuning
from polyphony.store.callbacks import CallbackRow, NewCallback, Waits
from polyphony.store.chat import ChatSession
from polyphony.store.database import Session
from polyphony.store.keys import key, keys
from polyphony.store.messages import MessageRow

ASKED, WITHDRAWN = "callback.asked", "callback.withdrawn"
"""Codes of lines; the widget and the desk have the words."""
HOUR, MOST = timedelta(hours=1), 5
"""So often a customer may leave the line in so long."""


async def options(
    session: Session, who: ChatSession, case: UUID, at: datetime
) -> Mapping[str, object]:
    """Say whether a visitor may leave a callback, when, and what he has asked for already."""
    asked = await callbacks.of_visitor(session, who.identity_id, case)
    found = await callbacks.waits(session, who.identity_id, case)
    times: list[tuple[int, int]] = []
    offered = False
    if found is not None:
        hours = await hours_of_queue(session, found.queue_id)
        offered = await _offered(session, who, found, at)
        times = callback.slots(hours, to_ms(at)) if offered else []
    return {
        "offered": offered,
        "slots": [
            {"from": to_datetime(begins).isoformat(), "to": to_datetime(ends).isoformat()}
            for begins, ends in times
        ],
        "callback": None if asked is None else shown(asked),
    }


def shown(one: CallbackRow) -> dict[str, object]:
    """Return a request as its customer sees it."""
    return {
        "id": one.id,
        "way": one.way,
        "address": one.address,
        "from": one.window_from,
        "to": one.window_to,
        "attempts": one.attempts,
        "expires_at": one.expires_at,
    }


async def _offered(session: Session, who: ChatSession, found: Waits, at: datetime) -> bool:
    if found.blocker == CALLBACK:
        return True
    stands = await expect.waits(session, [who.identity_id], at) if found.callback else {}
    one = stands.get((who.identity_id, found.case_id))
    return one is not None and one.place.callback


async def ask(
    session: Session, who: ChatSession, case: UUID, wish: Wish, at: datetime
) -> Mapping[str, object]:
    """Take a visitor's chat out of the line and put a callback into its place.

    Raises NotFound for a Case that is not his, Conflict ``callback.not_waiting`` when nobody is
    waited for, ``callback.not_offered``, ``callback.open`` when he or his number has one already,
    Invalid ``callback.window``, RateLimited ``callback.too_many``.
    """
    if await callbacks.waits(session, who.identity_id, case) is None:
        raise Conflict("callback.not_waiting")
    matter = await lock(session, [case], at)
    found = await callbacks.waits(session, who.identity_id, case)
    if found is None or found.interaction_id not in matter.strips:
        raise Conflict("callback.not_waiting")
    if not await _offered(session, who, found, at):
        raise Conflict("callback.not_offered")
    hours = await hours_of_queue(session, found.queue_id)
    begins = callback.check_window(wish.window, hours, to_ms(at))
    new = await _new(session, who, found, wish, (hours, begins), at)
    await _refuse_another(session, new, at)
    strip = matter.strips[found.interaction_id]
    matter.cancel_why = CHANNEL
    matter.calm(strip)
    facts = {"code": ASKED, "customer": True, "way": wish.way, "begins": _iso(new.begins)}
    line = await leave_line(session, matter, strip.id, facts, wish.reason)
    if not await callbacks.add(session, new, at):
        raise Conflict("callback.open")
    matter.know_callback(case, new.id, new.work_id)
    actor = Actor("customer", who.identity_id, name=who.name)
    await matter.keep(session, actor, line)
    await announce(
        session, actor=actor, types={"work_item": "work_item.added"}, work_items=[new.work_id]
    )
    asked = await callbacks.by_id(session, new.id)
    return {} if asked is None else shown(asked)


async def _refuse_another(session: Session, new: NewCallback, at: datetime) -> None:
    if await callbacks.live(session, new):
        raise Conflict("callback.open")
    if await callbacks.asked_since(session, new.of.record_id, at - HOUR) >= MOST:
        raise RateLimited("callback.too_many", {"after_s": round(HOUR.total_seconds())})


async def _new(
    session: Session,
    who: ChatSession,
    found: Waits,
    wish: Wish,
    when: tuple[ServiceHours, int | None],
    at: datetime,
) -> NewCallback:
    hours, begins = when
    capacity, _ = await tuning.both(session)
    cost = cost_of(CHANNEL, capacity.costs)
    id_, work_id = keys(at, 2)
    window = wish.window
    return NewCallback(
        id=id_,
        work_id=work_id,
        of=found,
        way=wish.way,
        address=wish.address,
        reason=wish.reason,
        language=who.language or found.language,
        window=None if window is None else (to_datetime(window[0]), to_datetime(window[1])),
        begins=None if begins is None else to_datetime(begins),
        expires_at=to_datetime(callback.expires(hours, begins or to_ms(at))),
        units=cost.units,
        exclusive=cost.exclusive,
        target_ms=first_response_ms(CHANNEL, found.tier),
    )


async def withdraw(session: Session, who: ChatSession, case: UUID, at: datetime) -> None:
    """Take a request back: the visitor waits in the line again, since when he did first.

    Raises NotFound when there is none, Conflict ``callback.under_way`` once somebody is at it.
    """
    matter = await lock(session, [case], at)
    asked = await callbacks.of_visitor(session, who.identity_id, case)
    if asked is None:
        raise NotFound("callback")
    if asked.work_agent is not None and asked.work_state == "in_work":
        raise Conflict("callback.under_way")
    await give_up(session, matter, asked, WITHDRAWN, Actor("customer", who.identity_id))


async def give_up(
    session: Session, matter: Matter, asked: CallbackRow, code: str, actor: Actor
) -> None:
    """End a request without a talk: the chat is asked about again, in writing."""
    state = "withdrawn" if code == WITHDRAWN else "expired"
    if asked.work_id is not None and asked.work_id not in matter.finish:
        matter.cancel.add(asked.work_id)
        matter.cancel_why = state
    await callbacks.over(session, [asked.id], state, matter.at)
    line = await leave_line(session, matter, asked.interaction_id, {"code": code, "customer": True})
    matter.changed.add(asked.case_id)
    await matter.keep(session, actor, line)
    if code == WITHDRAWN:
        items = await callbacks.keep_place(session, asked.interaction_id, asked.place_since)
        await announce(session, actor=actor, work_items=items)


async def leave_line(
    session: Session,
    matter: Matter,
    strip: UUID,
    facts: dict[str, object],
    text: str = "",
    by: Actor | None = None,
) -> Sequence[UUID]:
    """Leave a line in the chat that both sides see."""
    case = matter.cases[matter.strips[strip].case_id]
    made = MessageRow(
        id=key(matter.at),
        interaction_id=strip,
        position=(await messages.positions(session, 1))[0],
        kind="system",
        author_kind="system" if by is None else by.kind,
        author_id=None if by is None else by.id,
        author_name="" if by is None else by.name,
        at=matter.at,
        text=text,
        facts=facts,
    )
    await messages.add(session, [made])
    case.last_item = made.position
    matter.changed.add(case.id)
    return [made.id]


async def hours_of_queue(session: Session, queue: UUID) -> ServiceHours:
    """Return the working time of a Queue."""
    return hours_of((await clocks.of_queues(session, [queue]))[queue])


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()

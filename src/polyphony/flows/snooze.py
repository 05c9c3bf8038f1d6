"""Snooze: put a Case aside until a moment, and give it back when that has come."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from polyphony.domain.case import CaseState
from polyphony.domain.errors import Conflict, Invalid
from polyphony.domain.event import TIMER
from polyphony.domain.notice import NewNotice, NoticeKind
from polyphony.flows import handle
from polyphony.flows.announce import announce
from polyphony.flows.carry_out import Matter, Staff, lock
from polyphony.flows.handle import Handled
from polyphony.flows.notify import notify
from polyphony.store import cases, snoozes
from polyphony.store.database import Session
from polyphony.store.interactions import InteractionRow
from polyphony.store.steps import OpenStep

LONGEST = timedelta(days=366)
_WAITS = frozenset({CaseState.WAIT_CUSTOMER.value, CaseState.WAIT_THIRD_PARTY.value})


async def snooze(
    session: Session, case_id: UUID, until: datetime, staff: Staff, at: datetime, said: str = ""
) -> None:
    """Put a Case aside: its work is parked, or the date of a waiting Case is set.

    What the person has in hand is parked, else what waits in a Queue. ``said`` are the words it
    was asked for with.

    Raises Invalid for a moment that is past or more than a year away, Conflict
    ``snooze.not_possible`` when the matter is over or only others work on it.
    """
    if until <= at or until > at + LONGEST:
        raise Invalid("snooze.until", {"field": "until"})
    matter = await lock(session, [case_id], at)
    case = matter.cases[case_id]
    if case.state in _WAITS:
        case.due_at = until
        matter.changed.add(case_id)
        await matter.keep(session, staff.actor)
    elif case.state == CaseState.OPEN.value:
        for item in await _aside(session, matter, case_id, staff):  # one by one: a Case has few
            await handle.park(session, item, until, "date", staff.actor, at)
    else:
        raise Conflict("snooze.not_possible", {"state": case.state})
    await snoozes.put(session, case_id, staff.id, until, said, at)
    await _tell(session, [case_id], staff)


async def _aside(session: Session, matter: Matter, case: UUID, staff: Staff) -> list[UUID]:
    """Return the work to park; what is parked already is woken first, to be parked anew."""
    strips: list[InteractionRow | OpenStep] = [*matter.of(case), *matter.steps_of(case)]
    mine = _items(strips, "in_work", staff.id)
    if mine:
        return mine
    parked = _items(strips, "parked")
    for item in parked:  # one by one: a Case has few
        await handle.wake(session, item, staff.actor, matter.at)
    found = parked + _items(strips, "waiting")
    if not found:
        by = next((one.work_agent for one in strips if one.work_agent), None)
        raise Conflict("snooze.not_possible", {"state": "in_work", "by": by})
    return found


def _items(
    strips: Sequence[InteractionRow | OpenStep], state: str, agent: UUID | None = None
) -> list[UUID]:
    return [
        one.work_id
        for one in strips
        if one.work_id is not None
        and one.work_state == state
        and (agent is None or one.work_agent == agent)
    ]


async def wake(
    session: Session, case_id: UUID, staff: Staff, at: datetime, *, take: bool = False
) -> bool:
    """End a snooze early; ``take`` = whoever asks goes on with the work at once.

    Returns whether he has it: with full hands it waits in its Queue, and so it does unasked.
    Raises Conflict ``snooze.none`` when the Case is not put aside.
    """
    matter = await lock(session, [case_id], at)
    case = matter.cases[case_id]
    parked = _items([*matter.of(case_id), *matter.steps_of(case_id)], "parked")
    if not await snoozes.drop(session, case_id) and not parked:
        raise Conflict("snooze.none", {"state": case.state})
    if case.state in _WAITS:
        case.due_at = None
        matter.changed.add(case_id)
        await matter.keep(session, staff.actor)
    for item in parked:  # one by one: a Case has few
        await handle.wake(session, item, staff.actor, at)
        take = take and await _taken(session, item, staff, at)
    await _tell(session, [case_id], staff)
    return take


async def _taken(session: Session, item: UUID, staff: Staff, at: datetime) -> bool:
    """Take work that waits again, unless the hands are full (refused before anything moves)."""
    try:
        await handle.claim(session, item, staff.id, at)
    except Conflict as refused:
        if refused.code != "agent.no_capacity":
            raise
        return False
    return True


async def park(
    session: Session, item_id: UUID, until: datetime, for_: str, staff: Staff, at: datetime
) -> Handled:
    """Put one WorkItem aside, for a date or until somebody answers: its Case is snoozed with it."""
    done = await handle.park(session, item_id, until, for_, staff.actor, at)
    await snoozes.put(session, done.case, staff.id, until, "", at)
    await _tell(session, [done.case], staff)
    return done


async def rouse(session: Session, item_id: UUID, staff: Staff, at: datetime) -> Handled:
    """Let one parked WorkItem wait again: its Case is snoozed no more."""
    done = await handle.wake(session, item_id, staff.actor, at)
    await end(session, done.case, staff)
    return done


async def end(session: Session, case_id: UUID, staff: Staff) -> None:
    """Forget that a Case was put aside, because somebody goes on with it."""
    if await snoozes.drop(session, case_id):
        await _tell(session, [case_id], staff)


async def over(session: Session, at: datetime, n: int) -> int:
    """Tell people that what they put aside is back; who was answered meanwhile knows it already."""
    due = await snoozes.take_due(session, at, n)
    back = [one for one in due if not one.answered]
    await notify(
        session,
        [
            NewNotice(one.person_id, NoticeKind.SNOOZE_OVER, one.case_id, None, one.said)
            for one in back
        ],
        at,
    )
    await _tell(session, [one.case_id for one in due])
    return len(due)


async def _tell(session: Session, ids: Sequence[UUID], staff: Staff | None = None) -> None:
    touched = await cases.touch(session, ids)
    actor = staff.actor if staff else TIMER
    await announce(session, actor=actor, types={"case": "case.snoozed"}, cases=touched)

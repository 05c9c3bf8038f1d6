"""Fate: take an answer back, let it go at once, try it again, give it up."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from polyphony.domain.case import CaseState
from polyphony.domain.delivery import DeliveryMove, DeliveryState, move
from polyphony.domain.errors import Conflict, Invalid, NotFound
from polyphony.domain.event import TIMER, Actor
from polyphony.domain.move import By, Moved
from polyphony.domain.reply import SCHEDULE_MAX, Then
from polyphony.flows import continue_by_mail
from polyphony.flows.announce import announce
from polyphony.flows.carry_out import Matter, Staff, lock
from polyphony.flows.reply.effect import BACK, take_effect
from polyphony.store import deliveries, messages
from polyphony.store.database import Session
from polyphony.store.deliveries import DeliveryRow
from polyphony.store.keys import key
from polyphony.store.messages import Said

_PERSON = (By.AGENT, By.SUPERVISOR)


async def cancel(session: Session, delivery: UUID, staff: Staff, at: datetime) -> UUID:
    """Take an answer back while it is held or queued; return its Message.

    Raises Conflict ``delivery.move_not_possible`` when it is already on its way.
    """
    matter, row = await _locked_one(session, delivery, at)
    _go(row, DeliveryMove.CANCEL)
    waited = row.why == "schedule"
    row.settled_at, row.why = at, "taken_back"
    if waited:
        await _take_up(session, matter, row, staff)
    return await _keep(session, row, staff.actor)


async def _take_up(session: Session, matter: Matter, row: DeliveryRow, staff: Staff) -> None:
    """Let a Case that only waited for its scheduled answer be open again, with who takes it up."""
    said = (await messages.said(session, [row.message_id]))[row.message_id]
    case = matter.cases[matter.strips[said.interaction_id].case_id]
    back = BACK.get(CaseState(case.state))
    if back is not None:
        matter.holders[said.interaction_id] = staff.id
        matter.move(case, back, (*staff.roles(matter.of(case.id)), By.SYSTEM))
        await matter.keep(session, staff.actor)


async def reschedule(
    session: Session, delivery: UUID, when: datetime, staff: Staff, at: datetime, *, pinned: bool
) -> UUID:
    """Let a scheduled answer leave at another moment; return its Message.

    Raises Conflict ``delivery.move_not_possible`` when it does not wait for its moment any more,
    Invalid ``reply.schedule`` for a moment that is past or a year away.
    """
    _, row = await _locked_one(session, delivery, at)
    if (row.state, row.why) != (DeliveryState.HELD.value, "schedule"):
        raise Conflict("delivery.move_not_possible", {"move": "schedule", "state": row.state})
    if not at < when <= at + SCHEDULE_MAX:
        raise Invalid("reply.schedule", {"field": "at"})
    row.not_before, row.pinned = when, pinned
    return await _keep(session, row, staff.actor)


async def retry(
    session: Session, delivery: UUID, staff: Staff, at: datetime, reason: str = ""
) -> UUID:
    """Send again: a failed one as a new Delivery, a doubtful one as it is; return its Message.

    ``reason`` says why a person thinks that a doubtful one did not arrive.
    """
    _, row = await _locked_one(session, delivery, at)
    if row.state == DeliveryState.UNCERTAIN.value:
        _go(row, DeliveryMove.RESEND)
        row.not_before, row.repeated, row.uncertain_since = at, True, None
        row.why, row.detail = "sent_again", _because(staff, reason)
        return await _keep(session, row, staff.actor)
    _decide(row, DeliveryMove.TRY_AGAIN)
    again = DeliveryRow(
        id=key(at),
        message_id=row.message_id,
        account_id=row.account_id,
        identity_id=row.identity_id,
        to_address=row.to_address,
        purpose=row.purpose,
        state=DeliveryState.QUEUED.value,
        why="try_again",
        not_before=at,
        created_at=at,
    )
    await deliveries.add(session, [again])
    await _show(session, [row.message_id], staff.actor)
    return row.message_id


async def give_up(session: Session, delivery: UUID, staff: Staff, at: datetime) -> UUID:
    """Treat a doubtful one as not delivered; return its Message."""
    _, row = await _locked_one(session, delivery, at)
    _go(row, DeliveryMove.GIVE_UP)
    row.settled_at, row.why = at, "given_up"
    return await _keep(session, row, staff.actor)


async def mark_sent(
    session: Session, delivery: UUID, staff: Staff, at: datetime, reason: str
) -> UUID:
    """Take a doubtful one for sent because a person found out that it was; return its Message."""
    _, row = await _locked_one(session, delivery, at)
    _go(row, DeliveryMove.MARK_SENT)
    row.settled_at, row.uncertain_since = at, None
    row.why, row.detail = "marked_sent", _because(staff, reason)
    return await _keep(session, row, staff.actor)


def _because(staff: Staff, reason: str) -> str | None:
    line = " ".join(reason.split())[:300]
    return f"{staff.name}: {line}" if line else staff.name


async def release(
    session: Session, ids: Sequence[UUID], at: datetime, staff: Staff | None = None
) -> list[UUID]:
    """Let held deliveries go (their moment has come, or a person says so); return Messages.

    What an answer does to its Case happens now, when nobody can take it back any more. One that
    is not held any longer is passed over, unless a person asked for it by name.
    """
    places = await deliveries.cases_of(session, ids)
    if not places:
        return []
    matter = await lock(session, sorted({case for case, _ in places.values()}), at)
    rows = await deliveries.locked(session, sorted(places))
    held = [one for one in rows.values() if one.state == DeliveryState.HELD.value]
    if staff is not None and not held:
        raise Conflict("delivery.move_not_possible", {"move": "release"})
    said = await messages.said(session, [one.message_id for one in held])
    for row in held:
        _let_go(matter, row, said[row.message_id], staff)
    await deliveries.save(session, held)
    shown = sorted({one.message_id for one in held})
    await messages.shown_state(session, shown)
    await matter.keep(session, staff.actor if staff else TIMER, shown)
    talks = {said[one.message_id].interaction_id for one in held if one.purpose != "forward"}
    chats = sorted(one for one in talks if matter.strips[one].channel_kind == "chat")
    await continue_by_mail.answered(session, chats, at)
    return shown


def _let_go(matter: Matter, row: DeliveryRow, said: Said, staff: Staff | None) -> None:
    strip = matter.strips[said.interaction_id]
    carried = strip.channel_kind == "chat" and row.purpose != "forward"
    moved = move(
        DeliveryState.HELD,
        DeliveryMove.CARRY if carried else DeliveryMove.RELEASE,
        By.AGENT if staff else By.TIMER,
    )
    if not isinstance(moved, Moved):
        raise moved
    undo = row.why == "undo"
    row.state, row.why, row.not_before = moved.state.value, None, matter.at
    row.settled_at = matter.at if carried else None
    if undo and said.author_id is not None and "then" in said.facts:
        author = staff if staff and staff.id == said.author_id else Staff(said.author_id, "")
        then = Then(str(said.facts["then"]))
        take_effect(matter, matter.cases[strip.case_id], strip, then, author)


async def _locked_one(session: Session, delivery: UUID, at: datetime) -> tuple[Matter, DeliveryRow]:
    """Lock the Case first, then its delivery: the order of everybody."""
    place = (await deliveries.cases_of(session, [delivery])).get(delivery)
    if place is None:
        raise NotFound("delivery")
    matter = await lock(session, [place[0]], at)
    return matter, (await deliveries.locked(session, [delivery]))[delivery]


def _decide(row: DeliveryRow, what: DeliveryMove) -> DeliveryState:
    moved = move(DeliveryState(row.state), what, _PERSON[0])
    if not isinstance(moved, Moved):
        raise moved
    return moved.state


def _go(row: DeliveryRow, what: DeliveryMove) -> None:
    row.state = _decide(row, what).value


async def _keep(session: Session, row: DeliveryRow, actor: Actor) -> UUID:
    await deliveries.save(session, [row])
    await _show(session, [row.message_id], actor)
    return row.message_id


async def _show(session: Session, ids: Sequence[UUID], actor: Actor) -> None:
    await messages.shown_state(session, ids)
    await announce(session, actor=actor, messages=ids)

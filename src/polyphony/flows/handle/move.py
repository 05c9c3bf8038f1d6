"""Move: work goes back, elsewhere, to sleep, and wakes again."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from polyphony.domain.errors import Conflict, Invalid, NotFound
from polyphony.domain.event import Actor
from polyphony.domain.move import By
from polyphony.domain.queue import takes
from polyphony.domain.work import WorkMove
from polyphony.flows import requeue
from polyphony.flows.hand_back import TRANSFER, Return, hand_back, seen, tell
from polyphony.flows.handle.grip import Handled, check, locked, told
from polyphony.flows.handle.offer import offer_to, withdraw
from polyphony.flows.rechoose import moved
from polyphony.store import handed_on, hands, lines, queues, work
from polyphony.store.database import Session
from polyphony.store.handed_on import HandedOn
from polyphony.store.hands import Pairing
from polyphony.store.work import Move, WorkRow

PARK_FOR: Mapping[str, str] = {"date": "waiting", "third_party": "waiting", "customer": "quiet"}
"""What work may be parked for, and the state its Interaction takes meanwhile."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where work is transferred: to a Queue, a Department's triage, or to a person first.

    ``require``: it waits for that person and goes to nobody else. ``anyway``: also where no more
    may wait, because it comes back to where it was.
    """

    queue: UUID | None = None
    agent: UUID | None = None
    note: str = ""
    department: UUID | None = None
    require: bool = False
    anyway: bool = False


async def give_back(session: Session, item_id: UUID, actor: Actor, at: datetime) -> Handled:
    """Return work one has to its Queue, with its old place in the line."""
    item = await locked(session, item_id)
    check(item, WorkMove.RETURN, By.AGENT)
    await hand_back(session, [item_id], Return("given_back"), at, actor)
    return Handled(item.id, item.interaction_id, item.case_id)


async def resume(session: Session, item_id: UUID, agent: UUID, at: datetime) -> Handled:
    """Go on with work that was interrupted; Conflict ``agent.no_capacity`` when it does not fit."""
    item = await locked(session, item_id, agent)
    check(item, WorkMove.RESUME, By.AGENT)
    if not await hands.has_room(session, agent, item.units, exclusive=item.exclusive):
        raise Conflict("agent.no_capacity", {"units": item.units})
    await work.move(session, [Move(item.id, "suspended", "in_work", agent)], at)
    handled = Handled(item.id, item.interaction_id, item.case_id)
    await told(session, handled, Actor("person", agent), "resumed", [agent])
    return handled


async def transfer(
    session: Session, item_id: UUID, to: Target, actor: Actor, at: datetime
) -> Handled:
    """Send work elsewhere, with its old waiting start: to a Queue, or offered to a person first.

    Raises Invalid without a target, NotFound for an unknown Queue, Conflict
    ``queue.channel_refused`` when the Queue does not take the channel, ``queue.full`` when no more
    may wait there, ``agent.not_available`` when
    the person takes nothing on this channel now (with ``require`` it waits for him then).
    """
    to = await _resolved(session, to)
    item = await locked(session, item_id, to.agent)
    if to.queue is not None and to.queue != item.queue_id:
        await _enters(session, item, to.queue, anyway=to.anyway)
    had = item.agent_id if item.state in {"in_work", "suspended"} else None
    if actor.id is not None and actor.kind == "person":
        await handed_on.keep(session, HandedOn(item_id, actor.id, item.queue_id, had, at))
    if item.state == "offered":
        await withdraw(session, item, at, "transfer", actor)
    elif item.state != "waiting":
        check(item, WorkMove.RETURN, By.AGENT)
    if item.state in {"in_work", "suspended"}:
        back = Return(TRANSFER, to.queue, to.agent, require=to.require)
        await hand_back(session, [item_id], back, at, actor)
    else:
        await _requeue(session, item, to, actor, at)
    handled = Handled(item.id, item.interaction_id, item.case_id)
    if to.agent is not None:
        await _offer(session, item_id, to, at)
    await told(session, handled, actor, "transferred", [to.agent] if to.agent else [])
    await moved(session, [item.case_id] if to.queue else [], at, actor)
    return handled


async def _resolved(session: Session, to: Target) -> Target:
    """Name the Queue a Department's work goes to; check that there is a target at all."""
    if to.department is not None and to.queue is None:
        triage = await queues.triage_of(session, to.department)
        if triage is None:
            raise NotFound("department.unknown")
        to = replace(to, queue=triage)
    if to.queue is None and to.agent is None:
        raise Invalid("transfer.target_missing")
    return to


async def _enters(session: Session, item: WorkRow, queue: UUID, *, anyway: bool) -> None:
    found = (await queues.of(session, [queue])).get(queue)
    if found is None:
        raise NotFound("queue.unknown")
    if not takes(found.channels, item.channel_kind):
        raise Conflict("queue.channel_refused", {"channel": item.channel_kind, "queue": found.name})
    if not anyway and (await lines.room(session, [queue])).get(queue, 1) <= 0:
        raise Conflict("queue.full", {"queue": found.name})


async def _offer(session: Session, item_id: UUID, to: Target, at: datetime) -> None:
    """Offer to the person at once; work that is his alone may wait until he takes some."""
    if to.agent is None:
        return
    try:
        await offer_to(session, item_id, to.agent, at)
    except Conflict as refused:
        if not to.require or refused.code != "agent.not_available":
            raise


async def park(
    session: Session, item_id: UUID, until: datetime, for_: str, actor: Actor, at: datetime
) -> Handled:
    """Put work aside until a date, or until the customer or a third party answers."""
    if for_ not in PARK_FOR:
        raise Invalid("park.for", {"for": for_[:40]})
    if until <= at or until > at + timedelta(days=366):
        raise Invalid("park.until", {"until": until.isoformat()})
    item = await locked(session, item_id)
    check(item, WorkMove.PARK, By.AGENT)
    was = await seen(session, [item])
    await work.move(
        session, [Move(item.id, item.state, "parked", wake_at=until, sticky=item.agent_id)], at
    )
    await work.leave_queue(session, [item.id], "parked", at)
    await hands.pair(session, [Pairing(item.interaction_id, PARK_FOR[for_], None)], at)
    await tell(session, [item], actor, "work_item.parked", was)
    return Handled(item.id, item.interaction_id, item.case_id)


async def wake(session: Session, item_id: UUID, actor: Actor, at: datetime) -> Handled:
    """Let parked work wait again; whoever had it is preferred."""
    item = await locked(session, item_id)
    check(item, WorkMove.WAKE, By.AGENT)
    was = await seen(session, [item])
    await work.move(session, [Move(item.id, "parked", "waiting")], at)
    await work.enter_queue(session, [item.id], at, "woken")
    await hands.pair(session, [Pairing(item.interaction_id, "waiting", None)], at)
    await tell(session, [item], actor, "work_item.woken", was)
    return Handled(item.id, item.interaction_id, item.case_id)


async def _requeue(session: Session, item: WorkRow, to: Target, actor: Actor, at: datetime) -> None:
    """Move a waiting item to another Queue: a new Stay, the old waiting start."""
    was = await seen(session, [item])
    if to.queue is not None and to.queue != item.queue_id:
        await work.leave_queue(session, [item.id], TRANSFER, at)
    move = Move(
        *(item.id, "waiting", "waiting"),
        queue=to.queue,
        sticky=to.agent,
        direct=to.agent,
        require=to.require,
        may_overflow=False,
    )
    await work.move(session, [move], at)
    await requeue.follow(session, {item.id: item.queue_id})
    await work.enter_queue(session, [item.id], at, TRANSFER)
    await tell(session, [item], actor, "work_item.transferred", was)

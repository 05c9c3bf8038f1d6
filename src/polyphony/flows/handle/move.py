"""Move: work goes back, elsewhere, to sleep, and wakes again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from polyphony.domain.errors import Invalid, NotFound
from polyphony.domain.event import Actor
from polyphony.domain.move import By
from polyphony.domain.work import WorkMove
from polyphony.flows.hand_back import Return, hand_back, seen, tell
from polyphony.flows.handle.grip import Handled, check, locked, told
from polyphony.flows.handle.offer import offer_to, withdraw
from polyphony.store import handed_on, hands, queues, work
from polyphony.store.database import Session
from polyphony.store.handed_on import HandedOn
from polyphony.store.hands import Pairing
from polyphony.store.work import Move, WorkRow

PARK_FOR: Mapping[str, str] = {"date": "waiting", "third_party": "waiting", "customer": "quiet"}
"""What work may be parked for, and the state its Interaction takes meanwhile."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where work is transferred: to a Queue, or to a person first."""

    queue: UUID | None = None
    agent: UUID | None = None
    note: str = ""


async def give_back(session: Session, item_id: UUID, actor: Actor, at: datetime) -> Handled:
    """Return work one has to its Queue, with its old place in the line."""
    item = await locked(session, item_id)
    check(item, WorkMove.RETURN, By.AGENT)
    await hand_back(session, [item_id], Return("given_back"), at, actor)
    return Handled(item.id, item.interaction_id, item.case_id)


async def transfer(
    session: Session, item_id: UUID, to: Target, actor: Actor, at: datetime
) -> Handled:
    """Send work elsewhere, with its old waiting start: to a Queue, or offered to a person first.

    Raises Invalid without a target, NotFound for an unknown Queue, Conflict
    ``agent.not_available`` when the person takes nothing on this channel now.
    """
    if to.queue is None and to.agent is None:
        raise Invalid("transfer.target_missing")
    if to.queue is not None and to.queue not in await queues.of(session, [to.queue]):
        raise NotFound("queue.unknown")
    item = await locked(session, item_id, to.agent)
    had = item.agent_id if item.state in {"in_work", "suspended"} else None
    if actor.id is not None and actor.kind == "person":
        await handed_on.keep(session, HandedOn(item_id, actor.id, item.queue_id, had, at))
    if item.state == "offered":
        await withdraw(session, item, at, "transfer", actor)
    elif item.state != "waiting":
        check(item, WorkMove.RETURN, By.AGENT)
    if item.state in {"in_work", "suspended"}:
        await hand_back(session, [item_id], Return("transfer", to.queue, to.agent), at, actor)
    else:
        await _requeue(session, item, to, actor, at)
    handled = Handled(item.id, item.interaction_id, item.case_id)
    if to.agent is not None:
        await offer_to(session, item_id, to.agent, at)
    await told(session, handled, actor, "transferred", [to.agent] if to.agent else [])
    return handled


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
    await work.enter_queue(session, [item.id], at)
    await hands.pair(session, [Pairing(item.interaction_id, "waiting", None)], at)
    await tell(session, [item], actor, "work_item.woken", was)
    return Handled(item.id, item.interaction_id, item.case_id)


async def _requeue(session: Session, item: WorkRow, to: Target, actor: Actor, at: datetime) -> None:
    """Move a waiting item to another Queue: a new Stay, the old waiting start."""
    was = await seen(session, [item])
    if to.queue is not None and to.queue != item.queue_id:
        await work.leave_queue(session, [item.id], "transfer", at)
    move = Move(item.id, "waiting", "waiting", queue=to.queue, sticky=to.agent)
    await work.move(session, [move], at)
    await work.enter_queue(session, [item.id], at)
    await tell(session, [item], actor, "work_item.transferred", was)

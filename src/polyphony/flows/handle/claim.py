"""Claim: work taken by hand, the next of a Queue, or given to an agent over his head."""

from datetime import datetime
from uuid import UUID

from polyphony.domain.errors import Conflict
from polyphony.domain.event import Actor
from polyphony.domain.move import By
from polyphony.domain.work import WorkMove
from polyphony.flows.hand_back import Return, hand_back
from polyphony.flows.handle.grip import Handled, check, locked, row, taken, told, welcome
from polyphony.flows.handle.offer import withdraw
from polyphony.store import hands, work
from polyphony.store.database import Session
from polyphony.store.work import Move, WorkRow


async def claim(
    session: Session, item_id: UUID, agent: UUID, at: datetime, by: By = By.AGENT
) -> Handled:
    """Take waiting (or parked) work without an Offer; it counts as taken by hand.

    Raises Conflict ``offer.settled`` with who was faster, ``agent.no_capacity`` when it does not
    fit (a supervisor may go over capacity).
    """
    item = await locked(session, item_id, agent)
    if item.state not in {"waiting", "parked"}:
        raise Conflict("offer.settled", await _whose(session, item))
    if item.state == "parked":
        check(item, WorkMove.WAKE, by)
        await work.move(session, [Move(item.id, "parked", "waiting")], at)
    else:
        check(item, WorkMove.CLAIM, by)
    if by is not By.SUPERVISOR:
        await _room(session, item, agent)
    await work.move(session, [Move(item.id, "waiting", "in_work", agent, routed=False)], at)
    await taken(session, item, agent, at)
    handled = Handled(item.id, item.interaction_id, item.case_id)
    said = await welcome(session, item, agent, at)
    await told(session, handled, Actor("person", agent), "claimed", [agent], said)
    return handled


async def next_of(session: Session, queue: UUID, agent: UUID, at: datetime) -> Handled | None:
    """Take the item of a Queue that has waited longest; None when nothing waits."""
    item = await hands.oldest_waiting(session, queue, agent)
    return None if item is None else await claim(session, item, agent, at)


async def assign(
    session: Session, item_id: UUID, agent: UUID, actor: Actor, at: datetime
) -> Handled:
    """Give work to an agent over his head (supervisor): taken from whoever has it."""
    await hands.lock_cases(session, [item_id])
    item = await row(session, item_id, agent)
    if item.state == "offered":
        await withdraw(session, item, at, "supervisor", actor)
    elif item.state in {"in_work", "suspended"}:
        await hand_back(session, [item_id], Return("assigned"), at, actor)
    return await claim(session, item_id, agent, at, By.SUPERVISOR)


async def _whose(session: Session, item: WorkRow) -> dict[str, object]:
    holder = await hands.holder(session, item.id)
    return {"outcome": item.state, "by": holder}


async def _room(session: Session, item: WorkRow, agent: UUID) -> None:
    if not await hands.has_room(session, agent, item.units, exclusive=item.exclusive):
        raise Conflict("agent.no_capacity", {"units": item.units})

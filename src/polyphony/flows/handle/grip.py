"""Grip: the item somebody handles, locked; what taking it means; and who is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from polyphony.domain.channel import ChannelKind
from polyphony.domain.errors import NotFound, Refusal
from polyphony.domain.event import Actor
from polyphony.domain.move import By
from polyphony.domain.work import WorkMove, WorkState
from polyphony.domain.work import move as move_work
from polyphony.flows import tell_visitor
from polyphony.flows.announce import announce
from polyphony.store import hands, work
from polyphony.store.database import Session
from polyphony.store.hands import Pairing
from polyphony.store.work import WorkRow


@dataclass(frozen=True, slots=True)
class Handled:
    """What was moved."""

    work_item: UUID
    interaction: UUID | None
    case: UUID
    offer: UUID | None = None
    over: bool = False  # it did not fit beside what its agent had


async def locked(session: Session, item_id: UUID, agent: UUID | None = None) -> WorkRow:
    """Lock in the order of everybody: Case, agents, item."""
    await hands.lock_cases(session, [item_id])
    return await row(session, item_id, agent)


async def row(session: Session, item_id: UUID, agent: UUID | None) -> WorkRow:
    """Lock an agent and an item whose Case is locked; raise NotFound when there is no item."""
    found = await work.lock(session, [item_id], [agent] if agent else [])
    if item_id not in found:
        raise NotFound("work_item.unknown")
    return found[item_id]


def check(item: WorkRow, what: WorkMove, by: By) -> None:
    """Raise the refusal of a move that is not possible from here."""
    answer = move_work(WorkState(item.state), what, by)
    if isinstance(answer, Refusal):
        raise answer


async def taken(session: Session, item: WorkRow, agent: UUID, at: datetime) -> None:
    """Close the Stay, let the Interaction follow, forget misses; a Case without owner has one."""
    await work.leave_queue(session, [item.id], "taken", at)
    await hands.pair(session, [Pairing(item.interaction_id, "with_agent", agent)], at)
    await hands.forget_misses(session, agent)
    await hands.own(session, item.case_id, agent)


async def welcome(session: Session, item: WorkRow, agent: UUID, at: datetime) -> list[UUID]:
    """Tell a chat visitor who is here for him now."""
    if item.interaction_id is None or item.channel_kind != ChannelKind.CHAT.value:
        return []
    return await tell_visitor.joined(session, item.interaction_id, agent, at)


async def told(
    session: Session,
    done: Handled,
    actor: Actor,
    what: str,
    agents: list[UUID],
    said: Sequence[UUID] = (),
) -> None:
    """Tell of what was handled; ``said`` are lines written for the customer."""
    await announce(
        session,
        actor=actor,
        types={"offer": f"offer.{what}", "work_item": f"work_item.{what}"},
        offers=[done.offer] if done.offer else [],
        work_items=[done.work_item],
        interactions=[done.interaction] if done.interaction else [],
        cases=[done.case],
        messages=said,
        loads=agents,
    )

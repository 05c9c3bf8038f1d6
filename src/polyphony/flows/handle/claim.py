"""Claim: work taken by hand, the next of a Queue, or given to an agent over his head."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from polyphony.domain.errors import Conflict, Forbidden, Invalid
from polyphony.domain.event import Actor
from polyphony.domain.move import By
from polyphony.domain.offer import CONFLICT
from polyphony.domain.skill import lacking
from polyphony.domain.work import WorkMove
from polyphony.flows.hand_back import Return, hand_back
from polyphony.flows.handle.grip import Handled, check, locked, row, taken, told, welcome
from polyphony.flows.handle.offer import withdraw
from polyphony.store import agents, hands, work
from polyphony.store.database import Session
from polyphony.store.work import Move, WorkRow


@dataclass(frozen=True, slots=True)
class Over:
    """Whether somebody may give an agent more than fits, and why he does."""

    may: bool
    reason: str = ""


async def claim(
    session: Session, item_id: UUID, agent: UUID, at: datetime, by: By = By.AGENT
) -> Handled:
    """Take waiting (or parked) work without an Offer; it counts as taken by hand.

    Raises Conflict ``offer.settled`` with who was faster, ``agent.no_capacity`` when it does not
    fit (a supervisor may go over capacity), ``agent.no_channel`` and ``agent.no_skill`` when it is
    not for him, ``agent.conflict_of_interest`` when he said so himself.
    """
    item = await locked(session, item_id, agent)
    await _free(session, item)
    await _able(session, item, agent, by)
    return await _have(session, item, agent, at, by)


async def take(session: Session, item_id: UUID, agent: UUID, at: datetime) -> Handled:
    """Take waiting work that was chosen for an agent by the score; Conflict as for ``claim``."""
    item = await locked(session, item_id, agent)
    await _free(session, item)
    return await _have(session, item, agent, at, By.AGENT)


async def _have(session: Session, item: WorkRow, agent: UUID, at: datetime, by: By) -> Handled:
    """Let an agent have an item (locked) that waits or is parked."""
    if item.state == "parked":
        check(item, WorkMove.WAKE, by)
        await work.move(session, [Move(item.id, "parked", "waiting")], at)
    else:
        check(item, WorkMove.CLAIM, by)
    if by is not By.SUPERVISOR and not await _fits(session, item, agent):
        raise Conflict("agent.no_capacity", {"units": item.units})
    await work.move(session, [Move(item.id, "waiting", "in_work", agent, routed=False)], at)
    await taken(session, item, agent, at)
    handled = Handled(item.id, item.interaction_id, item.case_id)
    said = await welcome(session, item, agent, at)
    await told(session, handled, Actor("person", agent), "claimed", [agent], said)
    return handled


async def assign(
    session: Session,
    item_id: UUID,
    agent: UUID,
    actor: Actor,
    at: datetime,
    over: Over | None = None,
) -> Handled:
    """Give work to an agent over his head (supervisor): taken from whoever has it.

    ``over`` None: whoever asks has decided already that it may exceed what fits. Raises Forbidden
    when it does not fit and he may not go over, Invalid when he does not say why.
    """
    await hands.lock_cases(session, [item_id])
    item = await row(session, item_id, agent)
    if item.state == "offered":
        await withdraw(session, item, at, "supervisor", actor)
    elif item.state in {"in_work", "suspended"}:
        await hand_back(session, [item_id], Return("assigned"), at, actor)
    full = not await _fits(session, item, agent)
    if full and over is not None:
        if not over.may:
            raise Forbidden("assign.over_capacity", {"needs": ["overbook"], "units": item.units})
        if not over.reason.strip():
            raise Invalid("assign.reason_needed", {"units": item.units})
    done = await claim(session, item_id, agent, at, By.SUPERVISOR)
    return replace(done, over=full)


async def _free(session: Session, item: WorkRow) -> None:
    if item.state not in {"waiting", "parked"}:
        raise Conflict("offer.settled", await _whose(session, item))


async def _whose(session: Session, item: WorkRow) -> dict[str, object]:
    holder = await hands.holder(session, item.id)
    return {"outcome": item.state, "by": holder}


async def _fits(session: Session, item: WorkRow, agent: UUID) -> bool:
    return await hands.has_room(session, agent, item.units, exclusive=item.exclusive)


async def _able(session: Session, item: WorkRow, agent: UUID, by: By) -> None:
    """Check channel and skills; over his head only what the law and his own word demand."""
    facts = (await work.facts(session, [item.id]))[0]
    found = await agents.facts(session, [agent])
    if not found:
        raise Conflict("agent.no_capacity", {"units": item.units})
    if any(one.agent == agent and one.reason == CONFLICT for one in facts.exclusions):
        raise Conflict("agent.conflict_of_interest")
    by_himself = by is By.AGENT
    if by_himself and item.channel_kind not in found[0].modes:
        raise Conflict("agent.no_channel", {"channel": item.channel_kind})
    missing = lacking(facts.requirements, found[0].skills, legal_only=not by_himself)
    if missing:
        raise Conflict("agent.no_skill", {"skills": missing})

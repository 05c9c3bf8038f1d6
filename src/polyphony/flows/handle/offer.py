"""Offer: an agent accepts or declines; a person's act takes an Offer back or makes one."""

from datetime import datetime, timedelta
from uuid import UUID

from polyphony.domain.errors import Conflict, NotFound, Refusal
from polyphony.domain.event import SYSTEM, Actor
from polyphony.domain.move import By
from polyphony.domain.offer import (
    CONFLICT,
    OfferMove,
    OfferState,
    accepts_itself,
    after_decline,
    check_reason,
    timeout_ms,
)
from polyphony.domain.offer import move as move_offer
from polyphony.domain.presence import Mode, takes
from polyphony.domain.service_hours import to_datetime, to_ms
from polyphony.domain.work import WorkMove
from polyphony.flows.announce import announce
from polyphony.flows.hand_back import lost
from polyphony.flows.handle.grip import Handled, check, locked, taken, told, welcome
from polyphony.store import agents as agent_rows
from polyphony.store import keys, offers, queues, work
from polyphony.store.database import Session
from polyphony.store.offers import NewOffer, OfferRow, Settle, Stamp
from polyphony.store.queues import QueueRow
from polyphony.store.work import Move, WorkRow


async def accept(session: Session, offer_id: UUID, agent: UUID, at: datetime) -> Handled:
    """Take the work an Offer proposes: whoever comes first has it, state is the truth.

    Raises NotFound when it is not his Offer, Conflict ``offer.settled`` when it is over.
    """
    offer = await _mine(session, offer_id, agent)
    if not _live(offer):
        raise await _settled(session, offer_id)
    return await _take(session, offer, Actor("person", agent), at)


async def rendered(session: Session, offer_id: UUID, agent: UUID, at: datetime) -> Handled | None:
    """The card is on the Agent's screen: what accepts itself is his from now; None for the rest.

    Raises NotFound when it is not his Offer, Conflict ``offer.settled`` when it is over.
    """
    offer = await _mine(session, offer_id, agent)
    if not accepts_itself(offer.channel_kind, of_queue=offer.auto_accept):
        return None
    if not _live(offer):
        raise await _settled(session, offer_id)
    return await _take(session, offer, SYSTEM, at)


async def _take(session: Session, offer: OfferRow, actor: Actor, at: datetime) -> Handled:
    """Let an agent have what he was offered; ``actor`` is he himself, or the system for him."""
    offer_id, agent, by_himself = offer.id, offer.agent_id, actor.kind == "person"
    item = await locked(session, offer.work_item_id, agent)
    if not await offers.accept(session, offer_id, agent, at, rendered=not by_himself):
        raise await _settled(session, offer_id)
    check(item, WorkMove.ACCEPT, By.AGENT if by_himself else By.SYSTEM)
    await work.move(session, [Move(item.id, "offered", "in_work", agent)], at)
    await taken(session, item, agent, at)
    handled = Handled(item.id, item.interaction_id, item.case_id, offer_id)
    said = await welcome(session, item, agent, at)
    await told(session, handled, actor, "accepted", [agent], said)
    return handled


async def decline(
    session: Session, offer_id: UUID, agent: UUID, at: datetime, reason: str | None = None
) -> Handled:
    """Refuse an Offer: the item waits again, not for him for a while.

    Raises Invalid when the Queue demands a reason, Conflict ``offer.settled`` when it is over,
    ``offer.no_decline`` in a Queue whose work nobody declines (but for a conflict of interest).
    """
    offer = await _mine(session, offer_id, agent)
    check_reason(reason, offer.decline_reasons)
    if not may_decline(offer, reason):
        raise Conflict("offer.no_decline")
    exclusion = after_decline(agent, to_ms(at), offer.declines, reason)
    settle = Settle(
        offer.work_item_id,
        agent,
        "declined",
        reason=reason,
        by=agent,
        excluded=exclusion.reason,
        until=to_datetime(exclusion.until) if exclusion.until is not None else None,
        times=exclusion.times,
    )
    done = await offers.settle(session, [settle], Stamp(None, 0, at)) if _live(offer) else []
    if not done or done[0].id != offer_id:
        raise await _settled(session, offer_id)
    item = (await work.rows_of(session, [offer.work_item_id]))[offer.work_item_id]
    handled = Handled(item.id, item.interaction_id, item.case_id, offer_id)
    was, cases = await lost(session, done)
    await announce(
        session,
        actor=Actor("person", agent),
        types={"offer": "offer.declined", "work_item": "work_item.declined"},
        was=was,
        offers=[offer_id],
        work_items=[item.id],
        interactions=item.interactions,
        cases=sorted({item.case_id, *cases}),
        loads=[agent],
    )
    return handled


def may_decline(offer: OfferRow, reason: str | None) -> bool:
    """Tell whether an Offer may be declined: not where the Queue forbids it or accepts itself."""
    auto = accepts_itself(offer.channel_kind, of_queue=offer.auto_accept)
    return reason == CONFLICT or (offer.decline_allowed and not auto)


def _live(offer: OfferRow) -> bool:
    answer = move_offer(OfferState(offer.state), OfferMove.DECLINE, By.AGENT)
    return not isinstance(answer, Refusal)


async def _mine(session: Session, offer_id: UUID, agent: UUID) -> OfferRow:
    offer = await offers.of(session, offer_id)
    if offer is None or offer.agent_id != agent:
        raise NotFound("offer.unknown")
    return offer


async def _settled(session: Session, offer_id: UUID) -> Conflict:
    """Say how the Offer ended and, if somebody has the work now, who."""
    offer = await offers.of(session, offer_id)
    facts = {"outcome": offer.state, "by": offer.holder, "reason": offer.reason} if offer else {}
    return Conflict("offer.settled", facts)


async def withdraw(
    session: Session, item: WorkRow, at: datetime, reason: str, actor: Actor
) -> None:
    """Take the live Offer of an item (locked) back; it waits again."""
    if item.agent_id is None:
        return
    settle = Settle(item.id, item.agent_id, "withdrawn", reason=reason, by=actor.id)
    done = await offers.settle(session, [settle], Stamp(None, 0, at))
    was, cases = await lost(session, done)
    await announce(
        session,
        actor=actor,
        types={"offer": "offer.withdrawn", "work_item": "work_item.returned"},
        was=was,
        offers=[one.id for one in done],
        work_items=[one.item for one in done],
        cases=cases,
        loads=[item.agent_id],
    )


def _lives(channel: str, queue: QueueRow) -> int:
    return timeout_ms(channel, queue.offer_timeout_s, auto=queue.auto_accept)


async def offer_to(session: Session, item_id: UUID, agent: UUID, at: datetime) -> None:
    """Offer to one person directly; after his deadline it belongs to the Queue."""
    facts = await agent_rows.facts(session, [agent])
    item = (await work.facts(session, [item_id]))[0]
    if not facts or not takes(facts[0].modes.get(item.channel, Mode.OFF), by_hand=True):
        raise Conflict("agent.not_available")
    if any(one.agent == agent and one.reason == CONFLICT for one in item.exclusions):
        raise Conflict("agent.conflict_of_interest")
    queue = (await queues.of(session, [item.queue]))[item.queue]
    deadline = at + timedelta(milliseconds=_lives(item.channel, queue))
    offer = NewOffer(
        keys.key(at), item_id, agent, item.version, facts[0].version, deadline, {"side": "transfer"}
    )
    if not await offers.make(session, [offer], Stamp(None, 0, at)):
        raise Conflict("agent.not_available")
    await announce(
        session,
        actor=Actor("system"),
        types={"offer": "offer.made", "work_item": "work_item.offered"},
        offers=[offer.id],
        work_items=[item_id],
        loads=[agent],
    )

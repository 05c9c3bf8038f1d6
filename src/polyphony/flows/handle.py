"""Handle: an agent accepts, declines, claims, transfers, parks, wakes and finishes work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from polyphony.domain.channel import ChannelKind
from polyphony.domain.errors import Conflict, Invalid, NotFound, Refusal
from polyphony.domain.event import Actor
from polyphony.domain.move import By
from polyphony.domain.offer import OfferMove, OfferState, after_decline, check_reason, timeout_ms
from polyphony.domain.offer import move as move_offer
from polyphony.domain.presence import Mode
from polyphony.domain.service_hours import to_datetime, to_ms
from polyphony.domain.work import WorkMove, WorkState
from polyphony.domain.work import move as move_work
from polyphony.flows import tell_visitor
from polyphony.flows.announce import announce
from polyphony.flows.conclude import conclude
from polyphony.flows.hand_back import Return, hand_back, lost, seen, tell
from polyphony.store import agents as agent_rows
from polyphony.store import handed_on, hands, keys, offers, queues, work
from polyphony.store.database import Session
from polyphony.store.handed_on import HandedOn
from polyphony.store.hands import Pairing
from polyphony.store.offers import NewOffer, OfferRow, Settle, Stamp
from polyphony.store.work import Move, WorkRow

PARK_FOR: Mapping[str, str] = {"date": "waiting", "third_party": "waiting", "customer": "quiet"}
"""What work may be parked for, and the state its Interaction takes meanwhile."""


@dataclass(frozen=True, slots=True)
class Handled:
    """What was moved."""

    work_item: UUID
    interaction: UUID | None
    case: UUID
    offer: UUID | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """Where work is transferred: to a Queue, or to a person first."""

    queue: UUID | None = None
    agent: UUID | None = None
    note: str = ""


async def accept(session: Session, offer_id: UUID, agent: UUID, at: datetime) -> Handled:
    """Take the work an Offer proposes: whoever comes first has it, state is the truth.

    Raises NotFound when it is not his Offer, Conflict ``offer.settled`` when it is over.
    """
    offer = await _mine(session, offer_id, agent)
    if not _live(offer):
        raise await _settled(session, offer_id)
    item = await _locked(session, offer.work_item_id, agent)
    if not await offers.accept(session, offer_id, agent, at):
        raise await _settled(session, offer_id)
    _check(item, WorkMove.ACCEPT, By.AGENT)
    await work.move(session, [Move(item.id, "offered", "in_work", agent)], at)
    await _taken(session, item, agent, at)
    handled = Handled(item.id, item.interaction_id, item.case_id, offer_id)
    said = await _welcome(session, item, agent, at)
    await _tell(session, handled, Actor("person", agent), "accepted", [agent], said)
    return handled


async def decline(
    session: Session, offer_id: UUID, agent: UUID, at: datetime, reason: str | None = None
) -> Handled:
    """Refuse an Offer: the item waits again, not for him for a while.

    Raises Invalid when the Queue demands a reason, Conflict ``offer.settled`` when it is over.
    """
    offer = await _mine(session, offer_id, agent)
    check_reason(reason, offer.decline_reasons)
    exclusion = after_decline(agent, to_ms(at), offer.declines)
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


async def claim(
    session: Session, item_id: UUID, agent: UUID, at: datetime, by: By = By.AGENT
) -> Handled:
    """Take waiting (or parked) work without an Offer; it counts as taken by hand.

    Raises Conflict ``offer.settled`` with who was faster, ``agent.no_capacity`` when it does not
    fit (a supervisor may go over capacity).
    """
    item = await _locked(session, item_id, agent)
    if item.state not in {"waiting", "parked"}:
        raise Conflict("offer.settled", await _whose(session, item))
    if item.state == "parked":
        _check(item, WorkMove.WAKE, by)
        await work.move(session, [Move(item.id, "parked", "waiting")], at)
    else:
        _check(item, WorkMove.CLAIM, by)
    if by is not By.SUPERVISOR:
        await _room(session, item, agent)
    await work.move(session, [Move(item.id, "waiting", "in_work", agent, routed=False)], at)
    await _taken(session, item, agent, at)
    handled = Handled(item.id, item.interaction_id, item.case_id)
    said = await _welcome(session, item, agent, at)
    await _tell(session, handled, Actor("person", agent), "claimed", [agent], said)
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
    item = await _row(session, item_id, agent)
    if item.state == "offered":
        await _withdraw(session, item, at, "supervisor", actor)
    elif item.state in {"in_work", "suspended"}:
        await hand_back(session, [item_id], Return("assigned"), at, actor)
    return await claim(session, item_id, agent, at, By.SUPERVISOR)


async def give_back(session: Session, item_id: UUID, actor: Actor, at: datetime) -> Handled:
    """Return work one has to its Queue, with its old place in the line."""
    item = await _locked(session, item_id)
    _check(item, WorkMove.RETURN, By.AGENT)
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
    item = await _locked(session, item_id, to.agent)
    had = item.agent_id if item.state in {"in_work", "suspended"} else None
    if actor.id is not None and actor.kind == "person":
        await handed_on.keep(session, HandedOn(item_id, actor.id, item.queue_id, had, at))
    if item.state == "offered":
        await _withdraw(session, item, at, "transfer", actor)
    elif item.state != "waiting":
        _check(item, WorkMove.RETURN, By.AGENT)
    if item.state in {"in_work", "suspended"}:
        await hand_back(session, [item_id], Return("transfer", to.queue, to.agent), at, actor)
    else:
        await _requeue(session, item, to, actor, at)
    handled = Handled(item.id, item.interaction_id, item.case_id)
    if to.agent is not None:
        await _offer_to(session, item_id, to.agent, at)
    await _tell(session, handled, actor, "transferred", [to.agent] if to.agent else [])
    return handled


async def park(
    session: Session, item_id: UUID, until: datetime, for_: str, actor: Actor, at: datetime
) -> Handled:
    """Put work aside until a date, or until the customer or a third party answers."""
    if for_ not in PARK_FOR:
        raise Invalid("park.for", {"for": for_[:40]})
    if until <= at or until > at + timedelta(days=366):
        raise Invalid("park.until", {"until": until.isoformat()})
    item = await _locked(session, item_id)
    _check(item, WorkMove.PARK, By.AGENT)
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
    item = await _locked(session, item_id)
    _check(item, WorkMove.WAKE, By.AGENT)
    was = await seen(session, [item])
    await work.move(session, [Move(item.id, "parked", "waiting")], at)
    await work.enter_queue(session, [item.id], at)
    await hands.pair(session, [Pairing(item.interaction_id, "waiting", None)], at)
    await tell(session, [item], actor, "work_item.woken", was)
    return Handled(item.id, item.interaction_id, item.case_id)


async def finish(
    session: Session, item_id: UUID, actor: Actor, at: datetime, disposition: str | None = None
) -> Handled:
    """End work: asynchronous Interactions fall quiet, live ones end; wrap-up comes first if any.

    A Case without other work waits for the customer then, or is solved.

    Raises Invalid ``disposition.required`` when the Queue demands one.
    """
    item = await _locked(session, item_id)
    queue = (await queues.of(session, [item.queue_id]))[item.queue_id]
    if queue.disposition_required and not disposition:
        raise Invalid("disposition.required")
    wraps = item.state == "in_work" and queue.wrap_up_s > 0 and not disposition
    _check(item, WorkMove.WRAP if wraps else WorkMove.FINISH, By.AGENT)
    was = await seen(session, [item])
    to = "wrap_up" if wraps else "done"
    move = Move(item.id, item.state, to, item.agent_id, disposition=disposition)
    await work.move(session, [move], at)
    if item.state == "in_work":
        live = item.mode == "live" or wraps
        state, by = ("ended", "agent") if live else ("quiet", None)
        await hands.pair(session, [Pairing(item.interaction_id, state, None, by)], at)
        if state == "ended" and item.channel_kind == ChannelKind.CHAT.value:
            said = await tell_visitor.ended(session, item.interactions, at)
            await announce(session, actor=actor, messages=said)
    what = "work_item.finished" if to == "done" else "work_item.wrapped"
    await tell(session, [item], actor, what, was)
    if not wraps:
        await conclude(session, [item.case_id], at, actor)
    return Handled(item.id, item.interaction_id, item.case_id)


async def _locked(session: Session, item_id: UUID, agent: UUID | None = None) -> WorkRow:
    """Lock in the order of everybody: Case, agents, item."""
    await hands.lock_cases(session, [item_id])
    return await _row(session, item_id, agent)


async def _row(session: Session, item_id: UUID, agent: UUID | None) -> WorkRow:
    found = await work.lock(session, [item_id], [agent] if agent else [])
    if item_id not in found:
        raise NotFound("work_item.unknown")
    return found[item_id]


def _check(item: WorkRow, what: WorkMove, by: By) -> None:
    answer = move_work(WorkState(item.state), what, by)
    if isinstance(answer, Refusal):
        raise answer


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


async def _whose(session: Session, item: WorkRow) -> dict[str, object]:
    holder = await hands.holder(session, item.id)
    return {"outcome": item.state, "by": holder}


async def _taken(session: Session, item: WorkRow, agent: UUID, at: datetime) -> None:
    """Close the Stay, let the Interaction follow, forget misses; a Case without owner has one."""
    await work.leave_queue(session, [item.id], "taken", at)
    await hands.pair(session, [Pairing(item.interaction_id, "with_agent", agent)], at)
    await hands.forget_misses(session, agent)
    await hands.own(session, item.case_id, agent)


async def _welcome(session: Session, item: WorkRow, agent: UUID, at: datetime) -> list[UUID]:
    """Tell a chat visitor who is here for him now."""
    if item.interaction_id is None or item.channel_kind != ChannelKind.CHAT.value:
        return []
    return await tell_visitor.joined(session, item.interaction_id, agent, at)


async def _room(session: Session, item: WorkRow, agent: UUID) -> None:
    if not await hands.has_room(session, agent, item.units, exclusive=item.exclusive):
        raise Conflict("agent.no_capacity", {"units": item.units})


async def _withdraw(
    session: Session, item: WorkRow, at: datetime, reason: str, actor: Actor
) -> None:
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


async def _requeue(session: Session, item: WorkRow, to: Target, actor: Actor, at: datetime) -> None:
    """Move a waiting item to another Queue: a new Stay, the old waiting start."""
    was = await seen(session, [item])
    if to.queue is not None and to.queue != item.queue_id:
        await work.leave_queue(session, [item.id], "transfer", at)
    move = Move(item.id, "waiting", "waiting", queue=to.queue, sticky=to.agent)
    await work.move(session, [move], at)
    await work.enter_queue(session, [item.id], at)
    await tell(session, [item], actor, "work_item.transferred", was)


async def _offer_to(session: Session, item_id: UUID, agent: UUID, at: datetime) -> None:
    """Offer to one person directly; after his deadline it belongs to the Queue."""
    facts = await agent_rows.facts(session, [agent])
    item = (await work.facts(session, [item_id]))[0]
    if not facts or facts[0].modes.get(item.channel) is not Mode.ON:
        raise Conflict("agent.not_available")
    queue = (await queues.of(session, [item.queue]))[item.queue]
    deadline = at + timedelta(milliseconds=timeout_ms(item.channel, queue.offer_timeout_s))
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


async def _tell(
    session: Session,
    done: Handled,
    actor: Actor,
    what: str,
    agents: list[UUID],
    said: Sequence[UUID] = (),
) -> None:
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

"""Queue: which Queue answers, what the work needs, until when; as rules and targets say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from polyphony.domain.capacity import cost_of
from polyphony.domain.ids import QueueId
from polyphony.domain.queue import STICKY_FOR, takes
from polyphony.domain.queue import needs as merged
from polyphony.domain.rule import QueueChoice, RuleSet, resolve_queue
from polyphony.domain.rule_text import Facts
from polyphony.domain.skill import as_json, requirement
from polyphony.flows.alarm import alarm
from polyphony.flows.promise import Target
from polyphony.flows.receive import overflow
from polyphony.flows.receive.overflow import Entry, Gates
from polyphony.flows.receive.warn import warn
from polyphony.flows.receive.world import Need, World
from polyphony.store import clocks, labour, rules, sla, steps, sticky, tuning
from polyphony.store.clocks import CalendarRow
from polyphony.store.database import Session, together
from polyphony.store.labour import NewWork
from polyphony.store.offers import Settled


@dataclass(frozen=True, slots=True)
class _Way:
    """Where work goes in, and why there."""

    entry: Entry
    why: object


async def ask(session: Session, world: World) -> list[NewWork]:
    """Choose Queues for what needs work, start the clocks; return the work to add."""
    others = [
        one
        for one in world.waits.values()
        if one.interaction not in world.needs and not world.clocks.owed(one.case)
    ]
    if not world.needs and not others:
        return []
    now = await rules.current(session)
    going_on = sorted({one.case for one in world.needs.values() if not one.fresh})
    at_step = await steps.queues_of(session, going_on) if going_on else {}
    needs = [(one, choose(world, one, now, at_step)) for one in world.needs.values()]
    queues: set[UUID] = {one.before or one.account.queue_id for one in others}
    queues |= {choice.queue for _, choice in needs}
    queues |= {one.account.triage_queue for one, _ in needs}
    hours, world.clocks.book, (capacity, _) = await together(
        clocks.of_queues(session, sorted(queues)), sla.book(session), tuning.both(session)
    )
    world.costs = capacity.costs
    for one in others:
        _wait(world, one, hours[one.before or one.account.queue_id])
    known = await _who_knew(session, world)
    gates = await overflow.look(session, world, hours)
    ways = [_way(gates, one, choice) for one, choice in needs]
    await overflow.say(
        session, world, [(one, way.entry) for (one, _), way in zip(needs, ways, strict=True)]
    )
    works = [
        _work(world, _with(one, known, at_step), choice, way)
        for (one, choice), way in zip(needs, ways, strict=True)
    ]
    let_in = [(work, way.entry) for work, way in zip(works, ways, strict=True)]
    await warn(session, world, gates, let_in)
    return works


async def _who_knew(session: Session, world: World) -> dict[UUID, UUID]:
    """Return by Record who worked for a customer in the last days, where nobody has the matter."""
    asked = [
        one.sender.record_id
        for one in world.needs.values()
        if one.sticky is None and one.sender.id not in world.strangers
    ]
    return await sticky.last_agents(session, asked, world.at - STICKY_FOR)


def _with(need: Need, known: Mapping[UUID, UUID], at_step: Mapping[UUID, steps.AtStep]) -> Need:
    """Prefer whoever has the step of the Case in his hands, has the matter, knew the customer."""
    doer = at_step[need.case][1] if need.case in at_step else None
    return replace(need, sticky=doer or need.sticky or known.get(need.sender.record_id))


def choose(
    world: World, need: Need, now: RuleSet, at_step: Mapping[UUID, steps.AtStep]
) -> QueueChoice:
    """Ask the rules: the Queue of the Case's step, the one it was in, a rule's, the account's."""
    step = at_step.get(need.case)
    account, sender, inbound = need.account, need.sender, need.inbound
    facts = Facts(
        channel=account.kind,
        account_id=account.id,
        account_name=account.name,
        account_address=account.address,
        account_language=account.language,
        customer_tier=sender.tier,
        customer_language=sender.language or "",
        customer_known=sender.id not in world.strangers,
        customer_name=sender.name,
        language=inbound.language or "",
        subject=inbound.subject,
        text=inbound.text,
        automated=inbound.automated.value,
        tags=tuple(world.cases[need.case].tags),
        first=need.fresh,
        urgency=world.cases[need.case].priority,
        case_queue=QueueId(need.before) if need.before else None,
        step_queue=QueueId(step[0]) if step else None,
    )
    default = QueueId(account.default_queue) if account.default_queue else None
    return resolve_queue(facts, now, default, QueueId(account.triage_queue))


def _wait(world: World, need: Need, hours: CalendarRow) -> None:
    target = _target(world, need, need.sender.tier, hours)
    world.clocks.asked(target, need.at, first=need.fresh)


def _target(world: World, need: Need, tier: str, hours: CalendarRow) -> Target:
    """All that a policy may ask of the Case."""
    case = world.cases[need.case]
    return Target(
        need.case,
        need.interaction,
        need.account.kind,
        tier,
        hours,
        case.kind,
        need.sender.customer_id,
        need.account.id,
        tuple(case.tags),
        case.sla_policy_id,
    )


def _work(world: World, need: Need, choice: QueueChoice, way: _Way) -> NewWork:
    hours = way.entry.queue
    case = world.cases[need.case]
    target = _target(world, need, choice.tier, hours)
    due = world.clocks.asked(target, need.at, first=need.fresh)
    if need.fresh:
        world.clocks.opened(target, need.at)
        case.department_id, case.priority = hours.department_id, choice.urgency
        (world.sealed.add if hours.sealed else world.sealed.discard)(case.id)
    cost = cost_of(need.account.kind, world.costs)
    return NewWork(
        id=world.key(),
        case_id=need.case,
        interaction_id=need.interaction,
        queue_id=hours.queue_id,
        channel_kind=need.account.kind,
        units=cost.units,
        exclusive=cost.exclusive,
        target_ms=world.clocks.answer_ms(target, first=need.fresh),
        due_at=due,
        tier=choice.tier,
        urgency=choice.urgency,
        requirements=_needs(choice, hours),
        waiting_since=need.at,
        sticky=need.sticky,
        why_queue=way.why,
        visited=way.entry.visited,
        blocker=way.entry.blocker,
    )


def _way(gates: Gates, need: Need, choice: QueueChoice) -> _Way:
    """Let new work pass the rules of its Queue: they may send it on, once, before it waits."""
    first, why = _place(need, choice, gates.known)
    entry = gates.enter(first, need, choice.requirements)
    if entry.refused is not None:
        why = {**why, "overflow": f"blocked:{entry.refused}"}
    if entry.visited:
        code = "queue_full" if entry.full else "overflow"
        why = {**why, "code": code, "from": [str(one) for one in entry.visited]}
    return _Way(entry, why)


def _place(
    need: Need, choice: QueueChoice, calendars: Mapping[UUID, CalendarRow]
) -> tuple[CalendarRow, Mapping[str, object]]:
    """Return the Queue the work enters, and why.

    A rule may name one that is gone or does not take this channel: the triage always does.
    """
    found = calendars.get(choice.queue)
    if found is not None and (
        choice.queue == need.account.triage_queue or takes(found.channels, need.account.kind)
    ):
        return found, choice.why
    code = "queue_refused" if found else "queue_gone"
    why = {**choice.why, "code": code, "refused": str(choice.queue)}
    return calendars[need.account.triage_queue], why


def _needs(choice: QueueChoice, queue: CalendarRow) -> list[dict[str, object]]:
    """What the Queue asks of everybody who serves it, and what the rules add: the stricter wins."""
    own = [requirement(one) for one in queue.requirements]
    return [as_json(one) for one in merged(own, choice.requirements)]


async def settle(session: Session, world: World, works: Sequence[NewWork]) -> list[UUID]:
    """Add the work, wake and cancel what the messages asked for; return the WorkItems touched."""
    await labour.add(session, works)
    await labour.note_way(session, works)
    await alarm(session, world.alarms, world.at)
    woken = await labour.wake_up(session, sorted(world.wakes), world.at)
    ended = await labour.end(session, sorted(world.cancels), labour.cancel("abandoned"), world.at)
    world.withdrawn.extend(
        Settled(one.offer_id, one.id, one.offered_to)
        for one in ended
        if one.offer_id and one.offered_to
    )
    return [*(one.id for one in works), *woken, *(one.id for one in ended)]

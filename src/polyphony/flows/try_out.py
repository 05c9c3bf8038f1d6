"""Try out: what the rules would do with one message, or with all of the last days; no traces."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from polyphony.domain import rule_fault, verdict
from polyphony.domain.capacity import cost_of
from polyphony.domain.ids import QueueId
from polyphony.domain.permission import Scope
from polyphony.domain.queue import needs as merged
from polyphony.domain.routing import seats
from polyphony.domain.routing.decisions import Offer
from polyphony.domain.routing.facts import ItemFacts
from polyphony.domain.routing.match import load, step
from polyphony.domain.rule import Asking, QueueChoice, RuleSet, resolve_queue
from polyphony.domain.rule_text import TEXT_MAX, Facts
from polyphony.domain.service_hours import to_datetime, to_ms
from polyphony.domain.skill import Requirement, as_json, requirement
from polyphony.domain.sla import ClockType, start
from polyphony.domain.work import WorkState
from polyphony.flows.promise import Target, hours_of, promised
from polyphony.store import agents, clocks, configuration, past_cases, queues, sla, tuning, work
from polyphony.store.accounts import AccountRow
from polyphony.store.clocks import CalendarRow
from polyphony.store.configuration import QUEUE, SKILL
from polyphony.store.database import Session
from polyphony.store.past_cases import Beginning

Json = dict[str, object]

PAGE = 500
CASES_MAX = 10_000
SAMPLES = 20
_NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Wish:
    """One message to try: its facts, the account it came to, the id its work would have."""

    facts: Facts
    account: AccountRow
    id: UUID
    at: datetime


async def message(session: Session, wish: Wish, rules: RuleSet) -> Json:
    """Tell rule by rule what happens to a message: Queue, needs, target, and who could take it."""
    account = wish.account
    default = QueueId(account.default_queue) if account.default_queue else None
    choice = resolve_queue(wish.facts, rules, default, QueueId(account.triage_queue))
    hours = await clocks.of_queues(session, [choice.queue, account.triage_queue])
    queue = hours.get(choice.queue) or hours[account.triage_queue]
    target = Target(
        *(_NOBODY, _NOBODY, account.kind, choice.tier, queue), account=account.id,
        tags=wish.facts.tags,
    )  # fmt: skip
    kind = ClockType.FIRST_RESPONSE if wish.facts.first else ClockType.NEXT_RESPONSE
    answer_ms = promised(await sla.book(session), target, kind).target_ms
    needs = merged([requirement(one) for one in queue.requirements], choice.requirements)
    told: Json = {
        "rules": verdict.as_json(verdict.verdicts(wish.facts, rules)),
        "why": choice.why,
        "queue_id": queue.queue_id,
        "queue_gone": choice.queue not in hours,
        "department_id": queue.department_id,
        "tier": choice.tier,
        "urgency": choice.urgency,
        "needs": [as_json(one) for one in needs],
    }
    told |= _target(queue, answer_ms, wish.at)
    told |= await _seats(session, wish, choice, (queue.queue_id, answer_ms), needs)
    return told


def _target(queue: CalendarRow, answer_ms: int, at: datetime) -> Json:
    """The target of the first answer, and when it falls due if it came now."""
    hours, now = hours_of(queue), to_ms(at)
    clock = start(ClockType.FIRST_RESPONSE, answer_ms, hours, now)
    opens = None if hours.is_open(now) else hours.opens(now)
    return {
        "target_s": answer_ms // 1000,
        "due_at": None if clock.due_at is None else to_datetime(clock.due_at),
        "open": hours.is_open(now),
        "opens_at": None if opens is None else to_datetime(opens),
    }


async def _seats(
    session: Session,
    wish: Wish,
    choice: QueueChoice,
    place: tuple[UUID, int],
    needs: Sequence[Requirement],
) -> Json:
    """Put the work into a copy of the present state: who could take it, and who would get it.

    ``place``: the Queue, and the target of the answer in working ms.
    """
    queue, answer_ms = place
    costs = (await tuning.both(session))[0].costs
    now, cost = to_ms(wish.at), cost_of(wish.account.kind, costs)
    item = ItemFacts(
        wish.id,
        1,
        now,
        WorkState.WAITING,
        queue,
        wish.account.kind,
        cost.units,
        answer_ms,
        now,
        exclusive=cost.exclusive,
        tier=choice.tier,
        urgency=choice.urgency,
        requirements=tuple(needs),
    )
    policy = await queues.policy(session, 1)
    in_hand = await work.facts_in_hand(session)
    state = load(policy, in_hand, await agents.facts(session), now)
    found = seats.seats(state, item)
    _, decided = step(state, [item], policy)
    offer = next((one for one in decided if isinstance(one, Offer) and one.item == item.id), None)
    policy_of = policy.queues.get(item.queue)
    return {
        "delivery": policy_of.delivery if policy_of else "push",
        "seats": [_seat(one) for one in seats.as_json(found)],
        "offer": None if offer is None else {"agent_id": offer.agent, "why": offer.why()},
    }


def _seat(one: Json) -> Json:
    at = one["at"]
    return one | {"at": to_datetime(at) if isinstance(at, int) else None}


async def faults(session: Session, raw: Sequence[dict[str, object]]) -> list[Json]:
    """Return all faults of a rule set, also Queues and Skills nobody has."""
    known = await configuration.all_of(session, QUEUE)
    skills = await configuration.all_of(session, SKILL)
    found = rule_fault.faults(
        raw,
        frozenset(UUID(str(one["id"])) for one in known),
        frozenset(str(one["key"]) for one in skills),
    )
    return rule_fault.as_json(found)


@dataclass(slots=True)
class _Tally:
    """What a dry run counts."""

    cases: int = 0
    queues: int = 0
    others: int = 0
    moves: Counter[tuple[UUID, UUID]] = field(default_factory=Counter)
    hits: Counter[str] = field(default_factory=Counter)
    samples: list[Json] = field(default_factory=list)


async def past(
    session: Session, scope: Scope, rules: tuple[RuleSet, RuleSet], at: datetime
) -> Json:
    """Run the rules in force and a draft over the Cases of the last 7 days the actor sees.

    Returns how many would go elsewhere, from where to where, and 20 of them; at most 10,000 are
    looked at, newest first.
    """
    tally = _Tally()
    async for page in _pages(session, scope, at - timedelta(days=7)):
        await asyncio.to_thread(_count, tally, page[: CASES_MAX - tally.cases], rules)
        if tally.cases >= CASES_MAX:
            break
    return {
        "cases": tally.cases,
        "more": tally.cases >= CASES_MAX,
        "queues": tally.queues,
        "others": tally.others,
        "moves": [
            {"from": was, "to": now, "cases": times}
            for (was, now), times in tally.moves.most_common(100)
        ],
        "hits": dict(tally.hits),
        "samples": tally.samples,
    }


async def _pages(session: Session, scope: Scope, since: datetime) -> AsyncIterator[list[Beginning]]:
    """Yield how Cases began, newest first: their order is asked for once, then read in pages."""
    last = None
    while True:
        opened = await past_cases.openings(session, scope, since, last, CASES_MAX)
        for first in range(0, len(opened), PAGE):  # one by one: a page is a batch
            ids = [one.id for one in opened[first : first + PAGE]]
            yield await past_cases.beginnings(session, scope, ids, TEXT_MAX)
        if len(opened) < CASES_MAX:
            return
        last = opened[-1]


def _count(tally: _Tally, page: Sequence[Beginning], rules: tuple[RuleSet, RuleSet]) -> None:
    for one in page:
        was, now = _choices(one, rules)
        tally.cases += 1
        matched = now.why["rules"]
        tally.hits.update(matched if isinstance(matched, list) else ())
        if was.queue != now.queue:
            tally.queues += 1
            tally.moves[was.queue, now.queue] += 1
        elif _asks(was) != _asks(now):
            tally.others += 1
        else:
            continue
        if len(tally.samples) < SAMPLES:
            tally.samples.append(_sample(one, was, now))


def _asks(choice: QueueChoice) -> tuple[object, ...]:
    return choice.requirements, choice.tier, choice.urgency


def _choices(one: Beginning, rules: Iterable[RuleSet]) -> list[QueueChoice]:
    """Ask each rule set; what two of them ask is answered once."""
    facts = Facts(
        channel=one.channel,
        account_id=one.account_id,
        account_name=one.account_name,
        account_address=one.account_address,
        account_language=one.account_language,
        customer_tier=one.tier,
        customer_language=one.customer_language or "",
        customer_known=one.known,
        customer_name=one.customer_name,
        language=one.language or "",
        subject=one.subject,
        text=one.text,
        automated=one.automated,
    )
    default = QueueId(one.default_queue) if one.default_queue else None
    triage, asking = QueueId(one.triage_queue), Asking(facts)
    return [resolve_queue(facts, each, default, triage, asking) for each in rules]


def _sample(one: Beginning, was: QueueChoice, now: QueueChoice) -> Json:
    number = one.reference
    return {
        "case_id": one.case_id,
        "reference": f"{number[:2]} {number[2:6]} {number[6:]}",
        "title": one.title,
        "opened_at": one.opened_at,
        "from": was.queue,
        "to": now.queue,
        "rules": now.why["rules"],
    }

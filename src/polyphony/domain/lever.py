"""Lever: what somebody who leads changes for a while; it lies over the rules, its end takes it off.

Effective rules = set-up with every lever in force over it. Nothing has to be turned back at the
end, and no order matters: two levers of one kind never lie over the same thing.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from uuid import UUID

from polyphony.domain.channel import WORK_KINDS
from polyphony.domain.errors import Invalid
from polyphony.domain.overflow import Action, Condition, Rule
from polyphony.domain.routing.facts import AgentFacts, Policy, QueuePolicy
from polyphony.domain.routing.score import CHANNEL_MILLI, MICRO, TIER_MILLI, Weights

SECONDS_MIN, SECONDS_MAX = 300, 86_400
AGENTS_MAX = 50
ALONE_MILLI = 5000
"""A weight times more than this needs a second person."""
_QUEUE_MILLI = (10, 100_000)
_MILLI_MAX = 100_000


class Kind(StrEnum):
    """What can be changed for a while."""

    WEIGHT = "weight"  # a Queue, a channel or a tier counts for more or less
    LADDER_NOW = "ladder_now"  # requirements are widened as if so much of the target were used
    RESERVE = "reserve"  # so many whole Agents are kept free
    OVERFLOW = "overflow"  # off, or on to another Queue after some time
    HOURS = "hours"  # closed or open, whatever the calendar says
    PAUSE = "pause"  # no Offers of a Queue
    CALLBACK = "callback"  # whether who waits may leave the line and be called
    OUTAGE = "outage"  # a channel is broken: no Offers of it, another one is named
    CAPACITY = "capacity"  # units of Agents
    LEND = "lend"  # Agents serve one more Queue, with skills they are trusted with meanwhile


@dataclass(frozen=True, slots=True)
class Terms:
    """How long a kind lasts unless said otherwise, in s, and the lowest and highest amount."""

    seconds: int
    name: str = ""  # of its amount; "" = it has none
    low: int = 0
    high: int = 0
    usual: int = 0


TERMS: Mapping[Kind, Terms] = {
    Kind.WEIGHT: Terms(7200, "milli", 100, 10_000, 2000),
    Kind.LADDER_NOW: Terms(3600, "pct", 10, 300, 100),
    Kind.RESERVE: Terms(7200, "agents", 0, 200, 0),
    Kind.OVERFLOW: Terms(7200, "after_s", 0, 86_400, 300),
    Kind.HOURS: Terms(28_800, "open", 0, 1, 0),
    Kind.PAUSE: Terms(3600),
    Kind.CALLBACK: Terms(7200, "on", 0, 1, 1),
    Kind.OUTAGE: Terms(86_400),
    Kind.CAPACITY: Terms(28_800, "units", 0, 300, 100),
    Kind.LEND: Terms(7200, "rank", 1, 9, 1),
}
BY_ROWS = frozenset({Kind.CAPACITY, Kind.LEND})
"""These lie over rows about Agents; the others over the rules."""
OF_CHANNEL = frozenset({Kind.OUTAGE})
"""These move a whole channel of the house, and stay until somebody takes them off."""
KEPT = frozenset(Kind) - {Kind.LADDER_NOW, Kind.HOURS, Kind.OUTAGE}
"""What can be made permanent, of a Queue or of Agents: the set-up has a field for it."""


SKILLS_MAX, LEVEL_MAX = 10, 5


class Drain(StrEnum):
    """What becomes of what waits on a channel that is broken."""

    WAIT = "wait"  # it keeps its place and is offered when the channel is back
    CALLBACK = "callback"  # who waits in person may leave the line and be called


@dataclass(frozen=True, slots=True)
class Place:
    """What a lever moves: one Queue, or a channel or tier of the house; and which Agents."""

    queue: UUID | None = None
    channel: str | None = None
    tier: str | None = None
    agents: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Lever:
    """A change for a while. ``until`` in epoch ms; ``value`` holds its amount under its name.

    ``overflow``: ``to`` is where to (None = off). ``outage``: ``other`` is the channel customers
    are sent to ("" = none), ``drain`` what becomes of what waits; it has no end. ``lend``:
    ``skills`` are levels that count for the Agents meanwhile. A kind without an amount has an
    empty value.
    """

    kind: Kind
    place: Place
    value: Mapping[str, int] = field(default_factory=dict)
    to: UUID | None = None
    until: int = 0
    skills: Mapping[str, int] = field(default_factory=dict)
    other: str = ""
    drain: Drain = Drain.WAIT

    @property
    def amount(self) -> int:
        """How much."""
        return self.value.get(TERMS[self.kind].name, TERMS[self.kind].usual)

    @property
    def needs_two(self) -> bool:
        """Tell whether a second person must agree."""
        return self.kind is Kind.OUTAGE or (self.kind is Kind.WEIGHT and self.amount > ALONE_MILLI)

    @property
    def may_stay(self) -> bool:
        """Tell whether it can be made permanent."""
        return self.kind in KEPT and (self.place.queue is not None or self.kind in BY_ROWS)


def check(lever: Lever, seconds: int) -> Lever:
    """Return a lever somebody wishes, with its amount; raise Invalid when it makes no sense."""
    if not SECONDS_MIN <= seconds <= SECONDS_MAX:
        raise Invalid("lever.seconds", {"least": SECONDS_MIN, "most": SECONDS_MAX})
    terms, place = TERMS[lever.kind], lever.place
    _check_place(lever.kind, place)
    strange = sorted(lever.value.keys() - {terms.name})
    if strange:
        raise Invalid("lever.value", {"names": strange})
    _check_more(lever)
    if lever.to is not None and (lever.kind is not Kind.OVERFLOW or lever.to == place.queue):
        raise Invalid("lever.target", {"queue_id": str(lever.to)})
    off = lever.kind is Kind.OVERFLOW and lever.to is None
    if not terms.name or off:
        return replace(lever, value={})
    if not terms.low <= lever.amount <= terms.high:
        raise Invalid("lever.amount", {"least": terms.low, "most": terms.high})
    return replace(lever, value={terms.name: lever.amount})


def _check_more(lever: Lever) -> None:
    """Demand of skills, of another channel and of what waits that they belong to the kind."""
    levels = lever.skills.values()
    fits = len(lever.skills) <= SKILLS_MAX and all(1 <= one <= LEVEL_MAX for one in levels)
    if lever.skills and (lever.kind is not Kind.LEND or not fits):
        raise Invalid("lever.skills", {"most": SKILLS_MAX, "level": LEVEL_MAX})
    outage = lever.kind is Kind.OUTAGE
    named = lever.other == "" or (lever.other in WORK_KINDS and lever.other != lever.place.channel)
    if not named or (not outage and (lever.other or lever.drain is not Drain.WAIT)):
        raise Invalid("lever.other", {"channel": lever.other[:40]})


def _check_place(kind: Kind, place: Place) -> None:
    """Demand exactly what a kind moves."""
    agents = len(set(place.agents))
    if kind in BY_ROWS and not 1 <= agents <= AGENTS_MAX:
        raise Invalid("lever.agents", {"most": AGENTS_MAX})
    if kind not in BY_ROWS and agents:
        raise Invalid("lever.place", {"kind": kind.value})
    wide = (place.channel is not None) + (place.tier is not None)
    named = wide + (place.queue is not None)
    wanted = 0 if kind is Kind.CAPACITY else 1
    if named != wanted or not _fits(kind, place):
        raise Invalid("lever.place", {"kind": kind.value})
    if place.channel is not None and place.channel not in WORK_KINDS:
        raise Invalid("lever.place", {"channel": place.channel[:40]})
    if place.tier is not None and place.tier not in TIER_MILLI:
        raise Invalid("lever.place", {"tier": place.tier[:40]})


def _fits(kind: Kind, place: Place) -> bool:
    """Tell whether a kind moves what is named: a channel, a tier of the house, or one Queue."""
    if kind in OF_CHANNEL:
        return place.channel is not None
    return kind is Kind.WEIGHT or (place.channel is None and place.tier is None)


def clash(one: Lever, other: Lever) -> bool:
    """Tell whether two levers lie over the same thing: then the second has to wait."""
    if one.kind is not other.kind:
        return False
    mine, yours = one.place, other.place
    if (mine.queue, mine.channel, mine.tier) != (yours.queue, yours.channel, yours.tier):
        return False
    return one.kind not in BY_ROWS or not set(mine.agents).isdisjoint(yours.agents)


# ── what lies over what ─────────────────────────────────────────────────────────────────────────


def overlay(policy: Policy, levers: Iterable[Lever]) -> Policy:
    """Lay levers over the rules; those about Agents, and of Queues not there, change nothing."""
    queues = dict(policy.queues)
    weights, outages = policy.weights, policy.outages
    for one in levers:
        queue = one.place.queue
        if one.kind in _BESIDE:
            continue
        if one.kind is Kind.OUTAGE:
            outages |= {str(one.place.channel)}
        elif queue is None:
            weights = _weighed(weights, one)
        elif queue in queues:
            queues[queue] = _OVER[one.kind](queues[queue], one)
    return replace(policy, queues=queues, weights=weights, outages=outages)


def _weighed(weights: Weights, one: Lever) -> Weights:
    channel, tier = one.place.channel, one.place.tier
    if channel is not None:
        usual = weights.channel.get(channel, CHANNEL_MILLI["email"])
        return replace(weights, channel={**weights.channel, channel: _times(usual, one.amount)})
    if tier is not None:
        return replace(
            weights, tier={**weights.tier, tier: _times(weights.tier.get(tier, 1000), one.amount)}
        )
    return weights


def _times(usual: int, milli: int) -> int:
    return min(max(usual * milli // 1000, 1), _MILLI_MAX)


def queue_weight(usual: int, milli: int) -> int:
    """Return the weight (milli) of a Queue times a lever's, within the bounds of a Queue's."""
    low, high = _QUEUE_MILLI
    return min(max(usual * milli // 1000, low), high)


def _overflow(line: QueuePolicy, one: Lever) -> QueuePolicy:
    if one.to is None:
        return replace(line, overflow=())
    return replace(line, overflow=(rule_to(one.to, one.amount), *line.overflow))


def rule_to(queue: UUID, after_s: int) -> Rule:
    """Return the rule of overflow that a lever puts before all others."""
    return Rule("any", (Condition("waited_s", after_s * 1000),), Action("queue", queue))


_OVER: Mapping[Kind, Callable[[QueuePolicy, Lever], QueuePolicy]] = {
    Kind.WEIGHT: lambda line, one: replace(
        line, weight_milli=queue_weight(line.weight_milli, one.amount)
    ),
    Kind.LADDER_NOW: lambda line, one: replace(
        line, x_floor=max(line.x_floor, one.amount * MICRO // 100)
    ),
    Kind.RESERVE: lambda line, one: replace(line, reserve=one.amount),
    Kind.OVERFLOW: _overflow,
    Kind.HOURS: lambda line, one: (
        replace(line, open_today=one.until) if one.amount else replace(line, closed_today=one.until)
    ),
    Kind.PAUSE: lambda line, _: replace(line, paused=True),
}


_BESIDE = BY_ROWS | {Kind.CALLBACK}
"""The rules routing goes by know nothing of these."""


def on_agent(facts: AgentFacts, lever: Lever) -> AgentFacts:
    """Return what routing would know of an Agent with a lever over him."""
    if facts.id not in lever.place.agents:
        return facts
    if lever.kind is Kind.CAPACITY:
        return replace(facts, cap_max=lever.amount)
    queue = lever.place.queue
    if lever.kind is not Kind.LEND or queue is None:
        return facts
    return replace(
        facts,
        queues={queue: lever.amount, **facts.queues},
        skills=better(facts.skills, lever.skills),
    )


def better(own: Mapping[str, int], lent: Mapping[str, int]) -> dict[str, int]:
    """Return the skills that count: of two levels the higher one."""
    return {**own, **{key: max(level, own.get(key, 0)) for key, level in lent.items()}}


def set_up(lever: Lever, now: Mapping[str, object]) -> dict[str, object]:
    """Return the fields of a Queue (as it is set up now) that make a lever permanent."""
    amount = lever.amount
    if lever.kind is Kind.WEIGHT:
        return {"weight_milli": queue_weight(int(str(now.get("weight_milli", 1000))), amount)}
    if lever.kind is Kind.RESERVE:
        return {"reserve": {"agents": amount}}
    if lever.kind is Kind.PAUSE:
        return {"paused": True}
    if lever.kind is Kind.CALLBACK:
        return {"callback": bool(amount)}
    if lever.kind is Kind.OVERFLOW:
        kept = now.get("overflow_after")
        first = {
            "when": "any",
            "conditions": [{"fact": "waited_s", "than": amount}],
            "action": {"do": "queue", "queue_id": str(lever.to)},
        }
        before = list(kept) if isinstance(kept, list) else []
        return {"overflow_after": [] if lever.to is None else [first, *before]}
    raise Invalid("lever.not_permanent", {"kind": lever.kind.value})

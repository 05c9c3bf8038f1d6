"""What the index is made of: requirement classes, score curves, their chains, agent profiles.

A key is one integer that sorts by working start, waiting start and id.
"""

from bisect import bisect_right
from collections.abc import Callable, Mapping
from operator import itemgetter
from typing import Protocol
from uuid import UUID

from polyphony.domain.offer import timeout_ms
from polyphony.domain.routing.facts import ItemFacts, Policy, QueuePolicy
from polyphony.domain.routing.ladder import points, queues_at, rank_at, relaxed
from polyphony.domain.routing.lineup import NEVER, Lineup
from polyphony.domain.routing.reserve import is_async
from polyphony.domain.routing.score import MICRO, SCALE, X_MAX, handle_mean, used_at
from polyphony.domain.skill import Requirement

ID_BITS = 128
_TIME_BITS = 48
ID_MASK = (1 << ID_BITS) - 1
TIE_MASK = (1 << (ID_BITS + _TIME_BITS)) - 1
START_SHIFT = ID_BITS + _TIME_BITS


def key_of(start: int, since: int, identifier: UUID) -> int:
    """Order of an item inside its class: working start, waiting start, id."""
    return (start << START_SHIFT) | (max(since, 0) << ID_BITS) | identifier.int


def klass_of(queue: UUID, channel: str) -> str:
    """Name a handle class: a text, for an agent looks his times up by it for every decision."""
    return f"{queue.int:x} {channel}"


Counts = tuple[int, ...]
"""Agents by the first ladder step at which they serve."""


def counted(counts: Counts, step: int, by: int) -> Counts:
    """Count so many more (or fewer) at a step."""
    return (*counts[:step], counts[step] + by, *counts[step + 1 :])


class Line:
    """A Queue as routing sees it: its policy, and its working time at the present moment.

    ``ranks`` and ``joined`` say per ladder step which members serve, and those of which Queues.
    """

    __slots__ = ("at", "hours", "id", "joined", "ladder", "policy", "ranks", "value")

    def __init__(self, queue: UUID, policy: QueuePolicy) -> None:
        self.id = queue
        self.policy = policy
        self.hours = policy.hours
        self.ladder = ladder = policy.ladder
        self.ranks = tuple(rank_at(ladder, step) for step in range(ladder.count))
        self.joined = tuple(queues_at(ladder, step, policy.related) for step in range(ladder.count))
        self.at = -1
        self.value = 0

    def axis(self, at: int) -> int:
        """Working ms of the calendar's own axis at a moment."""
        if at != self.at:
            self.at, self.value = at, self.hours.axis(at)
        return self.value


class Curve:
    """Everything but the requirements that decides how a score grows: queue, channel, weight, T."""

    __slots__ = (
        "channel",
        "exclusive",
        "full",
        "half",
        "interrupts",
        "keep_voice",
        "klass",
        "line",
        "mean",
        "mean1000",
        "points",
        "priority",
        "scaled",
        "spares",
        "target",
        "timeout",
        "units",
        "weight",
        "weights",
    )

    def __init__(self, line: Line, facts: ItemFacts, weight: int, policy: Policy) -> None:
        self.line = line
        self.keep_voice = False  # are only those kept whole who take calls? the index knows
        self.klass = klass_of(line.id, facts.channel)
        self.weights = policy.weights
        self.interrupts = frozenset(
            held for arrives, held in policy.interrupts if arrives == facts.channel
        )
        self.spares = is_async(facts.channel)
        self.channel = facts.channel
        self.timeout = timeout_ms(
            facts.channel, line.policy.offer_timeout_s, auto=line.policy.auto_accept
        )
        self.units = facts.units
        self.exclusive = facts.exclusive
        self.target = max(facts.target_ms, 1)
        self.weight = weight
        self.scaled = weight * SCALE
        self.priority = weight * MICRO // self.target
        own = policy.handle_ms.get((facts.queue, facts.channel))
        self.mean = own or handle_mean(facts.channel)
        self.mean1000 = self.mean * 1000
        self.half = used_at(MICRO // 2, self.target)  # no whole Agent is spared for it from there
        self.full = used_at(X_MAX, self.target)  # x grows no further from there on
        self.points = points(line.ladder, self.target)  # used ms at which the rungs begin

    def step_at(self, used: int) -> int:
        """Return the ladder step waiting has earned; a lever may count more as used."""
        floor = self.line.policy.x_floor
        if floor:
            used = max(used, used_at(floor, self.target))
        return bisect_right(self.points, used)


class Needs:
    """A requirement class: queue, channel and requirements before any relaxation."""

    __slots__ = (
        "chains",
        "channel",
        "count",
        "line",
        "masks",
        "members",
        "raw",
        "signed",
        "skilled",
        "steps",
    )

    def __init__(self, line: Line, channel: str, raw: tuple[Requirement, ...]) -> None:
        self.line = line
        self.channel = channel
        self.raw = raw
        self.count = line.ladder.count
        self.steps = tuple(relaxed(raw, line.ladder, step) for step in range(self.count))
        self.masks: tuple[tuple[int, tuple[tuple[int, ...], ...]], ...] = ()
        self.members: dict[Profile, int] = {}  # profile → the first step it serves
        self.chains: list[Chain] = []
        # Counts are replaced, never changed: a decision keeps those it saw without copying them.
        self.skilled: Counts = (0,) * self.count  # agents by the first step they serve
        self.signed: Counts = (0,) * self.count  # of them signed in

    def first(self) -> int | None:
        """First step at which somebody is signed in who may serve; None = nobody at all."""
        return next((step for step in range(self.count) if self.signed[step]), None)


class Profile:
    """Agents with equal skills and queues; who of them is free per channel, longest idle first."""

    __slots__ = (
        "agents",
        "chains",
        "flexes",
        "free",
        "heard",
        "least",
        "live",
        "loose",
        "mask",
        "needs",
        "plan",
        "pools",
        "queues",
        "read",
        "signed",
        "skilled",
        "skills",
        "urgent",
    )

    def __init__(self, skills: Mapping[str, int], queues: Mapping[UUID, int], mask: int) -> None:
        self.skills = dict(skills)
        self.queues = dict(queues)
        self.mask = mask
        self.needs: dict[Needs, int] = {}  # class → the first step it is served at
        self.chains: dict[Curve, list[tuple[Chain, int]]] = {}  # each with its first step
        self.free: dict[str, list[tuple[int, int]]] = {}  # (idle since, agent's tag)
        self.flexes: dict[frozenset[str], int] = {}  # by the channels somebody has a right for
        self.agents: set[int] = set()  # by tag
        self.pools: tuple[str, ...] = ()  # languages spoken, else Queues: see ``reserve``
        self.urgent: list[Curve] = []  # what may interrupt other work
        self.loose: dict[str, dict[int, int]] = {}  # channel → who (by tag) works on how much of it
        self.skilled = 0  # agents of this profile
        self.signed = 0  # of them signed in
        self.least = NEVER  # units of the smallest item it may get
        self.plan: dict[Curve, Tops] = {}  # where to look for work
        self.live: dict[Curve, Tops] = {}  # those of the plan that may have some
        self.heard: Wakes | None = None  # None = the plan is out of date
        self.read = 0  # how many of the wakes heard are in ``live``

    def add(self, chain: "Chain", step: int) -> None:
        """Serve a chain from a ladder step on."""
        curve = chain.curve
        if curve.interrupts and curve not in self.chains:
            self.urgent.append(curve)
        self.chains.setdefault(curve, []).append((chain, step))
        self.least = min(self.least, chain.curve.units)
        self.heard = None

    def hear(self, wakes: "Wakes") -> "dict[Curve, Tops]":
        """Take over where somebody waits again since the last look; returns where to look."""
        if self.heard is None:
            self.plan = {curve: _tops(served) for curve, served in self.chains.items()}
        if self.heard is wakes:
            plan = self.plan
            self.live.update({one: plan[one] for one in wakes[self.read :] if one in plan})
        else:
            self.live = dict(self.plan)
        self.heard, self.read = wakes, len(wakes)
        return self.live


Tops = Callable[[list[int]], tuple[int, ...]]
"""What picks the tops of the chains served from ``Index.tops``."""
Wakes = list[Curve]
"""Curves in which somebody began to wait for a profile for which nobody had waited, in order."""


def _tops(served: "list[tuple[Chain, int]]") -> Tops:
    """Pick all at once; the first one twice, for of one alone no tuple comes."""
    places = [chain.places[step] for chain, step in served]
    return itemgetter(*places, places[0])


class Waiting(Protocol):
    """What the index must know of an item that waits."""

    facts: ItemFacts
    curve: Curve
    chain: "Chain | None"
    step: int
    key: int


class Chain:
    """Waiting items of one requirement class and one curve: a line of keys per ladder step.

    A key whose item left from the middle of a line stays until it is first. ``stale`` counts such
    keys per step: a line without any needs no look at its items at all.
    """

    __slots__ = ("curve", "firsts", "lines", "needs", "places", "stale")

    def __init__(self, needs: Needs, curve: Curve) -> None:
        self.needs = needs
        self.curve = curve
        self.lines = tuple(Lineup() for _ in range(needs.count))
        self.firsts = [NEVER] * needs.count  # of the lines
        self.stale = [0] * needs.count
        self.places: dict[int, int] = {}  # first step served → where in ``Index.tops`` its best is

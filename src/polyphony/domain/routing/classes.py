"""Requirement classes and agent profiles: the index that makes a decision independent of size.

Waiting items lie in heaps, one per chain (requirements x curve) and ladder step; inside one the
waiting start orders them for ever. ``Index.tops`` holds the best key of a chain from each step on,
so an Agent looks at one number per chain his profile serves. A key is one integer that sorts by
working start, waiting start and id.
"""

from collections.abc import Mapping
from heapq import heappop, heappush
from operator import itemgetter
from typing import Generic, Protocol, TypeVar
from uuid import UUID

from polyphony.domain.routing.facts import NO_QUEUE, Policy, QueuePolicy
from polyphony.domain.routing.ladder import LAST, STEPS, joins, relaxed
from polyphony.domain.routing.score import SCALE, handle_mean
from polyphony.domain.skill import LEVEL_MAX, Requirement, RequirementKind

NEVER = 1 << 400
"""Larger than every key: nobody waits here."""
_ID_BITS = 128
_TIME_BITS = 48
ID_MASK = (1 << _ID_BITS) - 1
TIE_MASK = (1 << (_ID_BITS + _TIME_BITS)) - 1
START_SHIFT = _ID_BITS + _TIME_BITS


def key_of(start: int, since: int, identifier: UUID) -> int:
    """Order of an item inside its class: working start, waiting start, id."""
    return (start << START_SHIFT) | (max(since, 0) << _ID_BITS) | identifier.int


class Line:
    """A Queue as routing sees it: its policy, and its working time at the present moment."""

    __slots__ = ("at", "hours", "id", "policy", "value")

    def __init__(self, queue: UUID, policy: QueuePolicy) -> None:
        self.id = queue
        self.policy = policy
        self.hours = policy.hours
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
        "count",
        "exclusive",
        "line",
        "mean",
        "mean1000",
        "scaled",
        "target",
        "units",
        "weight",
    )

    def __init__(self, line: Line, item: "Waiting", mean: int) -> None:
        self.line = line
        self.channel = item.channel
        self.count = 0  # items that wait
        self.units = item.units
        self.exclusive = item.exclusive
        self.target = item.target
        self.weight = item.weight
        self.scaled = item.weight * SCALE
        self.mean = mean
        self.mean1000 = mean * 1000


class Needs:
    """A requirement class: queue, channel and requirements before any relaxation."""

    __slots__ = (
        "chains",
        "channel",
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
        self.steps = tuple(relaxed(raw, step) for step in range(STEPS))
        self.masks: tuple[tuple[int, tuple[tuple[int, ...], ...]], ...] = ()
        self.members: dict[Profile, int] = {}  # profile → the first step it serves
        self.chains: list[Chain] = []
        self.skilled = [0] * STEPS  # agents by the first step they serve
        self.signed = [0] * STEPS  # of them signed in

    def first(self) -> int | None:
        """First step at which somebody is signed in who may serve; None = nobody at all."""
        return next((step for step in range(STEPS) if self.signed[step]), None)


class Profile:
    """Agents with equal skills and queues; who of them is free per channel, longest idle first."""

    __slots__ = (
        "_plan",
        "chains",
        "flex",
        "free",
        "least",
        "mask",
        "needs",
        "queues",
        "signed",
        "skilled",
        "skills",
    )

    def __init__(self, skills: Mapping[str, int], queues: Mapping[UUID, int], mask: int) -> None:
        self.skills = dict(skills)
        self.queues = dict(queues)
        self.mask = mask
        self.needs: dict[Needs, int] = {}  # class → the first step it is served at
        self.chains: dict[Curve, list[int]] = {}
        self.free: dict[str, list[tuple[int, int]]] = {}  # (idle since, agent's tag)
        self.flex = 0
        self.skilled = 0  # agents of this profile
        self.signed = 0  # of them signed in
        self.least = NEVER  # units of the smallest item it may get
        self._plan: list[Look] | None = None

    def add(self, chain: "Chain", step: int) -> None:
        """Serve a chain from a ladder step on."""
        self.chains.setdefault(chain.curve, []).append(chain.slot + step)
        self.least = min(self.least, chain.curve.units)
        self._plan = None

    def plan(self) -> "list[Look]":
        """Curves to look at, each with what picks its tops; made anew when a chain is added."""
        if self._plan is None:
            self._plan = [
                (curve, curve.units, curve.channel, curve.exclusive, itemgetter(*slots, slots[0]))
                for curve, slots in self.chains.items()
            ]
        return self._plan


Look = tuple[Curve, int, str, bool, "itemgetter[tuple[int, ...]]"]
"""Curve, units, channel, exclusive, and the getter of its tops (always at least two: a tuple)."""


class Waiting(Protocol):
    """What the index must know of an item that waits."""

    queue: UUID
    channel: str
    units: int
    exclusive: bool
    target: int
    weight: int
    requirements: tuple[Requirement, ...]
    chain: "Chain | None"
    step: int
    key: int


W = TypeVar("W", bound=Waiting)


class Chain:
    """Waiting items of one requirement class and one curve: a heap per ladder step."""

    __slots__ = ("curve", "heaps", "needs", "slot")

    def __init__(self, needs: Needs, curve: Curve, slot: int) -> None:
        self.needs = needs
        self.curve = curve
        self.slot = slot
        self.heaps: list[list[int]] = [[] for _ in range(STEPS)]


class Index(Generic[W]):
    """All classes, profiles and heaps of one policy version."""

    def __init__(self, policy: Policy, items: dict[int, W]) -> None:
        self.policy = policy
        self.items = items
        self.tops: list[int] = []
        self.slots: list[Chain] = []
        self.chains: dict[tuple[Needs, Curve], Chain] = {}
        self.needs: dict[tuple[UUID, str, tuple[Requirement, ...]], Needs] = {}
        self.profiles: dict[tuple[object, object], Profile] = {}
        self._lines: dict[UUID, Line] = {}
        self._curves: dict[tuple[object, ...], Curve] = {}
        self._bits: dict[str, int] = {}
        self._seen: list[Needs] = []
        self._needs_by_queue: dict[UUID, list[Needs]] = {}
        self._profiles_by_queue: dict[UUID, list[Profile]] = {}
        self._pool = 1
        for queue, channel, raw in policy.seen:
            self._seen.append(self.needs_of(queue, channel, raw))
        self._pool = max((self._speaking(language) for language in policy.languages), default=0)
        self._pool = self._pool or len(self._seen) or 1

    def line_of(self, queue: UUID) -> Line:
        """Find the Queue; one nobody told us about gets the defaults."""
        line = self._lines.get(queue)
        if line is None:
            line = self._lines[queue] = Line(queue, self.policy.queues.get(queue, NO_QUEUE))
        return line

    def needs_of(self, queue: UUID, channel: str, raw: tuple[Requirement, ...]) -> Needs:
        """Find or make a requirement class and see which profiles serve it from which step."""
        key = (queue, channel, raw)
        needs = self.needs.get(key)
        if needs is None:
            needs = self.needs[key] = Needs(self.line_of(queue), channel, raw)
            needs.masks = tuple(self._mask(step) for step in needs.steps)
            for one in (queue, *needs.line.policy.related):
                self._needs_by_queue.setdefault(one, []).append(needs)
                for profile in self._profiles_by_queue.get(one, ()):
                    self._join(profile, needs)
        return needs

    def profile_of(self, skills: Mapping[str, int], queues: Mapping[UUID, int]) -> Profile:
        """Find or make a profile and see which requirement classes it serves from which step."""
        key = (frozenset(skills.items()), frozenset(queues.items()))
        profile = self.profiles.get(key)
        if profile is None:
            mask = sum(self._bit(skill, level) for skill, level in skills.items())
            profile = self.profiles[key] = Profile(skills, queues, mask)
            for queue in queues:
                self._profiles_by_queue.setdefault(queue, []).append(profile)
                for needs in self._needs_by_queue.get(queue, ()):
                    self._join(profile, needs)
            served = sum(needs in profile.needs for needs in self._seen)
            profile.flex = served * 1_000_000 // self._pool
        return profile

    def chain_of(self, item: W) -> Chain:
        """Find or make the chain an item waits in."""
        needs = self.needs_of(item.queue, item.channel, item.requirements)
        curve = self._curve(item, needs.line)
        chain = self.chains.get((needs, curve))
        if chain is None:
            chain = self.chains[needs, curve] = Chain(needs, curve, len(self.tops))
            self.tops += [NEVER] * STEPS
            self.slots.append(chain)
            needs.chains.append(chain)
            for profile, step in needs.members.items():
                profile.add(chain, step)
        return chain

    def push(self, item: W, chain: Chain) -> None:
        """Let an item wait at its step."""
        item.chain = chain
        chain.curve.count += 1
        heap = chain.heaps[item.step]
        heappush(heap, item.key)
        if heap[0] == item.key:
            self.refresh(chain, item.step)

    def remove(self, item: W) -> None:
        """Take an item out; the heap forgets it when it surfaces."""
        chain = item.chain
        if chain is None:
            return
        item.chain = None
        chain.curve.count -= 1
        if chain.heaps[item.step][0] == item.key:
            self.refresh(chain, item.step)

    def refresh(self, chain: Chain, step: int) -> None:
        """Bring the tops of a chain up to date after the head of one step changed."""
        heap, items, tops, slot = chain.heaps[step], self.items, self.tops, chain.slot
        while heap:
            item = items.get(heap[0] & ID_MASK)
            alive = item is not None and item.chain is chain
            if alive and item is not None and item.step == step and item.key == heap[0]:
                break
            heappop(heap)
        best = tops[slot + step + 1] if step < LAST else NEVER
        for lower in range(step, -1, -1):
            own = chain.heaps[lower]
            if own and own[0] < best:
                best = own[0]
            tops[slot + lower] = best

    def waiting(self, chain: Chain, step: int) -> list[W]:
        """List the items that wait at a step, in order."""
        found = {}
        for key in chain.heaps[step]:
            item = self.items.get(key & ID_MASK)
            if item is not None and item.chain is chain and item.step == step and item.key == key:
                found[key] = item
        return [found[key] for key in sorted(found)]

    def _curve(self, item: W, line: Line) -> Curve:
        key = (
            item.queue,
            item.channel,
            item.units,
            item.exclusive,
            item.target,
            item.weight,
        )
        curve = self._curves.get(key)
        if curve is None:
            mean = self.policy.handle_ms.get((item.queue, item.channel))
            curve = Curve(line, item, mean or handle_mean(item.channel))
            self._curves[key] = curve
        return curve

    def _join(self, profile: Profile, needs: Needs) -> None:
        if needs in profile.needs:
            return
        step = first_step(profile, needs)
        if step is not None:
            profile.needs[needs] = needs.members[profile] = step
            needs.skilled[step] += profile.skilled
            needs.signed[step] += profile.signed
            for chain in needs.chains:
                profile.add(chain, step)

    def _speaking(self, language: str) -> int:
        return sum(any(need.skill == language for need in one.raw) for one in self._seen)

    def _bit(self, skill: str, level: int) -> int:
        """Bits for levels 1 … level of a skill: having more means having less too."""
        place = self._bits.setdefault(skill, len(self._bits)) * LEVEL_MAX
        return ((1 << level) - 1) << place

    def _mask(self, needs: tuple[Requirement, ...]) -> tuple[int, tuple[tuple[int, ...], ...]]:
        """Bits that must be there, and groups of bits of which one must be."""
        must, some = 0, []
        for need in needs:
            own = self._bit(need.skill, need.min_level)
            if need.substitutes:
                some.append((own, *(self._bit(key, low) for key, low in need.substitutes)))
            else:
                must |= own
        return must, tuple(some)


def first_step(profile: Profile, needs: Needs) -> int | None:
    """First ladder step at which a profile may serve a requirement class; None = never."""
    mask = profile.mask
    widest = needs.masks[LAST][0]
    if mask & widest != widest:
        return None
    for step in range(STEPS):
        must, some = needs.masks[step]
        if mask & must == must and all(any(mask & one == one for one in group) for group in some):
            rank = _rank(profile, needs.line, step)
            if rank is not None and joins(rank, step):
                return step
    return None


def _rank(profile: Profile, line: Line, step: int) -> int | None:
    rank = profile.queues.get(line.id)
    if rank is None and step == LAST:
        ranks = [profile.queues[one] for one in line.policy.related if one in profile.queues]
        rank = min(ranks, default=None)
    return rank


def level_milli(profile: Profile, needs: tuple[Requirement, ...]) -> int:
    """Mean level (in thousandths) over the required and desired skills the profile has."""
    levels = []
    for need in needs:
        if need.kind is RequirementKind.LEGAL:
            continue
        skills = (need.skill, *(key for key, _ in need.substitutes))
        level = max(profile.skills.get(skill, 0) for skill in skills)
        if level:
            levels.append(level)
    return sum(levels) * 1000 // len(levels) if levels else 0

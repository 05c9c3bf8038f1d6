"""The index that makes a decision independent of size: who waits where, and who may serve it.

Waiting items stand in lines, one per chain (requirements x curve) and ladder step; inside one the
waiting start orders them for ever. ``Index.tops`` holds the best key of a chain from each step on
at which a profile begins to serve it, so an Agent looks at one number per chain. A profile forgets
a curve in which it found nobody and hears from ``Index.wakes`` when to look there again.
"""

from collections.abc import Callable, Mapping
from typing import Generic, TypeVar
from uuid import UUID

from polyphony.domain.routing.classes import (
    ID_MASK,
    Chain,
    Curve,
    Line,
    Needs,
    Profile,
    Waiting,
    Wakes,
    counted,
)
from polyphony.domain.routing.facts import NO_QUEUE, ItemFacts, Policy
from polyphony.domain.routing.ladder import others
from polyphony.domain.routing.lineup import NEVER
from polyphony.domain.routing.reserve import SPOKEN
from polyphony.domain.routing.score import weight
from polyphony.domain.skill import LEVEL_MAX, Requirement, RequirementKind

W = TypeVar("W", bound=Waiting)
WAKES_MAX = 100


class Index(Generic[W]):
    """All classes, profiles and heaps of one policy version."""

    def __init__(self, policy: Policy, items: dict[int, W]) -> None:
        self.policy = policy
        self.items = items
        self.tops: list[int] = []
        self.wakes: Wakes = []
        self.chains: dict[tuple[Needs, Curve], Chain] = {}
        self.needs: dict[tuple[UUID, str, tuple[Requirement, ...]], Needs] = {}
        self.profiles: dict[tuple[object, object], Profile] = {}
        self.pools: dict[str, list[Profile]] = {}
        self.ordered = any(one.ordering != "score" for one in policy.queues.values())
        self._calls = any(channel in SPOKEN for _, channel, _ in policy.seen)
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
            policy = needs.line.policy
            for one in dict.fromkeys((queue, *others(policy.ladder, policy.related))):
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
            spoken = sorted(self.policy.languages & skills.keys())
            profile.pools = tuple(spoken or sorted(str(queue) for queue in queues))
            for pool in profile.pools:
                self.pools.setdefault(pool, []).append(profile)
        return profile

    def flex_of(self, profile: Profile, channels: frozenset[str]) -> int:
        """How much of a generalist somebody is: the share (micro) of classes he can serve."""
        flex = profile.flexes.get(channels)
        if flex is None:
            served = sum(one in profile.needs and one.channel in channels for one in self._seen)
            flex = profile.flexes[channels] = served * 1_000_000 // self._pool
        return flex

    def curve_of(self, facts: ItemFacts) -> Curve:
        """Find or make the curve by which the score of an item grows."""
        line, channel = self.line_of(facts.queue), facts.channel
        milli = line.policy.weight_milli
        if facts.boost_milli != 1000:
            milli = milli * facts.boost_milli // 1000
        milli = weight(facts.tier, channel, facts.urgency, milli, self.policy.weights)
        key = (line, channel, facts.units, facts.exclusive, facts.target_ms, milli)
        curve = self._curves.get(key)
        if curve is None:
            curve = self._curves[key] = Curve(line, facts, milli, self.policy)
            curve.keep_voice = self._calls
        return curve

    def chain_of(self, item: W) -> Chain:
        """Find or make the chain an item waits in."""
        curve = item.curve
        needs = self.needs_of(curve.line.id, curve.channel, item.facts.requirements)
        chain = self.chains.get((needs, curve))
        if chain is None:
            chain = self.chains[needs, curve] = Chain(needs, curve)
            needs.chains.append(chain)
            for profile, step in needs.members.items():
                self._serve(profile, chain, step)
        return chain

    def push(self, item: W, chain: Chain) -> None:
        """Let an item wait at its step."""
        item.chain = chain
        line = chain.lines[item.step]
        line.add(item.key)
        if line.first == item.key:
            self._refresh(chain, item.step)

    def remove(self, item: W) -> None:
        """Take an item out, wherever it stands."""
        chain, step = item.chain, item.step
        if chain is None:
            return
        item.chain = None
        line = chain.lines[step]
        if line.first != item.key:
            chain.stale[step] += 1
            return
        line.pop()
        if chain.stale[step]:
            self._surface(chain, step)
        self._refresh(chain, step)

    def allowed(self, chain: Chain, first: int, bars: Callable[[W], bool]) -> int:
        """Best key of a chain from a step on whose item is not barred; NEVER = there is none."""
        best = self.tops[chain.places[first]]
        if best == NEVER or not bars(self.items[best & ID_MASK]):
            return best
        return min(self._unbarred(chain, step, bars) for step in range(first, chain.needs.count))

    def waiting(self, chain: Chain, step: int) -> list[W]:
        """List the items that wait at a step, in order."""
        keys = {key for key in chain.lines[step] if self._waits(chain, step, key)}
        return [self.items[key & ID_MASK] for key in sorted(keys)]

    def _unbarred(self, chain: Chain, step: int, bars: Callable[[W], bool]) -> int:
        """Best key at a step whose item is not barred: those before it step aside meanwhile."""
        line, aside = chain.lines[step], []
        while line.first != NEVER and bars(self.items[line.first & ID_MASK]):
            aside.append(line.pop())
            self._surface(chain, step)
        best = line.first
        for key in aside:
            line.add(key)
        return best

    def _surface(self, chain: Chain, step: int) -> None:
        """Forget stale keys until the first of a line is an item that waits there."""
        line, stale = chain.lines[step], chain.stale
        while stale[step] and line.first != NEVER and not self._waits(chain, step, line.first):
            line.pop()
            stale[step] -= 1

    def _waits(self, chain: Chain, step: int, key: int) -> bool:
        item = self.items.get(key & ID_MASK)
        return item is not None and item.chain is chain and item.step == step and item.key == key

    def _refresh(self, chain: Chain, step: int) -> None:
        """Bring the tops of a chain up to date after the first of one line changed."""
        tops, firsts = self.tops, chain.firsts
        firsts[step] = chain.lines[step].first
        for first, place in chain.places.items():
            if first <= step:
                if tops[place] == NEVER:
                    self._wake(chain.curve)
                tops[place] = min(firsts[first:])

    def _wake(self, curve: Curve) -> None:
        """Tell the profiles; who has been deaf for very many wakes looks everywhere once."""
        if len(self.wakes) >= WAKES_MAX:
            self.wakes = []
        self.wakes.append(curve)

    def _serve(self, profile: Profile, chain: Chain, first: int) -> None:
        """Let a profile serve a chain from a step on; its top is kept from now on."""
        if first not in chain.places:
            chain.places[first] = len(self.tops)
            self.tops.append(min(chain.firsts[first:]))
        profile.add(chain, first)

    def _join(self, profile: Profile, needs: Needs) -> None:
        if needs in profile.needs:
            return
        step = first_step(profile, needs)
        if step is not None:
            profile.needs[needs] = needs.members[profile] = step
            needs.skilled = counted(needs.skilled, step, profile.skilled)
            needs.signed = counted(needs.signed, step, profile.signed)
            for chain in needs.chains:
                self._serve(profile, chain, step)

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
    widest = needs.masks[-1][0]
    if mask & widest != widest:
        return None
    for step, (must, some) in enumerate(needs.masks):
        able = mask & must == must and all(
            any(mask & one == one for one in group) for group in some
        )
        if able and _serves(profile, needs.line, step):
            return step
    return None


def _serves(profile: Profile, line: Line, step: int) -> bool:
    """Tell whether members with these Queues serve a Queue at a step, themselves or as others."""
    queues, rank = profile.queues, line.ranks[step]
    own = queues.get(line.id)
    if own is not None:
        return own <= rank
    return any(queues.get(one, rank + 1) <= rank for one in line.joined[step])


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

"""What the router holds in memory as a whole: items, agents, the index over them, timers."""

from bisect import bisect_left, insort
from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING
from uuid import UUID

from polyphony.domain.capacity import cost_of
from polyphony.domain.offer import Exclusion
from polyphony.domain.routing.classes import (
    ID_BITS,
    ID_MASK,
    Needs,
    Profile,
    counted,
)
from polyphony.domain.routing.facts import AgentFacts, Policy
from polyphony.domain.routing.hold import LIMBO, Agent, Costs, Item
from polyphony.domain.routing.index import Index
from polyphony.domain.routing.lineup import NEVER, Lineup
from polyphony.domain.routing.reserve import SPOKEN, Pools
from polyphony.domain.work import HELD, WorkState

if TYPE_CHECKING:
    from polyphony.domain.routing.decisions import Decision

EXPIRE, RENDER, HOLD, LADDER, LAPSE, RESERVE, OVERFLOW, BACK = range(8)
"""Kinds of timers, in the order they fire at one moment."""
_KIND_BITS = 4
_KIND_MASK = (1 << _KIND_BITS) - 1
_DUE_SHIFT = ID_BITS + _KIND_BITS
ENDED_MAX = 100_000
_IN_WORK = WorkState.IN_WORK


class State:
    """The whole routing state. ``step`` owns it: it changes in place, and only there.

    That is for speed alone; the same state and inputs always give the same state and decisions.
    """

    def __init__(self, policy: Policy, at: int = 0) -> None:
        self.now = at
        self.items: dict[int, Item] = {}
        self.agents: dict[int, Agent] = {}
        self._ended: dict[int, int] = {}  # versions of items that are over: old news stay old
        self._long_ended: dict[int, int] = {}
        self.waits: Mapping[UUID, int] = {}  # expected, by Queue
        self.pools = Pools()
        self.obey(policy)
        self.wake = NEVER  # nothing falls due before
        self._timers = Lineup()
        # by time to answer: (due, tag)
        self._deadlines: defaultdict[int, deque[tuple[int, int]]] = defaultdict(deque)
        self._soonest = NEVER  # of the deadlines
        self._channels: dict[frozenset[str], frozenset[str]] = {}
        self.out: list[Decision] = []

    def obey(self, policy: Policy) -> None:
        """Take a policy over: an index without anybody in it, nobody counted as free for calls."""
        self.policy = policy
        self.index: Index[Item] = Index(policy, self.items)
        self.least = min(cost.units for cost in policy.costs.values())
        self._costs: dict[frozenset[str], Costs] = {}
        self.voices = False  # has anybody been on a channel calls come by?
        marks = {one.reserve for one in policy.queues.values() if one.reserve is not None}
        self.pools = Pools(frozenset(marks), self.pools.asked)

    def agent_of(self, identifier: UUID) -> Agent:
        """Find an Agent; one whose facts have not come yet is a stranger who is offline."""
        agent = self.agents.get(identifier.int)
        if agent is None:
            agent = Agent(identifier, self.index.profile_of({}, {}))
            self.agents[agent.tag] = agent
        return agent

    def channels(self, on: Iterable[str]) -> frozenset[str]:
        """Make a set of channels, the same object for all agents who have these on."""
        made = frozenset(on)
        return self._channels.setdefault(made, made)

    def end(self, tag: int, version: int) -> None:
        """Remember that an item is over; the oldest of very many are forgotten together."""
        self._ended[tag] = version
        if len(self._ended) >= ENDED_MAX:
            self._ended, self._long_ended = {}, self._ended

    def ended_at(self, tag: int) -> int:
        """Return the version an item ended with; LIMBO when we know of none."""
        version = self._ended.get(tag)
        return self._long_ended.get(tag, LIMBO) if version is None else version

    def knows(self, tag: int, version: int) -> bool:
        """Tell whether a WorkItem is known in this version or a newer one: news are none then."""
        item = self.items.get(tag)
        return (self.ended_at(tag) if item is None else item.version) >= version

    def arm(self, due: int | None, kind: int, item: Item) -> None:
        """Remember what falls due (None = never) as an integer that sorts by moment, kind, id."""
        if due is None:
            return
        self._timers.add(due << _DUE_SHIFT | kind << ID_BITS | item.tag)
        self.wake = min(self.wake, due)

    def expect(self, item: Item, timeout: int) -> int:
        """Set the deadline of a new Offer and return it.

        Of equal times to answer the one that began first ends first, so there is nothing to sort;
        and as nearly every Offer is answered in time, few deadlines ever become timers.
        """
        due = item.deadline = self.now + timeout
        self._deadlines[timeout].append((due, item.tag))
        if due < self._soonest:
            self._soonest = due
            self.wake = min(self.wake, due)
        return due

    def sort(self) -> None:
        """Put all timers in order, once after many were armed at once."""
        self._timers.sort()

    def due(self, at: int) -> tuple[int, int, int] | None:
        """Take the first timer (moment, kind, tag) due until a moment; None when nothing is."""
        if self._soonest <= at:
            self._gather(at)
        timers = self._timers
        first = timers.first >> _DUE_SHIFT
        self.wake = min(first, self._soonest)
        if first > at:
            return None
        timer = timers.pop()
        return first, timer >> ID_BITS & _KIND_MASK, timer & ID_MASK

    def _gather(self, at: int) -> None:
        """Make timers of the deadlines due until a moment whose Offers nobody has answered."""
        for line in self._deadlines.values():
            while line and line[0][0] <= at:
                due, tag = line.popleft()
                item = self.items.get(tag)
                if item is not None and item.deadline == due:
                    self.arm(due, EXPIRE, item)
        self._soonest = min(
            (line[0][0] for line in self._deadlines.values() if line), default=NEVER
        )

    def give(self, item: Item, agent: Agent) -> None:
        """Let an Agent hold an item; its units count from now on."""
        item.agent = agent
        agent.items.append(item)
        if item.state in HELD:
            curve = item.curve
            agent.used += curve.units
            agent.exclusive += curve.exclusive
            if item.state is _IN_WORK:
                self.loosen(item, agent, 1)
        elif item.state is WorkState.SUSPENDED:
            agent.asleep += 1
        if agent.caps:
            agent.count()

    def take_away(self, item: Item) -> Agent | None:
        """Let whoever holds the item hold it no longer; returns him."""
        agent, item.agent = item.agent, None
        if agent is not None:
            agent.items.remove(item)
            if item.state in HELD:
                curve = item.curve
                agent.used -= curve.units
                agent.exclusive -= curve.exclusive
                if item.state is _IN_WORK:
                    self.loosen(item, agent, -1)
            elif item.state is WorkState.SUSPENDED:
                agent.asleep -= 1
            if agent.caps:
                agent.count()
        return agent

    @staticmethod
    def loosen(item: Item, agent: Agent, by: int) -> None:
        """Note that an Agent works on one item of a channel more (or less): it may make room."""
        who = agent.profile.loose.setdefault(item.curve.channel, {})
        left = who.get(agent.tag, 0) + by
        if left:
            who[agent.tag] = left
        else:
            who.pop(agent.tag, None)

    def move_in(self, agent: Agent, profile: Profile) -> None:
        """Give an Agent another profile, and it what he works on."""
        at_work = [item for item in agent.items if item.state is _IN_WORK]
        for item in at_work:
            self.loosen(item, agent, -1)
        agent.profile = profile
        for item in at_work:
            self.loosen(item, agent, 1)

    def exclude(self, item: Item, one: Exclusion) -> None:
        """Keep an Agent away from an item for as long as the exclusion says."""
        item.exclusions = {**item.exclusions, one.agent.int: one}
        if item.excludes(one.agent.int, self.now):  # else it has lapsed with the target already
            self.agent_of(one.agent).excluded |= {item.tag}
            self.arm(one.until, LAPSE, item)

    def keep_apart(self, item: Item, agent: Agent, until: int) -> None:
        """Keep an Agent away from an item for a moment, whatever its facts say."""
        item.apart = {**item.apart, agent.tag: until}
        agent.excluded |= {item.tag}
        self.arm(until, LAPSE, item)

    def forget_exclusions(self, item: Item, gone: Collection[int]) -> None:
        """Let these agents (by tag) look at the item again; the facts themselves are kept."""
        for tag in gone:
            agent = self.agents.get(tag)
            if agent is not None:
                agent.excluded -= {item.tag}
        if item.apart:
            item.apart = {tag: until for tag, until in item.apart.items() if tag not in gone}

    def forget(self, item: Item) -> None:
        """Hold an item no longer."""
        if item.exclusions or item.apart:
            self.forget_exclusions(item, [*item.exclusions, *item.apart])
        del self.items[item.tag]

    def unlist(self, agent: Agent) -> None:
        """Take an Agent out of the lists of the free, before anything about him changes."""
        if agent.listed:
            for free, entry in agent.listed:
                del free[bisect_left(free, entry)]
            agent.listed = ()
            if agent.whole:
                agent.whole = False
                self.pools.go(agent.profile.pools)

    def list_free(self, agent: Agent) -> None:
        """Put an Agent into the lists of the channels on which one more item fits."""
        again = agent.whole
        if agent.listed:
            self.unlist(agent)
        used, room = agent.used, agent.cap - agent.used
        if room < self.least or agent.exclusive:
            return
        entry = (agent.idle_since, agent.tag)
        places = []
        for channel, cost in self._costs.get(agent.open) or self._costs_of(agent.open):
            if cost.units <= room and not (cost.exclusive and used):
                free = agent.profile.free.setdefault(channel, [])
                insort(free, entry)
                places.append((free, entry))
                if channel in SPOKEN and not agent.whole and not used:
                    agent.whole = True
                    self.pools.come(agent.profile.pools, again=again)
        agent.listed = tuple(places)

    def _costs_of(self, on: frozenset[str]) -> Costs:
        """Channels with what one more item on each would cost."""
        found = tuple((one, cost_of(one, self.policy.costs)) for one in sorted(on))
        return self._costs.setdefault(on, found)

    def sign(self, agent: Agent, *, present: bool) -> list[Needs]:
        """Count an Agent in or out of the signed-in ones of every class he may serve.

        Returns the classes that gained the first or lost the last one at a step.
        """
        if agent.signed_in == present:
            return []
        agent.signed_in = present
        edge, by, changed = (1, 1, []) if present else (0, -1, [])
        agent.profile.signed += by
        for needs, step in agent.profile.needs.items():
            needs.signed = counted(needs.signed, step, by)
            if needs.signed[step] == edge:
                changed.append(needs)
        return changed

    def enrol(self, agent: Agent, facts: AgentFacts) -> list[Needs]:
        """Move an Agent into the profile of his skills and queues; returns what ``sign`` does."""
        profile = self.index.profile_of(facts.skills, facts.queues)
        if profile is agent.profile and agent.enrolled:
            return []
        changed = self.sign(agent, present=False)
        if agent.enrolled:
            self.count_in(agent, -1)
            agent.profile.agents.discard(agent.tag)
        self.move_in(agent, profile)
        agent.enrolled = True
        self.count_in(agent, 1)
        return changed

    def count_in(self, agent: Agent, by: int) -> None:
        """Count an Agent among (or out of) the skilled of every class he may serve."""
        agent.profile.skilled += by
        agent.profile.agents.add(agent.tag)
        for needs, step in agent.profile.needs.items():
            needs.skilled = counted(needs.skilled, step, by)

"""Outlook: what the core would do from here on: present work and present Agents, nobody new.

Virtual time around the same ``step``: every Offer is taken at once, work takes as long as it
usually takes its Agent. Two outlooks on the same picture differ by the rules alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from heapq import heappop, heappush
from typing import TYPE_CHECKING
from uuid import UUID

from polyphony.domain.routing.decisions import (
    Decision,
    MoveQueue,
    Offer,
    Resume,
    Suspend,
)
from polyphony.domain.routing.facts import AgentFacts, Input, ItemFacts, Pace, Policy, Tick
from polyphony.domain.routing.hold import Agent, Item, handle_ms
from polyphony.domain.routing.match import rebuild, step
from polyphony.domain.work import WorkState

if TYPE_CHECKING:
    from polyphony.domain.routing.state import State

HORIZON_MS = 1_800_000
STARTS_MAX = 1_500
STEPS_MAX = 6_000
"""So much is looked at: on a slow machine it takes a second."""
_WRAP_MS = 30_000


@dataclass(frozen=True, slots=True)
class Picture:
    """How things stand: the facts of items and Agents at a moment."""

    at: int
    items: Sequence[ItemFacts]
    agents: Sequence[AgentFacts]
    pace: Pace | None = None


@dataclass(frozen=True, slots=True)
class Start:
    """An Agent would get an item: when (ms from now), and whether within its target."""

    item: UUID
    queue: UUID
    channel: str
    agent: UUID
    after_ms: int
    in_time: bool


@dataclass(slots=True)
class Outlook:
    """What would come: who gets what in which order, how long each Agent would be at work (ms).

    ``late`` are items nobody would have got by the end though their target is over by then.
    """

    starts: list[Start] = field(default_factory=list)
    busy: dict[UUID, int] = field(default_factory=dict)
    late: set[UUID] = field(default_factory=set)
    whole: bool = True  # the horizon was reached


class Ahead:
    """One look ahead."""

    def __init__(self, policy: Policy, picture: Picture, horizon_ms: int) -> None:
        self._policy = policy
        self._picture = picture
        self._end = picture.at + horizon_ms
        self._facts = {one.id: one for one in picture.items}
        self._done_at: dict[UUID, int] = {}
        self._left: dict[UUID, int] = {}  # of interrupted work
        self._agenda: list[tuple[int, int]] = []
        self._state: State
        self.found = Outlook(busy={one.id: 0 for one in picture.agents})

    def run(self) -> Outlook:
        """Let the time pass until the horizon, or until enough was seen."""
        at, picture = self._picture.at, self._picture
        items = [self._taken(one) for one in picture.items]
        self._state, due = rebuild(self._policy, items, picture.agents, at, picture.pace)
        for one in items:
            if one.state in (WorkState.IN_WORK, WorkState.WRAP_UP):
                self._go_on(one)
        self._feed(due, at)
        for _ in range(STEPS_MAX):
            if len(self.found.starts) >= STARTS_MAX:
                break
            at = min(self._state.wake, self._agenda[0][0] if self._agenda else self._end + 1)
            if at > self._end:
                self._look_back()
                return self.found
            at = max(at, self._state.now)
            inputs = self._over(at) or [Tick(at)]
            self._feed(step(self._state, inputs, self._policy)[1], at)
        self.found.whole = False
        self._look_back()
        return self.found

    def _look_back(self) -> None:
        """Note what still waits though its target is over at the end."""
        for item in self._state.items.values():
            if item.state is WorkState.WAITING:
                used = item.curve.line.axis(self._end) - item.start
                if used > item.curve.target:
                    self.found.late.add(item.id)

    def _taken(self, one: ItemFacts) -> ItemFacts:
        """A live Offer counts as taken."""
        if one.state is not WorkState.OFFERED:
            return one
        taken = replace(one, state=WorkState.IN_WORK, moved_at=self._picture.at, deadline=None)
        self._facts[one.id] = taken
        return taken

    def _go_on(self, one: ItemFacts) -> None:
        """Work in hand ends when it usually does; what has taken longer, in a quarter of that."""
        item = self._state.items.get(one.id.int)
        if item is None or item.agent is None:
            return
        if one.state is WorkState.WRAP_UP:
            self._finish(one.id, item.agent, _WRAP_MS)
            return
        usual = handle_ms(item.agent, item.curve)
        spent = self._picture.at - (one.moved_at or self._picture.at)
        self._finish(one.id, item.agent, max(usual - spent, usual // 4))

    def _finish(self, item: UUID, agent: Agent, after: int) -> None:
        at = self._state.now
        until = at + after
        self._done_at[item] = until
        heappush(self._agenda, (until, item.int))
        self.found.busy[agent.id] = (
            self.found.busy.get(agent.id, 0) + min(until, self._end) - min(at, self._end)
        )

    def _over(self, at: int) -> list[Input]:
        """Return what is done at a moment."""
        done: list[Input] = []
        while self._agenda and self._agenda[0][0] <= at:
            until, tag = heappop(self._agenda)
            item = UUID(int=tag)
            if self._done_at.get(item) == until:
                del self._done_at[item]
                held = self._state.items[tag]
                done.append(self._moved(item, held.version + 1, WorkState.DONE, None, at))
        return done

    def _moved(
        self, item: UUID, version: int, state: WorkState, agent: UUID | None, at: int
    ) -> ItemFacts:
        one = self._facts[item] = replace(
            self._facts[item], version=version, state=state, agent=agent, at=at, moved_at=at,
            deadline=None, hold_until=None,
        )  # fmt: skip
        return one

    def _feed(self, decided: Sequence[Decision], at: int) -> None:
        """Do at once what was decided, and tell the core."""
        while decided:
            inputs: list[Input] = []
            for one in decided:
                inputs += self._carry_out(one, at)
            decided = step(self._state, inputs, self._policy)[1] if inputs else ()

    def _carry_out(self, one: Decision, at: int) -> list[Input]:
        if isinstance(one, Offer):
            return self._begin(one, at)
        if isinstance(one, Suspend):
            until = self._done_at.pop(one.item, at)
            self._left[one.item] = max(until - at, 0)
            self.found.busy[one.agent] -= max(min(until, self._end) - min(at, self._end), 0)
        elif isinstance(one, Resume):
            item = self._state.items[one.item.int]
            if item.agent is not None:
                usual = handle_ms(item.agent, item.curve)
                self._finish(one.item, item.agent, self._left.pop(one.item, usual // 2))
        elif isinstance(one, MoveQueue):
            facts = self._facts[one.item]
            self._facts[one.item] = replace(
                facts, queue=one.target, visited=(*facts.visited, one.source), moves=facts.moves + 1
            )
            return [self._moved(one.item, one.item_version + 1, WorkState.WAITING, None, at)]
        return []

    def _begin(self, one: Offer, at: int) -> list[Input]:
        item = self._state.items[one.item.int]
        agent = self._state.agents[one.agent.int]
        if item.agent is not agent:  # taken back by a later decision of the same step
            return []
        self.found.starts.append(self._start(item, agent, at))
        work = self._left.pop(one.item, handle_ms(agent, item.curve))
        self._finish(one.item, agent, work)
        return [self._moved(one.item, item.version + 1, WorkState.IN_WORK, one.agent, at)]

    def _start(self, item: Item, agent: Agent, at: int) -> Start:
        curve = item.curve
        in_time = curve.line.axis(at) - item.start <= curve.target
        after = at - self._picture.at
        return Start(item.id, curve.line.id, curve.channel, agent.id, after, in_time)


def look_ahead(policy: Policy, picture: Picture, horizon_ms: int = HORIZON_MS) -> Outlook:
    """Say what would come of how things stand, under a policy."""
    return Ahead(policy, picture, horizon_ms).run()

"""Rehearsal: virtual time around the routing core: people want things, nothing is written.

The same ``step`` decides that routes live work. Behaviour is given, or drawn by ``draw``: the same
wish has the same patience and the same difficulty under every policy.
"""

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from heapq import heapify, heappop, heappush
from typing import Any
from uuid import UUID

from polyphony.domain.capacity import Cost, cost_of
from polyphony.domain.presence import Status
from polyphony.domain.routing.decisions import (
    AskBack,
    Decision,
    GiveBack,
    MoveQueue,
    Offer,
    Resume,
    Suspend,
)
from polyphony.domain.routing.facts import AgentFacts, Input, ItemFacts, Pace, Policy
from polyphony.domain.routing.match import step
from polyphony.domain.routing.reserve import SPOKEN
from polyphony.domain.routing.score import handle_mean
from polyphony.domain.routing.state import State
from polyphony.domain.skill import Requirement
from polyphony.domain.work import WorkState

PACE_MS = 30_000
HALF_HOUR_MS = 1_800_000
_SCALE = 1 << 64


def draw(seed: int, subject: int, purpose: str) -> float:
    """Draw a number between 0 and 1 that depends on nothing but seed, subject and purpose."""
    found = blake2b(f"{seed}:{subject}:{purpose}".encode(), digest_size=8).digest()
    return int.from_bytes(found, "big") / _SCALE


@dataclass(frozen=True, slots=True)
class Wish:
    """Somebody who wants something: when and what, how long it takes, how long he waits.

    ``work_ms`` is the time a usual hand needs, ``patience_ms`` None = he does not give up.
    """

    id: UUID
    at: int
    queue: UUID
    channel: str
    tier: str
    target_ms: int
    requirements: tuple[Requirement, ...]
    work_ms: int
    patience_ms: int | None
    kind: int = 0


@dataclass(frozen=True, slots=True)
class Worker:
    """An Agent from when to when, and how much longer than usual each kind takes him (milli)."""

    facts: AgentFacts
    begins: int
    ends: int
    slowness: Sequence[int]


@dataclass(slots=True)
class Outcome:
    """What came of it: waits in ms of the wishes served, by number; time spent by Agents."""

    waits: dict[int, int] = field(default_factory=dict)
    lost: dict[int, int] = field(default_factory=dict)
    spent: dict[UUID, int] = field(default_factory=dict)  # ms x share of the Agent, in milli
    interrupted: int = 0
    decided: int = 0


_COME, _BEGIN, _END, _DONE, _GIVE_UP, _PACE = range(6)


class Rehearsal:
    """One run. Moments are handled in the order of (moment, kind, number)."""

    def __init__(self, wishes: Sequence[Wish], workers: Sequence[Worker], policy: Policy) -> None:
        self._wishes = wishes
        self._workers = {one.facts.id: one for one in workers}
        self._order = [one.facts.id for one in workers]
        self._policy = policy
        self._state = State(policy)
        self._number = {one.id: number for number, one in enumerate(wishes)}
        self._costs: dict[str, Cost] = {}
        self._left: dict[int, tuple[int, int]] = {}  # in hand: (work left, since when)
        self._done_at: dict[int, int] = {}
        self._version: dict[int, int] = {}
        self._queue: dict[int, tuple[UUID, tuple[UUID, ...]]] = {}  # where it overflowed to
        self._calls: deque[tuple[int, str, int]] = deque()
        self._agenda: list[tuple[int, int, int]] = []
        self.outcome = Outcome()

    def run(self) -> Outcome:
        """Let the time pass until everything is over."""
        agenda = self._agenda
        agenda += [(one.at, _COME, number) for number, one in enumerate(self._wishes)]
        for place, worker in enumerate(self._workers.values()):
            agenda += [(worker.begins, _BEGIN, place), (worker.ends, _END, place)]
        if any(one.channel in SPOKEN for one in self._wishes):
            agenda.append((min(one.at for one in self._wishes) + PACE_MS, _PACE, 0))
        heapify(agenda)
        while agenda:
            at, kind, number = heappop(agenda)
            self._feed(self._HAPPENS[kind](self, at, number), at)
        return self.outcome

    def _feed(self, inputs: Sequence[Input], at: int) -> None:
        """Tell the core, and do at once what it decides: Offers are taken without delay."""
        while inputs:
            _, decided = step(self._state, inputs, self._policy)
            self.outcome.decided += len(decided)
            inputs = [fact for one in decided for fact in self._carry_out(one, at)]

    def _carry_out(self, one: Decision, at: int) -> Iterable[Input]:
        if isinstance(one, Offer):
            number = self._number[one.item]
            self._version[number] = one.item_version + 2
            self._begin(number, one.agent, at)
            yield self._facts(number, at, WorkState.IN_WORK, one.agent)
        elif isinstance(one, Suspend):
            number = self._number[one.item]
            self._version[number] = one.item_version + 1
            self._pause(number, one.agent, at)
            self.outcome.interrupted += 1
        elif isinstance(one, Resume):
            number = self._number[one.item]
            self._version[number] = one.item_version + 1
            self._go_on(number, at)
        elif isinstance(one, (GiveBack, AskBack)):
            self._version[self._number[one.item]] += 1
        elif isinstance(one, MoveQueue):
            number = self._number[one.item]
            before = self._queue.get(number, (one.source, ()))[1]
            self._queue[number] = (one.target, (*before, one.source))
            self._version[number] = one.item_version + 1
            yield self._facts(number, at, WorkState.WAITING, None)

    def _begin(self, number: int, agent: UUID, at: int) -> None:
        wish, worker = self._wishes[number], self._workers[agent]
        if number not in self.outcome.waits:
            self.outcome.waits[number] = at - wish.at
        needs = wish.work_ms * worker.slowness[wish.kind] // 1000
        left = self._left.get(number, (needs, 0))[0]  # given back: what is left is done elsewhere
        self._left[number] = (left, at)
        self._spend(number, agent, left)
        self._finish_at(number, at + left)

    def _pause(self, number: int, agent: UUID, at: int) -> None:
        left, since = self._left[number]
        left -= at - since
        self._left[number] = (left, at)
        self._spend(number, agent, -left)
        self._done_at.pop(number, None)

    def _go_on(self, number: int, at: int) -> None:
        left, _ = self._left[number]
        self._left[number] = (left, at)
        agent = self._state.items[self._wishes[number].id.int].agent
        if agent is not None:
            self._spend(number, agent.id, left)
        self._finish_at(number, at + left)

    def _spend(self, number: int, agent: UUID, ms: int) -> None:
        share = self._cost(self._wishes[number].channel).units * 10
        spent = self.outcome.spent
        spent[agent] = spent.get(agent, 0) + ms * share // 1000

    def _finish_at(self, number: int, at: int) -> None:
        self._done_at[number] = at
        heappush(self._agenda, (at, _DONE, number))

    def _cost(self, channel: str) -> Cost:
        known = self._costs.get(channel)
        if known is None:
            known = self._costs[channel] = cost_of(channel, self._policy.costs)
        return known

    def _facts(self, number: int, at: int, state: WorkState, agent: UUID | None) -> ItemFacts:
        one = self._wishes[number]
        cost = self._cost(one.channel)
        queue, visited = self._queue.get(number, (one.queue, ()))
        return ItemFacts(
            one.id,
            self._version.get(number, 1),
            at,
            state,
            queue,
            one.channel,
            cost.units,
            one.target_ms,
            one.at,
            cost.exclusive,
            tier=one.tier,
            requirements=one.requirements,
            agent=agent,
            moved_at=at,
            visited=visited,
            moves=len(visited),
        )

    # what happens

    def _come(self, at: int, number: int) -> list[Input]:
        wish = self._wishes[number]
        if wish.patience_ms is not None:
            heappush(self._agenda, (at + wish.patience_ms, _GIVE_UP, number))
        if wish.channel in SPOKEN:
            self._calls.append((at, self._pool(wish), self._usual(wish)))
        return [self._facts(number, at, WorkState.WAITING, None)]

    def _pool(self, wish: Wish) -> str:
        spoken = [n.skill for n in wish.requirements if n.skill in self._policy.languages]
        return min(spoken, default=str(wish.queue))

    def _usual(self, wish: Wish) -> int:
        """How long its class takes, as far as anybody can know before it is done."""
        own = self._policy.handle_ms.get((wish.queue, wish.channel))
        return own or handle_mean(wish.channel)

    def _attend(self, at: int, place: int, *, comes: bool) -> list[Input]:
        facts = self._workers[self._order[place]].facts
        return [
            AgentFacts(
                facts.id,
                2 if comes else 3,
                at,
                facts.status if comes else Status.OFFLINE,
                facts.modes if comes else {},
                facts.skills,
                facts.queues,
                facts.cap_max,
                at,
                handled=facts.handled,
            )
        ]

    def _done(self, at: int, number: int) -> list[Input]:
        if self._done_at.get(number) != at:
            return []
        del self._done_at[number]
        self._version[number] += 1
        return [self._facts(number, at, WorkState.DONE, None)]

    def _give_up(self, at: int, number: int) -> list[Input]:
        item = self._state.items.get(self._wishes[number].id.int)
        if number in self.outcome.waits or item is None:
            return []
        self.outcome.lost[number] = at - self._wishes[number].at
        self._version[number] = item.version + 1
        return [self._facts(number, at, WorkState.CANCELLED, None)]

    def _pace(self, at: int, _: int) -> list[Input]:
        calls = self._calls
        while calls and calls[0][0] <= at - HALF_HOUR_MS:
            calls.popleft()
        count: dict[str, int] = {}
        total: dict[str, int] = {}
        for _at, pool, work in calls:
            count[pool] = count.get(pool, 0) + 1
            total[pool] = total.get(pool, 0) + work
        if self._agenda:
            heappush(self._agenda, (at + PACE_MS, _PACE, 0))
        return [Pace(at, {pool: (n, total[pool] // n) for pool, n in count.items()})]

    _HAPPENS: Mapping[int, Callable[[Any, int, int], list[Input]]] = {
        _COME: _come,
        _BEGIN: lambda self, at, place: self._attend(at, place, comes=True),
        _END: lambda self, at, place: self._attend(at, place, comes=False),
        _DONE: _done,
        _GIVE_UP: _give_up,
        _PACE: _pace,
    }


def rehearse(wishes: Sequence[Wish], workers: Sequence[Worker], policy: Policy) -> Outcome:
    """Let wishes come and workers work under a policy."""
    return Rehearsal(wishes, workers, policy).run()

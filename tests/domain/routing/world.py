"""A small world around the core: what the tables would hold, and an oracle without any index."""

from dataclasses import replace
from uuid import UUID

from polyphony.domain.offer import after_decline
from polyphony.domain.presence import MATRIX, Mode, Status, effective
from polyphony.domain.routing.decisions import (
    Expire,
    Hold,
    NotResponding,
    Offer,
    Relax,
    Release,
    Withdraw,
)
from polyphony.domain.routing.facts import AgentFacts, ItemFacts, Policy, Tick
from polyphony.domain.routing.ladder import LAST, joins, relaxed
from polyphony.domain.routing.match import rebuild, step
from polyphony.domain.routing.score import MICRO, slack
from polyphony.domain.routing.state import State
from polyphony.domain.work import HELD, WITH_AGENT, WorkState

UNITS = {"email": 50, "chat": 33, "voice": 100}
BUSY = {WorkState.IN_WORK, WorkState.WRAP_UP}


def uid(number):
    return UUID(int=number)


class World:
    """Tables, the live state beside them, and everything that was put in."""

    def __init__(self, policy):
        self.policy = policy
        self.state = State(policy)
        self.items: dict[UUID, ItemFacts] = {}
        self.agents: dict[UUID, AgentFacts] = {}
        self.inputs = []
        self.decisions = []
        self.missed = 0
        self.now = 0

    def feed(self, *inputs):
        """Let the core decide and write down what it decided, as the commit would."""
        self.inputs += inputs
        _, decided = step(self.state, inputs, self.policy)
        for one in decided:
            self.note(one)
        self.decisions += decided
        return decided

    def note(self, one):
        """Carry out one decision on the tables, checking what the database would check."""
        {
            Offer: self._offer,
            Expire: self._expire,
            Withdraw: self._withdraw,
            NotResponding: self._silent,
            Relax: self._relax,
            Hold: lambda one: self._set(one.item, hold_until=one.until),
            Release: lambda one: self._set(one.item, hold_until=None),
        }[type(one)](one)

    def _set(self, item, **changes):
        self.items[item] = replace(self.items[item], **changes)

    def _offer(self, one):
        item, agent = self.items[one.item], self.agents[one.agent]
        assert item.state is WorkState.WAITING, "two live offers of one item"
        assert item.version == one.item_version
        assert agent.version == one.presence_version
        assert agent.modes.get(item.channel) is Mode.ON, "an offer to somebody absent"
        assert self.able(item, agent), "an offer to somebody without the skills"
        assert not self.excluded(item, agent, one.at), "an offer to somebody excluded"
        assert self.fits(item, agent), "above capacity"
        self._set(
            one.item,
            state=WorkState.OFFERED,
            version=item.version + 1,
            agent=one.agent,
            deadline=one.deadline,
            hold_until=None,
        )

    def _expire(self, one):
        item = self.items[one.item]
        assert item.state is WorkState.OFFERED
        assert item.deadline <= one.at
        assert item.version == one.item_version
        self.missed += 1
        kept = tuple(two for two in item.exclusions if two.agent != one.agent)
        self._set(
            one.item,
            state=WorkState.WAITING,
            version=item.version + 1,
            agent=None,
            deadline=None,
            exclusions=(*kept, one.exclusion),
        )
        self.agents[one.agent] = replace(self.agents[one.agent], misses=dict(one.misses))

    def _withdraw(self, one):
        item = self.items[one.item]
        assert item.state is WorkState.OFFERED
        assert item.version == one.item_version
        self._set(
            one.item,
            state=WorkState.WAITING,
            version=item.version + 1,
            agent=None,
            deadline=None,
        )

    def _silent(self, one):
        agent = self.agents[one.agent]
        assert agent.version == one.presence_version
        silent = agent.modes if one.scope == "all" else [one.scope]
        status = Status.NOT_RESPONDING if one.scope == "all" else agent.status
        modes = {**agent.modes, **dict.fromkeys(silent, Mode.OFF)}
        self.agents[one.agent] = replace(
            agent, status=status, modes=modes, version=agent.version + 1
        )

    def _relax(self, one):
        item = self.items[one.item]
        assert one.step > item.ladder_step or one.before == item.ladder_step
        assert one.step > one.before, "a ladder step may only widen"
        self._set(one.item, ladder_step=one.step)

    # what people and customers do

    def move(self, item, to, agent=None, **changes):
        """Move an item outside the core and tell it."""
        facts = self.items[item]
        if facts.state in BUSY and (to not in WITH_AGENT or agent != facts.agent):
            held = self.agents[facts.agent]
            since = max(held.idle_since, self.now)
            self.agents[facts.agent] = replace(held, idle_since=since)
        if to is WorkState.IN_WORK and facts.state is WorkState.OFFERED:
            self.agents[facts.agent] = replace(self.agents[facts.agent], misses={})
        self.items[item] = replace(
            facts,
            state=to,
            version=facts.version + 1,
            at=self.now,
            moved_at=self.now,
            agent=agent,
            deadline=None,
            hold_until=None,
            **changes,
        )
        self.feed(self.items[item])

    def decline(self, item):
        facts = self.items[item]
        before = [one for one in facts.exclusions if one.agent == facts.agent]
        times = before[0].times if before and before[0].reason == "declined" else 0
        kept = tuple(one for one in facts.exclusions if one.agent != facts.agent)
        one = after_decline(facts.agent, self.now, times)
        self.move(item, WorkState.WAITING, exclusions=(*kept, one))

    def attend(self, agent, status, toggles):
        facts = self.agents[agent]
        misses = {} if facts.status is Status.NOT_RESPONDING else facts.misses
        self.agents[agent] = replace(
            facts,
            at=self.now,
            version=facts.version + 1,
            status=status,
            modes=effective(MATRIX[status], list(facts.modes), toggles),
            misses=misses,
        )
        self.feed(self.agents[agent])

    def tick(self, later):
        self.now += later
        self.feed(Tick(self.now))

    # the oracle

    def used(self, agent):
        return sum(
            one.units for one in self.items.values() if one.agent == agent.id and one.state in HELD
        )

    def fits(self, item, agent):
        mine = [one for one in self.items.values() if one.agent == agent.id and one.state in HELD]
        if any(one.exclusive for one in mine) or (item.exclusive and mine):
            return False
        return sum(one.units for one in mine) + item.units <= agent.cap_max

    def x(self, item, at):
        queue = self.policy.queues[item.queue]
        return slack(item.used_ms + queue.hours.between(item.since, at), item.target_ms)

    def excluded(self, item, agent, at):
        used_up = self.x(item, at) >= MICRO
        return any(
            one.holds(at, target_used=used_up) for one in item.exclusions if one.agent == agent.id
        )

    def able(self, item, agent):
        queue = self.policy.queues[item.queue]
        ranks = [agent.queues.get(item.queue)]
        if item.ladder_step == LAST:
            ranks += [agent.queues.get(one) for one in queue.related]
        if not any(rank and joins(rank, item.ladder_step) for rank in ranks):
            return False
        last = item.ladder_step == LAST
        needs = relaxed(item.requirements, item.ladder_step)
        return all(need.met(agent.skills, substitutes=last) for need in needs)

    # what must always be true

    def check(self):
        for agent in self.agents.values():
            assert self.used(agent) == self.state.agents[agent.id.int].used
        for item in self.items.values():
            live = self.state.items.get(item.id.int)
            assert (live is None) == (item.state in {WorkState.DONE, WorkState.CANCELLED})
            if live is not None:
                assert (live.state, live.version) == (item.state, item.version)
                waits = (live.chain is not None) + (live.held_for is not None)
                assert waits == (item.state is WorkState.WAITING), "in exactly one place"
        self.counted()
        self.work_conserving()

    def counted(self):
        """The numbers of skilled and signed-in people are those one counts by hand."""
        people = self.state.agents.values()
        for needs in self.state.index.needs.values():
            for one in range(LAST + 1):
                able = [who for who in people if needs.members.get(who.profile) == one]
                assert needs.skilled[one] == sum(who.enrolled for who in able)
                assert needs.signed[one] == sum(who.status is not Status.OFFLINE for who in able)

    def work_conserving(self):
        for item in self.items.values():
            held = self.state.items.get(item.id.int)
            if item.state is not WorkState.WAITING or held.held_for is not None:
                continue
            for agent in self.agents.values():
                idle = (
                    agent.modes.get(item.channel) is Mode.ON
                    and self.able(item, agent)
                    and self.fits(item, agent)
                    and not self.excluded(item, agent, self.state.now)
                )
                assert not idle, f"{agent.id} is idle while {item.id} waits"

    def rebuilt(self):
        return rebuild(
            self.policy, list(self.items.values()), list(self.agents.values()), self.state.now
        )


def snapshot(state):
    """Everything that decides what happens next, in plain values."""
    items = {
        item.id: (
            item.state,
            item.version,
            item.step,
            item.widened if item.state is WorkState.WAITING else None,
            item.hold_until if item.held_for else None,
            item.held_for.id if item.held_for else None,
            item.deadline,
            item.agent.id if item.agent else None,
            item.chain is not None,
            item.key,
        )
        for item in state.items.values()
        if item.state not in {WorkState.DONE, WorkState.CANCELLED}
    }
    agents = {
        agent.id: (
            agent.version,
            agent.status,
            agent.on,
            agent.used,
            agent.exclusive,
            agent.cap,
            agent.idle_since,
            agent.misses,
            len(agent.listed),
            sorted(agent.held),
        )
        for agent in state.agents.values()
    }
    return items, agents


def small_policy(**queues):
    return Policy(1, queues)

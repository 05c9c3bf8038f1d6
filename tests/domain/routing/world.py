"""A small world around the core: what the tables would hold, and an oracle without any index."""

from dataclasses import replace
from itertools import combinations
from uuid import UUID

from polyphony.domain.offer import after_decline
from polyphony.domain.overflow import MOVES_MAX
from polyphony.domain.presence import MATRIX, Mode, Status, effective
from polyphony.domain.routing.decisions import (
    Alert,
    AskBack,
    Blocked,
    Expire,
    GiveBack,
    Hold,
    MoveQueue,
    NotResponding,
    Offer,
    OfferCallback,
    Relax,
    Release,
    Resume,
    Suspend,
    Withdraw,
)
from polyphony.domain.routing.facts import AgentFacts, ItemFacts, Pace, Policy, Tick
from polyphony.domain.routing.ladder import queues_at, rank_at, relaxed
from polyphony.domain.routing.match import rebuild, step
from polyphony.domain.routing.reserve import kept
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
        self.pace = None
        self.fresh = []
        self.interrupted = []

    def feed(self, *inputs):
        """Let the core decide and write down what it decided, as the commit would."""
        self.inputs += inputs
        _, decided = step(self.state, inputs, self.policy)
        for one in decided:
            self.note(one)
        self.decisions += decided
        fresh, self.fresh = self.fresh, []
        return decided + (self.feed(*(self.items[one] for one in fresh)) if fresh else [])

    def obey(self, policy):
        """Put other rules in force."""
        self.policy = policy
        self.tick(0)

    def tell(self, pools):
        """Say how much live work comes in."""
        self.pace = Pace(self.now, pools)
        self.feed(self.pace)

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
            Suspend: self._suspend,
            Resume: self._resume,
            AskBack: self._ask_back,
            GiveBack: self._give_back,
            MoveQueue: self._move_queue,
            Blocked: lambda one: self._set(one.item, blocker=one.reason),
            OfferCallback: lambda one: self._set(one.item, blocker="callback_offered"),
            Alert: lambda _: None,
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

    def _suspend(self, one):
        item = self.items[one.item]
        assert (item.state, item.agent, item.version) == (
            WorkState.IN_WORK,
            one.agent,
            one.item_version,
        )
        pair = (self.items[one.for_item].channel, item.channel)
        assert pair in self.policy.interrupts, "interrupted by what may not"
        assert len(self.asleep(one.agent)) < 2, "a third one interrupted"
        self._set(
            one.item,
            state=WorkState.SUSPENDED,
            version=item.version + 1,
            suspended_at=one.at,
            ask_back_at=None,
        )
        self.interrupted.append(one)

    def asleep(self, agent):
        return [
            one
            for one in self.items.values()
            if one.agent == agent and one.state is WorkState.SUSPENDED
        ]

    def _resume(self, one):
        item, agent = self.items[one.item], self.agents[one.agent]
        assert (item.state, item.agent, item.version) == (
            WorkState.SUSPENDED,
            one.agent,
            one.item_version,
        )
        assert self.fits(item, agent), "resumed above capacity"
        self._set(
            one.item,
            state=WorkState.IN_WORK,
            version=item.version + 1,
            suspended_at=0,
            ask_back_at=None,
        )

    def _ask_back(self, one):
        item = self.items[one.item]
        assert item.state is WorkState.SUSPENDED
        assert item.ask_back_at is None, "asked twice"
        assert one.at >= item.suspended_at + min(item.target_ms // 4, 1_800_000)
        self._set(one.item, version=item.version + 1, ask_back_at=one.at)

    def _give_back(self, one):
        item = self.items[one.item]
        assert item.state is WorkState.SUSPENDED
        assert item.ask_back_at is not None, "given back before anybody was asked"
        assert self.x(item, one.at) >= MICRO
        self._set(
            one.item,
            state=WorkState.WAITING,
            version=item.version + 1,
            agent=None,
            suspended_at=0,
            ask_back_at=None,
        )

    def _move_queue(self, one):
        item = self.items[one.item]
        assert (item.state, item.version, item.queue) == (
            WorkState.WAITING,
            one.item_version,
            one.source,
        )
        assert one.target not in (*item.visited, item.queue), "a circle"
        assert item.overflow, "sent on although a person had chosen"
        assert item.moves < MOVES_MAX
        self._set(
            one.item,
            queue=one.target,
            version=item.version + 1,
            visited=(*item.visited, item.queue),
            moves=item.moves + 1,
            ladder_step=0,
            hold_until=None,
            exclusions=tuple(two for two in item.exclusions if two.reason == "conflict"),
            at=one.at,
            moved_at=one.at,
        )
        self.fresh.append(one.item)

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
        changes = {"suspended_at": 0, "ask_back_at": None, **changes}
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

    def held(self, agent):
        return [one for one in self.items.values() if one.agent == agent.id and one.state in HELD]

    def room_on(self, channel, agent):
        """Tell whether he may have one item more on a channel that has a limit of its own."""
        most = agent.cap_channels.get(channel)
        return most is None or sum(one.channel == channel for one in self.held(agent)) < most

    def fits(self, item, agent):
        mine = self.held(agent)
        if not self.room_on(item.channel, agent):
            return False
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
        ladder, step = queue.ladder, min(item.ladder_step, queue.ladder.count - 1)
        ranks = [agent.queues.get(item.queue)]
        if ranks == [None]:
            ranks = [agent.queues.get(one) for one in queues_at(ladder, step, queue.related)]
        if not any(rank and rank <= rank_at(ladder, step) for rank in ranks):
            return False
        free = any(rung.substitutes for rung in ladder.rungs[:step])
        needs = relaxed(item.requirements, ladder, step)
        return all(need.met(agent.skills, substitutes=free) for need in needs)

    def voice(self, agent):
        return any(agent.modes.get(one) is Mode.ON for one in ("voice", "video"))

    def pools(self, agent):
        spoken = self.policy.languages & agent.skills.keys()
        return spoken or {str(one) for one in agent.queues}

    def spared(self, item, agent):
        """Kept for calls, counted by hand."""
        queue = self.policy.queues[item.queue]
        if not self.voice(agent) or item.channel != "email":
            return False
        closes = queue.hours.closes(self.state.now)
        off = queue.reserve_off_ms
        if off and closes is not None and closes - off <= self.state.now:
            return False
        if self.x(item, self.state.now) >= MICRO // 2:
            return False
        pace = self.pace.pools if self.pace else {}
        for pool in self.pools(agent):
            asked = kept(*pace[pool]) if pool in pace else 0
            asked = asked if queue.reserve is None else queue.reserve
            idle = sum(
                self.voice(one) and not self.used(one) and one.cap_max >= 100
                for one in self.agents.values()
                if pool in self.pools(one)
            )
            if asked and idle <= asked:
                return True
        return False

    def could_interrupt(self, item, agent):
        """Tell whether some of what he does could make room, tried one way after the other."""
        if not self.room_on(item.channel, agent):
            return False
        mine = self.held(agent)
        loose = [
            one
            for one in mine
            if one.state is WorkState.IN_WORK
            and (item.channel, one.channel) in self.policy.interrupts
        ]
        free = 2 - len(self.asleep(agent.id))
        for number in range(1, free + 1):
            for some in combinations(loose, number):
                rest = [one for one in mine if one not in some]
                if any(one.exclusive for one in rest) or (item.exclusive and rest):
                    continue
                if sum(one.units for one in rest) + item.units <= agent.cap_max:
                    return True
        return False

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
                paused = self.policy.queues[item.queue].paused
                lies = item.state is WorkState.WAITING and not paused
                assert waits == lies, "in exactly one place"
        self.counted()
        self.work_conserving()
        self.nobody_sleeps_in_vain()

    def counted(self):
        """The numbers of skilled and signed-in people are those one counts by hand."""
        people = self.state.agents.values()
        for needs in self.state.index.needs.values():
            for one in range(needs.count):
                able = [who for who in people if needs.members.get(who.profile) == one]
                assert needs.skilled[one] == sum(who.enrolled for who in able)
                assert needs.signed[one] == sum(who.status is not Status.OFFLINE for who in able)

    def work_conserving(self):
        for item in self.items.values():
            held = self.state.items.get(item.id.int)
            if item.state is not WorkState.WAITING or held.held_for is not None:
                continue
            for agent in self.agents.values():
                may = (
                    agent.modes.get(item.channel) is Mode.ON
                    and self.able(item, agent)
                    and not self.excluded(item, agent, self.state.now)
                )
                if not may or self.policy.queues[item.queue].paused:
                    continue
                idle = self.fits(item, agent) and not self.spared(item, agent)
                assert not idle, f"{agent.id} is idle while {item.id} waits"
                full = not self.fits(item, agent) and self.could_interrupt(item, agent)
                assert not full, f"{agent.id} could be interrupted while {item.id} waits"

    def nobody_sleeps_in_vain(self):
        for agent in self.agents.values():
            for item in self.asleep(agent.id):
                assert not self.fits(item, agent), f"{item.id} could go on"

    def rebuilt(self):
        return rebuild(
            self.policy,
            list(self.items.values()),
            list(self.agents.values()),
            self.state.now,
            self.pace,
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
            item.suspended_at,
            item.asked_at,
            item.blocker,
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
            (agent.whole, agent.asleep, agent.voice, agent.open),
        )
        for agent in state.agents.values()
    }
    idle = {pool: count for pool, count in state.pools.idle.items() if count}
    return items, agents, idle


def small_policy(**queues):
    return Policy(1, queues)

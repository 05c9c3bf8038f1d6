"""Always true, whatever happens: capacity, offers, exclusions, work, rebuild, batches, reasons."""

import json
import os
from collections import Counter
from dataclasses import replace

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from tests.domain.routing.world import UNITS, World, snapshot, uid

from polyphony.domain.overflow import Action, Condition, Rule
from polyphony.domain.presence import Mode, Status
from polyphony.domain.routing import canonical
from polyphony.domain.routing.decisions import Expire, NotResponding, Offer
from polyphony.domain.routing.facts import AgentFacts, ItemFacts, Policy, QueuePolicy
from polyphony.domain.routing.ladder import Ladder, Rung
from polyphony.domain.routing.match import step
from polyphony.domain.routing.state import State
from polyphony.domain.service_hours import ServiceHours
from polyphony.domain.skill import Requirement, RequirementKind
from polyphony.domain.work import WorkState

FULL = bool(os.environ.get("FULL"))
LOANS, CARDS, DESK = uid(1), uid(2), uid(3)
# the first queue works 6 of every 24 hours, so that its clock stands still now and then
SHIFT = ServiceHours("UTC", {day: [(0, 180), (600, 780)] for day in range(1, 8)})
POLICY = Policy(
    1,
    {
        LOANS: QueuePolicy(SHIFT, sticky="prefer", related=(CARDS,), reserve_off_ms=1_800_000),
        CARDS: QueuePolicy(
            sticky="require",
            weight_milli=2000,
            ordering="static_priority",
            overflow=(
                Rule("any", (Condition("waited_s", 300_000),), Action("queue", DESK)),
                Rule("all", (Condition("nobody"),), Action("callback")),
            ),
        ),
        DESK: QueuePolicy(
            ordering="longest_idle",
            reserve=1,
            skip_if_nobody=False,
            ladder=Ladder(
                (
                    Rung(at_ms=5_000, lower=(("sk", 2),), rank=3),
                    Rung(at_x=400_000, substitutes=True, queues=(LOANS,)),
                    Rung(at_ms=400_000, drop=frozenset({"cs"}), drop_desired=True),
                    Rung(at_x=2_000_000, all_lower=2),
                )
            ),
            overflow=(
                Rule("all", (Condition("x", 1_500_000),), Action("queue", CARDS)),
                Rule("any", (Condition("closed"),), Action("queue", LOANS)),
            ),
        ),
    },
    languages=frozenset({"cs", "sk"}),
)
READ_POLICY = canonical.read_policy(json.loads(json.dumps(canonical.write_policy(POLICY))), 1)
BEGIN = 1_767_225_600_000  # 2026-01-01 00:00 UTC

levels = st.integers(1, 5)
skills = st.dictionaries(st.sampled_from(["cs", "sk", "loan", "licence"]), levels, max_size=4)
requirements = st.lists(
    st.one_of(
        st.builds(Requirement, st.sampled_from(["cs", "sk"]), levels),
        st.builds(
            Requirement,
            st.just("sk"),
            levels,
            st.just(RequirementKind.REQUIRED),
            st.just((("cs", 2),)),
        ),
        st.just(Requirement("licence", 1, RequirementKind.LEGAL)),
        st.just(Requirement("loan", 3, RequirementKind.DESIRED)),
    ),
    max_size=2,
).map(tuple)


class Day(RuleBasedStateMachine):
    """Customers come, agents come and go, time passes."""

    def __init__(self):
        super().__init__()
        self.world = World(POLICY)
        self.world.now = BEGIN
        self.world.tick(0)
        self.count = 0

    def some(self, *states):
        return sorted(
            (one.id for one in self.world.items.values() if one.state in states),
            key=lambda one: one.int,
        )

    @initialize(people=st.lists(st.tuples(skills, st.integers(1, 3), levels), max_size=4))
    def staff(self, people):
        for number, (known, rank, cap) in enumerate(people):
            self.hire(known, rank, cap)
            if number % 2:
                self.status(number, Status.ONLINE, {})

    @rule(known=skills, rank=st.integers(1, 3), cap=levels)
    @precondition(lambda self: len(self.world.agents) < 5)
    def hire(self, known, rank, cap):
        identifier = uid(100 + len(self.world.agents))
        queues = {LOANS: rank} if rank == 2 else {LOANS: rank, CARDS: 4 - rank, DESK: rank}
        facts = AgentFacts(
            identifier,
            1,
            self.world.now,
            Status.OFFLINE,
            dict.fromkeys(UNITS, Mode.OFF),
            known,
            queues,
            cap * 40,
            self.world.now,
            handled={(LOANS, "email"): (500_000 * rank, 1)},
            cap_channels={"chat": 1} if rank == 3 else {},
        )
        self.world.agents[identifier] = facts
        self.world.feed(facts)

    @rule(
        queue=st.sampled_from([LOANS, CARDS, DESK]),
        channel=st.sampled_from(sorted(UNITS)),
        needs=requirements,
        tier=st.sampled_from(["standard", "vip"]),
        sticky=st.one_of(st.none(), st.integers(100, 103)),
        due_ms=st.sampled_from([30_000, 600_000]),
        how=st.tuples(st.sampled_from([1000, 1000, 2000]), st.integers(0, 9)),
    )
    def arrive(self, queue, channel, needs, tier, sticky, due_ms, how):  # noqa: PLR0917 - all that work may differ in
        boost, by_person = how
        self.count += 1
        facts = ItemFacts(
            uid(1000 + self.count),
            1,
            self.world.now,
            WorkState.WAITING,
            queue,
            channel,
            UNITS[channel],
            due_ms,
            self.world.now,
            exclusive=channel == "voice",
            tier=tier,
            requirements=needs,
            sticky=uid(sticky) if sticky else None,
            boost_milli=boost,
            overflow=by_person > 0,
        )
        self.world.items[facts.id] = facts
        self.world.feed(facts)

    @rule(
        who=st.integers(0, 9),
        status=st.sampled_from([Status.ONLINE] * 3 + list(Status)),
        off=st.dictionaries(st.sampled_from(sorted(UNITS)), st.booleans(), max_size=2),
    )
    @precondition(lambda self: self.world.agents)
    def status(self, who, status, off):
        before = self.world.missed
        agents = sorted(self.world.agents, key=lambda one: one.int)
        self.world.attend(agents[who % len(agents)], status, off)
        assert self.world.missed == before, "a withdrawal was counted as a miss"

    @rule(who=st.integers(0, 9), known=skills, cap=levels)
    @precondition(lambda self: self.world.agents)
    def retrain(self, who, known, cap):
        agents = sorted(self.world.agents, key=lambda one: one.int)
        facts = self.world.agents[agents[who % len(agents)]]
        self.world.agents[facts.id] = replace(
            facts, version=facts.version + 1, skills=known, cap_max=cap * 40, at=self.world.now
        )
        self.world.feed(self.world.agents[facts.id])

    @rule(which=st.integers(0, 99), what=st.sampled_from(["accept", "accept", "decline", "cancel"]))
    @precondition(lambda self: self.some(WorkState.OFFERED))
    def answer(self, which, what):
        offered = self.some(WorkState.OFFERED)
        item = offered[which % len(offered)]
        if what == "accept":
            self.world.move(item, WorkState.IN_WORK, self.world.items[item].agent)
        elif what == "decline":
            self.world.decline(item)
        else:
            self.world.move(item, WorkState.CANCELLED)

    @rule(
        which=st.integers(0, 99),
        to=st.sampled_from(
            [WorkState.DONE, WorkState.DONE, WorkState.WRAP_UP, WorkState.WAITING, WorkState.PARKED]
        ),
    )
    @precondition(lambda self: self.some(WorkState.IN_WORK, WorkState.WRAP_UP))
    def work(self, which, to):
        taken = self.some(WorkState.IN_WORK, WorkState.WRAP_UP)
        item = taken[which % len(taken)]
        if to is WorkState.WRAP_UP and self.world.items[item].state is WorkState.WRAP_UP:
            to = WorkState.DONE
        keeps = self.world.items[item].agent if to is WorkState.WRAP_UP else None
        self.world.move(item, to, keeps)

    @rule(which=st.integers(0, 99), to=st.sampled_from([WorkState.WAITING, WorkState.CANCELLED]))
    @precondition(lambda self: self.some(WorkState.PARKED))
    def wake(self, which, to):
        parked = self.some(WorkState.PARKED)
        item = parked[which % len(parked)]
        if to is WorkState.WAITING:
            self.world.move(item, to, since=self.world.now)
        else:
            self.world.move(item, to)

    @rule(which=st.integers(0, 99), to=st.sampled_from([WorkState.WAITING, WorkState.IN_WORK]))
    @precondition(lambda self: self.some(WorkState.SUSPENDED))
    def wake_up(self, which, to):
        """An interrupted item is given back by hand, or goes on because its agent says so."""
        asleep = self.some(WorkState.SUSPENDED)
        item = asleep[which % len(asleep)]
        facts = self.world.items[item]
        agent = self.world.agents[facts.agent]
        if to is WorkState.WAITING:
            self.world.move(item, to)
        elif self.world.fits(facts, agent):
            self.world.move(item, to, facts.agent)

    @rule(which=st.integers(0, 99), who=st.integers(0, 9))
    @precondition(lambda self: self.some(WorkState.WAITING) and self.world.agents)
    def claim(self, which, who):
        """Somebody takes work by himself."""
        waiting = self.some(WorkState.WAITING)
        item = waiting[which % len(waiting)]
        agents = sorted(self.world.agents, key=lambda one: one.int)
        agent = self.world.agents[agents[who % len(agents)]]
        if self.world.fits(self.world.items[item], agent):
            self.world.move(item, WorkState.IN_WORK, agent.id)

    @rule(
        pools=st.dictionaries(
            st.sampled_from(["cs", "sk", str(LOANS)]),
            st.tuples(st.integers(0, 40), st.just(300_000)),
            max_size=3,
        )
    )
    def pace(self, pools):
        self.world.tell(pools)

    @rule(later=st.sampled_from([1, 500, 20_000, 61_000, 310_000, 7_200_000]))
    def wait(self, later):
        self.world.tick(later)

    @rule(later=st.integers(0, 60_000))
    def hear_old_news(self, later):
        """Versions make doubles and old facts harmless."""
        for facts in list(self.world.inputs)[-5:]:
            if isinstance(facts, ItemFacts):
                assert self.world.feed(replace(facts, at=self.world.now)) == []

    @invariant()
    def holds(self):
        self.world.check()
        state, decided = self.world.rebuilt()
        assert decided == []
        assert snapshot(state) == snapshot(self.world.state)
        for one in (state, self.world.state):
            self.at_work_is_noted(one)

    def at_work_is_noted(self, state):
        """Whom an item could interrupt is found by channel, in whatever profile he is now."""
        agents = state.agents.values()
        noted = {
            (channel, tag): count
            for profile in {id(agent.profile): agent.profile for agent in agents}.values()
            for channel, who in profile.loose.items()
            for tag, count in who.items()
        }
        held = [(item, agent) for agent in agents for item in agent.items]
        assert noted == Counter(
            (item.curve.channel, agent.tag)
            for item, agent in held
            if item.state is WorkState.IN_WORK
        )

    def teardown(self):
        """The decisions do not depend on how the inputs are cut into calls; reasons always fit."""
        world = self.world
        whole, decided = step(State(POLICY), world.inputs, POLICY)
        assert [_plain(one) for one in decided] == [_plain(one) for one in world.decisions]
        assert snapshot(whole) == snapshot(world.state)
        kept = json.loads(json.dumps(canonical.write_inputs(world.inputs)))
        _, again = step(State(READ_POLICY), canonical.read_inputs(kept), READ_POLICY)
        assert canonical.write_decisions(again) == canonical.write_decisions(world.decisions)
        for one in world.decisions:
            _explained(one)
        misses = [one for one in world.decisions if isinstance(one, Expire)]
        silent = [one for one in world.decisions if isinstance(one, NotResponding)]
        assert len(silent) <= len(misses)


def _plain(one):
    if isinstance(one, Offer):
        return (one.at, one.item, one.agent, one.item_version, one.deadline, one.why())
    return one


def _explained(one):
    why = one.why()
    assert len(json.dumps(why).encode()) <= 1024
    if isinstance(one, Offer):
        agent = dict(why["agent"])
        assert agent.pop("total") == sum(agent.values())
        item = why["item"]
        if why["side"] == "arrival":
            shares = item["w"] * item["x"] * 300_000 // (item["aht"] * 1000)
            assert shares + item["ageing"] == item["score"]


def test_who_has_as_many_chats_as_he_may_is_not_idle_for_one_more():
    """One of rank 3 may have one chat: the second waits for him, however many units are free."""
    day = Day()
    day.staff([({}, 1, 1), ({}, 1, 1), ({}, 1, 1), ({"cs": 3, "licence": 2}, 3, 2)])
    slovak = Requirement("sk", 1, RequirementKind.REQUIRED, (("cs", 2),))
    for needs in ((slovak,), (Requirement("licence", 1, RequirementKind.LEGAL),)):
        day.arrive(LOANS, "chat", needs, "standard", None, 30_000, (1000, 0))
        day.holds()
    first, second = day.world.items
    agent = day.world.agents[uid(103)]
    assert day.world.used(agent) + UNITS["chat"] <= agent.cap_max
    assert day.world.items[first].agent == agent.id
    assert day.world.items[second].state is WorkState.WAITING
    day.answer(0, "accept")
    day.work(0, WorkState.DONE)
    day.holds()
    assert day.world.items[second].agent == agent.id


TestDay = Day.TestCase
TestDay.settings = settings(
    max_examples=400 if FULL else 15,
    stateful_step_count=60 if FULL else 20,
    deadline=None,
)

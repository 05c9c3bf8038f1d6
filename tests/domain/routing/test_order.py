"""Queues with an order of their own, overflow while waiting, and that nothing starves."""

from dataclasses import replace

import pytest
from tests.domain.routing.world import UNITS, World, uid

from polyphony.domain.overflow import Action, Condition, Rule
from polyphony.domain.presence import Mode, Status
from polyphony.domain.routing.decisions import Alert, Blocked, MoveQueue, Offer, OfferCallback
from polyphony.domain.routing.facts import AgentFacts, ItemFacts, Policy, QueuePolicy
from polyphony.domain.routing.match import step
from polyphony.domain.routing.state import State
from polyphony.domain.work import WorkState

LOANS, GENERAL = uid(1), uid(2)
START = 1_800_000_000_000
EVA, PETR = uid(100), uid(101)


def hire(world, who, queues=(LOANS,), idle=0, **more):
    facts = AgentFacts(
        who,
        1,
        world.now,
        Status.ONLINE,
        dict.fromkeys(UNITS, Mode.ON),
        queues=dict.fromkeys(queues, 1),
        idle_since=world.now - idle,
        **more,
    )
    world.agents[who] = facts
    return [one for one in world.feed(facts) if isinstance(one, Offer)]


def arrive(world, number, channel="chat", queue=LOANS, **more):
    facts = ItemFacts(
        uid(number),
        1,
        world.now,
        WorkState.WAITING,
        queue,
        channel,
        UNITS[channel],
        more.pop("target", 60_000),
        more.pop("since", world.now),
        channel == "voice",
        **more,
    )
    world.items[facts.id] = facts
    return world.feed(facts)


def make(**queue):
    world = World(Policy(1, {LOANS: QueuePolicy(**queue), GENERAL: QueuePolicy()}))
    world.now = START
    world.tick(0)
    return world


@pytest.mark.parametrize(
    ("ordering", "first"),
    [("score", 2), ("fifo", 1), ("static_priority", 3), ("longest_idle", 2)],
)
def test_each_ordering_serves_another_one_first(ordering, first):
    world = make(ordering=ordering)
    arrive(world, 1, "email", since=START - 3_600_000, target=14_400_000)  # the oldest
    arrive(world, 2, "chat", since=START - 50_000, tier="vip", target=60_000)  # the most pressed
    arrive(world, 3, "chat", since=START - 1_000, tier="vip", target=30_000)  # the highest rank
    offers = hire(world, EVA)
    assert offers[0].item == uid(first)
    why = offers[0].why()
    assert why["item"]["score"] >= 0
    world.check()


@pytest.mark.parametrize("ordering", ["longest_idle", "fifo", "static_priority"])
def test_the_longest_idle_takes_what_arrives_whatever_his_score(ordering):
    handled = {(LOANS, "chat"): (3_000_000, 1)}
    for wanted, choice in ((ordering, PETR), ("score", EVA)):
        world = make(ordering=wanted)
        hire(world, EVA, idle=10_000)
        hire(world, PETR, idle=20_000, handled=handled)  # idle longer, but slow
        offer = next(one for one in arrive(world, 1) if isinstance(one, Offer))
        assert offer.agent == choice
        assert len(offer.why()["lost"]) == 1


def overflowing(*rules):
    return make(overflow=rules)


def to(queue, fact, than=0):
    return Rule("any", (Condition(fact, than),), Action("queue", queue))


def test_what_waited_too_long_goes_to_the_other_queue_and_never_back():
    world = World(
        Policy(
            1,
            {
                LOANS: QueuePolicy(overflow=(to(GENERAL, "waited_s", 120_000),)),
                GENERAL: QueuePolicy(overflow=(to(LOANS, "waited_s", 300_000),)),
            },
        )
    )
    world.now = START
    world.tick(0)
    arrive(world, 1)
    world.tick(119_999)
    assert world.items[uid(1)].queue == LOANS
    world.tick(1)
    assert (world.items[uid(1)].queue, world.items[uid(1)].visited) == (GENERAL, (LOANS,))
    world.tick(600_000)
    found = [type(one) for one in world.decisions if isinstance(one, (MoveQueue, Blocked, Alert))]
    assert found == [MoveQueue, Blocked, Alert], "a circle is said once"
    assert world.items[uid(1)].blocker == "overflow_blocked:loop"
    assert hire(world, EVA, queues=(GENERAL,))[0].item == uid(1)


def test_work_comes_to_a_queue_whose_rule_holds_already_and_goes_on_at_once():
    world = overflowing(to(GENERAL, "nobody"))
    arrive(world, 1)
    assert world.items[uid(1)].queue == GENERAL
    world = overflowing(to(GENERAL, "nobody"))
    hire(world, EVA, cap_max=0)
    arrive(world, 1)
    assert world.items[uid(1)].queue == LOANS, "somebody is signed in"
    world.attend(EVA, Status.OFFLINE, {})
    world.tick(30_000)
    assert world.items[uid(1)].queue == GENERAL, "looked at every half minute"


def test_what_a_person_sent_stays_and_a_callback_is_offered_once():
    callback = Rule("any", (Condition("x", 500_000),), Action("callback"))
    world = overflowing(to(GENERAL, "waited_s", 10_000))
    arrive(world, 1, overflow=False)
    world.tick(600_000)
    assert world.items[uid(1)].queue == LOANS
    world = overflowing(callback)
    arrive(world, 1)
    world.tick(29_000)
    world.tick(600_000)
    assert sum(isinstance(one, OfferCallback) for one in world.decisions) == 1


def test_a_paused_queue_offers_nothing_and_takes_back_what_is_offered():
    world = make()
    hire(world, EVA)
    arrive(world, 1)
    assert world.items[uid(1)].state is WorkState.OFFERED
    running = world.policy
    paused = {**running.queues, LOANS: replace(running.queues[LOANS], paused=True)}
    world.obey(replace(running, version=2, queues=paused))
    assert world.items[uid(1)].state is WorkState.WAITING
    world.check()
    world.obey(replace(running, version=3))
    assert world.items[uid(1)].state is WorkState.OFFERED
    world.check()


def test_a_lever_that_is_taken_away_leaves_no_trace():
    """The same inputs after a weight or a boost is gone lead to the same decisions."""
    plain = Policy(1, {LOANS: QueuePolicy(), GENERAL: QueuePolicy()})
    heavy = replace(
        plain, version=2, queues={**plain.queues, LOANS: QueuePolicy(weight_milli=9000)}
    )
    states = [State(plain), State(plain)]
    queues = {LOANS: 1, GENERAL: 1}
    items = [
        ItemFacts(uid(n), 1, START, WorkState.WAITING, (LOANS, GENERAL)[n % 2], "email", 50,
                  600_000, START - n * 10_000)
        for n in range(1, 9)
    ]  # fmt: skip
    for one in states:
        step(one, items, plain)
    step(states[1], [], heavy)
    step(states[1], [], replace(plain, version=3))
    agent = AgentFacts(EVA, 1, START, Status.ONLINE, {"email": Mode.ON}, queues=queues)
    found = [
        [(one.item, one.agent, one.deadline) for one in step(state, [agent], rules)[1]]
        for state, rules in zip(states, (plain, replace(plain, version=3)), strict=True)
    ]
    assert found[0] == found[1]
    assert found[0]
    boosted, calm = State(plain), State(plain)
    step(boosted, [*items, replace(items[0], version=2, boost_milli=9000)], plain)
    step(boosted, [replace(items[0], version=3)], plain)
    step(calm, [*items, replace(items[0], version=3)], plain)
    first, second = (step(one, [agent], plain)[1] for one in (boosted, calm))
    assert [one.item for one in first] == [one.item for one in second]


def test_a_boost_lets_work_overtake():
    world = make()
    arrive(world, 1, "email", target=600_000, since=START - 60_000)
    arrive(world, 2, "email", target=600_000, since=START - 30_000, boost_milli=4000)
    assert hire(world, EVA, cap_max=50)[0].item == uid(2)


def test_a_letter_among_calls_that_never_end_is_served_within_the_bound():
    """A letter (0.39 points by then) passes capped calls (3.0) 26.1 hours past its target."""
    target, slot = 57_600_000, 300_000
    world = World(Policy(1, {LOANS: QueuePolicy(sticky="off")}, interrupts=frozenset()))
    world.now = START
    world.tick(0)
    world.agents[EVA] = AgentFacts(
        EVA, 1, START, Status.ONLINE, {"voice": Mode.ON, "letter": Mode.ON}, queues={LOANS: 1}
    )
    world.items[uid(9)] = ItemFacts(
        uid(9), 1, START, WorkState.WAITING, LOANS, "letter", 50, target, START
    )
    state, number, served = State(world.policy), 1000, None
    for at in range(START, START + target + 30 * 3_600_000, slot):
        number += 1  # a call that has waited as long as its caller bears it
        call = ItemFacts(
            uid(number), 1, at, WorkState.WAITING, LOANS, "voice", 100, 20_000, at - 180_000, True
        )
        inputs = [call, replace(world.agents[EVA], at=at)] if at == START else [call]
        if at == START:
            inputs.insert(0, world.items[uid(9)])
        _, decided = step(state, inputs, world.policy)
        if number > 1001:
            done = ItemFacts(uid(number - 1), 4, at, WorkState.DONE, LOANS, "voice", 100, 20_000,
                             at - slot - 180_000, True)  # fmt: skip
            decided += step(state, [done], world.policy)[1]
        if any(isinstance(one, Offer) and one.item == uid(9) for one in decided):
            served = at
            break
        for one in decided:
            if isinstance(one, Offer):
                taken = ItemFacts(one.item, 3, at, WorkState.IN_WORK, LOANS, "voice", 100, 20_000,
                                  at, True, agent=EVA)  # fmt: skip
                step(state, [taken], world.policy)
    assert served is not None
    late = served - START - target
    assert 26 * 3_600_000 < late <= 26 * 3_600_000 + 2 * slot


def test_what_was_sent_to_one_person_alone_waits_for_him_alone():
    world = make()
    hire(world, PETR)
    hire(world, EVA)
    world.attend(EVA, Status.BREAK, {})
    arrive(world, 1, target=14_400_000, sticky=EVA, require_direct=True, overflow=False)
    world.tick(3_600_000)
    assert world.items[uid(1)].state is WorkState.WAITING, "Petr is free, but it is not his"
    world.check()
    world.attend(EVA, Status.ONLINE, {})
    assert world.items[uid(1)].agent == EVA
    world.decline(uid(1))
    assert world.items[uid(1)].state is WorkState.WAITING
    state, decided = world.rebuilt()
    assert decided == []
    assert state.items[uid(1).int].held_for.id == EVA

"""Who is kept for calls: how many, from what, until when; and who takes what could wait."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from tests.domain.routing.world import UNITS, World, uid

from polyphony.domain.presence import Mode, Status
from polyphony.domain.routing import explain
from polyphony.domain.routing.decisions import Offer
from polyphony.domain.routing.facts import AgentFacts, ItemFacts, Policy, QueuePolicy
from polyphony.domain.routing.reserve import kept
from polyphony.domain.service_hours import ServiceHours
from polyphony.domain.work import WorkState

DESK = uid(1)
START = 1_800_000_000_000
HOUR_S = 3_600_000
CALLS = {"cs": (1460, 90_000)}  # 73 erlangs: five stay free


def test_seventy_three_erlangs_keep_five():
    assert kept(*CALLS["cs"]) == 5
    assert [kept(n, 1_800_000) for n in (0, 1, 4, 5, 16, 17)] == [0, 1, 1, 2, 2, 3]


@given(st.integers(0, 10**6), st.integers(1, 10**7))
def test_as_few_are_kept_as_half_the_root_of_the_load(arrivals, handle):
    found, load = kept(arrivals, handle), arrivals * handle
    assert 4 * found * found * 1_800_000 >= load
    assert not found or 4 * (found - 1) ** 2 * 1_800_000 < load


def make(people, pace=CALLS, **queue):
    world = World(Policy(1, {DESK: QueuePolicy(**queue)}, languages=frozenset({"cs"})))
    world.now = START
    world.tick(0)
    if pace:
        world.tell(pace)
    for number in range(people):
        hire(world, number)
    return world


def hire(world, number, channels=("voice", "email"), idle=0):
    facts = AgentFacts(
        uid(100 + number),
        1,
        world.now,
        Status.ONLINE,
        dict.fromkeys(channels, Mode.ON),
        {"cs": 3},
        {DESK: 1},
        100,
        world.now - idle - number,
    )
    world.agents[facts.id] = facts
    return world.feed(facts)


def arrive(world, number, channel="email", target=14_400_000):
    facts = ItemFacts(
        uid(1000 + number),
        1,
        world.now,
        WorkState.WAITING,
        DESK,
        channel,
        UNITS[channel],
        target,
        world.now,
        channel == "voice",
    )
    world.items[facts.id] = facts
    return [one for one in world.feed(facts) if isinstance(one, Offer)]


def test_mail_waits_while_only_those_are_free_who_are_kept_for_calls():
    world = make(5)
    assert arrive(world, 1) == []
    world.check()
    why = explain.waiting(world.state, uid(1001))
    assert (why["code"], why["count"]) == ("held_by_reserve", 5)
    assert [one.agent for one in arrive(world, 2, "voice")] == [uid(104)], "a call is taken"


def test_a_sixth_one_may_take_it_and_whoever_has_been_idle_longest_does():
    world = make(5)
    arrive(world, 1)
    offers = [one for one in hire(world, 9, idle=600_000) if isinstance(one, Offer)]
    assert [(one.item, one.agent) for one in offers] == [(uid(1001), uid(109))]
    world.check()
    assert arrive(world, 2) == [], "five are left again"


def test_when_somebody_without_mail_becomes_free_another_takes_the_mail():
    world = make(5)
    arrive(world, 1)
    offers = [one for one in hire(world, 9, channels=("voice",)) if isinstance(one, Offer)]
    assert [one.agent for one in offers] == [uid(104)], "of those with mail the longest idle"
    world.check()


def test_at_half_of_its_target_mail_waits_no_longer():
    world = make(5)
    arrive(world, 1)
    world.tick(7_198_999)
    assert world.items[uid(1001)].state is WorkState.WAITING
    world.tick(1)  # x = (used + 1 s) / T reaches a half
    assert world.items[uid(1001)].state is WorkState.OFFERED


def test_when_fewer_calls_come_mail_is_given_out():
    world = make(5)
    arrive(world, 1)
    world.tell({"cs": (584, 90_000)})  # 29 erlangs: three stay free
    assert world.items[uid(1001)].state is WorkState.OFFERED
    first = world.items[uid(1001)].agent
    assert [one.agent for one in arrive(world, 2)] == [first], "who has one already is asked first"
    assert len(arrive(world, 3)) == 1, "four are whole, of whom three are kept"
    assert arrive(world, 4) == []
    world.check()


def test_a_queue_may_say_how_many_itself_and_when_it_does_no_more():
    assert len(arrive(make(5, reserve=2), 1)) == 1
    assert arrive(make(2, reserve=2), 1) == []
    hours = ServiceHours("UTC", {day: [(0, 1440)] for day in range(1, 8)})
    world = make(5, hours=hours, reserve_off_ms=HOUR_S)
    arrive(world, 1, target=14 * HOUR_S * 4)
    closes = hours.closes(world.now)
    world.tick(closes - HOUR_S - 1 - world.now)
    assert world.items[uid(1001)].state is WorkState.WAITING
    world.tick(1)
    assert world.items[uid(1001)].state is WorkState.OFFERED, "the last hour of its day"


def test_who_takes_no_calls_is_not_kept_and_nothing_is_without_calls():
    world = make(3)
    hire(world, 9, channels=("email", "chat"))
    assert [one.agent for one in arrive(world, 1)] == [uid(109)]
    assert len(arrive(make(3, pace=None), 1)) == 1


def test_a_rebuilt_state_keeps_whom_the_living_one_kept():
    world = make(7)
    for number in range(6):
        arrive(world, number, "email" if number % 2 else "voice")
    state, decided = world.rebuilt()
    assert decided == []
    assert state.pools.idle == world.state.pools.idle
    later = replace(world.items[uid(1000)], version=9, state=WorkState.DONE, agent=None)
    assert later.version == 9

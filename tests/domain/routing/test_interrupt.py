"""What must not wait makes room: who is interrupted, when he goes on, when work goes back."""

from dataclasses import replace

from tests.domain.routing.world import UNITS, World, uid

from polyphony.domain.presence import Mode, Status
from polyphony.domain.routing.decisions import AskBack, GiveBack, Offer, Resume, Suspend
from polyphony.domain.routing.facts import AgentFacts, ItemFacts, Policy, QueuePolicy
from polyphony.domain.work import WorkState

DESK = uid(1)
START = 1_800_000_000_000
EVA, PETR = uid(100), uid(101)
TARGETS = {"email": 14_400_000, "chat": 60_000, "voice": 20_000, "messenger": 900_000}


def make(*people, **policy):
    world = World(Policy(1, {DESK: QueuePolicy()}, **policy))
    world.now = START
    world.tick(0)
    for one in people:
        hire(world, one)
    return world


def hire(world, who, channels=("email", "chat", "voice"), **more):
    facts = AgentFacts(
        who,
        1,
        world.now,
        Status.ONLINE,
        dict.fromkeys(channels, Mode.ON),
        queues={DESK: 1},
        idle_since=world.now - who.int,
        **more,
    )
    world.agents[who] = facts
    return world.feed(facts)


def arrive(world, number, channel, target=None):
    facts = ItemFacts(
        uid(number),
        1,
        world.now,
        WorkState.WAITING,
        DESK,
        channel,
        UNITS.get(channel, 25),
        target or TARGETS[channel],
        world.now,
        channel == "voice",
    )
    world.items[facts.id] = facts
    return world.feed(facts)


def busy(world, number, channel, target=None):
    """Work that somebody has accepted."""
    arrive(world, number, channel, target)
    agent = world.items[uid(number)].agent
    world.move(uid(number), WorkState.IN_WORK, agent)
    return agent


def kinds(decided):
    return [type(one) for one in decided]


def test_a_call_interrupts_mail_and_mail_goes_on_after_it():
    world = make(EVA)
    busy(world, 1, "email")
    busy(world, 2, "email")
    decided = arrive(world, 3, "voice")
    assert kinds(decided) == [Suspend, Suspend, Offer]
    assert decided[2].why()["agent"]["interrupt"] == 500_000
    world.check()
    world.move(uid(3), WorkState.IN_WORK, EVA)
    world.tick(60_000)
    world.move(uid(3), WorkState.DONE)
    assert {world.items[uid(n)].state for n in (1, 2)} == {WorkState.IN_WORK}
    world.check()


def test_whoever_has_room_is_asked_before_anybody_is_interrupted():
    world = make(EVA, PETR)
    assert busy(world, 1, "email") == PETR, "he has been idle longer"
    decided = arrive(world, 2, "voice")
    assert kinds(decided) == [Offer]
    assert decided[0].agent == EVA


def test_a_chat_makes_as_little_room_as_it_needs():
    world = make(EVA)
    busy(world, 1, "email", target=1_000_000)
    busy(world, 2, "email")
    decided = arrive(world, 3, "chat")
    assert kinds(decided) == [Suspend, Offer]
    assert decided[0].item == uid(2), "the one with more time left"
    assert decided[0].for_item == uid(3)
    world.check()


def test_two_at_most_lie_interrupted():
    world = make()
    hire(world, EVA, cap_max=150)
    for number in (1, 2, 3):
        busy(world, number, "email")
    assert kinds(arrive(world, 4, "voice")) == [], "three would have to make room"
    world.check()


def test_calls_and_chats_are_never_interrupted_and_nothing_where_the_matrix_says_so():
    world = make(EVA)
    busy(world, 1, "chat")
    assert kinds(arrive(world, 2, "voice")) == []
    world = make(EVA, interrupts=frozenset())
    busy(world, 1, "email")
    assert kinds(arrive(world, 2, "voice")) == []
    world.check()


def test_an_offer_nobody_has_accepted_is_not_interrupted_but_what_is_accepted_is_at_once():
    world = make(EVA)
    arrive(world, 1, "email")
    assert kinds(arrive(world, 2, "voice")) == []
    world.move(uid(1), WorkState.IN_WORK, EVA)
    assert world.items[uid(1)].state is WorkState.SUSPENDED
    assert world.items[uid(2)].state is WorkState.OFFERED
    world.check()


def test_who_comes_back_with_mail_in_his_hands_gets_the_call_that_waits():
    world = make(EVA)
    busy(world, 1, "email")
    world.attend(EVA, Status.BREAK, {})
    arrive(world, 2, "voice")
    world.attend(EVA, Status.ONLINE, {})
    assert world.items[uid(2)].agent == EVA
    world.check()


def test_after_a_quarter_of_its_target_the_agent_is_asked_and_at_the_target_it_goes_back():
    world = make(EVA)
    busy(world, 1, "email", target=3_600_000)
    arrive(world, 2, "voice")
    world.move(uid(2), WorkState.IN_WORK, EVA)
    world.tick(899_999)
    assert not any(isinstance(one, AskBack) for one in world.decisions)
    world.tick(1)
    asked = next(one for one in world.decisions if isinstance(one, AskBack))
    assert (asked.agent, asked.until) == (EVA, START + 3_599_000)
    world.tick(2_698_999)
    assert world.items[uid(1)].state is WorkState.SUSPENDED
    world.tick(1)
    assert any(isinstance(one, GiveBack) for one in world.decisions)
    assert world.items[uid(1)].state is WorkState.WAITING
    assert world.items[uid(1)].since == START, "its place in the line is the old one"
    world.check()


def test_what_is_late_already_is_asked_for_before_it_goes_back():
    world = make(EVA)
    busy(world, 1, "email", target=3_600_000)
    world.tick(7_200_000)
    arrive(world, 2, "voice")
    world.move(uid(2), WorkState.IN_WORK, EVA)
    world.tick(899_999)
    assert world.items[uid(1)].state is WorkState.SUSPENDED
    world.tick(1)
    assert [type(one) for one in world.decisions if isinstance(one, (AskBack, GiveBack))] == [
        AskBack,
        GiveBack,
    ]


def test_a_chat_that_waits_takes_the_room_before_mail_goes_on():
    """Else the mail would go on and be interrupted again in the same moment."""
    world = make(EVA)
    busy(world, 1, "email")
    busy(world, 2, "email")
    arrive(world, 3, "chat")
    world.move(uid(3), WorkState.IN_WORK, EVA)
    for number in (4, 5):
        arrive(world, number, "chat")
    waiting = [n for n in (3, 4, 5) if world.items[uid(n)].state is WorkState.WAITING]
    held = next(n for n in (3, 4, 5) if n not in waiting)
    before = len(world.decisions)
    world.move(uid(held), WorkState.DONE)
    assert Resume not in kinds(world.decisions[before:]) or not waiting
    world.check()


def test_a_declined_call_lets_the_mail_go_on():
    world = make(EVA)
    busy(world, 1, "email")
    arrive(world, 2, "voice")
    world.decline(uid(2))
    assert world.items[uid(1)].state is WorkState.IN_WORK
    world.check()


def test_a_rebuilt_state_knows_who_was_interrupted_and_when_he_is_asked():
    world = make(EVA)
    busy(world, 1, "email")
    arrive(world, 2, "voice")
    world.move(uid(2), WorkState.IN_WORK, EVA)
    world.tick(600_000)
    state, decided = world.rebuilt()
    assert decided == []
    assert state.agents[EVA.int].asleep == 1
    late = replace(world.items[uid(1)])
    assert late.suspended_at == START


def test_the_room_an_accepted_mail_leaves_when_it_is_interrupted_is_used_at_once():
    world = make()
    hire(world, EVA, cap_max=80)
    arrive(world, 1, "email")
    arrive(world, 2, "chat")
    arrive(world, 3, "chat")
    world.move(uid(1), WorkState.IN_WORK, EVA)
    assert [world.items[uid(number)].agent for number in (2, 3)] == [EVA, EVA]
    world.check()


def test_the_room_an_arrival_leaves_that_interrupts_is_used_at_once():
    world = make()
    hire(world, EVA, ("email", "chat", "messenger"), cap_max=74)
    busy(world, 1, "email")
    assert kinds(arrive(world, 2, "messenger")) == [], "it interrupts nothing and does not fit"
    decided = arrive(world, 3, "chat")
    assert kinds(decided) == [Suspend, Offer, Offer]
    assert [one.item for one in decided[1:]] == [uid(3), uid(2)]
    world.check()


def test_who_comes_with_mail_in_his_hands_gets_all_the_chats_that_fit():
    world = make()
    hire(world, EVA, ("email",), cap_max=80)
    busy(world, 1, "email")
    arrive(world, 2, "chat")
    arrive(world, 3, "chat")
    world.attend(EVA, Status.BREAK, {})
    world.agents[EVA] = replace(world.agents[EVA], modes=dict.fromkeys(UNITS, Mode.OFF))
    world.attend(EVA, Status.ONLINE, {})
    assert [world.items[uid(number)].agent for number in (2, 3)] == [EVA, EVA]
    world.check()

"""What the core decides in single situations, and what it says about them."""

from dataclasses import replace

import pytest
from tests.domain.routing.world import UNITS, uid

from polyphony.domain.offer import Exclusion
from polyphony.domain.presence import Mode, Status
from polyphony.domain.routing import explain
from polyphony.domain.routing.decisions import (
    Expire,
    Hold,
    NotResponding,
    Offer,
    Relax,
    Release,
    Withdraw,
)
from polyphony.domain.routing.facts import (
    AgentFacts,
    Gone,
    ItemFacts,
    Policy,
    QueuePolicy,
    Refused,
    Tick,
)
from polyphony.domain.routing.index import WAKES_MAX
from polyphony.domain.routing.match import step
from polyphony.domain.routing.state import State
from polyphony.domain.skill import Requirement, RequirementKind
from polyphony.domain.work import WorkState

QUEUE, JANA, KAREL, EVA = uid(1), uid(11), uid(12), uid(13)
PLAIN = Policy(1, {QUEUE: QueuePolicy()})
NEED_SK = (
    Requirement("sk", 4, substitutes=(("cs", 3),)),
    Requirement("mortgage", 3),
    Requirement("licence", 1, RequirementKind.LEGAL),
)


def person(who, at=0, *, version=1, on=("chat", "email", "voice"), rank=1, **more):
    modes = {channel: Mode.ON if channel in on else Mode.OFF for channel in UNITS}
    known = {"status": Status.ONLINE, "queues": {QUEUE: rank}, "idle_since": at, **more}
    return AgentFacts(who, version, at, modes=modes, **known)


def item(number, at=0, channel="chat", *, version=1, target=60_000, **more):
    known = {"state": WorkState.WAITING, "since": at, **more}
    return ItemFacts(
        *(uid(1000 + number), version, at),
        queue=QUEUE,
        channel=channel,
        units=UNITS[channel],
        target_ms=target,
        exclusive=channel == "voice",
        **known,
    )


class Core:
    def __init__(self, policy=PLAIN):
        self.policy = policy
        self.state = State(policy)

    def __call__(self, *inputs):
        return step(self.state, inputs, self.policy)[1]

    def offers(self, *inputs):
        return [(o.item.int - 1000, o.agent) for o in self(*inputs) if isinstance(o, Offer)]

    def waiting(self, number):
        return explain.waiting(self.state, uid(1000 + number))


def test_example_a_the_order_in_which_one_agent_is_given_work():
    core = Core()
    busy = person(EVA, on=())
    core(
        busy,
        item(1, -12_000, "voice", target=20_000),
        item(2, -4_000, "voice", target=10_000, tier="vip"),
        item(3, -12_600_000, "email", target=14_400_000),
    )
    order = []
    core(person(EVA, version=2, idle_since=0))
    for _ in range(3):
        [held] = [one for one in core.state.items.values() if one.agent]
        order.append(held.tag - 1000)
        core(replace(item(order[-1], 0), version=9, state=WorkState.DONE, at=0))
    assert order == [2, 1, 3]


def test_example_b_the_arriving_call_goes_to_whoever_costs_least():
    def choose(sticky=None):
        core = Core(Policy(1, {QUEUE: QueuePolicy()}, languages=frozenset({"cs"})))
        core(
            person(JANA, 180_000, skills={"cs": 4}, idle_since=180_000),
            person(KAREL, 270_000, skills={"cs": 3}, idle_since=270_000),
            Tick(300_000),
        )
        needs = (Requirement("cs", 1),)
        return core(item(1, 300_000, "voice", requirements=needs, sticky=sticky))[0]

    decided = choose()
    why = decided.why()
    assert decided.agent == JANA
    assert why["side"] == "arrival"
    assert why["agent"]["idle"] == -300_000
    assert why["agent"]["level"] == -400_000
    assert why["lost"][0]["id"] == str(KAREL)
    assert why["lost"][0]["term"] == "idle"
    sticky = choose(KAREL)
    assert sticky.agent == KAREL
    assert sticky.why()["agent"]["sticky"] == -600_000


def test_example_c_slovak_mortgage_advice_widens_until_a_licensed_czech_is_free():
    core = Core(Policy(1, {QUEUE: QueuePolicy(sticky="off")}, skip_if_nobody=False))
    core(
        person(JANA, skills={"sk": 3, "mortgage": 2, "licence": 1}, on=()),
        person(KAREL, skills={"cs": 5, "mortgage": 3}),
        person(EVA, skills={"cs": 4, "mortgage": 2, "licence": 1}),
    )
    assert core(item(1, requirements=NEED_SK)) == []
    assert core(Tick(28_999)) == []
    assert core(Tick(30_000)) == [Relax(29_000, uid(1001), 0, 1, "waited")]
    assert core.waiting(1)["code"] == "channel_off"
    assert core.waiting(1)["next"] == {"step": 2, "at": 47_000, "adds_agents": 0}
    decided = core(Tick(60_000))
    assert [type(one) for one in decided] == [Relax, Relax, Offer]
    assert decided[-1].agent == EVA
    assert decided[-1].why()["item"]["step"] == 3


def test_nobody_signed_in_with_the_skill_skips_to_the_step_that_has_somebody():
    core = Core()
    core(person(KAREL, skills={"cs": 5}))
    decided = core(item(1, requirements=(Requirement("sk", 4, substitutes=(("cs", 3),)),)))
    assert decided[0] == Relax(0, uid(1001), 0, 3, "nobody_signed_in")
    assert decided[1].agent == KAREL


def test_members_of_a_later_rank_join_later():
    core = Core(Policy(1, {QUEUE: QueuePolicy()}, skip_if_nobody=False))
    core(person(KAREL, rank=2))
    assert core.offers(item(1)) == []
    assert core.offers(Tick(30_000)) == [(1, KAREL)]


def test_a_miss_excludes_counts_and_silences_and_the_next_one_is_asked():
    core = Core()
    core(person(JANA, 0, idle_since=-5), person(KAREL))
    assert core.offers(item(1)) == [(1, JANA)]
    missed, silent, relaxed, offer = core(Tick(30_000))
    assert missed == Expire(
        *(30_000, uid(1001), JANA, 2),
        Exclusion(JANA, 90_000, "missed", 1),
        {"chat": 1, "all": 1},
    )
    assert silent == NotResponding(30_000, JANA, 1, "chat", {"chat": 1, "all": 1})
    assert relaxed == Relax(30_000, uid(1001), 0, 1, "waited")
    assert (offer.agent, offer.item_version) == (KAREL, 3)


def test_a_third_miss_in_a_row_silences_everything_and_withdraws_the_rest():
    core = Core()
    core(person(JANA, misses={"email": 2, "all": 2}, cap_max=100))
    core(item(1, 0, "email", target=14_400_000), item(2, 5_000, "email", target=14_400_000))
    decided = core(Tick(120_000))
    assert [type(one) for one in decided] == [Expire, NotResponding, Withdraw]
    assert decided[1].scope == "all"
    assert decided[2].reason == "not_responding"
    assert core.state.agents[JANA.int].status is Status.NOT_RESPONDING


def test_a_change_of_presence_withdraws_without_a_miss_and_others_are_asked():
    core = Core()
    core(person(JANA, idle_since=-5), person(KAREL, on=()))
    assert core.offers(item(1)) == [(1, JANA)]
    core(person(KAREL, 10, version=2))
    decided = core(person(JANA, 20, version=2, on=("email",)))
    assert decided[0] == Withdraw(20, uid(1001), JANA, 2, "presence")
    assert decided[1].agent == KAREL
    assert core.state.agents[JANA.int].misses == {}


@pytest.mark.parametrize(
    ("change", "reason"), [({"cap_max": 20}, "capacity"), ({"skills": {}}, "skill")]
)
def test_what_no_longer_fits_is_withdrawn(change, reason):
    core = Core()
    core(person(JANA, skills={"cs": 3}))
    core(item(1, requirements=(Requirement("cs", 3),)))
    known = {"skills": {"cs": 3}, **change}
    assert core(person(JANA, 10, version=2, **known))[0].reason == reason


def test_whom_a_person_chose_keeps_his_offer_without_queue_or_skill_but_not_when_he_goes():
    core = Core()
    core(person(JANA), person(KAREL, on=()))
    needy = item(1, requirements=(Requirement("cs", 3),))
    core(needy)
    chosen = replace(
        needy, version=2, state=WorkState.OFFERED, agent=JANA, deadline=90_000, by_hand=True
    )
    core(chosen)
    assert core(person(JANA, 10, version=2, idle_since=5)) == []
    (gone,) = core(person(JANA, 20, version=3, on=()))
    assert gone == Withdraw(20, needy.id, JANA, 2, "presence")


def test_an_item_waits_for_its_agent_who_is_there_but_full_and_then_for_nobody():
    core = Core()
    core(person(JANA, cap_max=33), person(KAREL, on=()))
    core(item(1))
    held = core(item(2, 1_000, sticky=JANA))
    assert held == [Hold(1_000, uid(1002), JANA, 30_000)]
    assert core.waiting(2)["code"] == "held_for_preferred"
    assert core.offers(person(KAREL, 2_000, version=2)) == []
    done = replace(item(1), version=9, at=3_000, state=WorkState.DONE)
    assert core.offers(done) == [(2, JANA)]


def test_a_hold_ends_before_it_breaks_the_target_or_when_the_agent_goes():
    for ending in (Tick(30_000), person(JANA, 5_000, version=2, on=(), cap_max=33)):
        core = Core()
        core(person(JANA, cap_max=33), item(1))
        core(replace(item(1), version=9, state=WorkState.IN_WORK, agent=JANA))
        core(item(2, 1_000, sticky=JANA), person(KAREL, 2_000))
        decided = core(ending)
        reason = "hold_over" if isinstance(ending, Tick) else "preferred_away"
        assert [one.reason for one in decided if isinstance(one, Release)] == [reason]
        assert (2, KAREL) in [
            (one.item.int - 1000, one.agent) for one in decided if isinstance(one, Offer)
        ]


def test_older_work_of_a_class_is_served_first_unless_it_excludes_the_agent():
    core = Core()
    keep = (Exclusion(JANA, None, "conflict"),)
    core(item(1, 0, exclusions=keep), item(2, 1_000), item(3, 2_000))
    assert core.offers(person(JANA, 3_000, cap_max=66)) == [(2, JANA), (3, JANA)]
    assert core.waiting(1)["code"] == "excluded_after_decline"


@pytest.mark.parametrize("others", [1, WAKES_MAX - 1, WAKES_MAX, 3 * WAKES_MAX])
def test_whoever_found_nothing_finds_what_came_later_however_much_else_came_and_went(others):
    core = Core(Policy(1, {QUEUE: QueuePolicy()}, skip_if_nobody=False))
    core(person(JANA, skills={"cs": 1}), person(KAREL, skills={"sk": 1}))
    core(item(1, requirements=(Requirement("cs", 1),)))
    core(replace(item(1), version=9, state=WorkState.DONE))  # Jana looked, and nobody waited
    core(person(JANA, 1, version=2, on=(), skills={"cs": 1}))
    core(person(KAREL, 1, version=2, on=(), skills={"sk": 1}))
    for number in range(2, 2 + others):
        target = 60_000 + number  # of each its own curve
        core(item(number, 2, target=target, requirements=(Requirement("sk", 1),)))
    core(item(1_000, 3, requirements=(Requirement("cs", 1),)))
    back = person(JANA, 4, version=3, skills={"cs": 1})
    assert core.offers(back) == [(1_000, JANA)]
    assert len(core.offers(person(KAREL, 5, version=3, skills={"sk": 1}))) == min(others, 3)


def test_deadlines_of_unequal_times_to_answer_pass_in_the_order_of_time_then_id():
    core = Core()
    core(person(JANA, cap_max=300))
    core(item(3, 0, "email", target=14_400_000), item(2, 90_000, target=14_400_000))
    core(item(4, 90_001, target=14_400_000))
    taken = replace(item(4, 90_002), version=3, state=WorkState.IN_WORK, agent=JANA)
    assert core(taken) == []
    assert core.state.wake == 120_000
    missed = [(one.at, one.item.int - 1000) for one in core(Tick(500_000)) if type(one) is Expire]
    assert missed[:2] == [(120_000, 2), (120_000, 3)]
    assert 4 not in [number for _, number in missed]


def test_a_decline_lapses_when_the_target_is_used_up():
    core = Core()
    core(person(JANA))
    never = (Exclusion(JANA, None, "declined", 2),)
    assert core.offers(item(1, exclusions=never)) == []
    assert core.offers(Tick(58_999)) == []
    assert core.offers(Tick(59_000)) == [(1, JANA)]


def test_refused_pairs_are_forgotten_until_fresh_facts_come_and_kept_apart_a_second():
    core = Core()
    core(person(JANA))
    core(item(1))
    assert core(Refused(10, uid(1001), JANA)) == []
    assert core.waiting(1)["code"] == "not_waiting"
    assert core(item(1, 20, version=5), person(JANA, 20, version=3)) == []
    assert core.offers(Tick(1_010)) == [(1, JANA)]


def test_what_is_gone_frees_who_held_it_and_who_is_gone_is_asked_nothing():
    core = Core()
    core(person(JANA, cap_max=33), item(1), item(2))
    assert core.offers(Gone(5, uid(1001))) == [(2, JANA)]
    decided = core(Gone(6, JANA))
    assert isinstance(decided[0], Withdraw)
    assert core.state.agents[JANA.int].used == 0


def test_a_new_policy_orders_what_waits_anew():
    core = Core()
    core(item(1, 0, "email", target=14_400_000), item(2, 0, "chat", target=60_000_000))
    core.policy = Policy(2, {QUEUE: QueuePolicy(delivery="open")})
    assert core.offers(person(JANA, 10)) == []
    core.policy = Policy(3, {QUEUE: QueuePolicy(weight_milli=2000)})
    assert core.offers(Tick(20)) == [(1, JANA), (2, JANA)]


def test_why_it_still_waits_is_said_with_counts():
    core = Core()
    core(item(1, requirements=(Requirement("licence", 1, RequirementKind.LEGAL),)))
    assert core.waiting(1)["code"] == "no_agent_has_skills"
    core(person(JANA, skills={"licence": 1}, status=Status.OFFLINE, on=()))
    assert core.waiting(1)["code"] == "none_signed_in"
    core(person(JANA, 1, version=2, skills={"licence": 1}, status=Status.BREAK, on=()))
    assert core.waiting(1)["blockers"] == [{"code": "on_break", "count": 1}]
    core(person(JANA, 2, version=3, skills={"licence": 1}))
    assert core.waiting(1)["code"] == "offered_now"
    core(item(2, 3, "voice", requirements=(Requirement("licence", 1, RequirementKind.LEGAL),)))
    assert core.waiting(2)["code"] == "all_busy"


def test_an_exclusive_item_needs_somebody_with_nothing_else():
    core = Core()
    core(person(JANA, cap_max=300), item(1))
    assert core.offers(item(2, 1, "voice")) == []
    done = replace(item(1), version=9, at=5, state=WorkState.DONE)
    assert core.offers(done) == [(2, JANA)]
    assert core.offers(item(3, 6)) == []


def test_old_news_of_something_that_is_over_stays_old():
    core = Core()
    core(person(JANA, on=()), item(1))
    core(replace(item(1), version=4, state=WorkState.DONE))
    assert core(item(1, version=3)) == []
    assert core.offers(person(JANA, 5, version=2)) == []


def test_whoever_has_just_finished_is_asked_after_whoever_has_been_idle():
    core = Core()
    core(person(JANA, idle_since=-5))
    assert core.offers(item(1)) == [(1, JANA)]
    core(person(KAREL, 10_000, idle_since=10_000))
    taken = replace(item(1), version=3, at=11_000, state=WorkState.IN_WORK, agent=JANA)
    core(taken, replace(taken, version=4, state=WorkState.DONE, agent=None, moved_at=20_000))
    assert core.offers(item(2, 21_000)) == [(2, KAREL)]


def test_of_equal_scores_the_older_one_is_served_then_the_smaller_id():
    core = Core()
    core(item(2, 1, "chat", target=1_000), item(3, 0, "chat", target=1_000))
    core(item(1, 1, "email", target=1_000), item(4, 1, "email", target=1_000))
    core(Tick(2_001))  # all at x = 3: chat .8 / 480 s = e-mail .6 / 360 s
    order = core.offers(person(JANA, 2_001, cap_max=166))
    assert [number for number, _ in order] == [3, 1, 2, 4]


def test_somebody_who_signs_in_only_for_a_later_step_gets_what_nobody_could_serve():
    core = Core()
    core(item(1, requirements=(Requirement("sk", 4, substitutes=(("cs", 3),)),)))
    decided = core(person(KAREL, 100, skills={"cs": 3}))
    assert decided[0] == Relax(100, uid(1001), 0, 3, "nobody_signed_in")
    assert decided[1].agent == KAREL


def test_when_the_last_one_with_the_skill_leaves_the_ladder_is_skipped():
    core = Core()
    core(person(JANA, skills={"sk": 4}, cap_max=20), person(KAREL, skills={"cs": 3}))
    core(item(1, requirements=(Requirement("sk", 4, substitutes=(("cs", 3),)),)))
    gone = person(JANA, 50, version=2, status=Status.OFFLINE, on=(), skills={"sk": 4})
    assert [type(one) for one in core(gone)] == [Relax, Offer]


def test_declines_lapse_at_the_target_even_where_the_ladder_is_at_its_end():
    core = Core()
    core(person(KAREL, skills={"cs": 5}))
    never = (Exclusion(KAREL, None, "declined", 2),)
    needs = (Requirement("sk", 4, substitutes=(("cs", 3),)),)
    assert core.offers(item(1, requirements=needs, exclusions=never)) == []
    assert core.offers(Tick(58_999)) == []
    assert core.offers(Tick(59_000)) == [(1, KAREL)]

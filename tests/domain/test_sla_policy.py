"""The closest promise wins, then the rank, then the older id; whoever lost says why."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyphony.domain.errors import Invalid
from polyphony.domain.sla import ClockType
from polyphony.domain.sla_policy import (
    Facts,
    Level,
    Own,
    Policy,
    Scope,
    check,
    choose,
    scope_of,
    targets_of,
)

FIRST = ClockType.FIRST_RESPONSE
FACTS = Facts(
    channel="email",
    tier="vip",
    kind="complaint",
    customer="c1",
    queue="q1",
    account="a1",
    department="d1",
    tags=frozenset({"loan"}),
    hand=UUID(int=1),
)
SCOPES = [
    ("hand", Scope(tiers=frozenset({"standard"}))),  # chosen by hand: its scope is not asked
    ("customer", Scope(customers=frozenset({"c1"}))),
    ("product", Scope(products=frozenset({"loan"}))),
    ("segment", Scope(tiers=frozenset({"vip"}))),
    ("kind", Scope(kinds=frozenset({"complaint"}))),
    ("queue", Scope(queues=frozenset({"q1"}))),
    ("account", Scope(accounts=frozenset({"a1"}))),
    ("department", Scope(departments=frozenset({"d1"}))),
    ("global", Scope()),
]


def policy(number, scope, rank=0, target=1000):
    return Policy(UUID(int=number), f"p{number}", rank, scope, {FIRST: target})


EVERY = [policy(number, scope) for number, (_, scope) in enumerate(SCOPES, 1)]


def test_the_nine_levels_win_in_their_order_and_all_others_are_named_as_losers():
    for number, (name, _) in enumerate(SCOPES):
        chosen = choose(EVERY[number:], FACTS, FIRST, Own(usual_ms=9))
        assert chosen.policy is EVERY[number]
        assert chosen.level.name.lower() == name
        lost = [one.level.name.lower() for one in chosen.losers]
        assert lost == [level for level, _ in SCOPES[number + 1 :]] + ["usual"]
        assert {one.why for one in chosen.losers} == {"level"}


def test_of_one_level_the_lower_rank_wins_and_of_one_rank_the_older_id():
    scope = Scope(queues=frozenset({"q1"}))
    three = [policy(7, scope, 1), policy(8, scope, 0), policy(9, scope, 0)]
    chosen = choose(three, FACTS, FIRST)
    assert chosen.policy.name == "p8"
    assert [(one.name, one.why) for one in chosen.losers] == [("p9", "id"), ("p7", "rank")]


def test_the_own_target_of_a_queue_counts_after_policies_that_name_the_queue():
    scope = Scope(queues=frozenset({"q1"}))
    chosen = choose([policy(7, scope, 50)], FACTS, FIRST, Own(500, 900))
    assert chosen.policy.name == "p7"
    assert [(one.target_ms, one.level) for one in chosen.losers] == [
        (500, Level.QUEUE),
        (900, Level.USUAL),
    ]
    department = policy(8, Scope(departments=frozenset({"d1"})))
    assert choose([department], FACTS, FIRST, Own(500, 900)).target_ms == 500


def test_nothing_is_chosen_where_nobody_promised_anything():
    assert choose([], FACTS, FIRST) is None
    assert choose(EVERY, FACTS, ClockType.UPDATE_EVERY) is None


def test_every_list_of_a_scope_must_name_the_case_and_channels_only_narrow():
    both = Scope(tiers=frozenset({"vip"}), channels=frozenset({"chat"}))
    assert both.level is Level.SEGMENT
    assert not both.fits(FACTS)
    assert Scope(tiers=frozenset({"vip"}), queues=frozenset({"q1", "q2"})).fits(FACTS)
    assert not Scope(products=frozenset({"card"})).fits(FACTS)


def test_who_promises_the_first_answer_means_every_answer_unless_he_says_otherwise():
    assert targets_of({"first_response_s": 60})[ClockType.NEXT_RESPONSE] == 60_000
    both = targets_of({"first_response_s": 60, "next_response_s": 90})
    assert both[ClockType.NEXT_RESPONSE] == 90_000


@pytest.mark.parametrize(
    "values",
    [
        {"scope": {"moods": ["bad"]}},
        {"scope": {"queues": ["no id"]}},
        {"scope": {"tiers": ["gold"]}},
        {"scope": {"products": [""]}},
        {"targets": {"first_response_s": 0}},
        {"targets": {"first_response_s": 10**9}},
        {"targets": {"someday_s": 5}},
        {"pauses": ["lunch"]},
    ],
)
def test_what_no_policy_can_be_is_refused(values):
    with pytest.raises(Invalid):
        check(values)


def test_a_scope_as_it_is_stored_is_read_back():
    assert scope_of({"tiers": ["vip"], "channels": ["email"]}).level is Level.SEGMENT
    assert scope_of({}).level is Level.GLOBAL


@given(st.permutations(EVERY), st.sets(st.integers(1, 9), min_size=1))
def test_the_choice_never_depends_on_the_order_of_the_list(listed, left):
    some = [one for one in listed if one.id.int in left]
    chosen = choose(some, FACTS, FIRST)
    assert chosen.policy.id.int == min(left)
    assert [one.id.int for one in chosen.losers] == sorted(left - {min(left)})

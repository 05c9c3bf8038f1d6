"""Every step only widens, whatever the ladder; legal requirements never change."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyphony.domain.errors import Invalid
from polyphony.domain.routing.ladder import (
    DEFAULT,
    Ladder,
    Rung,
    check,
    others,
    points,
    queues_at,
    rank_at,
    read,
    relaxed,
    widens,
)
from polyphony.domain.skill import Requirement, RequirementKind

TWENTY_S = 20_000
A, B = UUID(int=1), UUID(int=2)
levels = st.integers(1, 5)
names = st.sampled_from(["cs", "sk", "loan", "licence"])
needs = st.lists(
    st.builds(
        Requirement,
        names,
        levels,
        st.sampled_from(RequirementKind),
        st.lists(st.tuples(names, levels), max_size=2).map(tuple),
    ),
    max_size=4,
)
rungs = st.builds(
    Rung,
    at_x=st.none(),
    at_ms=st.integers(0, 60_000),
    drop=st.frozensets(names, max_size=2),
    lower=st.dictionaries(names, st.integers(0, 4), max_size=2).map(
        lambda found: tuple(sorted(found.items()))
    ),
    all_lower=st.integers(0, 2),
    drop_desired=st.booleans(),
    substitutes=st.booleans(),
    rank=st.integers(0, 9),
    queues=st.sampled_from([(), (A,), (B, A)]),
    related=st.booleans(),
)
ladders = st.one_of(
    st.just(DEFAULT), st.lists(rungs, min_size=1, max_size=8).map(lambda all_: Ladder(tuple(all_)))
)


def able(skills, wanted, ladder, step):
    """An oracle of its own: substitutes count once a rung has allowed them."""
    free = any(rung.substitutes for rung in ladder.rungs[:step])
    return all(one.met(skills, substitutes=free) for one in relaxed(wanted, ladder, step))


@given(needs, ladders, st.dictionaries(names, levels), st.integers(1, 9))
def test_who_serves_a_step_serves_every_later_one(wanted, ladder, skills, rank):
    for step in range(ladder.count - 1):
        assert widens(relaxed(wanted, ladder, step), relaxed(wanted, ladder, step + 1))
        if able(skills, wanted, ladder, step):
            assert able(skills, wanted, ladder, step + 1)
        if rank <= rank_at(ladder, step):
            assert rank <= rank_at(ladder, step + 1)
        assert set(queues_at(ladder, step, [B])) <= set(queues_at(ladder, step + 1, [B]))
    assert rank_at(ladder, ladder.count - 1) == 9, "who is a member is asked before work starves"


@given(needs, ladders)
def test_legal_requirements_are_never_lowered_dropped_or_replaced(wanted, ladder):
    for step in range(ladder.count):
        for one in wanted:
            if one.kind is RequirementKind.LEGAL:
                found = relaxed(wanted, ladder, step)
                assert Requirement(one.skill, one.min_level, one.kind) in found


@given(ladders, st.integers(1, 10**8))
def test_rungs_are_reached_in_their_order(ladder, target):
    found = points(ladder, target)
    assert list(found) == sorted(found)


@given(needs, needs, st.lists(st.dictionaries(names, levels), max_size=30))
def test_what_is_said_to_widen_lets_everybody_through_who_was_let_through(few, many, people):
    if widens(few, many):
        for skills in people:
            if all(one.met(skills, substitutes=True) for one in few):
                assert all(one.met(skills, substitutes=True) for one in many)


def test_the_usual_steps():
    wanted = [
        Requirement("sk", 4, substitutes=(("cs", 3),)),
        Requirement("loan", 2, RequirementKind.DESIRED),
    ]
    assert [one.min_level for one in relaxed(wanted, DEFAULT, 0)] == [2, 4]
    assert [one.min_level for one in relaxed(wanted, DEFAULT, 1)] == [2, 3]
    assert relaxed(wanted, DEFAULT, 2) == (Requirement("sk", 3),)
    assert relaxed(wanted, DEFAULT, 3) == (Requirement("sk", 3, substitutes=(("cs", 3),)),)
    assert points(DEFAULT, TWENTY_S) == (9_000, 15_000, 19_000)  # x = (used + 1 s) / 20 s
    assert [rank_at(DEFAULT, step) for step in range(4)] == [1, 2, 3, 9]
    assert [queues_at(DEFAULT, step, [A]) for step in range(4)] == [(), (), (), (A,)]
    assert read(None) is DEFAULT


def test_an_own_ladder_is_read_from_what_people_write():
    ladder = read(
        [
            {"at_s": 30, "lower": {"sk": 2}, "add_member_rank": 4},
            {"at_x": 0.8, "drop": ["loan"], "add_queue_members": [str(A)]},
            {"at_x": 1, "substitutes": True, "lower_all": 1, "related": True},
        ]
    )
    assert points(ladder, TWENTY_S) == (30_000, 30_000, 30_000), "none before another"
    assert points(ladder, 100_000) == (30_000, 79_000, 99_000)
    assert [rank_at(ladder, step) for step in range(4)] == [1, 4, 4, 9]
    assert others(ladder, [B]) == (A, B)
    wanted = [Requirement("sk", 4), Requirement("loan", 2), Requirement("licence", 3)]
    assert relaxed(wanted, ladder, 3) == (Requirement("licence", 2), Requirement("sk", 1))
    check(ladder, wanted, ["law"])


@pytest.mark.parametrize(
    "raw",
    [
        *([], "x", [{}], [{"at_x": 0.5, "at_s": 3}], [{"at_x": 4}], [{"at_x": -1}]),
        *([{"at_s": 1, "lower": {"sk": -1}}], [{"at_s": 1, "lower": ["sk"]}]),
        *([{"at_s": 1, "add_member_rank": 10}], [{"at_s": 1, "add_queue_members": ["x"]}]),
        *([{"at_s": 1, "drop": [1]}], [{"at_s": True}], [{"at_s": 1}] * 9),
    ],
)
def test_what_is_no_ladder_is_refused(raw):
    with pytest.raises(Invalid, match=r"ladder\.malformed"):
        read(raw)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ([{"at_x": 0.5}, {"at_x": 0.4}], "ladder.order"),
        ([{"at_s": 9}, {"at_x": 0.4}, {"at_s": 5}], None),  # of different kinds: none is earlier
        ([{"at_s": 1, "add_member_rank": 5}, {"at_s": 2, "add_member_rank": 3}], "ladder.narrows"),
        ([{"at_s": 1, "drop": ["law"]}], "ladder.legal"),
        ([{"at_s": 1, "lower": {"licence": 1}}], "ladder.legal"),
        ([{"at_s": 1, "drop": [f"s{n}" for n in range(51)]}], "ladder.skills"),
    ],
)
def test_a_ladder_that_narrows_or_touches_the_law_is_refused(raw, code):
    wanted = [Requirement("licence", 1, RequirementKind.LEGAL), Requirement("sk", 3)]
    if code is None:
        check(read(raw), wanted, ["law"])
        return
    with pytest.raises(Invalid) as refused:
        check(read(raw), wanted, ["law"])
    assert refused.value.code == code

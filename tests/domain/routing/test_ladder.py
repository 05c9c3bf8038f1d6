"""Every step only widens; legal requirements never change."""

from hypothesis import given
from hypothesis import strategies as st

from polyphony.domain.routing.ladder import DEFAULT, LAST, THRESHOLDS, joins, relaxed, step_at
from polyphony.domain.skill import Requirement, RequirementKind

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


def able(skills, wanted, step):
    return all(one.met(skills, substitutes=step == LAST) for one in relaxed(wanted, step))


@given(needs, st.dictionaries(names, levels), st.integers(1, 9))
def test_who_serves_a_step_serves_every_later_one(wanted, skills, rank):
    for step in range(LAST):
        if able(skills, wanted, step):
            assert able(skills, wanted, step + 1)
        if joins(rank, step):
            assert joins(rank, step + 1)


@given(needs)
def test_legal_requirements_are_never_lowered_dropped_or_replaced(wanted):
    for step in range(LAST + 1):
        for one in wanted:
            if one.kind is RequirementKind.LEGAL:
                assert Requirement(one.skill, one.min_level, one.kind) in relaxed(wanted, step)


def test_the_default_steps():
    wanted = [
        Requirement("sk", 4, substitutes=(("cs", 3),)),
        Requirement("loan", 2, RequirementKind.DESIRED),
    ]
    assert [one.min_level for one in relaxed(wanted, 0)] == [2, 4]
    assert [one.min_level for one in relaxed(wanted, 1)] == [2, 3]
    assert relaxed(wanted, 2) == (Requirement("sk", 3),)
    assert relaxed(wanted, 3) == (Requirement("sk", 3, substitutes=(("cs", 3),)),)
    assert [step_at(x) for x in (0, 499_999, 500_000, 800_000, 999_999, 1_000_000)] == [
        *(0, 0, 1, 2, 2, 3)
    ]


def test_the_default_ladder_is_written_as_it_is_obeyed():
    assert tuple(one.at_x for one in DEFAULT.rungs) == THRESHOLDS
    kinds = RequirementKind
    need = [Requirement(kind.value, 4, kind, (("other", 2),)) for kind in kinds]
    lower, dropped, swapped = 0, False, False
    for step, rung in enumerate(DEFAULT.rungs, 1):
        lower, dropped = lower + rung.all_lower, dropped or rung.drop_desired
        swapped = swapped or rung.substitutes
        found = {one.kind: one for one in relaxed(need, step)}
        assert found[kinds.REQUIRED].min_level == 4 - lower
        assert (kinds.DESIRED in found) is not dropped
        assert bool(found[kinds.REQUIRED].substitutes) is swapped
        assert found[kinds.LEGAL].min_level == 4
        assert [rank for rank in range(1, 10) if joins(rank, step)] == [*range(1, rung.rank + 1)]

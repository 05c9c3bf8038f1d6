"""Requirements: who fulfils them, and how they travel as JSON."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyphony.domain.errors import Invalid
from polyphony.domain.skill import Requirement, RequirementKind, as_json, requirement

needs = st.builds(
    Requirement,
    st.text(min_size=1, max_size=8),
    st.integers(1, 5),
    st.sampled_from(RequirementKind),
    st.lists(st.tuples(st.text(min_size=1, max_size=4), st.integers(1, 5)), max_size=3).map(tuple),
)


def test_a_substitute_counts_only_when_it_is_allowed():
    need = Requirement("sk", 4, substitutes=(("cs", 3),))
    assert need.met({"sk": 4})
    assert not need.met({"sk": 3, "cs": 5})
    assert need.met({"sk": 3, "cs": 3}, substitutes=True)
    assert not need.met({"cs": 2}, substitutes=True)


@given(needs)
def test_a_requirement_survives_json(need):
    assert requirement(as_json(need)) == need


@pytest.mark.parametrize(
    "bad",
    [
        {},
        {"skill": ""},
        {"skill": "cs", "min_level": 6},
        {"skill": "cs", "min_level": "high"},
        {"skill": "cs", "kind": "nice"},
        {"skill": "cs", "substitutes": "sk"},
        {"skill": "cs", "substitutes": [{"min_level": 1}]},
        {"skill": "cs", "substitutes": ["sk"]},
    ],
)
def test_nonsense_is_refused(bad):
    with pytest.raises(Invalid):
        requirement(bad)

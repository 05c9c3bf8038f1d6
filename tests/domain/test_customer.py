"""What the data tell of a customer's ways, and what may be noted of him."""

import pytest

from polyphony.domain.customer import ATTRIBUTES_MAX, Usual, attributes, usual
from polyphony.domain.errors import Invalid

BOTH = frozenset({"chat", "email"})


def test_the_channel_of_most_contacts_is_the_usual_one():
    assert usual(["chat"] * 7 + ["email"] * 2, BOTH) == Usual("chat", "mostly", 7, 9)


def test_two_contacts_are_too_few_to_judge_by():
    assert usual(["chat", "chat"], BOTH) is None


def test_as_many_one_way_as_the_other_says_nothing():
    assert usual(["chat", "email"] * 5, BOTH) is None


def test_who_can_be_reached_one_way_only_is_reached_that_way():
    assert usual([], frozenset({"email"})) == Usual("email", "only", 0, 0)
    assert usual(["chat"], frozenset({"email"})) == Usual("email", "only", 0, 1)


def test_attributes_are_set_kept_and_taken_away():
    now = {"Meter": "7712", "Plan": "Green"}
    assert attributes(now, {"Plan": None, "Zone": " D25d "}) == {"Meter": "7712", "Zone": "D25d"}
    assert now == {"Meter": "7712", "Plan": "Green"}


@pytest.mark.parametrize("name", ["", " x", "a" * 61, "<b>", "a\nb"])
def test_odd_names_of_attributes_are_refused(name):
    with pytest.raises(Invalid) as refused:
        attributes({}, {name: "1"})
    assert refused.value.code == "customer.attribute_name"


def test_too_long_and_too_many_are_refused():
    with pytest.raises(Invalid):
        attributes({}, {"a": "x" * 501})
    full = {f"a{n}": "1" for n in range(ATTRIBUTES_MAX)}
    assert attributes(full, {"a0": "2"})["a0"] == "2"
    with pytest.raises(Invalid):
        attributes(full, {"one more": "1"})

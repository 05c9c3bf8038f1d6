"""Stories promise how they end; what a finished telling has broken is said in words."""

import pytest

from polyphony.simulator.endings import Found, broken
from polyphony.simulator.stories import DOES, seconds, stories

ONE = Found("case-1", "eva", "standard", "cs", "chat")


def _mail(mark, telling, step=0):
    return {"mark": mark, "channel": "email", "about": "x", "step": f"{telling}.{step}"}


def _story(telling):
    return {"mark": telling, "channel": "story", "about": telling.partition(".")[0]}


def _found(**change):
    facts = {"case": "c1", "customer": "tom", "tier": "standard", "language": "en"}
    facts |= {"channel": "email"} | change
    return Found(**facts)


def test_every_story_that_has_people_promises_how_it_ends():
    for key, story in stories().items():
        assert story.steps, key
        assert {step.do for step in story.steps} <= DOES
        assert set(story.title) == {"en", "cs", "pl", "ru"}
        assert story.expect or not story.members, f"{key} promises nothing"


def test_who_races_or_loses_the_line_says_so_in_the_promise():
    for story in stories().values():
        does = {step.do for step in story.steps}
        assert ("one_answer" in story.expect) == ("desk.race" in does)
        assert ("died" in story.expect) == ("desk.die" in does)


def test_a_telling_under_way_has_broken_nothing_yet():
    ledger = [_mail("m1", "from_the_car.0"), _mail("m2", "from_the_car.0", 2)]
    found = {"m1": _found(), "m2": _found(case="c2")}
    assert broken(stories(), ledger, found) == (0, [])
    told, words = broken(stories(), [*ledger, _story("from_the_car.0")], found)
    assert told == 1
    assert words == ["from_the_car.0: cases 2, not 1"]


def test_each_telling_is_judged_by_itself():
    ledger = [
        _mail("a1", "from_the_car.0"), _mail("b1", "from_the_car.1"),
        _story("from_the_car.0"), _story("from_the_car.1"),
    ]  # fmt: skip
    found = {"a1": _found(case="c1"), "b1": _found(case="c2", language="cs")}
    assert broken(stories(), ledger, found) == (2, ["from_the_car.1: language cs, not en"])


@pytest.mark.parametrize(
    ("race", "good"), [([201, 409], True), ([409, 409], True), ([201, 201], False), ([], False)]
)
def test_of_two_answers_at_once_one_is_refused_and_at_most_one_leaves(race, good):
    ledger = [
        _mail("m1", "two_answer.3"),
        {"mark": "two_answer.3.1", "channel": "desk", "about": "two_answer", "race": race},
        _story("two_answer.3"),
    ]
    _, words = broken(stories(), ledger, {"m1": _found()})
    assert (words == []) is good


def test_a_laptop_that_did_not_die_is_told():
    ledger = [
        {**_mail("m1", "laptop_dies.0"), "channel": "chat"},
        {"mark": "laptop_dies.0.2", "channel": "desk", "about": "laptop_dies", "died": ""},
        _story("laptop_dies.0"),
    ]
    assert broken(stories(), ledger, {"m1": ONE})[1] == ["laptop_dies.0: died False, not True"]
    ledger[1]["died"] = "petr"
    assert broken(stories(), ledger, {"m1": ONE})[1] == []


def test_a_span_is_read_in_its_unit():
    assert (seconds("40s"), seconds("1.5m"), seconds("2h"), seconds("1d")) == (40, 90, 7200, 86400)
    with pytest.raises(ValueError, match="soon"):
        seconds("soon")

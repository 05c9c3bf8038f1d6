"""Which value is shown: a person's word, then proof, then source, then the newest; and why."""

from datetime import timedelta
from uuid import UUID

import pytest
from tests.make.moment import AT

from polyphony.domain.profile import DESK, Profile, Said, pins, profile, told


def said(n: int, name: str = "", **more: object) -> Said:
    facts = {"source": "email", "key": f"{n}@x.example", "at": AT + timedelta(n)} | more
    return Said(UUID(int=n), name=name, **facts)


def desk(n: int, change: dict, day: int) -> Said:
    return said(n, source=DESK, payload=pins({}, change, AT + timedelta(day)))


@pytest.mark.parametrize(
    ("sources", "name", "why"),
    [
        ([said(1, "A")], "A", "only"),
        ([said(1, "A"), said(2, "B")], "B", "newest"),
        ([said(1, "A", trust=1), said(2, "B")], "A", "source"),
        ([said(1, "A", level=2), said(2, "B", trust=2)], "A", "level"),
        ([said(1, "A", level=4), desk(2, {"name": "B"}, 0)], "B", "pin"),
        ([desk(1, {"name": "A"}, 9), desk(2, {"name": "B"}, 3)], "A", "pin"),
        ([said(1, "A"), said(2, "2@x.example", level=4)], "A", "level"),
    ],
)
def test_the_order_of_the_house(sources: list[Said], name: str, why: str) -> None:
    for order in (sources, sources[::-1]):
        (shown,) = told(order)
        assert (shown.value, shown.why) == (name, why)
        assert len(shown.others) == len(sources) - 1


def test_what_is_said_adds_up_and_a_word_of_ours_takes_away() -> None:
    form = said(1, "Jan", payload={"language": "cs", "attrs": {"Meter": "77", "Zone": "D"}})
    ours = desk(2, {"tier": "vip", "attrs": {"Zone": None, "Floor": "3"}}, 2)
    assert profile(told([form, ours])) == Profile("Jan", "cs", "vip", {"Meter": "77", "Floor": "3"})
    unknown = desk(3, {"language": ""}, 3)
    assert profile(told([form, unknown])).language is None
    assert profile(told([])) == Profile("", None, "standard", {})


def test_a_correction_keeps_what_was_corrected_before() -> None:
    first = pins({}, {"name": "A", "attrs": {"x": "1"}}, AT)
    second = pins(first, {"attrs": {"y": "2"}}, AT + timedelta(1))
    assert profile(told([said(1, source=DESK, payload=second)])) == Profile(
        "A", None, "standard", {"x": "1", "y": "2"}
    )

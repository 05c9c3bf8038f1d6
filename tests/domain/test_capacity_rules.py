"""The house's own rules of capacity and weights: read, refused, written back."""

import pytest

from polyphony.domain.capacity import COSTS, INTERRUPTS, USUAL, Cost, as_json, cost_of, read
from polyphony.domain.errors import Invalid
from polyphony.domain.routing.score import WEIGHTS, read_weights, weight, weights_json


def test_what_is_left_out_is_as_usual():
    assert read({}) is USUAL
    mine = read({"costs": {"chat": {"units": 25}}})
    assert (mine.costs["chat"], mine.costs["email"]) == (Cost(25), COSTS["email"])
    assert mine.interrupts == INTERRUPTS
    assert read({"interrupts": []}).interrupts == frozenset()
    assert read({"interrupts": [["chat", "email"]]}).interrupts == {("chat", "email")}
    assert cost_of("pigeon", mine.costs) == COSTS["email"]


def test_written_and_read_again_it_is_the_same():
    mine = read(
        {"costs": {"voice": {"units": 90, "exclusive": True}}, "interrupts": [["chat", "sms"]]}
    )
    assert read(as_json(mine)) == mine
    assert read_weights(weights_json(WEIGHTS)) == WEIGHTS


@pytest.mark.parametrize(
    "raw",
    [
        *({"units": 3}, {"costs": []}, {"costs": {"pigeon": {"units": 1}}}),
        *({"costs": {"chat": 3}}, {"costs": {"chat": {"units": 0}}}),
        *({"costs": {"chat": {"units": True}}}, {"costs": {"chat": {"units": 301}}}),
        {"costs": {"chat": {"units": 3, "exclusive": 1}}},
        *({"interrupts": "x"}, {"interrupts": ["chat"]}, {"interrupts": [["chat"]]}),
        *({"interrupts": [["chat", "chat"]]}, {"interrupts": [["chat", "pigeon"]]}),
        {"interrupts": [["chat", "voice"]]},  # a call is never interrupted
        {"interrupts": [[["chat"], "email"]]},
    ],
)
def test_rules_nobody_can_obey_are_refused(raw):
    with pytest.raises(Invalid, match=r"capacity\."):
        read(raw)


@pytest.mark.parametrize(
    "raw",
    [
        *({"vip": 3}, {"tier": 3}, {"tier": {"gold": 3}}, {"tier": {"vip": 0}}),
        *({"tier": {"vip": 1.5}}, {"idle": -1}, {"idle": True}, {"keep": 10**8}),
    ],
)
def test_weights_that_are_none_are_refused(raw):
    with pytest.raises(Invalid, match=r"score\.malformed"):
        read_weights(raw)


def test_own_weights_count():
    mine = read_weights({"tier": {"vip": 5000}, "channel": {"email": 1000}, "idle": 0})
    assert weight("vip", "email", "normal", 1000, mine) == 5000
    assert weight("vip", "chat", "normal", 1000, mine) == 4000
    assert (mine.idle, mine.keep) == (0, WEIGHTS.keep)

"""Every state x move x actor of an Offer, and what a decline or a miss leads to."""

from itertools import product
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyphony.domain.errors import Conflict, Forbidden, Invalid
from polyphony.domain.move import By, Moved
from polyphony.domain.offer import (
    Exclusion,
    OfferMove,
    OfferState,
    after_decline,
    after_miss,
    check_reason,
    count_miss,
    move,
    timeout_ms,
)

EVA = UUID(int=1)
LEGAL = {
    OfferMove.ACCEPT: (OfferState.ACCEPTED, {By.AGENT, By.SYSTEM}),
    OfferMove.DECLINE: (OfferState.DECLINED, {By.AGENT}),
    OfferMove.MISS: (OfferState.MISSED, {By.TIMER}),
    OfferMove.WITHDRAW: (OfferState.WITHDRAWN, {By.SYSTEM, By.SUPERVISOR, By.ROUTER}),
}


@pytest.mark.parametrize(("state", "what", "by"), list(product(OfferState, OfferMove, By)))
def test_every_state_answers_every_move_of_every_actor(state, what, by):
    answer = move(state, what, by)
    to, who = LEGAL[what]
    if state is not OfferState.OFFERED:
        assert isinstance(answer, Conflict)
    elif by in who:
        assert isinstance(answer, Moved)
        assert answer.state is to
    else:
        assert isinstance(answer, Forbidden)


def test_only_a_miss_is_counted_as_a_miss():
    for what, (_, who) in LEGAL.items():
        effects = move(OfferState.OFFERED, what, min(who)).effects
        assert ("count_miss" in effects) == (what is OfferMove.MISS)


def test_a_decliner_stays_away_300_s_and_after_the_second_decline_for_the_stay():
    first = after_decline(EVA, 1000, 0)
    assert (first.until, first.times) == (301_000, 1)
    assert first.holds(300_999, target_used=False)
    assert not first.holds(301_000, target_used=False)
    second = after_decline(EVA, 400_000, 1)
    assert second.until is None
    assert second.holds(10**12, target_used=False)
    assert not second.holds(10**12, target_used=True)


def test_a_conflict_of_interest_never_lapses():
    assert Exclusion(EVA, 0, "conflict").holds(10**12, target_used=True)


def test_a_miss_keeps_away_60_s_and_never_shortens_what_is_longer():
    assert after_miss(EVA, 1000) == Exclusion(EVA, 61_000, "missed", 1)
    conflict = Exclusion(EVA, None, "conflict")
    assert after_miss(EVA, 1000, conflict) is conflict
    declined = Exclusion(EVA, 301_000, "declined", 1)
    assert after_miss(EVA, 1000, declined) is declined
    assert after_miss(EVA, 290_000, declined) == Exclusion(EVA, 350_000, "declined", 1)


def test_misses_make_a_channel_silent_at_its_limit_and_everything_at_three():
    assert count_miss({}, "chat") == ({"chat": 1, "all": 1}, "chat")
    assert count_miss({}, "email") == ({"email": 1, "all": 1}, None)
    assert count_miss({"chat": 1, "email": 1, "all": 2}, "email")[1] == "all"


@given(st.lists(st.sampled_from(["email", "sms", "letter"]), max_size=6))
def test_three_misses_in_a_row_always_silence_everything(channels):
    misses, silent = {}, None
    for number, channel in enumerate(channels, 1):
        misses, silent = count_miss(misses, channel)
        assert (silent == "all") == (number >= 3)


def test_the_queue_may_set_how_long_an_offer_lives():
    assert timeout_ms("chat") == 30_000
    assert timeout_ms("chat", {"chat": 45}) == 45_000
    assert timeout_ms("loopback") == 120_000


def test_a_reason_is_demanded_when_the_queue_has_a_list():
    check_reason(None, [])
    check_reason("busy", ["busy"])
    with pytest.raises(Invalid) as refused:
        check_reason(None, ["busy"])
    assert refused.value.facts == {"reasons": ["busy"]}

"""The worked examples of the design, and what must hold for all scores."""

from hypothesis import given
from hypothesis import strategies as st

from polyphony.domain.routing.score import (
    AgentTerms,
    ageing,
    idle_term,
    item_score,
    shrunk,
    slack,
    speed_term,
    used_at,
    weight,
)

positive = st.integers(1, 10**10)


def test_example_a_an_agent_frees():
    call = item_score(weight("standard", "voice", "normal", 1000), 12_000, 20_000, 300_000)
    vip = item_score(weight("vip", "voice", "normal", 1000), 4_000, 10_000, 330_000)
    mail = item_score(weight("standard", "email", "normal", 1000), 12_600_000, 14_400_000, 360_000)
    late = 57_600_000 + 18_000_000
    letter = item_score(weight("standard", "letter", "normal", 1000), late, 57_600_000, 600_000)
    assert (call, vip, mail, letter) == (650_000, 4_090_909, 437_534, 696_877)
    tripled = weight("standard", "email", "normal", 3000)
    assert item_score(tripled, 12_600_000, 14_400_000, 360_000) == 1_312_603


def test_example_b_a_call_arrives():
    jana = AgentTerms(400_000, speed_term(315_000, 300_000), idle_term(120_000), 0, -4000 * 100, 0)
    karel = AgentTerms(150_000, speed_term(360_000, 300_000), idle_term(30_000), 0, -300_000, 0)
    assert jana.total == 750_000
    assert karel.total == 975_000
    assert karel._replace(sticky=-600_000).total == 375_000


def test_the_weight_stays_between_ten_and_a_hundred_thousand():
    assert weight("vip", "voice", "critical", 100_000) == 100_000
    assert weight("standard", "letter", "low", 10) == 10
    assert weight("unheard of", "pigeon", "soon", 1000) == 600


def test_handle_times_are_drawn_towards_the_mean():
    assert shrunk(300_000, None) == 300_000
    assert shrunk(300_000, (400_000, 1)) == (400_000 + 20 * 300_000) // 21


@given(st.integers(0, 10**10), positive, st.integers(10, 100_000), st.integers(1000, 10**7))
def test_a_score_never_falls_with_waiting_and_fits_64_bits(used, target, milli, handled):
    now = item_score(milli, used, target, handled)
    assert item_score(milli, used + 1000, target, handled) >= now
    assert now < 2**63
    assert ageing(used, target) >= 0


@given(st.integers(0, 3_000_000), positive)
def test_used_at_is_the_first_moment_a_share_is_reached(x, target):
    used = used_at(x, target)
    assert slack(used, target) >= x
    assert used <= -1000 or slack(used - 1, target) < x


def test_a_capped_letter_overtakes_a_capped_call_after_25_and_a_half_hours():
    call = item_score(weight("standard", "voice", "normal", 1000), 10**6, 20_000, 300_000)
    milli = weight("standard", "letter", "normal", 1000)

    def letter(hours):
        used = 57_600_000 * 3 + int(hours * 3_600_000)
        return item_score(milli, used, 57_600_000, 600_000) - ageing(used, 57_600_000)

    assert call - ageing(10**6, 20_000) == 3_000_000
    assert letter(0) == 450_000
    assert (3_000_000 - 450_000) * 36 == 25.5 * 3_600_000

"""What the numbers mean: the worked trap of the service level, small and empty samples."""

import pytest

from polyphony.domain import metric
from polyphony.domain.metric import SERVICE_LEVEL, SL_REMOVED, Ratio, Switches, Wait, over_facts

T = 20_000


def the_hundred_calls() -> list[Wait]:
    """82 answered (70 within 20 s), 12 abandoned (4 short, 7 within), 6 flow-outs (2 within)."""
    return [
        *(Wait("answered", 10_000, T) for _ in range(70)),
        *(Wait("answered", 40_000, T) for _ in range(12)),
        *(Wait("abandoned", 2_000, T) for _ in range(4)),
        *(Wait("abandoned", 15_000, T) for _ in range(3)),
        *(Wait("abandoned", 50_000, T) for _ in range(5)),
        *(Wait("flow_out", 12_000, T) for _ in range(2)),
        *(Wait("flow_out", 60_000, T) for _ in range(4)),
    ]


@pytest.mark.parametrize(
    ("switches", "numerator", "denominator", "per_mille"),
    [
        (Switches(short=True), 70, 94, 745),
        (Switches(short=True, flow_outs=True), 70, 100, 700),
        (Switches(), 70, 90, 778),
        (Switches(abandons=False), 70, 82, 854),
    ],
    ids=["answered + abandoned", "with flow-outs", "default", "abandons out"],
)
def test_one_day_has_four_service_levels(switches, numerator, denominator, per_mille):
    found = over_facts(SERVICE_LEVEL, the_hundred_calls(), switches)
    assert (found.numerator, found.denominator) == (numerator, denominator)
    assert found.per_mille == per_mille


@pytest.mark.parametrize(
    ("share", "low", "high"),
    [(Ratio(0, 0), None, None), (Ratio(0, 10), 0, 278), (Ratio(10, 10), 722, 1000),
     (Ratio(81, 263), 255, 366)],
)  # fmt: skip
def test_a_share_of_few_says_how_little_it_knows(share, low, high):
    assert share.interval == (None if low is None else (low, high))


def test_the_share_that_left_in_time_is_another_number():
    found = over_facts(SL_REMOVED, the_hundred_calls())
    assert (found.numerator, found.denominator, found.per_mille) == (79, 100, 790)


def test_short_abandons_are_subtracted_once_when_both_are_left_out():
    assert over_facts(SERVICE_LEVEL, the_hundred_calls(), Switches(abandons=False, short=True)) == (
        over_facts(SERVICE_LEVEL, the_hundred_calls(), Switches(abandons=False))
    )


def test_nothing_counted_is_no_percentage():
    assert over_facts(SERVICE_LEVEL, []).per_mille is None
    assert over_facts(SERVICE_LEVEL, [Wait("abandoned", 1_000, T)]).per_mille is None


def test_each_contact_is_held_against_its_own_target():
    mixed = [Wait("answered", 30_000, 20_000), Wait("answered", 30_000, 3_600_000)]
    assert over_facts(SERVICE_LEVEL, mixed).per_mille == 500


def test_a_mean_is_a_sum_over_a_count():
    asa = over_facts(metric.ASA, the_hundred_calls())
    assert (asa.numerator, asa.denominator) == (70 * 10_000 + 12 * 40_000, 82)


@pytest.mark.parametrize(
    ("left", "how", "answered", "is_"),
    [
        (False, None, False, "waiting"),
        (False, "added", True, "answered"),
        (True, "taken", False, "taken"),
        (True, "taken", True, "answered"),
        (True, "abandoned", False, "abandoned"),
        (True, "callback", False, "flow_out"),
        (True, "case_done", False, "cancelled"),
        (True, "a word of a later version", False, "cancelled"),
    ],
)
def test_a_stay_stands_as_its_end_says(left, how, answered, is_):
    assert metric.how_of(left, how, answered) == is_


def test_every_built_in_has_a_key_a_version_and_a_bucket():
    for key, one in metric.BUILT_IN.items():
        assert one.key == key
        assert one.version >= 1
        assert one.bucket in {"arrival", "made", "end of wrap-up"}

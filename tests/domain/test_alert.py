"""What is worth an alert: blockers of a Queue, and figures beyond their marks for a while."""

import pytest

from polyphony.domain.alert import AlertKind, Limits, is_grave, of_blockers


@pytest.mark.parametrize(
    ("codes", "kind"),
    [
        (["none_signed_in", "higher_scored_ahead"], AlertKind.NONE_SIGNED_IN),
        (["no_agent_has_skills"], AlertKind.NO_AGENT_HAS_SKILLS),
        (["none_signed_in", "queue_closed"], None),
        (["no_agent_has_skills", "paused_by_lever"], None),
        (["all_busy", "on_break"], None),
        ([], None),
    ],
)
def test_a_queue_needs_those_who_lead_when_nobody_could_take_its_work(
    codes: list[str], kind: AlertKind | None
) -> None:
    assert of_blockers(codes) is kind


def test_a_figure_is_told_after_half_a_minute_beyond_its_mark_and_until_it_went_back() -> None:
    limits = Limits()
    look = [
        limits.look("q", value, 100, at * 1000, rising=True)
        for at, value in [(0, 120), (29, 120), (30, 120), (31, 97), (32, 94), (33, 97), (34, 120)]
    ]
    assert look == [False, False, True, True, False, False, False]


def test_a_falling_figure_is_wrong_below_its_mark_and_nothing_counted_is_never_wrong() -> None:
    limits = Limits()
    assert not limits.look("sl", 700, 800, 0, rising=False)
    assert limits.look("sl", 700, 800, 30_000, rising=False)
    assert limits.look("sl", 830, 800, 40_000, rising=False)
    assert not limits.look("sl", 850, 800, 50_000, rising=False)
    assert not limits.look("empty", None, 800, 0, rising=False)
    assert not limits.look("empty", None, 800, 60_000, rising=False)


def test_what_customers_feel_is_grave() -> None:
    assert is_grave("none_signed_in")
    assert not is_grave("return_late")

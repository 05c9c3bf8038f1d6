"""Rungs fire in the order they are reached, repeat until somebody has it, and end."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyphony.domain import escalation, sla
from polyphony.domain.errors import Conflict, Invalid
from polyphony.domain.escalation import Action, Ladder, Place, Rung
from polyphony.domain.service_hours import ROUND_THE_CLOCK, ServiceHours, to_ms
from polyphony.domain.sla import ClockState, ClockType, Terms

HOUR, MINUTE = 3_600_000, 60_000
NOBODY = UUID(int=0)
PRAGUE = ZoneInfo("Europe/Prague")
TELL = (("lead", None),)


def ladder(*rungs):
    return Ladder(NOBODY, "late", tuple(rungs))


def at(*parts, fold=0):
    return to_ms(datetime(*parts, tzinfo=PRAGUE, fold=fold))


def climbed(one, target, *, answered_after=10**9):
    """List (rung, round, mark) of a clock nobody stops, or until somebody has it."""
    place, found = escalation.first(one, target), []
    while place is not None and len(found) < 100 and len(found) < answered_after:
        found.append((place.rung, place.round, place.mark_ms))
        place = escalation.after(one, place, target)
    return found


def test_rungs_are_reached_by_share_of_the_target_or_by_minutes_from_the_deadline():
    one = ladder(
        Rung(Action.MOVE, after_min=30),
        Rung(Action.NOTIFY, at_pct=75, to=TELL),
        Rung(Action.PAGE, after_min=-10, to=TELL),
        Rung(Action.RAISE, at_pct=100, urgency="up"),
    )
    assert climbed(one, HOUR) == [
        (1, 0, 45 * MINUTE),
        (2, 0, 50 * MINUTE),
        (3, 0, HOUR),
        (0, 0, 90 * MINUTE),
    ]


def test_a_rung_repeats_until_the_next_one_is_reached_and_at_most_ten_times():
    one = ladder(
        Rung(Action.PAGE, at_pct=100, to=TELL, repeat_min=10, ack=True),
        Rung(Action.MOVE, after_min=25),
    )
    assert climbed(one, HOUR) == [
        (0, 0, 60 * MINUTE),
        (0, 1, 70 * MINUTE),
        (0, 2, 80 * MINUTE),
        (1, 0, 85 * MINUTE),
    ]
    alone = ladder(Rung(Action.PAGE, at_pct=100, to=TELL, repeat_min=10))
    assert len(climbed(alone, HOUR)) == escalation.ROUNDS_MAX


def test_what_was_reached_before_the_ladder_came_is_not_made_up():
    one = ladder(Rung(Action.NOTIFY, at_pct=75, to=TELL), Rung(Action.MOVE, at_pct=100))
    assert escalation.first(one, HOUR, past_ms=50 * MINUTE) == Place(1, 0, HOUR)
    assert escalation.first(one, HOUR, past_ms=2 * HOUR) is None
    assert escalation.first(None, HOUR) is None


def test_a_ladder_that_was_made_shorter_meanwhile_ends():
    one = ladder(Rung(Action.NOTIFY, at_pct=75, to=TELL))
    assert escalation.after(one, Place(3, 0, HOUR), HOUR) is None


rungs = st.builds(
    lambda pct, minutes, repeat: Rung(
        Action.NOTIFY,
        at_pct=pct,
        after_min=None if pct is not None else minutes,
        to=TELL,
        repeat_min=repeat,
    ),
    st.one_of(st.none(), st.integers(1, 300)),
    st.integers(-120, 240),
    st.one_of(st.none(), st.integers(1, 60)),
)


@given(st.lists(rungs, min_size=1, max_size=6), st.integers(MINUTE, 24 * HOUR))
def test_each_step_fires_once_a_round_in_the_order_of_time_and_every_rung_fires(some, target):
    found = climbed(ladder(*some), target)
    keys = [(rung, number) for rung, number, _ in found]
    assert len(set(keys)) == len(keys)
    marks = [mark for _, _, mark in found]
    assert marks == sorted(marks)
    assert {rung for rung, _ in keys} == set(range(len(some)))


@pytest.mark.parametrize(
    ("begin", "hours", "fires"),
    [
        # A night shift of Sundays, 0 to 6: an hour is missing in spring and comes twice in autumn.
        ((2026, 3, 29, 0), 3, (2026, 3, 29, 4)),
        ((2026, 3, 29, 0), 5, (2026, 3, 29, 6)),
        ((2026, 10, 25, 0), 3, (2026, 10, 25, 2)),
        ((2026, 10, 25, 0), 7, (2026, 10, 25, 6)),
    ],
)
def test_on_the_days_the_clocks_change_a_rung_fires_after_as_much_work_as_on_others(
    begin, hours, fires
):
    night = ServiceHours("Europe/Prague", {7: [(0, 360)]})
    clock = sla.start(
        ClockType.FIRST_RESPONSE, 10 * HOUR, night, at(*begin), Terms(rung_ms=hours * HOUR)
    )
    fold = 1 if fires == (2026, 10, 25, 2) else 0  # the second two o'clock of that night
    assert clock.escalate_at == at(*fires, fold=fold)
    assert night.between(at(*begin), clock.escalate_at) == hours * HOUR


def test_a_pause_stops_the_ladder_and_the_rest_runs_on_from_where_it_stood():
    clock = sla.start(ClockType.RESOLUTION, 4 * HOUR, ROUND_THE_CLOCK, 0, Terms(rung_ms=3 * HOUR))
    assert clock.escalate_at == 3 * HOUR
    paused = sla.pause(clock, ROUND_THE_CLOCK, HOUR)
    assert paused.escalate_at is None
    assert sla.resume(paused, ROUND_THE_CLOCK, 10 * HOUR).escalate_at == 12 * HOUR
    assert sla.meet(clock, ROUND_THE_CLOCK, HOUR).escalate_at is None


def test_a_breached_clock_goes_on_climbing():
    clock = sla.start(ClockType.FIRST_RESPONSE, HOUR, ROUND_THE_CLOCK, 0, Terms(rung_ms=HOUR))
    late = sla.breach(clock, HOUR)
    assert sla.climb(late, 2 * HOUR, ROUND_THE_CLOCK, HOUR).escalate_at == 2 * HOUR
    assert sla.climb(late, 2 * HOUR, ROUND_THE_CLOCK, HOUR).state is ClockState.BREACHED
    assert sla.climb(late, None, ROUND_THE_CLOCK, HOUR).escalate_at is None


def test_urgency_and_tier_only_rise():
    assert [escalation.raised(one) for one in ("low", "normal", "high", "critical")] == [
        *("normal", "high", "critical", "critical"),
    ]
    assert escalation.higher_tier("vip", "priority") == "vip"
    assert escalation.higher_tier("standard", "priority") == "priority"


def test_only_what_asks_for_an_answer_is_acknowledged_and_only_once():
    asks = Rung(Action.PAGE, at_pct=100, to=TELL, ack=True)
    escalation.may_acknowledge(asks, acknowledged=False)
    with pytest.raises(Conflict):
        escalation.may_acknowledge(asks, acknowledged=True)
    with pytest.raises(Conflict):
        escalation.may_acknowledge(Rung(Action.MOVE, at_pct=100), acknowledged=False)


@pytest.mark.parametrize(
    "rung",
    [
        {"action": "notify", "at_pct": 75},
        {"action": "shout", "at_pct": 75},
        {"action": "notify", "to": [{"who": "lead"}]},
        {"action": "notify", "at_pct": 75, "after_min": 5, "to": [{"who": "lead"}]},
        {"action": "notify", "at_pct": 0, "to": [{"who": "lead"}]},
        {"action": "notify", "at_pct": 75, "to": [{"who": "person"}]},
        {"action": "notify", "at_pct": 75, "to": [{"who": "everybody"}]},
        {"action": "move", "at_pct": 75},
        {"action": "raise", "at_pct": 75},
        {"action": "raise", "at_pct": 75, "urgency": "panic"},
        {"action": "ladder", "at_pct": 75, "step": 9},
        {"action": "note", "at_pct": 75, "text": "  "},
        {"action": "note", "at_pct": 75, "text": "x", "repeat_min": 0},
        {"action": "note", "at_pct": 75, "text": "x", "colour": "red"},
        {"action": "note", "at_pct": True, "text": "x"},
    ],
)
def test_a_rung_that_is_none_is_refused_with_its_number(rung):
    good = {"action": "note", "at_pct": 50, "text": "x"}
    with pytest.raises(Invalid) as wrong:
        escalation.ladder_of(NOBODY, "late", [good, rung])
    assert wrong.value.facts["rung"] == 1


def test_a_ladder_has_one_to_twelve_rungs():
    good = {"action": "note", "at_pct": 50, "text": "x"}
    assert len(escalation.ladder_of(NOBODY, "late", [good] * 12).rungs) == 12
    for count in (0, 13):
        with pytest.raises(Invalid):
            escalation.ladder_of(NOBODY, "late", [good] * count)

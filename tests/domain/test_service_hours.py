"""Service hours against a minute-by-minute oracle, and the days when the clocks change."""

import os
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from polyphony.domain.errors import Invalid
from polyphony.domain.service_hours import (
    MINUTE_MS,
    ROUND_THE_CLOCK,
    ServiceHours,
    service_hours,
    to_datetime,
    to_ms,
)

FULL = bool(os.environ.get("FULL"))
PRAGUE = ZoneInfo("Europe/Prague")
WEEK = {day: [(480, 720), (750, 1020)] for day in range(1, 6)}
ZONES = ["Europe/Prague", "UTC", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"]
STARTS = [date(2026, 3, 27), date(2026, 10, 23), date(2026, 4, 3), date(2026, 10, 2)]


def at(*parts, zone=PRAGUE):
    return to_ms(datetime(*parts, tzinfo=zone))


@st.composite
def days(draw):
    edges = sorted(draw(st.sets(st.integers(0, 1440), max_size=12)))
    return list(zip(edges[::2], edges[1::2], strict=False))[:6]


def wall_clock_oracle(hours, start, end):
    """Count minute by minute: is the wall clock inside a frame?"""
    zone, spent = ZoneInfo(hours.zone), 0
    for moment in range(start, end, MINUTE_MS):
        local = to_datetime(moment).astimezone(zone)
        frames = hours.exceptions.get(local.date(), hours.frames.get(local.isoweekday(), ()))
        minute = local.hour * 60 + local.minute
        spent += MINUTE_MS * any(first <= minute < last for first, last in frames)
    return spent


@pytest.mark.timeout(900)
@settings(max_examples=10_000 if FULL else 12, deadline=None)
@given(
    st.sampled_from(ZONES),
    st.dictionaries(st.integers(1, 7), days(), max_size=7),
    st.sampled_from(STARTS),
    st.dictionaries(st.integers(0, 5), days(), max_size=2),
    st.integers(0, 2000),
    st.integers(0, 4000),
)
def test_working_time_equals_a_minute_oracle(zone, frames, first, special, start, length):
    exceptions = {first + timedelta(days=day): some for day, some in special.items()}
    hours = ServiceHours(zone, frames, exceptions)
    begin = to_ms(datetime(first.year, first.month, first.day, tzinfo=UTC)) + start * MINUTE_MS
    end = begin + length * MINUTE_MS
    spent = hours.between(begin, end)
    assert spent == wall_clock_oracle(hours, begin, end)
    if spent:
        deadline = hours.after(begin, spent)
        assert deadline is not None
        assert deadline <= end
        assert hours.between(begin, deadline) == spent
        assert hours.between(begin, deadline - 1) == spent - 1


def test_the_hour_skipped_in_spring_does_not_count_and_the_one_repeated_in_autumn_counts_twice():
    night = ServiceHours("Europe/Prague", {7: [(0, 360)]})
    assert night.between(at(2026, 3, 29), at(2026, 3, 29, 6)) == 5 * 3_600_000
    assert night.between(at(2026, 10, 25), at(2026, 10, 25, 6)) == 7 * 3_600_000
    half = ServiceHours("Europe/Prague", {7: [(150, 300)]})
    assert half.between(at(2026, 3, 29), at(2026, 3, 30)) == 120 * MINUTE_MS
    assert half.between(at(2026, 10, 25), at(2026, 10, 26)) == 180 * MINUTE_MS


def test_a_deadline_jumps_over_lunch_night_weekend_and_a_holiday():
    hours = ServiceHours("Europe/Prague", WEEK, {date(2026, 9, 28): []})
    assert hours.after(at(2026, 9, 25, 16), 4 * 3_600_000) == at(2026, 9, 29, 11)


def test_time_before_opening_and_after_closing_is_no_working_time():
    hours = ServiceHours("Europe/Prague", WEEK)
    assert hours.between(at(2026, 9, 21, 17), at(2026, 9, 22, 8)) == 0
    assert not hours.is_open(at(2026, 9, 21, 12, 15))
    assert hours.opens(at(2026, 9, 21, 12, 15)) == at(2026, 9, 21, 12, 30)
    assert hours.opens(at(2026, 9, 21, 12, 45)) == at(2026, 9, 21, 12, 45)


def test_round_the_clock_counts_every_millisecond():
    assert ROUND_THE_CLOCK.between(5, 12) == 7
    assert ROUND_THE_CLOCK.after(5, 7) == 12
    assert ROUND_THE_CLOCK.is_open(0)


def test_a_calendar_without_working_time_never_reaches_a_deadline():
    never = ServiceHours("UTC")
    assert never.after(at(2026, 1, 1, zone=UTC), 1) is None
    assert never.opens(at(2026, 1, 1, zone=UTC)) is None


def test_nothing_left_is_due_now():
    assert ServiceHours("UTC").after(7, 0) == 7


def test_stored_calendars_are_read_and_nonsense_is_refused():
    hours = service_hours(
        "Europe/Prague", {"1": [["08:00", "12:00"]]}, {"2026-12-24": []}, always=False
    )
    assert hours.frames == {1: [(480, 720)]}
    assert hours.exceptions == {date(2026, 12, 24): []}
    for bad in (
        ("Nowhere/Land", {}, {}),
        ("UTC", {"1": [["12:00", "08:00"]]}, {}),
        ("UTC", {"1": [["08:00", "12:00"], ["11:00", "13:00"]]}, {}),
        ("UTC", {"8": [["08:00", "12:00"]]}, {}),
        ("UTC", {"1": [["8", "12"]]}, {}),
        ("UTC", {"1": [["08:61", "12:00"]]}, {}),
        ("UTC", {}, {"soon": []}),
        ("UTC", {"1": [["0:00", "1:00"]] * 1 + [[f"{n}:00", f"{n}:30"] for n in range(1, 8)]}, {}),
    ):
        with pytest.raises(Invalid):
            service_hours(*bad, always=False)


def test_who_never_works_again_is_known_at_once_and_a_last_day_is_still_found():
    last = ServiceHours("UTC", {}, {date(2031, 5, 2): [(480, 540)]})
    assert last.opens(at(2026, 1, 1)) == to_ms(datetime(2031, 5, 2, 8, tzinfo=UTC))
    assert last.opens(at(2031, 5, 3)) is None
    never = ServiceHours("UTC", {}, {date(2031, 5, 2): []})
    assert never.opens(at(2026, 1, 1)) is None
    assert len(never._days) < 3000  # ten more years are not made for nothing

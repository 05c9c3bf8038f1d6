"""Targets become deadlines; a pause keeps what was used; a breach goes on counting."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyphony.domain import sla
from polyphony.domain.errors import Conflict
from polyphony.domain.service_hours import ROUND_THE_CLOCK, ServiceHours, to_ms
from polyphony.domain.sla import Clock, ClockState, ClockType

HOUR = 3_600_000
PRAGUE = ZoneInfo("Europe/Prague")
HOURS = ServiceHours(
    "Europe/Prague",
    {day: [(480, 720), (750, 1020)] for day in range(1, 6)},
    {date(2026, 9, 28): []},
)


def at(*parts):
    return to_ms(datetime(*parts, tzinfo=PRAGUE))


def test_example_e_the_mail_of_friday_afternoon_is_due_on_tuesday():
    clock = sla.start(ClockType.RESOLUTION, 4 * HOUR, HOURS, at(2026, 9, 25, 16))
    assert clock.due_at == at(2026, 9, 29, 11)
    paused = sla.pause(clock, HOURS, at(2026, 9, 29, 9))
    assert paused.consumed_ms == 2 * HOUR
    assert paused.due_at is None
    resumed = sla.resume(paused, HOURS, at(2026, 9, 29, 15))
    assert resumed.due_at == at(2026, 9, 29, 17)


def test_a_breached_clock_goes_on_counting_and_is_late_when_it_is_met():
    clock = sla.start(ClockType.FIRST_RESPONSE, 1000, ROUND_THE_CLOCK, 0)
    assert (clock.warn_at, clock.due_at) == (750, 1000)
    assert sla.meet(clock, ROUND_THE_CLOCK, 1000).state is ClockState.MET
    breached = sla.breach(clock, 1000)
    assert breached.state is ClockState.BREACHED
    assert sla.used(breached, ROUND_THE_CLOCK, 5000) == 5000
    late = sla.meet(breached, ROUND_THE_CLOCK, 5000)
    assert (late.state, late.consumed_ms, late.done_at) == (ClockState.MET, 5000, 5000)
    assert sla.late(late)
    assert sla.late(breached)
    assert not sla.late(clock)


def test_a_clock_does_not_breach_before_its_deadline():
    clock = sla.start(ClockType.FIRST_RESPONSE, 1000, ROUND_THE_CLOCK, 0)
    assert isinstance(sla.breach(clock, 999), Conflict)


def test_a_case_opened_again_goes_on_with_what_was_left_unless_it_was_closed_long():
    clock = sla.meet(
        sla.start(ClockType.RESOLUTION, 10 * HOUR, ROUND_THE_CLOCK, 0), ROUND_THE_CLOCK, 4 * HOUR
    )
    soon = sla.reopen(clock, ROUND_THE_CLOCK, 20 * HOUR, closed_ms=16 * HOUR)
    assert (soon.consumed_ms, soon.due_at) == (4 * HOUR, 26 * HOUR)
    late = sla.reopen(clock, ROUND_THE_CLOCK, 100 * HOUR, closed_ms=96 * HOUR)
    assert (late.consumed_ms, late.due_at) == (0, 110 * HOUR)


def test_a_changed_target_keeps_what_was_used_and_the_stricter_one_wins():
    clock = sla.start(ClockType.RESOLUTION, 1000, ROUND_THE_CLOCK, 0)
    assert sla.retarget(clock, 800, ROUND_THE_CLOCK, 500).due_at == 800
    assert sla.retarget(clock, 5000, ROUND_THE_CLOCK, 500).due_at == 1000


@pytest.mark.parametrize("state", list(ClockState))
def test_every_state_answers_every_move(state):
    clock = Clock(ClockType.RESOLUTION, state, 1000, 0, 0, 750, 10)
    if state in {ClockState.MET, ClockState.CANCELLED}:
        clock = Clock(ClockType.RESOLUTION, state, 1000, 500, None, None, 10, done_at=5)
    legal = {
        "pause": {ClockState.RUNNING},
        "resume": {ClockState.PAUSED},
        "meet": {ClockState.RUNNING, ClockState.PAUSED, ClockState.BREACHED},
        "breach": {ClockState.RUNNING},
        "cancel": {ClockState.RUNNING, ClockState.PAUSED, ClockState.BREACHED},
    }
    answers = {
        "pause": sla.pause(clock, ROUND_THE_CLOCK, 20),
        "resume": sla.resume(clock, ROUND_THE_CLOCK, 20),
        "meet": sla.meet(clock, ROUND_THE_CLOCK, 20),
        "breach": sla.breach(clock, 20),
        "cancel": sla.cancel(clock, ROUND_THE_CLOCK, 20),
    }
    for name, answer in answers.items():
        assert isinstance(answer, Clock) == (state in legal[name]), name


@given(st.lists(st.integers(1, 10_000), min_size=1, max_size=12), st.integers(1, 50_000))
def test_pauses_never_change_what_is_consumed(steps, target):
    now, worked = 0, 0
    clock = sla.start(ClockType.RESOLUTION, target, ROUND_THE_CLOCK, 0)
    for number, step in enumerate(steps):
        now += step
        if number % 2 == 0:
            worked += step
            clock = sla.pause(clock, ROUND_THE_CLOCK, now)
        else:
            clock = sla.resume(clock, ROUND_THE_CLOCK, now)
            assert clock.due_at == now + max(target - worked, 0)
        assert sla.used(clock, ROUND_THE_CLOCK, now) == worked


def test_default_targets_are_those_of_the_channel():
    assert sla.first_response_ms("chat") == 60_000
    assert sla.first_response_ms("chat", "vip") == 30_000
    assert sla.first_response_ms("email") == 4 * HOUR
    assert sla.resolution_ms("email") == 16 * HOUR
    assert sla.resolution_ms("chat") == 8 * HOUR


_MOVES = st.lists(
    st.tuples(st.sampled_from(["pause", "resume", "meet", "breach", "retarget", "climb"]),
              st.integers(0, 40 * HOUR), st.integers(1, 30 * HOUR)),
    max_size=14,
)  # fmt: skip
_BEGINS = st.sampled_from(
    [
        at(2026, 3, 27, 9),
        at(2026, 3, 29, 1),
        at(2026, 10, 24, 23),
        at(2026, 10, 25, 2),
        at(2026, 6, 1),
    ]
)
_NIGHTS = ServiceHours(
    "Europe/Prague", {day: [(0, 360), (480, 720), (750, 1020)] for day in range(1, 8)}
)


@given(_BEGINS, st.integers(1, 30 * HOUR), _MOVES)
def test_whatever_happens_a_clock_consumes_the_working_time_it_ran_and_no_more(
    begin, target, moves
):
    clock, now, oracle, since = (
        sla.start(ClockType.RESOLUTION, target, _NIGHTS, begin),
        begin,
        0,
        begin,
    )
    for what, wait, amount in moves:
        now += wait
        was = clock
        match what:
            case "retarget":
                clock = (
                    sla.retarget(clock, amount, _NIGHTS, now) if clock.done_at is None else clock
                )
            case "climb":
                clock = sla.climb(clock, amount, _NIGHTS, now)
            case "breach":
                clock = sla.breach(clock, now)
            case _:
                clock = getattr(sla, what)(clock, _NIGHTS, now)
        if isinstance(clock, Conflict):
            clock = was
        if since is not None and clock.running_since is None:
            oracle, since = oracle + _NIGHTS.between(since, now), None
        elif since is None and clock.running_since is not None:
            since = now
        expected = oracle + (_NIGHTS.between(since, now) if since is not None else 0)
        assert sla.used(clock, _NIGHTS, now) == expected
        assert clock.target_ms <= target
        if clock.state is ClockState.RUNNING:
            left = _NIGHTS.between(now, clock.due_at) if clock.due_at > now else 0
            assert left == max(clock.target_ms - expected, 0)
        if clock.running_since is None:
            assert clock.escalate_at is None
        elif clock.escalate_at is not None and clock.escalate_at > now:
            assert expected + _NIGHTS.between(now, clock.escalate_at) == clock.rung_ms


def test_a_policy_replaces_or_keeps_a_target_as_it_says_and_a_breach_may_be_taken_back():
    clock = sla.breach(sla.start(ClockType.FIRST_RESPONSE, 1000, ROUND_THE_CLOCK, 0), 1000)
    longer = sla.retarget(clock, 5000, ROUND_THE_CLOCK, 2000, how="replace")
    assert (longer.state, longer.due_at) == (ClockState.RUNNING, 5000)
    assert sla.retarget(clock, 5000, ROUND_THE_CLOCK, 2000, how="keep") is clock
    assert sla.retarget(clock, 1500, ROUND_THE_CLOCK, 2000, how="replace").state is (
        ClockState.BREACHED
    )


def test_other_hours_count_from_the_moment_they_hold():
    clock = sla.start(ClockType.RESOLUTION, 10 * HOUR, HOURS, at(2026, 9, 21, 16))
    moved = sla.rehours(clock, HOURS, ROUND_THE_CLOCK, at(2026, 9, 21, 18))
    assert moved.consumed_ms == HOUR
    assert moved.due_at == at(2026, 9, 22, 3)


def test_only_what_a_policy_may_pause_stands_still():
    waits = sla.Terms(pauses=frozenset({"wait_customer"}))
    for kind in ClockType:
        clock = sla.start(kind, HOUR, ROUND_THE_CLOCK, 0, waits)
        assert clock.stands("wait_customer") == (kind in sla.PAUSABLE)
        assert not clock.stands("wait_third_party")
    assert not {ClockType.FIRST_RESPONSE, ClockType.NEXT_RESPONSE, ClockType.LEGAL} & sla.PAUSABLE


@pytest.mark.parametrize(
    ("begin", "due"),
    [
        # Eight hours of a night shift: an hour that is skipped does not count, a double one twice.
        ((2026, 3, 28, 22), (2026, 3, 29, 7)),
        ((2026, 10, 24, 22), (2026, 10, 25, 5)),
    ],
)
def test_a_shift_over_the_night_the_clocks_change_is_as_long_as_any_other(begin, due):
    night = ServiceHours("Europe/Prague", {6: [(1320, 1440)], 7: [(0, 480)]})
    clock = sla.start(ClockType.RESOLUTION, 8 * HOUR, night, at(*begin))
    assert clock.due_at == at(*due)

"""A breach is predicted by place and pace; nobody guesses where nothing was served lately."""

from datetime import UTC, datetime
from uuid import UUID

from polyphony.domain.routing.foresee import InLine, Line, foresee
from polyphony.domain.service_hours import ROUND_THE_CLOCK, ServiceHours, to_ms

HOUR = 3_600_000
NOW = to_ms(datetime(2026, 9, 21, 9, tzinfo=UTC))
SIX_AN_HOUR = Line(ROUND_THE_CLOCK, taken=6)


def mail(number, waited, due, **more):
    return InLine(UUID(int=number), NOW - waited, waited, 4 * HOUR, "email", NOW + due, **more)


def test_the_third_in_line_is_late_when_its_turn_comes_after_its_deadline():
    waiting = [mail(1, 3 * HOUR, HOUR), mail(2, 2 * HOUR, HOUR), mail(3, HOUR, HOUR // 3)]
    found = foresee(SIX_AN_HOUR, waiting, NOW)
    assert [(one.id.int, one.place) for one in found] == [(1, 1), (2, 2), (3, 3)]
    assert [one.at - NOW for one in found] == [HOUR // 6, HOUR // 3, HOUR // 2]
    assert [one.late_ms for one in found] == [0, 0, HOUR // 6]


def test_what_weighs_more_comes_first_and_pushes_others_over_their_deadline():
    waiting = [mail(1, HOUR, HOUR // 6), mail(2, HOUR, HOUR, tier="vip")]
    assert [one.id.int for one in foresee(SIX_AN_HOUR, waiting, NOW)] == [2, 1]
    late = {one.id.int: one.late_ms for one in foresee(SIX_AN_HOUR, waiting, NOW)}
    assert late == {1: HOUR // 6, 2: 0}
    boosted = [mail(1, HOUR, 0, boost_milli=2000), mail(2, HOUR, HOUR)]
    assert foresee(SIX_AN_HOUR, boosted, NOW)[0].id.int == 1


def test_without_a_pace_only_what_is_over_already_is_late():
    found = foresee(Line(ROUND_THE_CLOCK, taken=4), [mail(1, HOUR, HOUR), mail(2, HOUR, -60)], NOW)
    assert {one.id.int: (one.at, one.late_ms) for one in found} == {1: (None, None), 2: (None, 60)}


def test_turns_come_in_working_time_only():
    hours = ServiceHours("UTC", {1: [(540, 550)], 2: [(540, 1020)]})  # Monday nine, ten minutes
    found = foresee(Line(hours, taken=6), [mail(1, HOUR, HOUR), mail(2, 0, HOUR)], NOW)
    assert [one.at - NOW for one in found] == [HOUR // 6, 24 * HOUR + HOUR // 6]
    assert found[1].late_ms == 23 * HOUR + HOUR // 6

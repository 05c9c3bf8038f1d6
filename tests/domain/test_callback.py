"""Leaving the line: numbers, times inside the hours, three attempts, when it is over."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyphony.domain import callback
from polyphony.domain.errors import Invalid
from polyphony.domain.service_hours import service_hours, to_datetime, to_ms

HOUR = 3_600_000
WEEK = {str(day): [["08:00", "12:00"], ["13:00", "17:00"]] for day in range(1, 6)}
PRAGUE = service_hours("Europe/Prague", WEEK, {}, always=False, country=None, worked=[])
ALWAYS = service_hours("UTC", {}, {}, always=True, country=None, worked=[])
NEVER = service_hours("UTC", {}, {}, always=False, country=None, worked=[])
YEAR = st.integers(
    to_ms(datetime(2026, 1, 1, tzinfo=UTC)), to_ms(datetime(2026, 12, 31, tzinfo=UTC))
)


def at(text: str) -> int:
    return to_ms(datetime.fromisoformat(text))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("+420 777 123 456", "+420777123456"),
        ("00420 777-123-456", "+420777123456"),
        ("(777) 123 456", "777123456"),
    ],
)
def test_a_number_is_kept_without_what_people_put_between(typed: str, kept: str) -> None:
    assert callback.number(typed) == kept


@pytest.mark.parametrize("typed", ["", "call me", "12345", "+4207771234567890", None, 777123456])
def test_what_is_no_number_is_refused(typed: object) -> None:
    with pytest.raises(Invalid):
        callback.number(typed)


@given(YEAR)
def test_every_time_that_is_offered_lies_inside_the_hours_and_may_be_chosen(now: int) -> None:
    offered = callback.slots(PRAGUE, now)
    assert offered
    for begins, ends in offered:
        assert now < begins < ends
        assert PRAGUE.between(begins, ends) == ends - begins
        assert callback.check_window((begins, ends), PRAGUE, now) == begins
    assert all(one[1] <= two[0] for one, two in pairwise(offered))


@given(YEAR)
def test_who_names_no_time_waits_for_the_opening_at_most(now: int) -> None:
    begins = callback.check_window(None, PRAGUE, now)
    assert (begins is None) == PRAGUE.is_open(now)
    if begins is not None:
        assert begins > now
        assert PRAGUE.is_open(begins)


def test_a_time_outside_the_hours_is_refused() -> None:
    now = at("2026-11-23T09:00+01:00")
    for begins in ("2026-11-23T12:30+01:00", "2026-11-23T08:30+01:00", "2026-12-23T09:00+01:00"):
        with pytest.raises(Invalid):
            callback.check_window((at(begins), at(begins) + HOUR), PRAGUE, now)


def test_it_is_over_at_the_end_of_the_next_working_day() -> None:
    friday = at("2026-11-20T10:00+01:00")
    assert to_datetime(callback.expires(PRAGUE, friday)) == datetime(2026, 11, 23, 16, tzinfo=UTC)
    for hours in (ALWAYS, NEVER):
        assert callback.expires(hours, friday) == friday + 48 * HOUR


def test_attempts_come_after_five_and_thirty_minutes_inside_the_hours() -> None:
    late = at("2026-11-23T11:58+01:00")
    end = callback.expires(PRAGUE, late)
    assert callback.next_try(1, late, PRAGUE, end) == at("2026-11-23T13:00+01:00")
    assert callback.next_try(2, at("2026-11-23T09:00+01:00"), PRAGUE, end) == at(
        "2026-11-23T09:30+01:00"
    )
    assert callback.next_try(3, late, PRAGUE, end) is None
    assert callback.next_try(1, end, PRAGUE, end) is None


@pytest.mark.parametrize(
    "raw",
    [
        {},
        {"way": "fax"},
        {"way": "phone", "address": "x"},
        {"way": "email", "address": "x"},
        {"way": "chat", "reason": "x" * 501},
        {"way": "chat", "reason": 7},
        {"way": "chat", "from": "soon", "to": "later"},
        {"way": "chat", "from": "2026-11-23T09:00", "to": "2026-11-23T10:00"},
    ],
)
def test_a_wish_that_makes_no_sense_is_refused(raw: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        callback.read(raw)

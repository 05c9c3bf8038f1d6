"""Deadlines of the law: where counting starts, what an end on a day of rest does, clock changes."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyphony.domain.deadline import (
    TEMPLATES,
    Template,
    Unit,
    known,
    last_day,
    legal_due,
    template_of,
    works,
)
from polyphony.domain.errors import Invalid, NotFound

CZ, PL = TEMPLATES["cz_consumer_claim"], TEMPLATES["pl_financial_complaint"]
PSD2, GDPR = TEMPLATES["psd2_complaint"], TEMPLATES["gdpr_request"]
PRAGUE = ZoneInfo("Europe/Prague")


def test_a_czech_claim_ends_after_thirty_days_and_rolls_to_the_next_working_day():
    assert last_day(CZ, date(2026, 9, 1)) == date(2026, 10, 1)
    assert last_day(CZ, date(2026, 8, 29)) == date(2026, 9, 29)  # Monday 28 Sep is a holiday
    assert last_day(CZ, date(2026, 11, 24)) == date(2026, 12, 28)  # Christmas, then a weekend


def test_a_polish_complaint_has_thirty_days_or_sixty_and_does_not_roll():
    assert last_day(PL, date(2026, 10, 2)) == date(2026, 11, 1)  # a Sunday and All Saints
    assert last_day(PL, date(2026, 10, 2), extended=True) == date(2026, 12, 1)
    assert PL.silence == "accepted"


def test_a_payment_complaint_counts_working_days_only():
    assert last_day(PSD2, date(2026, 9, 18)) == date(2026, 10, 12)  # 28 Sep does not count
    assert last_day(PSD2, date(2026, 9, 18), extended=True) == date(2026, 11, 10)


def test_a_data_request_ends_on_the_day_of_the_same_number_or_the_last_of_the_month():
    assert last_day(GDPR, date(2026, 1, 15)) == date(2026, 2, 15)
    assert last_day(GDPR, date(2026, 1, 31)) == date(2026, 2, 28)
    assert last_day(GDPR, date(2028, 1, 31)) == date(2028, 2, 29)
    assert last_day(GDPR, date(2026, 11, 30), extended=True) == date(2027, 2, 28)


def test_what_nobody_has_read_in_the_law_is_marked():
    assert PSD2.unverified
    assert GDPR.extended_unverified
    assert not GDPR.unverified
    assert not CZ.unverified
    assert not PL.unverified
    assert not PL.extended_unverified


def test_the_end_is_the_end_of_the_local_day_also_when_the_clocks_change():
    spring = legal_due(CZ, datetime(2026, 2, 27, 12, tzinfo=PRAGUE))
    assert spring == datetime(2026, 3, 30, 22, tzinfo=UTC)  # 29 March is a Sunday: the 30th
    own = Template("own", Unit.DAYS, 1, None, "Europe/Prague", None)
    for day, length in ((date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 6, 1), 24)):
        before = datetime(day.year, day.month, day.day, tzinfo=PRAGUE) - timedelta(hours=3)
        ends = legal_due(own, before)
        begins = legal_due(own, before - timedelta(days=1))
        assert ends - begins == timedelta(hours=length)


def test_the_day_it_came_is_the_local_one():
    late = datetime(2026, 9, 1, 23, 30, tzinfo=UTC)  # half past one on the second in Prague
    assert legal_due(PL, late).astimezone(ZoneInfo("Europe/Warsaw")).date() == date(2026, 10, 3)


def test_counting_may_start_the_same_day():
    own = Template("own", Unit.DAYS, 3, None, "UTC", None, start="same_day")
    assert last_day(own, date(2026, 9, 1)) == date(2026, 9, 3)


def oracle(template, received, amount):
    """Day by day: count what counts, then move on while the end is a day of rest."""
    day = received if template.start == "same_day" else received + timedelta(days=1)
    left = amount
    while True:
        counts = template.unit is Unit.DAYS or works(template, day)
        left -= counts
        if left == 0:
            break
        day += timedelta(days=1)
    while template.roll and not works(template, day):
        day += timedelta(days=1)
    return day


@given(
    st.dates(date(2020, 1, 1), date(2040, 12, 31)),
    st.sampled_from([Unit.DAYS, Unit.WORKING_DAYS]),
    st.integers(1, 120),
    st.booleans(),
    st.sampled_from(["same_day", "next_day"]),
    st.sampled_from(["CZ", "PL", "SK", "RU", None]),
)
def test_days_are_counted_as_a_finger_on_the_calendar_would(
    received, unit, amount, roll, start, country
):
    own = Template("own", unit, amount, None, "UTC", country, start=start, roll=roll)
    assert last_day(own, received) == oracle(own, received, amount)


def test_a_template_of_the_house_stands_before_the_built_in_one():
    own = Template("psd2_complaint", Unit.WORKING_DAYS, 10, None, "Europe/Prague", "CZ")
    assert known("psd2_complaint", {own.key: own}).amount == 10
    assert known("psd2_complaint", {}).amount == 15
    with pytest.raises(NotFound):
        known("moon", {})


@pytest.mark.parametrize(
    "change",
    [
        {"unit": "hours"},
        {"amount": 0},
        {"amount": "many"},
        {"extended": 100_000},
        {"zone": "Mars/Olympus"},
        {"country": "XX"},
        {"start": "yesterday"},
    ],
)
def test_a_template_nobody_can_count_by_is_refused(change):
    good = {"unit": "days", "amount": 30, "zone": "Europe/Prague", "country": "CZ"}
    assert template_of("own", good, unverified=True).amount == 30
    with pytest.raises(Invalid):
        template_of("own", good | change, unverified=True)

"""A file of days of rest: whole days and yearly repeats are read, everything else is counted."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyphony.domain import ical
from polyphony.domain.errors import Invalid


def file(*events, name="Holidays"):
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"X-WR-CALNAME:{name}"]
    for one in events:
        lines += ["BEGIN:VEVENT", *one, "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""])


def read(*events):
    return ical.read(file(*events), 2026, 2029)


def test_a_day_and_a_stretch_of_days_whose_end_does_not_count():
    found = read(
        ["DTSTART;VALUE=DATE:20261224", "SUMMARY:Christmas Eve"],
        ["DTSTART;VALUE=DATE:20260703", "DTEND;VALUE=DATE:20260706", "SUMMARY:Company days"],
    )
    assert found.name == "Holidays"
    assert list(found.days) == [
        date(2026, 7, 3),
        date(2026, 7, 4),
        date(2026, 7, 5),
        date(2026, 12, 24),
    ]
    assert found.days[date(2026, 12, 24)] == "Christmas Eve"


def test_yearly_repeats_within_the_years_asked_for():
    found = read(
        ["DTSTART;VALUE=DATE:20200501", "RRULE:FREQ=YEARLY", "SUMMARY:Labour"],
        ["DTSTART;VALUE=DATE:20240229", "RRULE:FREQ=YEARLY", "SUMMARY:Leap"],
        ["DTSTART;VALUE=DATE:20261109", "RRULE:FREQ=YEARLY;INTERVAL=2;COUNT=2", "SUMMARY:Two"],
        ["DTSTART;VALUE=DATE:20250701", "RRULE:FREQ=YEARLY;UNTIL=20270701", "SUMMARY:Until"],
    )
    assert [day for day, name in found.days.items() if name == "Labour"] == [
        date(year, 5, 1) for year in range(2026, 2030)
    ]
    assert [day for day, name in found.days.items() if name == "Leap"] == [date(2028, 2, 29)]
    assert [day.year for day, name in found.days.items() if name == "Two"] == [2026, 2028]
    assert [day.year for day, name in found.days.items() if name == "Until"] == [2026, 2027]


def test_the_nth_weekday_of_a_month_and_the_last_one():
    found = read(
        ["DTSTART;VALUE=DATE:20251127", "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", "SUMMARY:T"],
        ["DTSTART;VALUE=DATE:20250526", "RRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO", "SUMMARY:M"],
    )
    thanks = [day for day, name in found.days.items() if name == "T"]
    memorial = [day for day, name in found.days.items() if name == "M"]
    assert thanks[:2] == [date(2026, 11, 26), date(2027, 11, 25)]
    assert memorial[:2] == [date(2026, 5, 25), date(2027, 5, 31)]


def test_dates_left_out_and_added():
    found = read(
        [
            *("DTSTART;VALUE=DATE:20260101", "RRULE:FREQ=YEARLY", "SUMMARY:New year"),
            *("EXDATE;VALUE=DATE:20270101", "RDATE;VALUE=DATE:20260102,20260103"),
        ],
    )
    assert list(found.days) == [
        *(date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 3)),
        *(date(2028, 1, 1), date(2029, 1, 1)),
    ]


def test_what_cannot_be_a_day_of_rest_is_counted_and_not_used():
    found = read(
        ["DTSTART:20260701T100000Z", "SUMMARY:Meeting"],
        ["DTSTART;VALUE=DATE:20260702", "STATUS:CANCELLED", "SUMMARY:Off"],
        ["DTSTART;VALUE=DATE:20260101", "DTEND;VALUE=DATE:20261231", "SUMMARY:Season"],
        ["DTSTART;VALUE=DATE:20260703", "RRULE:FREQ=WEEKLY", "SUMMARY:Weekly"],
        ["DTSTART;VALUE=DATE:20260703", "RRULE:FREQ=YEARLY;BYWEEKNO=20", "SUMMARY:Week 20"],
        ["DTSTART;VALUE=DATE:20260703", "RRULE:FREQ=YEARLY;INTERVAL=0", "SUMMARY:Never on"],
        ["SUMMARY:Nowhen"],
        ["DTSTART;VALUE=DATE:20269999", "SUMMARY:No such day"],
    )
    assert found.days == {}
    assert found.passed_over == {
        "timed": 1,
        "cancelled": 1,
        "too_long": 1,
        "repeats": 3,
        "no_date": 2,
    }


def test_folded_lines_escapes_quotes_and_inner_parts_are_understood():
    text = (
        "\ufeffBEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20261117\n"
        'SUMMARY;ALTREP="http://x:1/":Freedom\\, and\n  democracy\\nday\n'
        "BEGIN:VALARM\nDTSTART:20200101T000000\nSUMMARY:alarm\nEND:VALARM\n"
        "END:VEVENT\nEND:VCALENDAR"
    )
    found = ical.read(text, 2026, 2026)
    assert found.days == {date(2026, 11, 17): "Freedom, and democracy day"}


def test_a_duration_stands_for_an_end():
    found = read(["DTSTART;VALUE=DATE:20260810", "DURATION:P1W", "SUMMARY:Holiday"])
    assert len(found.days) == 7


@pytest.mark.parametrize("text", ["", "hello", "END:VCALENDAR", "x" * (ical.BYTES_MAX + 1)])
def test_what_is_no_calendar_is_refused(text):
    with pytest.raises(Invalid):
        ical.read(text, 2026, 2027)


def test_too_many_events_or_days_are_refused():
    many = [["DTSTART;VALUE=DATE:20260101"]] * (ical.EVENTS_MAX + 1)
    with pytest.raises(Invalid, match="too_many"):
        ical.read(file(*many), 2026, 2027)


@given(st.text(max_size=400))
def test_no_text_breaks_the_reader(text):
    for given_ in (text, f"BEGIN:VCALENDAR\nBEGIN:VEVENT\n{text}\nEND:VEVENT\nEND:VCALENDAR"):
        try:
            found = ical.read(given_, 2026, 2030)
        except Invalid:
            continue
        assert all(2026 <= day.year <= 2030 for day in found.days)


_PARTS = st.lists(
    st.sampled_from(
        [
            *("FREQ=YEARLY", "INTERVAL=3", "INTERVAL=x", "COUNT=-1", "COUNT=9999999999"),
            *("UNTIL=2027", "UNTIL=20300101", "BYMONTH=13", "BYMONTH=2", "BYMONTHDAY=31"),
            *("BYDAY=5MO", "BYDAY=-5SU", "BYDAY=MO", "BYDAY=6MO", "WKST=MO", "BYSETPOS=1", "FREQ"),
        ]
    ),
    max_size=5,
)


@given(st.dates(date(1900, 1, 1), date(2110, 12, 31)), _PARTS)
def test_no_rule_breaks_the_reader(day, parts):
    found = read([f"DTSTART;VALUE=DATE:{day:%Y%m%d}", f"RRULE:{';'.join(parts)}", "SUMMARY:x"])
    assert all(2026 <= one.year <= 2029 for one in found.days)

"""Public days of rest by country and year; hours leave them out unless they are worked."""

from datetime import UTC, date, datetime, timedelta

import pytest

from polyphony.domain.errors import Invalid
from polyphony.domain.holiday import COUNTRIES, YEARS, easter, holidays, keys, rests
from polyphony.domain.service_hours import service_hours, to_ms


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [(2024, 3, 31), (2025, 4, 20), (2026, 4, 5), (2027, 3, 28), (2038, 4, 25), (2049, 4, 18)],
)
def test_easter_falls_where_the_church_says(year: int, month: int, day: int) -> None:
    assert easter(year) == date(year, month, day)


def test_easter_is_always_a_sunday_in_its_five_weeks() -> None:
    for year in range(YEARS[0], YEARS[1] + 1):
        found = easter(year)
        assert found.weekday() == 6
        assert date(year, 3, 22) <= found <= date(year, 4, 25)


@pytest.mark.parametrize(
    ("country", "year", "count"),
    [
        *(("CZ", 2026, 13), ("PL", 2024, 13), ("PL", 2026, 14), ("SK", 2023, 15)),
        *(("SK", 2026, 11), ("SK", 2027, 13), ("DE", 2026, 9), ("AT", 2026, 13)),
        *(("GB", 2026, 8), ("RU", 2026, 14)),
    ],
)
def test_every_country_has_its_days(country: str, year: int, count: int) -> None:
    found = holidays(country, year)
    assert len(found) == count
    assert list(found) == sorted(found)
    assert set(found.values()) <= keys(country)


def test_days_that_fall_on_a_weekend_are_made_up_for_where_the_law_says_so() -> None:
    assert list(holidays("GB", 2027))[-2:] == [date(2027, 12, 27), date(2027, 12, 28)]
    assert date(2028, 1, 3) in holidays("GB", 2028)
    assert holidays("GB", 2026)[date(2026, 5, 4)] == "labour"
    assert holidays("GB", 2026)[date(2026, 8, 31)] == "summer"
    assert holidays("PL", 2026)[date(2026, 6, 4)] == "corpus_christi"


def test_an_unknown_country_or_year_is_refused_and_nothing_rests_outside_the_years() -> None:
    with pytest.raises(Invalid):
        holidays("XX", 2026)
    with pytest.raises(Invalid):
        holidays("CZ", 2150)
    assert not rests("CZ", date(2150, 1, 1))
    assert not rests(None, date(2026, 1, 1))
    assert set(COUNTRIES) >= {"CZ", "PL", "SK", "RU"}


def test_hours_close_on_holidays_unless_they_are_worked_or_a_date_says_otherwise() -> None:
    week = {str(day): [["08:00", "16:00"]] for day in range(1, 8)}
    own = {"2026-12-25": [["09:00", "10:00"]]}

    def open_at(day: int, hour: int, worked: tuple[str, ...] = ()) -> bool:
        hours = service_hours("UTC", week, own, always=False, country="CZ", worked=worked)
        return hours.is_open(to_ms(datetime(2026, 12, day, hour, tzinfo=UTC)))

    assert open_at(23, 12)
    assert not open_at(24, 12)
    assert open_at(24, 12, ("christmas_eve",))
    assert open_at(25, 9)  # its own hours stand above the holiday
    assert not open_at(25, 12)


# An oracle of its own: days written down by hand, Easter Sundays as the almanac prints them.
_EASTER = {
    2020: "04-12", 2021: "04-04", 2022: "04-17", 2023: "04-09", 2024: "03-31", 2025: "04-20",
    2026: "04-05", 2027: "03-28", 2028: "04-16", 2029: "04-01", 2030: "04-21", 2031: "04-13",
    2032: "03-28", 2033: "04-17", 2034: "04-09", 2035: "03-25",
}  # fmt: skip
_FIXED = {
    "CZ": "01-01 05-01 05-08 07-05 07-06 09-28 10-28 11-17 12-24 12-25 12-26",
    "PL": "01-01 01-06 05-01 05-03 08-15 11-01 11-11 12-25 12-26",
    "SK": "01-01 01-06 05-01 07-05 08-29 11-01 12-24 12-25 12-26",
    "RU": ("01-01 01-02 01-03 01-04 01-05 01-06 01-07 01-08 02-23 03-08 05-01 05-09 06-12 11-04"),
}
_BY_EASTER = {"CZ": (-2, 1), "PL": (0, 1, 49, 60), "SK": (-2, 1), "RU": ()}


def _oracle(country: str, day: date) -> bool:
    text = f"{day:%m-%d}"
    if text in _FIXED[country].split():
        return True
    easter_day = date.fromisoformat(f"{day.year}-{_EASTER[day.year]}")
    if (day - easter_day).days in _BY_EASTER[country]:
        return True
    if country == "PL":
        return text == "12-24" and day.year >= 2025
    if country == "SK":
        moved = {"05-08": day.year != 2026, "09-15": day.year != 2026}
        ended = {"09-01": day.year <= 2023, "11-17": day.year <= 2024}
        return (moved | ended).get(text, False)
    return False


@pytest.mark.parametrize("country", ["CZ", "PL", "SK", "RU"])
def test_five_hundred_dates_rest_or_work_as_the_oracle_says(country: str) -> None:
    every = [date(2020, 1, 1) + timedelta(days=number) for number in range(5844)]  # to 2035
    rest = [day for day in every if _oracle(country, day)]
    near = [day + timedelta(days=1) for day in rest if day + timedelta(days=1) <= every[-1]]
    asked = sorted({*rest, *near, *every[::23]})
    assert len(asked) >= 500
    wrong = [day for day in asked if rests(country, day) != _oracle(country, day)]
    assert wrong == []

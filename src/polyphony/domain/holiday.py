"""Holiday: public days of rest of a country by year; fixed days, days around Easter, Mondays."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType

from polyphony.domain.errors import Invalid

YEARS = (2020, 2100)
"""Years the rules are kept for, both included."""

Place = Callable[[int], date]
"""When a day falls in a year."""


@dataclass(frozen=True, slots=True)
class Rest:
    """A public day of rest: its key (screens have the names), its place, the years it counts."""

    key: str
    place: Place
    since: int = 0
    until: int = 9999
    but: tuple[int, ...] = ()

    def on(self, year: int) -> date | None:
        """Return its date in a year; None when it is none then."""
        if not self.since <= year <= self.until or year in self.but:
            return None
        return self.place(year)


def easter(year: int) -> date:
    """Return Easter Sunday of the western churches (Gregorian computus)."""
    century = year // 100
    moon = (19 * (year % 19) + century - century // 4 - (8 * century + 13) // 25 + 15) % 30
    moon -= moon // 28 * (1 - 29 // (moon + 1) * ((21 - year % 19) // 11))
    sunday = (year + year // 4 + moon + 2 - century + century // 4) % 7
    day = moon - sunday
    month = 3 + (day + 40) // 44
    return date(year, month, day + 28 - 31 * (month // 4))


def _day(key: str, month: int, day: int, since: int = 0, until: int = 9999, *but: int) -> Rest:
    return Rest(key, lambda year: date(year, month, day), since, until, but)


def _near(key: str, days: int) -> Rest:
    return Rest(key, lambda year: easter(year) + timedelta(days))


def _monday(key: str, month: int, last: int) -> Rest:
    """The Monday within the seven days that end with a day of the month."""

    def place(year: int) -> date:
        end = date(year, month, last)
        return end - timedelta(end.weekday())

    return Rest(key, place)


def _moved(key: str, month: int, day: int, by: Mapping[int, int]) -> Rest:
    """A day that is made up for when it falls on a weekend: weekday → days later."""

    def place(year: int) -> date:
        usual = date(year, month, day)
        return usual + timedelta(by.get(usual.weekday(), 0))

    return Rest(key, place)


_NEW_YEAR = _day("new_year", 1, 1)
_EPIPHANY = _day("epiphany", 1, 6)
_GOOD_FRIDAY, _EASTER_MONDAY = _near("good_friday", -2), _near("easter_monday", 1)
_ASCENSION, _WHIT_MONDAY = _near("ascension", 39), _near("whit_monday", 50)
_CORPUS_CHRISTI = _near("corpus_christi", 60)
_LABOUR = _day("labour", 5, 1)
_VICTORY = _day("victory", 5, 8)
_CYRIL = _day("cyril_methodius", 7, 5)
_ASSUMPTION = _day("assumption", 8, 15)
_SAINTS = _day("all_saints", 11, 1)
_EVE = _day("christmas_eve", 12, 24)
_CHRISTMAS = (_day("christmas", 12, 25), _day("christmas_second", 12, 26))
_EASTER = (_GOOD_FRIDAY, _EASTER_MONDAY)

COUNTRIES: Mapping[str, tuple[Rest, ...]] = {
    "AT": (
        *(_NEW_YEAR, _EPIPHANY, _EASTER_MONDAY, _LABOUR, _ASCENSION, _WHIT_MONDAY),
        *(_CORPUS_CHRISTI, _ASSUMPTION, _day("national", 10, 26), _SAINTS),
        *(_day("conception", 12, 8), *_CHRISTMAS),
    ),
    "CZ": (
        *(_NEW_YEAR, *_EASTER, _LABOUR, _VICTORY, _CYRIL, _day("hus", 7, 6)),
        *(_day("statehood", 9, 28), _day("independence", 10, 28), _day("freedom", 11, 17)),
        *(_EVE, *_CHRISTMAS),
    ),
    "DE": (
        *(_NEW_YEAR, *_EASTER, _LABOUR, _ASCENSION, _WHIT_MONDAY, _day("unity", 10, 3)),
        *_CHRISTMAS,
    ),
    "GB": (
        *(_moved("new_year", 1, 1, {5: 2, 6: 1}), *_EASTER, _monday("labour", 5, 7)),
        *(_monday("spring", 5, 31), _monday("summer", 8, 31)),
        *(_moved("christmas", 12, 25, {5: 2, 6: 2}), _moved("boxing", 12, 26, {5: 2, 6: 2})),
    ),
    "PL": (
        *(_NEW_YEAR, _EPIPHANY, _near("easter", 0), _EASTER_MONDAY, _LABOUR),
        *(_day("constitution", 5, 3), _near("pentecost", 49), _CORPUS_CHRISTI, _ASSUMPTION),
        *(_SAINTS, _day("independence", 11, 11), _day("christmas_eve", 12, 24, 2025)),
        *_CHRISTMAS,
    ),
    "RU": (
        *(_day("new_year_days", 1, day) for day in (1, 2, 3, 4, 5, 6, 8)),
        *(_day("christmas_east", 1, 7), _day("defender", 2, 23), _day("women", 3, 8)),
        *(_LABOUR, _day("victory", 5, 9), _day("national", 6, 12), _day("unity", 11, 4)),
    ),
    "SK": (
        *(_NEW_YEAR, _EPIPHANY, *_EASTER, _LABOUR, _day("victory", 5, 8, 0, 9999, 2026), _CYRIL),
        *(_day("uprising", 8, 29), _day("constitution", 9, 1, 0, 2023)),
        *(_day("sorrows", 9, 15, 0, 9999, 2026), _SAINTS, _day("freedom", 11, 17, 0, 2024)),
        *(_EVE, *_CHRISTMAS),
    ),
}
"""By ISO country; what a government moves by decree from year to year is an exception by date."""


@cache
def holidays(country: str, year: int) -> Mapping[date, str]:
    """Return the days of rest of a year and their keys, in order; raise Invalid when not known."""
    if country not in COUNTRIES:
        raise Invalid("calendar.country", {"country": country[:10], "known": sorted(COUNTRIES)})
    if not YEARS[0] <= year <= YEARS[1]:
        raise Invalid("calendar.year", {"year": year})
    found = {day: one.key for one in COUNTRIES[country] if (day := one.on(year)) is not None}
    return MappingProxyType(dict(sorted(found.items())))


def keys(country: str) -> frozenset[str]:
    """Return the keys of every day of rest a country has in some year."""
    return frozenset(one.key for one in COUNTRIES.get(country, ()))


def rests(country: str | None, day: date, worked: frozenset[str] = frozenset()) -> bool:
    """Tell whether a day is a public day of rest that is not worked through."""
    if country is None or not YEARS[0] <= day.year <= YEARS[1]:
        return False
    key = holidays(country, day.year).get(day)
    return key is not None and key not in worked

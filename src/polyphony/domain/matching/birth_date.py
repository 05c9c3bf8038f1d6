"""Birth dates: read from the usual spellings, compared with the slips of a hand in mind."""
# ruff: noqa: RUF001 - letters of many alphabets

import re
from datetime import date

from rapidfuzz.distance import OSA

_ISO = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})(?:[T ].*)?")
_DAY_FIRST = re.compile(r"(\d{1,2})\s*[./ -]\s*(\d{1,2})\s*[./ -]\s*(\d{4})\s*(?:г\.?|р\.?)?")
_OLDEST = 1880


def birth_date(text: str, *, month_first: bool = False) -> str | None:
    """Return the date as YYYY-MM-DD; None for what is no date since 1880.

    Day before month as Europe writes it, unless ``month_first`` or only the other way is a date.
    """
    plain = text.strip()
    iso = _ISO.fullmatch(plain)
    if iso:
        return _date(int(iso[1]), int(iso[2]), int(iso[3]))
    found = _DAY_FIRST.fullmatch(plain)
    if not found:
        return None
    one, two, year = int(found[1]), int(found[2]), int(found[3])
    ways = [(one, two), (two, one)] if month_first else [(two, one), (one, two)]
    return next(filter(None, (_date(year, month, day) for month, day in ways)), None)


def turned(one: str, other: str) -> bool:
    """Tell whether day and month changed places."""
    return one[:4] == other[:4] and one[5:7] == other[8:10] and one[8:10] == other[5:7]


def one_edit(one: str, other: str) -> bool:
    """Tell whether one digit is wrong, or two neighbours are swapped."""
    return OSA.distance(one, other, score_cutoff=1) <= 1


def _date(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat() if year >= _OLDEST else None
    except ValueError:
        return None

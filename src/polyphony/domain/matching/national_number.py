"""National numbers of persons: the checksum, and what they tell of birth and sex.

Sources: the public descriptions of rodné číslo (CZ, SK), PESEL (PL), RNOKPP (UA), INN of twelve
digits (RU). The number itself is never kept: what is compared is a keyed hash of it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from polyphony.domain.matching.checksums import inn, weighted

_NO_DIGIT = re.compile(r"[\s/.-]+")
_PESEL = (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)
_RNOKPP = (-1, 5, 7, 9, 4, 6, 10, 5, 7)
_PESEL_CENTURIES = {80: 1800, 0: 1900, 20: 2000, 40: 2100, 60: 2200}
_UKRAINE_ZERO = date(1899, 12, 31)
_NINE_UNTIL = 53  # numbers of nine digits were given to those born until 1953


@dataclass(frozen=True, slots=True)
class NationalNumber:
    """A number that passed its check; ``born`` (YYYY-MM-DD) and ``sex`` where it tells them."""

    country: str
    digits: str
    born: str | None = None
    sex: str | None = None


def national_number(text: str, country: str) -> NationalNumber | None:
    """Check a number of a person; None where the check fails or the country is not known."""
    digits = _NO_DIGIT.sub("", text)
    read = _READERS.get(country.upper())
    return read(digits) if read and digits.isascii() and digits.isdigit() else None


def _birth_number(digits: str) -> NationalNumber | None:
    year, month, day = int(digits[:2]), int(digits[2:4]), int(digits[4:6])
    if len(digits) == 9:
        full = 1900 + year if year <= _NINE_UNTIL else 1800 + year
    elif len(digits) == 10 and _divides(digits):
        full = 1900 + year if year > _NINE_UNTIL else 2000 + year
    else:
        return None
    woman = month > 50
    month -= 50 * woman
    month -= 20 * (month > 20 and full > 2003)
    born = _date(full, month, day)
    return NationalNumber("CZ", digits, born, "f" if woman else "m") if born else None


def _divides(digits: str) -> bool:
    """By eleven; until 1985 a remainder of ten was written as 0."""
    return int(digits) % 11 == 0 or (int(digits[:9]) % 11 == 10 and digits[9] == "0")


def _pesel(digits: str) -> NationalNumber | None:
    if len(digits) != 11 or (10 - weighted(digits, _PESEL) % 10) % 10 != int(digits[10]):
        return None
    year, month, day = int(digits[:2]), int(digits[2:4]), int(digits[4:6])
    century = _PESEL_CENTURIES[month // 20 * 20]
    born = _date(century + year, month % 20, day)
    return NationalNumber("PL", digits, born, "fm"[int(digits[9]) % 2]) if born else None


def _rnokpp(digits: str) -> NationalNumber | None:
    if len(digits) != 10 or weighted(digits, _RNOKPP) % 11 % 10 != int(digits[9]):
        return None
    born = _UKRAINE_ZERO + timedelta(days=int(digits[:5]))
    return NationalNumber("UA", digits, born.isoformat(), "fm"[int(digits[8]) % 2])


def _inn(digits: str) -> NationalNumber | None:
    return NationalNumber("RU", digits) if len(digits) == 12 and inn(digits) else None


def _date(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


_READERS: dict[str, Callable[[str], NationalNumber | None]] = {
    "CZ": _birth_number,
    "SK": _birth_number,
    "PL": _pesel,
    "UA": _rnokpp,
    "RU": _inn,
}

"""Numbers of companies: IČO (CZ, SK), NIP and REGON (PL), EDRPOU (UA), INN and OGRN (RU).

Sources: the public descriptions of each number's checksum.
"""

import re
from collections.abc import Callable

from polyphony.domain.matching.checksums import inn, weighted

_NO_DIGIT = re.compile(r"[\s/.-]+")
_PREFIX = re.compile(r"^(?:cz|sk|pl|ua|ru)", re.IGNORECASE)
_NIP = (6, 5, 7, 2, 3, 4, 5, 6, 7)
_REGON = (8, 9, 2, 3, 4, 5, 6, 7)
_REGON_LONG = (2, 4, 8, 5, 0, 9, 7, 3, 6, 1, 2, 4, 8)
_EDRPOU, _EDRPOU_MIDDLE = (1, 2, 3, 4, 5, 6, 7), (7, 1, 2, 3, 4, 5, 6)
_MIDDLE = range(30_000_000, 60_000_001)


def company_number(text: str, country: str) -> str | None:
    """Return the number as ``CZ:12345678``; None where its check fails or none is known."""
    land = country.upper()
    digits = _NO_DIGIT.sub("", _PREFIX.sub("", text.strip()))
    check = _CHECKS.get(land)
    if check is None or not digits.isascii() or not digits.isdigit():
        return None
    if land in ("CZ", "SK"):
        digits = digits.zfill(8)
    return f"{land}:{digits}" if check(digits) else None


def _ico(digits: str) -> bool:
    rest = weighted(digits, range(8, 1, -1)) % 11
    return len(digits) == 8 and (11 - rest) % 10 == int(digits[7])


def _polish(digits: str) -> bool:
    if len(digits) == 10:
        return weighted(digits, _NIP) % 11 == int(digits[9])
    if len(digits) == 14:
        short = weighted(digits, _REGON) % 11 % 10 == int(digits[8])
        return short and weighted(digits, _REGON_LONG) % 11 % 10 == int(digits[13])
    return len(digits) == 9 and weighted(digits, _REGON) % 11 % 10 == int(digits[8])


def _edrpou(digits: str) -> bool:
    if len(digits) != 8:
        return False
    weights = _EDRPOU_MIDDLE if int(digits) in _MIDDLE else _EDRPOU
    rest = weighted(digits, weights) % 11
    if rest == 10:
        rest = weighted(digits, [weight + 2 for weight in weights]) % 11 % 10
    return rest == int(digits[7])


def _russian(digits: str) -> bool:
    if len(digits) == 13:
        return int(digits[:12]) % 11 % 10 == int(digits[12])
    return len(digits) in (10, 12) and inn(digits)


_CHECKS: dict[str, Callable[[str], bool]] = {
    "CZ": _ico,
    "SK": _ico,
    "PL": _polish,
    "UA": _edrpou,
    "RU": _russian,
}

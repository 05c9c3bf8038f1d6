"""The Date header to RFC 3339, offset as written; whatever order people's programs chose."""

import re
from datetime import UTC, datetime, timedelta, timezone

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january",
            "feb february",
            "mar march",
            "apr april",
            "may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ),
        start=1,
    )
    for name in names.split()
}
_ZONES = {
    "UT": 0,
    "UTC": 0,
    "GMT": 0,
    "Z": 0,
    "EST": -300,
    "EDT": -240,
    "CST": -360,
    "CDT": -300,
    "MST": -420,
    "MDT": -360,
    "PST": -480,
    "PDT": -420,
    "WET": 0,
    "WEST": 60,
    "CET": 60,
    "MET": 60,
    "CEST": 120,
    "MEST": 120,
    "EET": 120,
    "EEST": 180,
    "MSK": 180,
    "MSD": 240,
    "BST": 60,
    "JST": 540,
}
_USUAL = re.compile(
    r"(?:[A-Za-z]{3}, )?(\d{1,2}) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)"
    r"(?: \([A-Za-z ]{1,40}\))?"
)
_COMMENT = re.compile(r"\([^()]*\)")
_TIME = re.compile(
    r"(\d{1,2})\s*[:.]\s*(\d{1,2})(?:\s*[:.]\s*(\d{1,2}))?(?:[.,]\d+)?\s*([AaPp][Mm])?"
)
_ISO = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2}))?(?:[.,]\d+)?)?\s*(.*)"
)
_DAY_FIRST = re.compile(r"(\d{1,2})[\s.-]+([A-Za-z]{3,9})\.?[\s,-]+(\d{2,5})\b")
_MONTH_FIRST = re.compile(r"\b([A-Za-z]{3,9})\.?\s+(\d{1,2})(?:,?\s+(\d{4})\b)?")
_OFFSET = re.compile(r"^\s*(?:GMT|UTC)?\s*([+-])\s*(\d{1,2}):?(\d{2})\b")
_NAME = re.compile(r"^\s*([A-Za-z]{1,5})\b")
_YEAR = re.compile(r"\b(\d{4})\b")


def parse(value: str) -> str | None:
    """Return the moment as RFC 3339, or None when it is not readable or outside 1970 to 2100."""
    if (usual := _USUAL.fullmatch(value)) is not None and (found_at := _usual(usual)) is not None:
        return found_at
    text = value[:500]
    for _ in range(5):
        if "(" not in text:
            break
        text = _COMMENT.sub(" ", text)
    try:
        found = _iso(text) or _mail(text)
    except (ValueError, OverflowError):
        return None
    if found is None or not 1970 <= found.astimezone(UTC).year <= 2100:
        return None
    return found.isoformat(timespec="seconds")


def _usual(found: re.Match[str]) -> str | None:
    """Write the form nearly every program uses without any detour; None when it is not sound."""
    day, name, year, hour, minute, second, sign, zone_h, zone_m = found.groups()
    month = _MONTHS.get(name.lower())
    if month is None or not 1971 <= int(year) <= 2099 or zone_h > "14" or second > "59":
        return None
    try:
        datetime(int(year), month, int(day), int(hour), int(minute), tzinfo=UTC)
    except ValueError:
        return None
    sign = "+" if zone_h == zone_m == "00" else sign
    return f"{year}-{month:02}-{int(day):02}T{hour}:{minute}:{second}{sign}{zone_h}:{zone_m}"


def _iso(text: str) -> datetime | None:
    found = _ISO.match(text.strip())
    if found is None:
        return None
    numbers = [int(one) if one else 0 for one in found.groups()[:6]]
    return datetime(*numbers[:5], min(numbers[5], 59), tzinfo=_zone(found.group(7)))  # type: ignore[arg-type, misc]


def _mail(text: str) -> datetime | None:
    day, rest = _day(text)
    if day is None:
        return None
    time = _TIME.search(rest)
    if time is None:
        return datetime(*day, tzinfo=UTC)
    hour, minute = int(time.group(1)), int(time.group(2))
    second = min(int(time.group(3) or 0), 59)  # a leap second is written 60
    if (half := (time.group(4) or "").lower()) and hour <= 12:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return datetime(*day, hour, minute, second, tzinfo=_zone(rest[time.end() :]))


def _day(text: str) -> tuple[tuple[int, int, int] | None, str]:
    """Find day, month and year; return them and the text that may hold the time."""
    for found in _DAY_FIRST.finditer(text):
        month = _MONTHS.get(found.group(2).lower())
        if month is not None:
            return (_year(found.group(3)), month, int(found.group(1))), text[found.end() :] or text
    for found in _MONTH_FIRST.finditer(text):
        month = _MONTHS.get(found.group(1).lower())
        if month is None:
            continue
        rest = text[found.end() :]
        year = found.group(3) or ((hit := _YEAR.search(rest)) and hit.group(1))
        if year:
            return (int(year), month, int(found.group(2))), rest
    return None, text


def _year(digits: str) -> int:
    year = int(digits)
    if len(digits) == 2:
        return year + (2000 if year < 50 else 1900)
    return year + 1900 if len(digits) == 3 else year


def _zone(text: str) -> timezone:
    if (offset := _OFFSET.match(text)) is not None:
        minutes = int(offset.group(2)) * 60 + int(offset.group(3))
        if minutes < 24 * 60:
            return timezone(timedelta(minutes=-minutes if offset.group(1) == "-" else minutes))
    if (name := _NAME.match(text)) is not None:
        return timezone(timedelta(minutes=_ZONES.get(name.group(1).upper(), 0)))
    return UTC

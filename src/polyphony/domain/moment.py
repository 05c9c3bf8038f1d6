"""Moment: points and spans of time as filters write them, absolute or measured from now."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_RELATIVE = re.compile(r"(now|today|week|month)(?:([+-])(\d{1,5})([mhdw]))?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_EXACT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)", re.ASCII)
_SPAN = re.compile(r"(\d{1,5})([mhdw])", re.ASCII)
_SECONDS = {"m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
_DAYS = {"d": 1, "w": 7}


def span(text: str) -> timedelta | None:
    """Read a span: ``90m``, ``4h``, ``2d`` (48 hours), ``1w``; None when it is none."""
    found = _SPAN.fullmatch(text)
    return timedelta(seconds=int(found[1]) * _SECONDS[found[2]]) if found else None


def zone_of(name: str) -> ZoneInfo:
    """Return a time zone by its name, UTC when nobody knows it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def moment(text: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    """Read a moment; None when it is none.

    ``2026-03-29T10:00:00+02:00`` is itself, ``2026-03-29`` the beginning of that day in the zone,
    ``now-2h`` measured from now, ``today``, ``week``, ``month`` begin in the zone and move by
    whole days (``today+1d``, ``week-1w``). A day that begins with a gap begins when the gap would
    have; of a midnight that comes twice the first one counts.
    """
    if _EXACT.fullmatch(text):
        return _exact(text)
    if _DAY.fullmatch(text):
        day = _day(text)
        return _midnight(day, zone) if day else None
    found = _RELATIVE.fullmatch(text)
    if found is None:
        return None
    anchor, sign, number, unit = found.groups()
    n = int(f"{sign}{number}") if sign else 0
    if anchor == "now":
        return now + timedelta(seconds=n * _SECONDS[unit or "m"])
    if unit is not None and unit not in _DAYS:
        return None
    begun = _anchored(anchor, now.astimezone(zone).date())
    return _midnight(begun + timedelta(days=n * _DAYS[unit or "d"]), zone)


def is_moment(text: str) -> bool:
    """Tell whether a text can be read as a moment."""
    at = datetime(2026, 1, 1, tzinfo=UTC)
    try:
        return moment(text, at, ZoneInfo("UTC")) is not None
    except OverflowError:
        return False


def _exact(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 1900 <= found.year <= 2200 else None


def _anchored(anchor: str, today: date) -> date:
    match anchor:
        case "week":
            return today - timedelta(days=today.weekday())
        case "month":
            return today.replace(day=1)
    return today


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return the beginning of a day: ``fold`` 0 means the offset that held before."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)

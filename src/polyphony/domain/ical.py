"""iCalendar: the days of rest somebody publishes as a file; whole days and yearly repeats only."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from polyphony.domain.errors import Invalid
from polyphony.domain.holiday import YEARS

BYTES_MAX = 1_000_000
EVENTS_MAX = 5_000
DAYS_MAX = 2_000
NAME_MAX = 120
LENGTH_MAX = 60
"""A single event of more days is no holiday but a season."""

_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_ON = re.compile(r"([+-]?[1-5])(MO|TU|WE|TH|FR|SA|SU)")
_ESCAPED = re.compile(r"\\([\\;,nN])")
_RULE_PARTS = frozenset(
    {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYMONTH", "BYMONTHDAY", "BYDAY", "WKST"}
)


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file says: names by date, and what of it could not be used (by reason)."""

    name: str
    days: Mapping[date, str]
    passed_over: Mapping[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class _Event:
    start: date | None = None
    end: date | None = None
    name: str = ""
    rule: str = ""
    timed: bool = False
    cancelled: bool = False
    extra: list[date] = field(default_factory=list)
    without: set[date] = field(default_factory=set)


def read(text: str, first: int, last: int) -> Imported:
    """Read a file for the years ``first`` to ``last``; raise Invalid when it is no calendar.

    Events with a time of day, cancelled ones and repeats that are not yearly are counted, not used.
    """
    if len(text) > BYTES_MAX:
        raise Invalid("ical.too_large", {"max": BYTES_MAX})
    lines = list(_unfolded(text))
    if not lines or lines[0].upper() != "BEGIN:VCALENDAR":
        raise Invalid("ical.not_a_calendar")
    window = (max(first, YEARS[0]), min(last, YEARS[1]))
    name, days, passed = "", dict[date, str](), dict[str, int]()
    for event in _events(lines):
        if isinstance(event, str):
            name = event
            continue
        reason = _unusable(event)
        if reason:
            passed[reason] = passed.get(reason, 0) + 1
            continue
        for day in _days(event, window):
            days.setdefault(day, event.name)
        if len(days) > DAYS_MAX:
            raise Invalid("ical.too_many", {"max": DAYS_MAX})
    return Imported(name[:NAME_MAX], dict(sorted(days.items())), passed)


def _unfolded(text: str) -> Iterator[str]:
    """Long lines are folded: what begins with a blank continues the one before."""
    held = ""
    for line in text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if line[:1] in {" ", "\t"}:
            held += line[1:]
            continue
        if held.strip():
            yield held.strip()
        held = line
    if held.strip():
        yield held.strip()


@dataclass(slots=True)
class _Reading:
    """Where in the file the reader is: inside which event, how deep, how many so far."""

    inside: _Event | None = None
    depth: int = 0
    count: int = 0

    def begin(self, what: str) -> None:
        """Enter a part; an event outside of another one is what we look for."""
        self.depth += 1
        if what == "VEVENT" and self.inside is None:
            self.inside, self.depth, self.count = _Event(), 0, self.count + 1
            if self.count > EVENTS_MAX:
                raise Invalid("ical.too_many", {"max": EVENTS_MAX})

    def end(self, what: str) -> _Event | None:
        """Leave a part; return the event that is complete now."""
        done = self.inside if self.depth == 0 and what == "VEVENT" else None
        if done is not None:
            self.inside = None
        self.depth -= 1
        return done


def _events(lines: Sequence[str]) -> Iterator[_Event | str]:
    """Yield events, and the name of the calendar when it says one."""
    at = _Reading()
    for line in lines:
        name, params, value = _line(line)
        if name == "BEGIN":
            at.begin(value.upper())
        elif name == "END":
            if (done := at.end(value.upper())) is not None:
                yield done
        elif at.inside is None and name == "X-WR-CALNAME":
            yield _plain(value)
        elif at.inside is not None and at.depth == 0:
            _take(at.inside, name, params, value)


def _line(line: str) -> tuple[str, str, str]:
    """Cut a line into name, parameters and value; colons inside quotes belong to a parameter."""
    quoted = False
    for place, sign in enumerate(line):
        if sign == '"':
            quoted = not quoted
        elif sign == ":" and not quoted:
            name, _, params = line[:place].partition(";")
            return name.upper(), params.upper(), line[place + 1 :]
    return line.upper(), "", ""


def _take(event: _Event, name: str, params: str, value: str) -> None:
    match name:
        case "DTSTART":
            event.start, event.timed = _date(value), "T" in value.upper()
        case "DTEND":
            event.end = _date(value)
        case "DURATION":
            _last(event, value)
        case "SUMMARY":
            event.name = " ".join(_plain(value).split())[:NAME_MAX]
        case "RRULE":
            event.rule = value.upper()
        case "STATUS":
            event.cancelled = value.strip().upper() == "CANCELLED"
        case _:
            _more(event, name, params, value)


def _more(event: _Event, name: str, params: str, value: str) -> None:
    """Dates that are left out, and single ones that are added."""
    if name == "EXDATE":
        event.without |= set(_dates(value))
    elif name == "RDATE" and "PERIOD" not in params:
        event.extra += _dates(value)


def _dates(value: str) -> list[date]:
    return [one for part in value.split(",") if (one := _date(part)) is not None]


def _last(event: _Event, value: str) -> None:
    days = re.fullmatch(r"P(?:(\d{1,3})W)?(?:(\d{1,4})D)?", value.strip().upper())
    if days and event.start:
        weeks, single = (int(one or 0) for one in days.groups())
        event.end = event.start + timedelta(days=7 * weeks + single)


def _plain(value: str) -> str:
    return _ESCAPED.sub(lambda found: " " if found[1] in "nN" else found[1], value)


def _date(value: str) -> date | None:
    found = _DATE.match(value.strip())
    if found is None:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


def _unusable(event: _Event) -> str:
    if event.start is None:
        return "no_date"
    if event.timed:
        return "timed"
    if event.cancelled:
        return "cancelled"
    if event.end is not None and (event.end - event.start).days > LENGTH_MAX:
        return "too_long"
    parts = _rule(event.rule)
    strange = parts.keys() - _RULE_PARTS
    if event.rule and (parts.get("FREQ") != "YEARLY" or strange or not _countable(parts)):
        return "repeats"
    return ""


def _rule(rule: str) -> dict[str, str]:
    return dict(part.split("=", 1) for part in rule.split(";") if "=" in part)


def _countable(parts: Mapping[str, str]) -> bool:
    """Only what names one day of a year: a number, or the n-th weekday of one month."""
    numbers = all(
        parts.get(one, "1").isdecimal() and 1 <= int(parts.get(one, "1")) <= top
        for one, top in (("INTERVAL", 100), ("COUNT", 1000), ("BYMONTH", 12), ("BYMONTHDAY", 31))
    )
    if "UNTIL" in parts and _date(parts["UNTIL"]) is None:
        return False
    if "BYDAY" in parts:
        alone = "BYMONTH" in parts and "BYMONTHDAY" not in parts
        return numbers and alone and _ON.fullmatch(parts["BYDAY"]) is not None
    return numbers


def _days(event: _Event, window: tuple[int, int]) -> Iterator[date]:
    """Yield every day an event covers within the years."""
    start = event.start
    if start is None:  # pragma: no cover - refused before
        return
    length = max((event.end - start).days, 1) if event.end else 1
    for begin in (*_starts(event, start, window[1]), *event.extra):
        if begin in event.without:
            continue
        for more in range(length):
            day = begin + timedelta(days=more)
            if window[0] <= day.year <= window[1]:
                yield day


def _starts(event: _Event, start: date, last: int) -> Iterator[date]:
    """Yield the first day of each repeat; what a year does not have (29 February) is left out."""
    parts = _rule(event.rule)
    if not parts:
        yield start
        return
    until = _date(parts.get("UNTIL", "")) or date(last, 12, 31)
    left = int(parts.get("COUNT", "1000"))
    for year in range(start.year, last + 1, int(parts.get("INTERVAL", "1"))):
        day = _place(parts, start, year)
        if day is None or day < start:
            continue
        if day > until or left == 0:
            return
        left -= 1
        yield day


def _place(parts: Mapping[str, str], start: date, year: int) -> date | None:
    month = int(parts.get("BYMONTH", start.month))
    on = _ON.fullmatch(parts.get("BYDAY", ""))
    if on:
        return _nth(year, month, int(on[1]), _WEEKDAYS.index(on[2]))
    try:
        return date(year, month, int(parts.get("BYMONTHDAY", start.day)))
    except ValueError:
        return None


def _nth(year: int, month: int, number: int, weekday: int) -> date | None:
    """Return the n-th weekday of a month, from its end when n is negative."""
    if number > 0:
        first = date(year, month, 1)
        day = first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (number - 1))
    else:
        after = date(year + month // 12, month % 12 + 1, 1)
        last = after - timedelta(days=1)
        day = last - timedelta(days=(last.weekday() - weekday) % 7 + 7 * (-number - 1))
    return day if day.month == month else None

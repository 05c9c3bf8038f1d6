"""Service hours: working time by frames, exceptions and zone, counted in UTC to the millisecond."""

from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from polyphony.domain.errors import Invalid
from polyphony.domain.holiday import COUNTRIES, rests

Frame = tuple[int, int]
"""Minutes of the local day, ``[from, to)``; 1440 is midnight at its end."""

DAY_MS = 86_400_000
MINUTE_MS = 60_000
_FRAMES_MAX = 6
_DAY_MINUTES = 1440
_FIRST_DAY = date(2020, 1, 1).toordinal()
_SEARCH_DAYS = 3660
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = date(1970, 1, 1).toordinal()


def to_ms(at: datetime) -> int:
    """Turn an aware moment into whole milliseconds since 1970 (UTC)."""
    return (at - _EPOCH) // timedelta(milliseconds=1)


def to_datetime(ms: int) -> datetime:
    """Turn milliseconds since 1970 into a moment in UTC."""
    return _EPOCH + timedelta(milliseconds=ms)


@dataclass(slots=True, eq=False)
class ServiceHours:
    """When a Department or Queue works.

    ``frames`` per ISO weekday (1 = Monday), ``exceptions`` per date replace that day (empty =
    closed); public holidays of ``country`` are closed but for those ``worked`` (keys).
    ``always`` = round the clock, nothing else counts. Time counts while the wall clock is
    inside a frame: an hour skipped in spring does not count, an hour repeated in autumn twice.
    Known days are remembered, so asking again is cheap; the answers never depend on it.
    """

    zone: str = "UTC"
    frames: Mapping[int, Sequence[Frame]] = field(default_factory=dict)
    exceptions: Mapping[date, Sequence[Frame]] = field(default_factory=dict)
    always: bool = False
    country: str | None = None
    worked: frozenset[str] = frozenset()
    _tz: ZoneInfo = field(init=False, repr=False)
    _days: list[tuple[tuple[int, int], ...]] = field(init=False, repr=False, default_factory=list)
    _before: list[int] = field(init=False, repr=False, default_factory=lambda: [0])

    def __post_init__(self) -> None:
        """Check everything once; raise Invalid with the field that is wrong."""
        try:
            self._tz = ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise Invalid("calendar.zone", {"zone": self.zone}) from error
        for day, frames in (*self.frames.items(), *self.exceptions.items()):
            _check(frames, str(day))
        if self.country is not None and self.country not in COUNTRIES:
            raise Invalid("calendar.country", {"known": sorted(COUNTRIES)})
        if any(day not in range(1, 8) for day in self.frames):
            raise Invalid("calendar.weekday", {"weekdays": [str(day) for day in self.frames]})

    def axis(self, at: int) -> int:
        """Working ms between 2020-01-01 (local) and a moment (epoch ms); grows with ``at``."""
        if self.always:
            return at
        day = self._day_of(at)
        if day < 0:
            return 0
        spent = sum(min(max(at - start, 0), end - start) for start, end in self._spans(day))
        return self._before[day] + spent

    def at_axis(self, point: int) -> int | None:
        """Earliest epoch ms at which ``axis`` reaches a point; None when it never will."""
        if self.always:
            return point
        if not self._reach(point):
            return None
        day = max(bisect_right(self._before, point - 1) - 1, 0)
        left = point - self._before[day]
        for start, end in self._spans(day):
            if left <= end - start:
                return start + left
            left -= end - start
        return self._spans(day)[-1][1] if self._spans(day) else None

    def between(self, start: int, end: int) -> int:
        """Working ms between two moments (epoch ms); 0 when ``end`` is not later."""
        return max(self.axis(end) - self.axis(start), 0)

    def after(self, start: int, working_ms: int) -> int | None:
        """Moment at which ``working_ms`` will have passed since ``start``; None = never."""
        if working_ms <= 0:
            return start
        return self.at_axis(self.axis(start) + working_ms)

    def is_open(self, at: int) -> bool:
        """Tell whether a moment (epoch ms) is inside working time."""
        if self.always:
            return True
        day = self._day_of(at)
        return day >= 0 and any(start <= at < end for start, end in self._spans(day))

    def opens(self, at: int) -> int | None:
        """Next moment (epoch ms) that is inside working time, ``at`` itself if it is."""
        if self.is_open(at):
            return at
        edge = self.at_axis(self.axis(at) + 1)
        return None if edge is None else edge - 1

    def closes(self, at: int) -> int | None:
        """End of the working day a moment lies in; None round the clock, or when it is over."""
        if self.always:
            return None
        day = self._day_of(at)
        spans = self._spans(day) if day >= 0 else ()
        return spans[-1][1] if spans and at < spans[-1][1] else None

    def _day_of(self, at: int) -> int:
        return to_datetime(at).astimezone(self._tz).toordinal() - _FIRST_DAY

    def _spans(self, day: int) -> tuple[tuple[int, int], ...]:
        while len(self._days) <= day:
            spans = self._make(date.fromordinal(_FIRST_DAY + len(self._days)))
            self._days.append(spans)
            self._before.append(self._before[-1] + sum(end - start for start, end in spans))
        return self._days[day]

    def _reach(self, point: int) -> bool:
        """Make days until the point lies inside, at most ten years without any work."""
        idle = 0
        weekly = any(self.frames.values())
        last = max((day.toordinal() for day, some in self.exceptions.items() if some), default=0)
        while self._before[-1] < point:
            known = len(self._days)
            if not weekly and known > last - _FIRST_DAY:  # nobody will ever work again
                return False
            self._spans(known)
            idle = 0 if self._before[-1] > self._before[-2] else idle + 1
            if idle > _SEARCH_DAYS:
                return False
        return True

    def _make(self, day: date) -> tuple[tuple[int, int], ...]:
        """List the instants of a day whose wall clock is inside a frame, as spans of epoch ms."""
        frames = self.exceptions.get(day)
        if frames is None:
            closed = rests(self.country, day, self.worked)
            frames = () if closed else self.frames.get(day.isoweekday(), ())
        if not frames:
            return ()
        midnight = (day.toordinal() - _EPOCH_DAY) * DAY_MS
        spans = []
        for begin, until, offset in self._offsets(midnight - DAY_MS, midnight + 2 * DAY_MS):
            for first, last in frames:
                start = max(midnight + first * MINUTE_MS - offset, begin)
                end = min(midnight + last * MINUTE_MS - offset, until)
                if end > start:
                    spans.append((start, end))
        return tuple(sorted(spans))

    def _offsets(self, begin: int, until: int) -> tuple[tuple[int, int, int], ...]:
        """Cut a stretch where the clocks are changed (at most once in three days)."""
        first, last = self._offset(begin), self._offset(until)
        if first == last:
            return ((begin, until, first),)
        low, high = begin, until
        while high - low > 1:
            middle = (low + high) // 2
            if self._offset(middle) == first:
                low = middle
            else:
                high = middle
        return (begin, high, first), (high, until, last)

    def _offset(self, at: int) -> int:
        offset = to_datetime(at).astimezone(self._tz).utcoffset() or timedelta(0)
        return offset // timedelta(milliseconds=1)


ROUND_THE_CLOCK = ServiceHours(always=True)


def service_hours(  # noqa: PLR0913 - the columns of a calendar
    zone: str,
    frames: Mapping[str, Sequence[Sequence[str]]],
    exceptions: Mapping[str, Sequence[Sequence[str]]],
    *,
    always: bool,
    country: str | None = None,
    worked: Collection[str] = (),
    imported: Collection[str] = (),
) -> ServiceHours:
    """Read service hours as they are stored: ``{"1": [["08:00", "12:00"]]}`` and by ISO date.

    ``imported`` are dates somebody's file of holidays closes; an exception of the date goes before.
    Raises Invalid when a weekday, a date or a time is none.
    """
    try:
        weekly = {int(day): [_frame(one) for one in some] for day, some in frames.items()}
        special: dict[date, Sequence[Frame]] = {date.fromisoformat(day): () for day in imported}
        special |= {
            date.fromisoformat(day): [_frame(one) for one in some]
            for day, some in exceptions.items()
        }
    except (ValueError, TypeError) as error:
        raise Invalid("calendar.malformed", {"detail": str(error)[:200]}) from error
    return ServiceHours(zone, weekly, special, always, country, frozenset(worked))


def _frame(pair: Sequence[str]) -> Frame:
    first, last = pair
    return _minute(first), _minute(last)


def _minute(text: str) -> int:
    hours, minutes = text.split(":")
    value = int(hours) * 60 + int(minutes)
    if not (0 <= int(minutes) < 60 and 0 <= value <= _DAY_MINUTES):
        raise ValueError(text)
    return value


def _check(frames: Sequence[Frame], day: str) -> None:
    if len(frames) > _FRAMES_MAX:
        raise Invalid("calendar.too_many_frames", {"day": day, "max": _FRAMES_MAX})
    inside = all(0 <= first < last <= _DAY_MINUTES for first, last in frames)
    ordered = all(one[1] <= two[0] for one, two in pairwise(frames))
    if not (inside and ordered):
        raise Invalid("calendar.frames", {"day": day})

"""When: which moments may somebody mean by a few words, in four languages and his own zone?"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from polyphony.domain.when_words import Vocabulary, folded, vocabularies

MORNING = time(9, 0)
TEXT_MAX = 100
FARTHEST = timedelta(days=366)
SUGGESTIONS_MAX = 5


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment and how the words were read: ``exact``, ``day`` (nine o'clock was added), ``span``.

    ``at`` is in UTC, ``said`` a short code screens and tests may show beside the moment.
    """

    at: datetime
    said: str


def zone_of(name: str) -> ZoneInfo:
    """Return a zone by name; UTC when nobody knows it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def moments(text: str, now: datetime, zone: ZoneInfo, language: str = "en") -> list[Moment]:
    """Return the moments the words may mean, most likely first; all lie in the future.

    The person's own language is heard first, then the others: who writes ``za 2 hodiny`` is
    understood whatever his screen speaks. Unknown words give no moment at all.
    """
    words = folded(text[:TEXT_MAX])
    if not words:
        return []
    here = now.astimezone(zone)
    found: dict[datetime, Moment] = {}
    for vocabulary in vocabularies(language):
        for one in _Reader(vocabulary, here, zone).read(words):
            if now < one.at <= now + FARTHEST:
                found.setdefault(one.at, one)
    return list(found.values())[:SUGGESTIONS_MAX]


def usual(now: datetime, zone: ZoneInfo) -> list[Moment]:
    """Return what is proposed before a word was typed: soon, tonight, tomorrow, next week."""
    here = now.astimezone(zone)
    monday = here.date() + timedelta(days=7 - here.weekday())
    proposed = [
        Moment(_quarter(now + timedelta(hours=1)), "in_hours"),
        Moment(_quarter(now + timedelta(hours=3)), "in_hours"),
        _on(here.date(), time(17, 0), zone, "today"),
        _on(here.date() + timedelta(days=1), MORNING, zone, "tomorrow"),
        _on(monday, MORNING, zone, "next_week"),
    ]
    later = [one for one in proposed if one.at > now]
    return sorted({one.at: one for one in later}.values(), key=lambda one: one.at)


def _quarter(at: datetime) -> datetime:
    """Round up to a full five minutes: nobody means 14:03:27."""
    at = at.astimezone(UTC)
    rest = timedelta(minutes=at.minute % 5, seconds=at.second, microseconds=at.microsecond)
    return at if not rest else at - rest + timedelta(minutes=5)


def _on(day: date, clock: time, zone: ZoneInfo, said: str) -> Moment:
    """Return a wall time as a moment; an hour the clocks skip means the one after it."""
    local = datetime.combine(day, clock, zone)
    back = local.astimezone(UTC).astimezone(zone)
    if back.replace(tzinfo=None) != local.replace(tzinfo=None):
        skipped = (local.replace(fold=1).utcoffset() or timedelta()) - (
            local.replace(fold=0).utcoffset() or timedelta()
        )
        local = local.replace(fold=0) + abs(skipped)
    return Moment(local.astimezone(UTC), said)


_CLOCK = r"(?:\s*(?:h|hod|hodin|hodiny|godz|godzina|час|часа|часов|o'clock))?"
_TIME = re.compile(
    r"(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2}))?\s*(?P<half>a\.?m\.?|p\.?m\.?)?"
    r"(?:\s*(?:h|hod|hodin|hodiny|godz|godzina|час|часа|часов|o'clock))?"
)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[t ]+(.+))?")
_DOTTED = re.compile(r"(\d{1,2})\s*[./]\s*(\d{1,2})\s*[./]?\s*(\d{4})?(?:\s+(.+))?")
_NAMED = re.compile(
    r"(?:the )?(\d{1,2})(?:st|nd|rd|th|\.)? ?(?:of )?([^\W\d]+)\.?(?: (\d{4}))?(?: (.+))?"
)
_NAMED_US = re.compile(r"([^\W\d]+)\.? (\d{1,2})(?:st|nd|rd|th)?(?:,? (\d{4}))?(?: (.+))?")
_SPAN = re.compile(r"(\d{1,3}(?:[.,]\d)?) ?([^\W\d]+)\.?\s*(.*)")
_BARE = re.compile(r"[1-6](?:[:.]\d{2})?" + _CLOCK)
_YEARS = range(2000, 2200)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads words with one vocabulary; every way of reading that fits gives its moments."""

    known: Vocabulary
    here: datetime
    zone: ZoneInfo

    def read(self, words: str) -> Iterator[Moment]:
        """Yield moments, the most exact readings first."""
        for one in (self._spans, self._ends, self._dates, self._weekdays, self._days, self._clocks):
            yield from one(words)

    # ── in two hours ────────────────────────────────────────────────────────────────────────────

    def _spans(self, words: str) -> Iterator[Moment]:
        rest = words
        for opening in self.known.within:
            if words.startswith(opening + " "):
                rest = words.removeprefix(opening + " ")
                break
        else:
            for closing in self.known.from_now:
                if words.endswith(" " + closing):
                    rest = words.removesuffix(" " + closing)
                    break
            else:
                if not _SPAN.fullmatch(words):
                    return
        length = self._length(self._numbered(rest))
        if length is not None:
            yield self._after(*length)

    def _numbered(self, words: str) -> str:
        """Write number words as digits: two hours, za hodinu, за полчаса."""
        for phrase, (number, unit) in self.known.spans.items():
            if words == phrase or words.startswith(phrase + " "):
                return f"{number} {unit}{words.removeprefix(phrase)}"
        first, _, rest = words.partition(" ")
        if first in self.known.numbers and rest:
            return f"{self.known.numbers[first]} {rest}"
        return f"1 {words}" if first in self.known.units else words

    def _length(self, words: str) -> tuple[str, float, time | None] | None:
        """Return unit, how many, and a time of the day when one was named."""
        found = _SPAN.fullmatch(words)
        if found is None:
            return None
        unit = self.known.units.get(found[2])
        if unit is None:
            return None
        tail = found[3]
        many = float(found[1].replace(",", "."))
        if not tail:
            return unit, many, None
        return self._compound(unit, many, tail)

    def _compound(self, unit: str, many: float, tail: str) -> tuple[str, float, time | None] | None:
        for joint in self.known.joints:
            tail = tail.removeprefix(joint + " ")
        more = _SPAN.fullmatch(tail)
        if more is not None and unit == "hour" and self.known.units.get(more[2]) == "minute":
            return "minute", many * 60 + float(more[1].replace(",", ".")), None
        clock = self._clock(tail) if unit in {"day", "week", "month"} else None
        return None if clock is None else (unit, many, clock)

    def _after(self, unit: str, many: float, clock: time | None) -> Moment:
        if unit in {"minute", "hour"}:
            span = timedelta(minutes=many) if unit == "minute" else timedelta(hours=many)
            return Moment((self.here.astimezone(UTC) + span).replace(microsecond=0), f"in_{unit}s")
        day = self.here.date()
        if unit == "month":
            day = _months_on(day, int(many))
        elif unit == "workday":
            day = _workdays_on(day, int(many))
        else:
            day += timedelta(days=int(many * 7 if unit == "week" else many))
        return _on(day, clock or MORNING, self.zone, f"in_{unit}s")

    # ── end of day ──────────────────────────────────────────────────────────────────────────────

    def _ends(self, words: str) -> Iterator[Moment]:
        today = self.here.date()
        said = self.known.ends.get(words)
        if said == "day":
            yield _on(today, time(17, 0), self.zone, "end_of_day")
            yield _on(today + timedelta(days=1), time(17, 0), self.zone, "end_of_day")
        elif said == "week":
            friday = today + timedelta(days=(4 - today.weekday()) % 7)
            yield _on(friday, time(17, 0), self.zone, "end_of_week")
            yield _on(friday + timedelta(days=7), time(17, 0), self.zone, "end_of_week")
        elif said == "month":
            first = _months_on(today.replace(day=1), 1)
            yield _on(first - timedelta(days=1), time(17, 0), self.zone, "end_of_month")
        elif said == "next_week":
            yield _on(today + timedelta(days=7 - today.weekday()), MORNING, self.zone, "next_week")
        elif said == "next_month":
            yield _on(_months_on(today.replace(day=1), 1), MORNING, self.zone, "next_month")
        elif said == "weekend":
            saturday = today + timedelta(days=(5 - today.weekday()) % 7)
            yield _on(saturday, MORNING, self.zone, "weekend")
            yield _on(saturday + timedelta(days=7), MORNING, self.zone, "weekend")

    # ── the 3rd of May ──────────────────────────────────────────────────────────────────────────

    def _dates(self, words: str) -> Iterator[Moment]:
        if found := _ISO.fullmatch(words):
            yield from self._dated(found[1], int(found[2]), found[3], found[4])
        elif found := _DOTTED.fullmatch(words):
            yield from self._dated(found[3], int(found[2]), found[1], found[4])
        elif (found := _NAMED.fullmatch(words)) and found[2] in self.known.months:
            yield from self._dated(found[3], self.known.months[found[2]], found[1], found[4])
        elif (found := _NAMED_US.fullmatch(words)) and found[1] in self.known.months:
            yield from self._dated(found[3], self.known.months[found[1]], found[2], found[4])

    def _dated(self, year: str | None, month: int, day: str, tail: str | None) -> Iterator[Moment]:
        clock = self._clock(tail) if tail else MORNING
        if clock is None:
            return
        years = [int(year)] if year else [self.here.year, self.here.year + 1]
        for one in years:
            if one not in _YEARS:
                continue
            try:
                named = date(one, month, int(day))
            except ValueError:
                continue
            moment = _on(named, clock, self.zone, "date")
            if moment.at > self.here:
                yield moment
                return

    # ── on Friday ───────────────────────────────────────────────────────────────────────────────

    def _weekdays(self, words: str) -> Iterator[Moment]:
        bare = self._without(words, self.known.on)
        nearest = self._without(bare, self.known.this)
        following = self._without(bare, self.known.next)
        for phrase, again in ((following, True), (nearest, False)):
            if again and following == bare:
                continue
            yield from self._weekday(phrase, again=again)

    def _weekday(self, words: str, *, again: bool) -> Iterator[Moment]:
        name, tail = self._longest(words, self.known.weekdays)
        if name is None:
            return
        clock = self._clock(tail) if tail else MORNING
        if clock is None:
            return
        ahead = (self.known.weekdays[name] - self.here.weekday()) % 7
        day = self.here.date() + timedelta(days=ahead)
        first = _on(day, clock, self.zone, "weekday")
        second = _on(day + timedelta(days=7), clock, self.zone, "weekday")
        if again and ahead and day.isocalendar()[1] == self.here.isocalendar()[1]:
            first, second = second, first  # "next Friday" on a Monday: the week after, more likely
        yield first
        yield second

    # ── tomorrow at nine ────────────────────────────────────────────────────────────────────────

    def _days(self, words: str) -> Iterator[Moment]:
        name, tail = self._longest(words, self.known.days)
        if name is None:
            return
        day = self.here.date() + timedelta(days=self.known.days[name])
        said = {0: "today", 1: "tomorrow"}.get(self.known.days[name], "day")
        clock = self._clock(tail) if tail else None
        if tail and clock is None:
            return
        if clock is None:
            clock = MORNING if self.known.days[name] else time(17, 0)
        for one in _both(clock, self._without(tail, self.known.at)):
            yield _on(day, one, self.zone, said)

    # ── at half past ten ────────────────────────────────────────────────────────────────────────

    def _clocks(self, words: str) -> Iterator[Moment]:
        clock = self._clock(words)
        if clock is None or (words.isdigit() and len(words) > 2):
            return
        today = self.here.date()
        for ahead, said in ((0, "today"), (1, "tomorrow")):
            for one in _both(clock, self._without(words, self.known.at)):
                yield _on(today + timedelta(days=ahead), one, self.zone, said)

    def _clock(self, words: str) -> time | None:
        """Read a time of the day: 9, 9:30, 17.00, 5 pm, at noon, ráno, in the morning at 8."""
        words = self._without(words, self.known.at)
        part, tail = self._longest(words, self.known.parts)
        if part is not None:
            hour, evening = self.known.parts[part]
            exact = self._clock(tail) if tail else None
            if not tail:
                return time(hour, 0)
            return None if exact is None else _evening(exact, evening)
        for name, (_, evening) in self.known.parts.items():
            if words.endswith(" " + name):
                exact = self._clock(words.removesuffix(" " + name))
                return None if exact is None else _evening(exact, evening)
        return _plain_time(words)

    @staticmethod
    def _longest(words: str, known: Iterable[str]) -> tuple[str | None, str]:
        """Return the longest known phrase at the beginning, and what comes after it."""
        fits = [one for one in known if words == one or words.startswith((one + " ", one + ", "))]
        if not fits:
            return None, ""
        name = max(fits, key=len)
        return name, words[len(name) :].strip(" ,")

    @staticmethod
    def _without(words: str, openings: Sequence[str]) -> str:
        for one in openings:
            if words.startswith(one + " "):
                return words.removeprefix(one + " ")
        return words


def _both(clock: time, words: str) -> Sequence[time]:
    """A bare small number may be after noon, and more likely is: nobody works at three at night."""
    if 1 <= clock.hour <= 6 and _BARE.fullmatch(words):
        return (clock.replace(hour=clock.hour + 12), clock)
    return (clock,)


def _plain_time(words: str) -> time | None:
    found = _TIME.fullmatch(words)
    if found is None:
        return None
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    half = (found["half"] or "").replace(".", "")
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _evening(clock: time, evening: bool) -> time:  # noqa: FBT001 - a fact of the word, not a mode
    return clock.replace(hour=clock.hour + 12) if evening and clock.hour < 12 else clock


def _months_on(day: date, months: int) -> date:
    """Return the same day some months later; the last of the month where there is none."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month, min(day.day, last))


def _workdays_on(day: date, many: int) -> date:
    """Return the day so many working days (Monday to Friday) later."""
    left = min(many, 300)
    while left > 0:
        day += timedelta(days=1)
        left -= day.weekday() < 5
    return day

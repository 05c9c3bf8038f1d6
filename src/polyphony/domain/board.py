"""Board: counters of Queues kept by contributions of rows, so order and repeats change nothing."""

from bisect import bisect_left, bisect_right, insort
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from heapq import heappop, heappush
from typing import NamedTuple, TypeAlias
from uuid import UUID

BUCKET_MS = 15_000
BUCKETS = 120
SERIES = ("entered", "started", "abandoned")
SOON_MS = 15 * 60_000
"""Work that is due in this time is shown as due soon."""


class Place(NamedTuple):
    """What a counter is about; without a Queue it is the Agents of a Department at home.

    ``channel`` "" = all channels. ``sealed`` matters are counted apart: others must not see them.
    """

    department: UUID
    queue: UUID | None
    channel: str
    sealed: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """What one row adds to one place, at a moment and for its day; all moments in epoch ms.

    ``now`` are gauges. ``day`` counts until ``day_end`` (local midnight of the Queue), ``ticks``
    are (bucket of 15 s, name, number) of the last half hour.
    """

    place: Place
    now: tuple[tuple[str, int], ...] = ()
    since: int | None = None
    due: int | None = None
    day: tuple[tuple[str, int], ...] = ()
    day_end: int = 0
    ticks: tuple[tuple[int, str, int], ...] = ()


Contribution: TypeAlias = tuple[Part, ...]


def bucket(at: int) -> int:
    """Return the 15 seconds a moment lies in."""
    return at // BUCKET_MS


class Picture(NamedTuple):
    """One place as it is shown; ``since`` is the start of the longest wait."""

    now: Mapping[str, int]
    since: int | None
    breached: int
    soon: int
    day: Mapping[str, int]
    half: Mapping[str, int]


@dataclass(slots=True)
class _Cell:
    now: Counter[str] = field(default_factory=Counter)
    waits: Counter[int] = field(default_factory=Counter)
    oldest: list[int] = field(default_factory=list)
    due: list[int] = field(default_factory=list)
    days: dict[int, Counter[str]] = field(default_factory=dict)
    half: Counter[str] = field(default_factory=Counter)
    planned: int = 0

    def longest(self) -> int | None:
        """Return the start of the longest wait; starts that are over fall off here."""
        while self.oldest and self.waits[self.oldest[0]] <= 0:
            del self.waits[heappop(self.oldest)]
        return self.oldest[0] if self.oldest else None

    def next_due(self, at: int) -> int | None:
        """Return when a due time next passes, or comes near."""
        late, soon = bisect_right(self.due, at), bisect_right(self.due, at + SOON_MS)
        moments = [self.due[late]] if late < len(self.due) else []
        moments += [self.due[soon] - SOON_MS] if soon < len(self.due) else []
        return min(moments, default=None)


class Board:
    """All counters at one moment; ``changed`` are the places to be told anew."""

    def __init__(self, at: int) -> None:
        self.at = at
        self.changed: set[Place] = set()
        self._kept: dict[tuple[str, UUID], tuple[int, Contribution]] = {}
        self._cells: dict[Place, _Cell] = {}
        self._ring: defaultdict[int, dict[Place, Counter[str]]] = defaultdict(dict)
        self._days: list[tuple[int, Place]] = []
        self._due: list[tuple[int, Place]] = []

    def apply(self, entity: str, id_: UUID, version: int, contribution: Contribution) -> bool:
        """Replace what a row adds unless something newer is known; tell whether it was taken."""
        known = self._kept.get((entity, id_))
        if known is not None:
            if known[0] > version:
                return False
            if known == (version, contribution):
                return True
            for part in known[1]:
                self._add(part, -1)
        self._kept[entity, id_] = (version, contribution)
        for part in contribution:
            self._add(part, 1)
        return True

    def known(self, entity: str) -> set[UUID]:
        """Return the rows of a kind that are counted."""
        return {id_ for kind, id_ in self._kept if kind == entity}

    def of(self, entity: str, ids: Collection[UUID]) -> list[tuple[UUID, int, Contribution]]:
        """Return what these rows of a kind add, as it is counted now."""
        found = ((id_, self._kept.get((entity, id_))) for id_ in ids)
        return [(id_, *one) for id_, one in found if one is not None]

    def forget(self, entity: str, id_: UUID) -> None:
        """Take a row out that is there no more (its table lost it)."""
        known = self._kept.pop((entity, id_), None)
        for part in known[1] if known else ():
            self._add(part, -1)

    def _add(self, part: Part, sign: int) -> None:
        cell = self._cells.get(part.place)
        if cell is None:
            cell = self._cells[part.place] = _Cell()
        self.changed.add(part.place)
        for name, n in part.now:
            cell.now[name] += sign * n
        if part.since is not None:
            self._wait(cell, part.since, sign)
        if part.due is not None:
            self._due_at(cell, part.place, part.due, sign)
        if part.day and part.day_end > self.at:
            self._day(cell, part, sign)
        for number, name, n in part.ticks:
            if number > bucket(self.at) - BUCKETS:
                sums = self._ring[number].setdefault(part.place, Counter())
                sums[name] += sign * n
                cell.half[name] += sign * n

    def _wait(self, cell: _Cell, since: int, sign: int) -> None:
        cell.waits[since] += sign
        if sign > 0 and cell.waits[since] == 1:
            heappush(cell.oldest, since)

    def _due_at(self, cell: _Cell, place: Place, due: int, sign: int) -> None:
        if sign > 0:
            insort(cell.due, due)
        else:
            del cell.due[bisect_left(cell.due, due)]
        self._plan(cell, place)

    def _plan(self, cell: _Cell, place: Place) -> None:
        """Remember when this place changes by time alone."""
        coming = cell.next_due(self.at)
        if coming is not None and (cell.planned <= self.at or coming < cell.planned):
            cell.planned = coming
            heappush(self._due, (coming, place))

    def _day(self, cell: _Cell, part: Part, sign: int) -> None:
        sums = cell.days.get(part.day_end)
        if sums is None:
            sums = cell.days[part.day_end] = Counter()
            heappush(self._days, (part.day_end, part.place))
        for name, n in part.day:
            sums[name] += sign * n
        if not any(sums.values()):
            del cell.days[part.day_end]  # else an empty day would be shown for a full one

    # ── time ────────────────────────────────────────────────────────────────────────────────────

    def advance(self, at: int) -> None:
        """Let time pass: days end, buckets leave the half hour, due times come near or pass."""
        if at <= self.at:
            return
        self.at = at
        while self._days and self._days[0][0] <= at:
            end, place = heappop(self._days)
            self._cells[place].days.pop(end, None)
            self.changed.add(place)
        for number in [one for one in self._ring if one <= bucket(at) - BUCKETS]:
            for place, sums in self._ring.pop(number).items():
                self._cells[place].half.subtract(sums)
                self.changed.add(place)
        while self._due and self._due[0][0] <= at:
            _, place = heappop(self._due)
            self.changed.add(place)
            cell = self._cells[place]
            cell.planned = 0
            self._plan(cell, place)

    # ── looking ─────────────────────────────────────────────────────────────────────────────────

    def places(self) -> Iterator[Place]:
        """Return every place that has a counter."""
        return iter(tuple(self._cells))

    def picture(self, place: Place) -> Picture:
        """Return one place as it is now; zeros are left out."""
        cell = self._cells.get(place) or _Cell()
        late = bisect_right(cell.due, self.at)
        return Picture(
            _set(cell.now),
            cell.longest(),
            late,
            bisect_right(cell.due, self.at + SOON_MS) - late,
            _set(cell.days[min(cell.days)]) if cell.days else {},
            _set(cell.half),
        )

    def series(self, department: UUID, *, sealed: bool) -> dict[str, list[int]]:
        """Return the last half hour of a Department, a number for each 15 seconds.

        ``end`` is the number of the last of them, which is not over yet.
        """
        end = bucket(self.at)
        found: dict[str, list[int]] = {"end": [end]}
        for name in SERIES:
            found[name] = [0] * BUCKETS
        for number, places in self._ring.items():
            where = number - end + BUCKETS - 1
            if not 0 <= where < BUCKETS:
                continue
            for place, sums in places.items():
                if (place.department, place.sealed) == (department, sealed):
                    for name in SERIES:
                        found[name][where] += sums[name]
        return found

    def pictures(self) -> dict[Place, Picture]:
        """Return all places that show anything: what two boards are compared by."""
        found = {place: self.picture(place) for place in self._cells}
        return {place: one for place, one in found.items() if one != _NOTHING}

    def tidy(self) -> int:
        """Forget rows that add nothing any more (work that ended days ago); return how many.

        Of those that only count in their day, what lies behind the half hour is forgotten.
        """
        over = [key for key, (_, parts) in self._kept.items() if not any(map(self._counts, parts))]
        for key in over:
            del self._kept[key]
        for key, (version, parts) in self._kept.items():
            if any(part.ticks and not self._recent(part) for part in parts):
                kept = tuple(one if self._recent(one) else replace(one, ticks=()) for one in parts)
                self._kept[key] = (version, kept)
        return len(over)

    def _counts(self, part: Part) -> bool:
        daily = bool(part.day) and part.day_end > self.at
        present = bool(part.now) or part.since is not None or part.due is not None
        return present or daily or self._recent(part)

    def _recent(self, part: Part) -> bool:
        return any(number > bucket(self.at) - BUCKETS for number, _, _ in part.ticks)


def _set(counts: Mapping[str, int]) -> dict[str, int]:
    return {name: n for name, n in sorted(counts.items()) if n}


_NOTHING = Picture({}, None, 0, 0, {}, {})

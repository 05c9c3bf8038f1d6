"""Measure: start, pause, resume and meet the targets of Cases as these move."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from polyphony.domain import sla
from polyphony.domain.errors import Refusal
from polyphony.domain.service_hours import ServiceHours, service_hours, to_datetime, to_ms
from polyphony.domain.sla import Clock, ClockState, ClockType
from polyphony.store import clocks, keys
from polyphony.store.clocks import CalendarRow, ClockRow
from polyphony.store.database import Session

Change = Callable[[Clock, ServiceHours, int], Clock | Refusal]
_ANSWERS = frozenset({ClockType.FIRST_RESPONSE.value, ClockType.NEXT_RESPONSE.value})
_LIVE = frozenset({"running", "paused", "breached"})
_REMEMBERED_MAX = 256
_remembered: dict[tuple[UUID, int], ServiceHours] = {}


@dataclass(frozen=True, slots=True)
class Target:
    """Where a clock counts: Case, Interaction, channel, the customer's tier, the Queue's hours."""

    case: UUID
    interaction: UUID
    channel: str
    tier: str
    hours: CalendarRow


@dataclass(slots=True)
class Clocks:
    """The clocks a flow works on: read once, changed in memory, written once by ``keep``."""

    known: list[ClockRow] = field(default_factory=list)
    hours: dict[UUID, ServiceHours] = field(default_factory=dict)
    _by_case: dict[UUID, list[ClockRow]] = field(default_factory=dict)
    _starts: dict[tuple[UUID, ClockType, int, datetime], Clock] = field(default_factory=dict)
    _new: list[ClockRow] = field(default_factory=list)
    _changed: dict[UUID, ClockRow] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Sort what is known by Case."""
        for one in self.known:
            self._by_case.setdefault(one.case_id, []).append(one)

    def of(self, case: UUID) -> list[ClockRow]:
        """Return all clocks of a Case, oldest first."""
        return self._by_case.get(case, [])

    def live(self, case: UUID) -> Iterable[ClockRow]:
        """Return the clocks of a Case that were neither met nor cancelled."""
        return [one for one in self.of(case) if one.state in _LIVE and one.done_at is None]

    def owed(self, case: UUID) -> bool:
        """Tell whether the clock of an answer runs already."""
        return any(one.type in _ANSWERS for one in self.live(case))

    def asked(self, target: Target, at: datetime, *, first: bool) -> datetime | None:
        """Start the clock of an answer unless one runs; return the governing deadline."""
        running = [one for one in self.live(target.case) if one.type in _ANSWERS]
        if running:
            return min((one.due_at for one in running if one.due_at), default=None)
        kind = ClockType.FIRST_RESPONSE if first else ClockType.NEXT_RESPONSE
        return self._start(target, kind, _answer_ms(target), at).due_at

    def opened(self, target: Target, at: datetime) -> None:
        """Start the clock of the resolution of a new Case."""
        self._start(target, ClockType.RESOLUTION, _resolution_ms(target), at)

    def answered(self, case: UUID, at: datetime) -> None:
        """One of us answered: the customer waits no longer."""
        self._each(case, sla.meet, at, _ANSWERS)

    def moved(self, case: UUID, state: str, at: datetime) -> None:
        """Pause or resume what the state of the Case pauses."""
        for one in self.live(case):
            pauses = state in sla.PAUSED_BY[ClockType(one.type)]
            if pauses and one.state == ClockState.RUNNING:
                self._apply(one, sla.pause, at)
            elif not pauses and one.state == ClockState.PAUSED:
                self._apply(one, sla.resume, at)

    def solved(self, case: UUID, at: datetime) -> None:
        """The matter is done: every target is met (or stays breached)."""
        self._each(case, sla.meet, at)

    def cancelled(self, case: UUID, at: datetime) -> None:
        """The matter went away: nothing is measured any more."""
        self._each(case, sla.cancel, at)

    def reopened(self, case: UUID, at: datetime, closed_ms: int) -> None:
        """Let the resolution go on with what was left; anew when it was closed for long."""
        if any(one.type == ClockType.RESOLUTION for one in self.live(case)):
            return
        ended = [one for one in self.of(case) if one.type == ClockType.RESOLUTION and one.done_at]
        if not ended:
            return
        last = ended[-1]
        fresh = sla.reopen(_clock(last), self._hours(last.calendar_id), to_ms(at), closed_ms)
        row = ClockRow(keys.key(at), case, None, last.type, "running", last.calendar_id, 0)
        self._put(row, fresh)
        self._add(row)

    def rehouse(self, clock: ClockRow, case: UUID) -> None:
        """Let a clock count for another Case (its Interaction moved there)."""
        self._by_case[clock.case_id].remove(clock)
        clock.case_id = case
        self._by_case.setdefault(case, []).append(clock)
        self._changed[clock.id] = clock

    async def keep(self, session: Session) -> None:
        """Write what changed: one statement for new clocks, one for the others."""
        await clocks.save(session, sorted(self._changed.values(), key=lambda one: one.id))
        await clocks.add(session, self._new)

    def _start(self, target: Target, kind: ClockType, target_ms: int, at: datetime) -> ClockRow:
        calendar = target.hours.calendar_id
        self.hours.setdefault(calendar, hours_of(target.hours))
        same = (calendar, kind, target_ms, at)
        clock = self._starts.get(same)  # a batch of one moment starts many equal clocks
        if clock is None:
            clock = self._starts[same] = sla.start(kind, target_ms, self.hours[calendar], to_ms(at))
        of = None if kind is ClockType.RESOLUTION else target.interaction
        row = ClockRow(keys.key(at), target.case, of, kind.value, "running", calendar, target_ms)
        self._put(row, clock)
        self._add(row)
        return row

    def _add(self, row: ClockRow) -> None:
        self._new.append(row)
        self._by_case.setdefault(row.case_id, []).append(row)

    def _each(
        self, case: UUID, change: Change, at: datetime, types: frozenset[str] | None = None
    ) -> None:
        for one in self.live(case):
            if types is None or one.type in types:
                self._apply(one, change, at)

    def _apply(self, row: ClockRow, change: Change, at: datetime) -> None:
        changed = change(_clock(row), self._hours(row.calendar_id), to_ms(at))
        if isinstance(changed, Clock):
            self._put(row, changed)
            if not any(one is row for one in self._new):
                self._changed[row.id] = row

    def _hours(self, calendar: UUID) -> ServiceHours:
        return self.hours[calendar]

    @staticmethod
    def _put(row: ClockRow, clock: Clock) -> None:
        row.state, row.target_ms = clock.state.value, clock.target_ms
        row.consumed_ms = clock.consumed_ms
        row.running_since = _moment(clock.running_since)
        row.warn_at, row.due_at = _moment(clock.warn_at), _moment(clock.due_at)
        row.done_at = _moment(clock.done_at)


async def read(session: Session, cases: Sequence[UUID]) -> Clocks:
    """Read the clocks of Cases with the calendars they count by."""
    if not cases:
        return Clocks()
    known = await clocks.of_cases(session, cases)
    wanted = sorted({one.calendar_id for one in known})
    rows = await clocks.calendars(session, wanted) if wanted else {}
    return Clocks(known, {one.calendar_id: hours_of(one) for one in rows.values()})


def hours_of(row: CalendarRow) -> ServiceHours:
    """Return the service hours of a calendar; known days are remembered per version."""
    key = (row.calendar_id, row.version)
    if key not in _remembered:
        if len(_remembered) >= _REMEMBERED_MAX:
            _remembered.clear()
        _remembered[key] = service_hours(
            row.zone,
            row.frames,
            row.exceptions,
            always=row.always,
            country=row.country,
            worked=row.worked,
        )
    return _remembered[key]


def _answer_ms(target: Target) -> int:
    own = target.hours.targets.get(target.channel, {}).get("first_response_s")
    return own * 1000 if own else sla.first_response_ms(target.channel, target.tier)


def _resolution_ms(target: Target) -> int:
    own = target.hours.targets.get(target.channel, {}).get("resolution_s")
    return own * 1000 if own else sla.resolution_ms(target.channel)


def answer_ms(target: Target) -> int:
    """Return the target of an answer in working ms: the Queue's own, else the channel's."""
    return _answer_ms(target)


def _clock(row: ClockRow) -> Clock:
    return Clock(
        ClockType(row.type),
        ClockState(row.state),
        row.target_ms,
        row.consumed_ms,
        _ms(row.running_since),
        _ms(row.warn_at),
        _ms(row.due_at),
        _ms(row.done_at),
    )


def _ms(at: datetime | None) -> int | None:
    return None if at is None else to_ms(at)


def _moment(ms: int | None) -> datetime | None:
    return None if ms is None else to_datetime(ms)

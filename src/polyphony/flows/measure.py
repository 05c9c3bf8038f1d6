"""Measure: start, pause, resume and meet the targets of Cases as these move."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from polyphony.domain import escalation, sla
from polyphony.domain.errors import Refusal
from polyphony.domain.service_hours import ROUND_THE_CLOCK, ServiceHours, to_datetime, to_ms
from polyphony.domain.sla import Clock, ClockState, ClockType, Terms
from polyphony.domain.sla_policy import Chosen, Own, choose
from polyphony.flows.promise import Span, Target, hours_of, mark, promised
from polyphony.store import clocks, keys
from polyphony.store import sla as promises
from polyphony.store.clocks import ClockRow
from polyphony.store.database import Session
from polyphony.store.sla import NOTHING, Book

Change = Callable[[Clock, ServiceHours, int], Clock | Refusal]
_ANSWERS = frozenset({ClockType.FIRST_RESPONSE.value, ClockType.NEXT_RESPONSE.value})
_ANSWERED = _ANSWERS | {ClockType.ACKNOWLEDGE.value}
_LIVE = frozenset({"running", "paused", "breached"})


@dataclass(slots=True)
class Clocks:
    """The clocks a flow works on: read once, changed in memory, written once by ``keep``."""

    known: list[ClockRow] = field(default_factory=list)
    hours: dict[UUID, ServiceHours] = field(default_factory=dict)
    book: Book = NOTHING
    late: set[UUID] = field(default_factory=set)
    """Cases whose overdue answer was given now."""
    _by_case: dict[UUID, list[ClockRow]] = field(default_factory=dict)
    _starts: dict[tuple[UUID, ClockType, int, datetime, Terms], Clock] = field(default_factory=dict)
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
        return self._start(target, kind, promised(self.book, target, kind), at).due_at

    def answer_ms(self, target: Target, *, first: bool) -> int:
        """Return the target of an answer in working ms, as it would be promised now."""
        kind = ClockType.FIRST_RESPONSE if first else ClockType.NEXT_RESPONSE
        return promised(self.book, target, kind).target_ms

    def opened(self, target: Target, at: datetime) -> None:
        """Start the clocks of a new Case: its resolution, and what else somebody promised."""
        found = promised(self.book, target, ClockType.RESOLUTION)
        self._start(target, ClockType.RESOLUTION, found, at)
        if self.book.policies.all:
            acknowledged = choose(self.book.policies.all, target.facts, ClockType.ACKNOWLEDGE)
            if acknowledged is not None:
                self._start(target, ClockType.ACKNOWLEDGE, acknowledged, at)
            self.promised_news(target, at)

    def promised_news(self, target: Target, at: datetime) -> None:
        """Start the clock of the next news where a policy promises some."""
        found = choose(self.book.policies.all, target.facts, ClockType.UPDATE_EVERY)
        if found is not None:
            self._start(target, ClockType.UPDATE_EVERY, found, at)

    def step_begun(
        self, target: Target, step: UUID, target_ms: int | None, at: datetime
    ) -> datetime | None:
        """Start the clock of a step: its own target, else what a policy says of steps."""
        found = choose(
            self.book.policies.all, target.facts, ClockType.STEP, Own(usual_ms=target_ms)
        )
        if found is None:
            return None
        return self._start(target, ClockType.STEP, found, at, step=step).due_at

    def step_done(self, case: UUID, step: UUID, at: datetime, *, met: bool = True) -> None:
        """A step is finished (``met``), or it went away."""
        for one in self.live(case):
            if one.step_id == step:
                self._apply(one, sla.meet if met else sla.cancel, at)

    def acknowledged(self, case: UUID, at: datetime) -> None:
        """The customer was told that we have it."""
        self._each(case, sla.meet, at, frozenset({ClockType.ACKNOWLEDGE.value}))

    def obliged(self, case: UUID, calendar: UUID, span: Span, at: datetime) -> None:
        """Start (or move) the clock of the law; it counts every hour and never stands still."""
        self.relieved(case, at)
        ladder = span.ladder
        place = escalation.first(ladder, span.target_ms, past_ms=to_ms(at) - span.since)
        terms = Terms(span.warn_pct, frozenset(), place.mark_ms if place else None)
        clock = sla.start(ClockType.LEGAL, span.target_ms, ROUND_THE_CLOCK, span.since, terms)
        row = ClockRow(keys.key(at), case, None, ClockType.LEGAL.value, "running", calendar, 0)
        row.level, row.escalation_id = "law", ladder.id if ladder else None
        row.rung = place.rung if place else 0
        self._put(row, clock)
        self._add(row)

    def relieved(self, case: UUID, at: datetime) -> None:
        """The law wants nothing of this Case (any more)."""
        self._each(case, sla.cancel, at, frozenset({ClockType.LEGAL.value}))

    def answered(self, case: UUID, at: datetime) -> None:
        """One of us answered: the customer waits no longer; the next news are due in time."""
        if any(one.type in _ANSWERS and one.state == "breached" for one in self.live(case)):
            self.late.add(case)
        self._each(case, sla.meet, at, _ANSWERED)
        for one in self.live(case):
            if one.type == ClockType.UPDATE_EVERY:
                self._apply(one, sla.meet, at)
                self._again(one, at)

    def moved(self, case: UUID, state: str, at: datetime) -> None:
        """Pause or resume what the state of the Case pauses."""
        for one in self.live(case):
            pauses = clock_of(one).stands(state)
            if pauses and one.state == ClockState.RUNNING:
                self._apply(one, sla.pause, at)
            elif not pauses and one.state == ClockState.PAUSED:
                self._apply(one, sla.resume, at)

    def solved(self, case: UUID, at: datetime) -> None:
        """The matter is done: every target is met (or stays breached)."""
        self._each(case, sla.meet, at)

    def aim(self, row: ClockRow, place: escalation.Place | None, at: datetime) -> None:
        """Let a clock climb: aim at its next rung, or at none any more."""
        if place is not None:
            row.rung, row.round = place.rung, place.round
        mark_ms = None if place is None else place.mark_ms
        self._apply(row, lambda clock, hours, now: sla.climb(clock, mark_ms, hours, now), at)

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
        fresh = sla.reopen(clock_of(last), self.hours_for(last), to_ms(at), closed_ms)
        self._put(self._copied(last, at), fresh)

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

    def _start(
        self,
        target: Target,
        kind: ClockType,
        chosen: Chosen,
        at: datetime,
        *,
        step: UUID | None = None,
    ) -> ClockRow:
        policy = chosen.policy
        calendar = self.calendar_for(target, policy.calendar if policy else None)
        ladder = self.book.ladder(policy.escalation) if policy else None
        place = escalation.first(ladder, chosen.target_ms)
        terms = Terms(
            policy.warn_pct if policy else sla.WARN_PCT,
            policy.pauses if policy else sla.PAUSING,
            place.mark_ms if place else None,
        )
        same = (calendar, kind, chosen.target_ms, at, terms)
        clock = self._starts.get(same)  # a batch of one moment starts many equal clocks
        if clock is None:
            clock = self._starts[same] = sla.start(
                kind, chosen.target_ms, self.hours[calendar], to_ms(at), terms
            )
        of = target.interaction if kind.value in _ANSWERS else None
        row = ClockRow(keys.key(at), target.case, of, kind.value, "running", calendar, 0)
        row.step_id = step
        mark(row, chosen)
        row.escalation_id, row.rung = ladder.id if ladder else None, place.rung if place else 0
        self._put(row, clock)
        self._add(row)
        return row

    def calendar_for(self, target: Target, named: UUID | None) -> UUID:
        """Return the calendar a promise counts by: the policy's own, else the Queue's."""
        row = (self.book.calendars or {}).get(named) if named else None
        row = row or target.hours
        self.hours.setdefault(row.calendar_id, hours_of(row))
        return row.calendar_id

    def _again(self, row: ClockRow, at: datetime) -> None:
        """Begin a clock anew with the same promise."""
        ladder = self.book.ladder(row.escalation_id)
        place = escalation.first(ladder, row.target_ms)
        terms = Terms(row.warn_pct, frozenset(row.pauses), place.mark_ms if place else None)
        fresh = self._copied(row, at)
        fresh.rung, fresh.round = place.rung if place else 0, 0
        hours = self.hours_for(row)
        self._put(fresh, sla.start(ClockType(row.type), row.target_ms, hours, to_ms(at), terms))

    def _copied(self, row: ClockRow, at: datetime) -> ClockRow:
        """Add a clock with the promise of another one."""
        fresh = replace(row, id=keys.key(at), version=1)
        self._add(fresh)
        return fresh

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
        changed = change(clock_of(row), self.hours_for(row), to_ms(at))
        if isinstance(changed, Clock):
            self.put(row, changed)

    def put(self, row: ClockRow, clock: Clock) -> None:
        """Write down how a clock is now."""
        self._put(row, clock)
        self.note(row)

    def note(self, row: ClockRow) -> None:
        """Remember that a clock changed."""
        if not any(one is row for one in self._new):
            self._changed[row.id] = row

    def hours_for(self, row: ClockRow) -> ServiceHours:
        """Return the hours a clock counts by; the law counts every hour."""
        return ROUND_THE_CLOCK if row.type == ClockType.LEGAL else self.hours[row.calendar_id]

    @staticmethod
    def _put(row: ClockRow, clock: Clock) -> None:
        row.state, row.target_ms = clock.state.value, clock.target_ms
        row.consumed_ms = clock.consumed_ms
        row.running_since = _moment(clock.running_since)
        row.warn_at, row.due_at = _moment(clock.warn_at), _moment(clock.due_at)
        row.done_at = _moment(clock.done_at)
        row.warn_pct, row.pauses = clock.warn_pct, sorted(clock.pauses)
        row.rung_ms, row.escalate_at = clock.rung_ms, _moment(clock.escalate_at)


async def read(session: Session, cases: Sequence[UUID]) -> Clocks:
    """Read the clocks of Cases with the calendars they count by."""
    if not cases:
        return Clocks()
    known = await clocks.of_cases(session, cases)
    wanted = sorted({one.calendar_id for one in known})
    rows = await clocks.calendars(session, wanted) if wanted else {}
    again = [one.escalation_id for one in known if one.type == ClockType.UPDATE_EVERY]
    ladders = await promises.ladders(session, [one for one in again if one])
    hours = {one.calendar_id: hours_of(one) for one in rows.values()}
    return Clocks(known, hours, Book(ladders=ladders) if ladders else NOTHING)


def clock_of(row: ClockRow) -> Clock:
    """Return a clock as the domain knows it."""
    return Clock(
        ClockType(row.type),
        ClockState(row.state),
        row.target_ms,
        row.consumed_ms,
        _ms(row.running_since),
        _ms(row.warn_at),
        _ms(row.due_at),
        _ms(row.done_at),
        row.warn_pct,
        frozenset(row.pauses),
        row.rung_ms,
        _ms(row.escalate_at),
    )


def _ms(at: datetime | None) -> int | None:
    return None if at is None else to_ms(at)


def _moment(ms: int | None) -> datetime | None:
    return None if ms is None else to_datetime(ms)

"""SLA: targets become deadlines; clocks start, pause, resume, are met, breach; pauses keep use."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from polyphony.domain.errors import Conflict, Refusal
from polyphony.domain.service_hours import ServiceHours

WARN_PCT = 75
"""Share of the target (per cent) at which owner and lead are warned."""
CLOSED_LONG_MS = 72 * 3_600_000
"""A Case closed longer than this starts a new resolution clock when it is opened again."""


class ClockType(StrEnum):
    """What a clock measures."""

    FIRST_RESPONSE = "first_response"
    NEXT_RESPONSE = "next_response"
    RESOLUTION = "resolution"
    ACKNOWLEDGE = "acknowledge"  # the customer heard that we have it, from a person or not
    UPDATE_EVERY = "update_every"  # begins anew with each answer, until the matter is done
    STEP = "step"  # one step of a process
    LEGAL = "legal"  # a deadline of the law: round the clock, nothing pauses it


class ClockState(StrEnum):
    """Where a clock is; a breached one goes on counting until it is met or cancelled."""

    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    BREACHED = "breached"
    CANCELLED = "cancelled"


PAUSING = frozenset({"wait_customer", "wait_third_party"})
"""States of a Case that may pause a clock, and do so unless a policy says otherwise."""
PAUSABLE = frozenset({ClockType.RESOLUTION, ClockType.UPDATE_EVERY, ClockType.STEP})
"""Clocks that may stand still; an answer, an acknowledgement and the law never wait."""

WORKING_DAY_MS = 8 * 3_600_000
FIRST_RESPONSE_MS: Mapping[str, int] = {
    "voice": 20_000,
    "video": 20_000,
    "visit": 600_000,
    "callback": 900_000,
    "chat": 60_000,
    "messenger": 900_000,
    "sms": 3_600_000,
    "social": 3_600_000,
    "email": 14_400_000,
    "letter": 57_600_000,
    "case_step": 57_600_000,
}
VIP_RESPONSE_MS: Mapping[str, int] = {"voice": 10_000, "chat": 30_000, "email": 3_600_000}
RESOLUTION_DAYS: Mapping[str, int] = {"chat": 1, "email": 2}


@dataclass(frozen=True, slots=True)
class Clock:
    """One running target; times in epoch ms, amounts in working ms.

    ``warn_pct`` is the share of the target at which people are warned, ``pauses`` the states of the
    Case in which it stands still, ``rung_ms`` the consumed time at which the next rung of its
    escalation is reached (``escalate_at``).
    """

    type: ClockType
    state: ClockState
    target_ms: int
    consumed_ms: int = 0
    running_since: int | None = None
    warn_at: int | None = None
    due_at: int | None = None
    done_at: int | None = None
    warn_pct: int = WARN_PCT
    pauses: frozenset[str] = PAUSING
    rung_ms: int | None = None
    escalate_at: int | None = None

    def stands(self, case_state: str) -> bool:
        """Tell whether it stands still while its Case is in a state."""
        return self.type in PAUSABLE and case_state in self.pauses


def first_response_ms(channel: str, tier: str = "standard") -> int:
    """Look up the default target of the first answer, in working ms."""
    if tier == "vip" and channel in VIP_RESPONSE_MS:
        return VIP_RESPONSE_MS[channel]
    return FIRST_RESPONSE_MS.get(channel, FIRST_RESPONSE_MS["email"])


def resolution_ms(channel: str) -> int:
    """Look up the default target of the resolution, in working ms (a day has eight hours)."""
    return RESOLUTION_DAYS.get(channel, RESOLUTION_DAYS["email"]) * WORKING_DAY_MS


@dataclass(frozen=True, slots=True)
class Terms:
    """What a policy says of a new clock besides its target; ``rung_ms`` of its first rung."""

    warn_pct: int = WARN_PCT
    pauses: frozenset[str] = PAUSING
    rung_ms: int | None = None


USUAL = Terms()


def start(
    kind: ClockType, target_ms: int, hours: ServiceHours, at: int, terms: Terms = USUAL
) -> Clock:
    """Start a clock at a moment (epoch ms)."""
    return _running(
        Clock(
            kind,
            ClockState.RUNNING,
            target_ms,
            warn_pct=terms.warn_pct,
            pauses=terms.pauses,
            rung_ms=terms.rung_ms,
        ),
        hours,
        at,
    )


def used(clock: Clock, hours: ServiceHours, at: int) -> int:
    """Working ms consumed so far."""
    if clock.running_since is None:
        return clock.consumed_ms
    return clock.consumed_ms + hours.between(clock.running_since, at)


def pause(clock: Clock, hours: ServiceHours, at: int) -> Clock | Refusal:
    """Let it stand still; what was consumed is kept. A breached clock goes on counting."""
    if clock.state is not ClockState.RUNNING:
        return _conflict(clock, "pause")
    return replace(
        clock,
        state=ClockState.PAUSED,
        consumed_ms=used(clock, hours, at),
        running_since=None,
        warn_at=None,
        due_at=None,
        escalate_at=None,
    )


def resume(clock: Clock, hours: ServiceHours, at: int) -> Clock | Refusal:
    """Let the rest run on from a moment."""
    if clock.state is not ClockState.PAUSED:
        return _conflict(clock, "resume")
    return _running(replace(clock, state=ClockState.RUNNING), hours, at)


def meet(clock: Clock, hours: ServiceHours, at: int) -> Clock | Refusal:
    """Say that what it waited for has happened; ``late`` tells whether it was in time."""
    if clock.state not in {ClockState.RUNNING, ClockState.PAUSED, ClockState.BREACHED}:
        return _conflict(clock, "meet")
    consumed = used(clock, hours, at)
    return _ended(clock, ClockState.MET, consumed, at)


def late(clock: Clock) -> bool:
    """Tell whether more than the target was consumed when the clock stopped."""
    return clock.state is ClockState.BREACHED or clock.consumed_ms > clock.target_ms


def breach(clock: Clock, at: int) -> Clock | Refusal:
    """Mark a running clock whose deadline has passed."""
    if clock.state is not ClockState.RUNNING or clock.due_at is None or at < clock.due_at:
        return _conflict(clock, "breach")
    return replace(clock, state=ClockState.BREACHED)


def cancel(clock: Clock, hours: ServiceHours, at: int) -> Clock | Refusal:
    """Stop measuring: the matter went away."""
    if clock.done_at is not None or clock.state in {ClockState.MET, ClockState.CANCELLED}:
        return _conflict(clock, "cancel")
    return _ended(clock, ClockState.CANCELLED, used(clock, hours, at), at)


def reopen(clock: Clock, hours: ServiceHours, at: int, closed_ms: int) -> Clock:
    """Go on after a Case was opened again: with what was left, anew when closed above 72 h."""
    fresh = replace(clock, state=ClockState.RUNNING, done_at=None)
    if closed_ms > CLOSED_LONG_MS:
        fresh = replace(fresh, consumed_ms=0)
    return _running(fresh, hours, at)


def retarget(
    clock: Clock, target_ms: int, hours: ServiceHours, at: int, *, how: str = "stricter"
) -> Clock:
    """Change the target mid-way; consumed time is kept.

    ``how``: ``stricter`` = the earlier deadline wins, ``replace`` = the new one, ``keep`` = the
    one it has.
    """
    target = min(clock.target_ms, target_ms) if how == "stricter" else target_ms
    if how == "keep" or target == clock.target_ms:
        return clock
    changed = replace(clock, target_ms=target)
    if clock.running_since is None:
        return changed
    consumed = used(clock, hours, at)
    moved = _running(replace(changed, consumed_ms=consumed), hours, at)
    if clock.state is ClockState.BREACHED and (moved.due_at or at) > at:
        return replace(moved, state=ClockState.RUNNING)
    return moved


def rehours(clock: Clock, old: ServiceHours, new: ServiceHours, at: int) -> Clock:
    """Let a clock count by other hours from a moment on; consumed time is kept."""
    if clock.running_since is None:
        return clock
    return _running(replace(clock, consumed_ms=used(clock, old, at)), new, at)


def climb(clock: Clock, rung_ms: int | None, hours: ServiceHours, at: int) -> Clock:
    """Aim at another rung of the escalation, or at none any more; nothing else changes."""
    changed = replace(clock, rung_ms=rung_ms)
    return replace(changed, escalate_at=_escalates(changed, hours, at))


def _escalates(clock: Clock, hours: ServiceHours, at: int) -> int | None:
    """When the next rung is reached; a moment that has passed counts as now."""
    if clock.rung_ms is None or clock.running_since is None:
        return None
    found = hours.after(clock.running_since, clock.rung_ms - clock.consumed_ms)
    return None if found is None else max(found, at)


def _ended(clock: Clock, state: ClockState, consumed: int, at: int) -> Clock:
    return replace(
        clock,
        state=state,
        consumed_ms=consumed,
        running_since=None,
        escalate_at=None,
        done_at=at,
    )


def _running(clock: Clock, hours: ServiceHours, at: int) -> Clock:
    left = clock.target_ms - clock.consumed_ms
    warn = clock.target_ms * clock.warn_pct // 100 - clock.consumed_ms
    running = replace(
        clock,
        running_since=at,
        warn_at=hours.after(at, warn) if warn > 0 else None,
        due_at=hours.after(at, max(left, 0)),
        done_at=None,
    )
    return replace(running, escalate_at=_escalates(running, hours, at))


def _conflict(clock: Clock, what: str) -> Refusal:
    return Conflict("sla_clock.move_not_possible", {"state": clock.state.value, "move": what})

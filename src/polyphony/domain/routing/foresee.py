"""Foresee: which waiting work will miss its deadline: its place times the pace, against the due."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from polyphony.domain.routing.score import handle_mean, item_score, weight
from polyphony.domain.service_hours import ServiceHours

PACE_MIN = 5
"""Fewer starts than these in the last hour say nothing about the next one."""


@dataclass(frozen=True, slots=True)
class Line:
    """A Queue as it stands: its hours, its weight, how many were taken in the last hour."""

    hours: ServiceHours
    weight_milli: int = 1000
    taken: int = 0

    @property
    def pace_ms(self) -> int | None:
        """Mean working ms between two starts; None = nobody knows."""
        return None if self.taken < PACE_MIN else 3_600_000 // self.taken


@dataclass(frozen=True, slots=True)
class InLine:
    """What waits; ``used_ms`` = working ms of the response clock consumed, ``due`` in epoch ms."""

    id: UUID
    since: int
    used_ms: int
    target_ms: int
    channel: str
    due: int | None
    tier: str = "standard"
    urgency: str = "normal"
    boost_milli: int = 1000


@dataclass(frozen=True, slots=True)
class Foreseen:
    """When its turn comes (epoch ms) by place and pace, and by how much that is too late."""

    id: UUID
    place: int
    at: int | None
    late_ms: int | None


def foresee(line: Line, waiting: Sequence[InLine], now: int) -> list[Foreseen]:
    """Return for each in the order of service when its turn comes, and whether that is in time.

    ``late_ms`` is above zero where a breach is predicted; None where nobody knows.
    """
    pace = line.pace_ms
    order = enumerate(ranked(line, waiting), 1)
    return [_seen(line, one, place, pace, now) for place, one in order]


def ranked(line: Line, waiting: Sequence[InLine]) -> list[InLine]:
    """Return what waits in the order of service."""
    return sorted(waiting, key=lambda one: (-_score(line, one), one.since, one.id))


def _score(line: Line, one: InLine) -> int:
    milli = weight(one.tier, one.channel, one.urgency, line.weight_milli * one.boost_milli // 1000)
    return item_score(milli, one.used_ms, max(one.target_ms, 1), handle_mean(one.channel))


def _seen(line: Line, one: InLine, place: int, pace: int | None, now: int) -> Foreseen:
    at = None if pace is None else line.hours.after(now, place * pace)
    if one.due is not None and one.due <= now:
        return Foreseen(one.id, place, at, now - one.due if at is None else at - one.due)
    late = None if at is None or one.due is None else max(at - one.due, 0)
    return Foreseen(one.id, place, at, late)

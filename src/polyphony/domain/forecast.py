"""Forecast: the service level of the next half hour of a Queue, by its pace, with its error band.

A line served one after the other at the pace of the last half hour; new work comes evenly, as much
as came in that half hour. It knows no shifts to come: it says what happens if nothing changes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import sqrt

HORIZON_MS = 1_800_000
STARTS_MIN = 5
"""Fewer starts than these in half an hour say nothing about the next one."""
VERSION = 1
_Z = 1.28
"""Arrivals and starts are counts of chance: 80 of 100 such half hours lie within 1.28 √n."""


@dataclass(frozen=True, slots=True)
class Stand:
    """A Queue as it stands, in ms and pieces of the last half hour.

    ``left`` is how long each waiting item still has of its target, in the order of service (below
    0 = it is late), ``target_ms`` what new work may wait.
    """

    left: Sequence[int]
    arrivals: int
    starts: int
    target_ms: int


@dataclass(frozen=True, slots=True)
class Level:
    """How much of what is begun or late by then is in time; the band in thousandths."""

    in_time: int
    judged: int
    low: int
    high: int

    @property
    def per_mille(self) -> int:
        """The share in thousandths."""
        return _share(self.in_time, self.judged)


def forecast(now: Stand) -> Level | None:
    """Say the service level to come; None where the pace is not known or nothing is to be judged.

    The band is what comes of few arrivals served fast, and of many served slowly.
    """
    if now.starts < STARTS_MIN:
        return None
    likely = _served(now, now.arrivals, now.starts)
    if likely[1] == 0:
        return None
    came, began = _Z * sqrt(now.arrivals), _Z * sqrt(now.starts)
    worst = _served(now, now.arrivals + came, max(now.starts - began, 1))
    best = _served(now, max(now.arrivals - came, 0), now.starts + began)
    shares = [_share(*one) for one in (worst, likely, best) if one[1]]
    return Level(*likely, min(shares), max(shares))


def _share(in_time: int, judged: int) -> int:
    return (in_time * 2000 + judged) // (2 * judged) if judged else 0


def _served(now: Stand, arrivals: float, starts: float) -> tuple[int, int]:
    """Serve the line; return how many are in time, and of how many that is known by the end.

    Where nothing waits, whoever comes found somebody: the pace is then at least that of arrivals.
    """
    pace = starts if now.left else max(starts, arrivals)
    gap, free = HORIZON_MS / pace, 0.0
    in_time = judged = 0
    for came, due in _line(now, arrivals):
        begins = max(came, free)
        free = begins + gap
        if begins <= HORIZON_MS:
            judged += 1
            in_time += begins <= due
        elif due <= HORIZON_MS:
            judged += 1
    return in_time, judged


def _line(now: Stand, arrivals: float) -> Iterator[tuple[float, float]]:
    """Return when each comes, and until when it is in time: what waits, then what is new."""
    for left in now.left:
        yield 0.0, float(left)
    every = HORIZON_MS / arrivals if arrivals >= 1 else float(HORIZON_MS)
    for number in range(int(arrivals)):
        came = (number + 0.5) * every
        yield came, came + now.target_ms

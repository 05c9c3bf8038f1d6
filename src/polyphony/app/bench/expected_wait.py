"""Bench ``expected-wait``: what callers of a reference day would be told, and what they waited."""

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from time import process_time

from polyphony.app.bench.reference_day import Day, day, policy
from polyphony.domain.expected_wait import Lately, expected_ms
from polyphony.domain.rehearsal import Outcome, rehearse

WAITED_MS = 30_000
"""Who waited less is not asked: a relative error of seconds says nothing."""
_HOUR_MS = 3_600_000
_PACE_MS = 600_000


@dataclass(slots=True)
class _Class:
    """A class of work as the day goes on: who waits until when, who was taken after how long."""

    leave: list[int] = field(default_factory=list)  # moments at which somebody in line leaves it
    taken: list[tuple[int, int]] = field(default_factory=list)  # (moment, wait), known in advance


@dataclass(frozen=True, slots=True)
class Error:
    """How far off the estimate was, over all who waited half a minute and more."""

    callers: int
    median: float
    within_half: float
    cpu_s: float


def measure(seed: int, channel: str = "voice") -> Error:
    """Rehearse a day and compare, for everybody of a channel, what was told with what was."""
    began = process_time()
    made = day(seed)
    outcome = rehearse(made.wishes, made.workers, policy(made))
    return _error(_off(made, outcome, channel), process_time() - began)


def _error(off: Sequence[float], cpu_s: float) -> Error:
    return Error(len(off), median(off), sum(one <= 0.5 for one in off) / len(off), cpu_s)


def _off(made: Day, outcome: Outcome, channel: str) -> list[float]:
    """Return how far off the estimate was for each who waited, as a share of his wait."""
    gave_up, waited = _patience(made, outcome, channel)
    classes: dict[object, _Class] = defaultdict(_Class)
    for number, wish in enumerate(made.wishes):
        if wish.channel == channel and number in outcome.waits:
            wait = outcome.waits[number]
            classes[wish.queue, wish.tier].taken.append((wish.at + wait, wait))
    for one in classes.values():
        one.taken.sort()
    off = []
    for number, wish in enumerate(made.wishes):
        if wish.channel != channel:
            continue
        kind = classes[wish.queue, wish.tier]
        del kind.leave[: bisect_right(kind.leave, wish.at)]
        told = expected_ms(_lately(kind, wish.at, gave_up, waited), len(kind.leave))
        real = outcome.waits.get(number)
        stays = outcome.lost.get(number, 0) if real is None else real
        insort(kind.leave, wish.at + stays)
        if real is not None and real >= WAITED_MS and told is not None:
            off.append(abs(told - real) / real)
    return off


def _lately(kind: _Class, at: int, gave_up: int, waited: int) -> Lately:
    end = bisect_right(kind.taken, (at, 1 << 62))
    hour = bisect_right(kind.taken, (at - _HOUR_MS, 1 << 62))
    tenth = bisect_right(kind.taken, (at - _PACE_MS, 1 << 62))
    last = kind.taken[end - 1][1] if end else 0
    return Lately(end - tenth, end - hour, last, gave_up, waited, spoken=True)


def _patience(made: Day, outcome: Outcome, channel: str) -> tuple[int, int]:
    """Count as 28 days before would have counted: such days are all alike."""
    mine = [number for number, one in enumerate(made.wishes) if one.channel == channel]
    lost = [outcome.lost[one] for one in mine if one in outcome.lost]
    served = [outcome.waits[one] for one in mine if one in outcome.waits]
    return len(lost), sum(lost) + sum(served)

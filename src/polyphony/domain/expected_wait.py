"""Expected wait: how many are before somebody, how long it may take, and what he is told of it."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from polyphony.domain.routing.score import handle_mean, item_score, weight

STARTS_MIN = 5
"""With fewer starts in the last hour nobody knows: nothing is told."""
PACE_MS = 600_000
"""Starts are counted over the last ten minutes."""
SPOKEN_PATIENCE_MS = 180_000
"""How long callers hold on as long as nothing better is known; who writes is taken to stay."""
KNOWN_MS = 3_600_000
"""So much waiting must have been seen before people's patience counts."""
BANDS = (0, 1, 2, 3, 5, 10, 15, 20, 30)
"""What is told, in minutes, rounded up; 0 = less than one."""
LONGER = 31
"""More than the longest band."""
_EDGES_MS = (30_000, 60_000, 120_000, 180_000, 300_000, 600_000, 900_000, 1_200_000, 1_800_000)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One chat that waits in a Queue; times in ms, ``queue_milli`` is the weight of the Queue."""

    id: UUID
    tier: str
    urgency: str
    waiting_since: int
    target_ms: int
    used_ms: int
    queue_milli: int


@dataclass(frozen=True, slots=True)
class Lately:
    """How work of one class went lately: starts of ten minutes and of an hour, the last wait.

    ``gave_up`` people of 28 days left in ``waited_ms`` of waiting.
    """

    starts: int
    starts_hour: int
    last_ms: int
    gave_up: int = 0
    waited_ms: int = 0
    spoken: bool = False


def places(waiting: Sequence[Waiting], at: int) -> dict[UUID, int]:
    """Count for each chat how many the router would serve before it, by the router's own score."""
    order = sorted(waiting, key=lambda one: (-_score(one, at), one.waiting_since, one.id))
    return {one.id: place for place, one in enumerate(order)}


def _score(one: Waiting, at: int) -> int:
    used = one.used_ms + max(0, at - one.waiting_since)
    milli = weight(one.tier, "chat", one.urgency, one.queue_milli)
    return item_score(milli, used, max(one.target_ms, 1), handle_mean("chat"))


def expected_ms(lately: Lately, before: int, waited_ms: int = 0) -> int | None:
    """Estimate the ms still to wait with so many before; None when nothing honest is known.

    Half of what the last one waited (less what was waited already) and half of what the line
    takes at the pace of the last ten minutes, with those who give up on the way.
    """
    if lately.starts_hour < STARTS_MIN:
        return None
    pace, leaving = max(lately.starts, 1) / PACE_MS, _leaving(lately)
    line = sum(1 / (pace + ahead * leaving) for ahead in range(before + 1))
    return round((max(lately.last_ms - waited_ms, 0) + line) / 2)


def _leaving(lately: Lately) -> float:
    """Return how many of those who wait give up in a ms, each."""
    if lately.waited_ms >= KNOWN_MS:
        return lately.gave_up / lately.waited_ms
    return 1 / SPOKEN_PATIENCE_MS if lately.spoken else 0.0


def band(wait_ms: int) -> int:
    """Round a wait up to the minutes that are told."""
    place = bisect_left(_EDGES_MS, wait_ms)
    return BANDS[place] if place < len(BANDS) else LONGER


def edge_s(told: int) -> int:
    """Return the seconds a band stands for at most (of the longest: at least)."""
    return (*_EDGES_MS, _EDGES_MS[-1])[(*BANDS, LONGER).index(told)] // 1000


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody who waits was told: how many before, the band, the whole wait it made."""

    before: int | None
    band: int | None
    whole_s: int | None = None


def tell(was: Told | None, before: int, wait_ms: int | None, waited_ms: int) -> Told:
    """Return what he is told now: never more before him nor longer than he was told already."""
    now = None if wait_ms is None else band(wait_ms)
    if was is None:
        return Told(before, now, _whole(now, waited_ms))
    least = [one for one in (now, was.band) if one is not None]
    shown = min(least, default=None)
    whole = was.whole_s if was.whole_s is not None else _whole(shown, waited_ms)
    ahead = before if was.before is None else min(before, was.before)
    return Told(ahead, shown, whole)


def honest(told: Told, waited_ms: int, *, known: bool) -> int | None:
    """Return the band that may be shown: none when nobody knows, or his own wait disproved it.

    It is disproved when somebody has waited twice as long as all he was told.
    """
    if told.band is None or told.whole_s is None or not known:
        return None
    return None if waited_ms > 2000 * max(told.whole_s, 60) else told.band


def _whole(shown: int | None, waited_ms: int) -> int | None:
    return None if shown is None else waited_ms // 1000 + edge_s(shown)

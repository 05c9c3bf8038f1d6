"""Expected wait: how many are before a visitor and how long it may take, told only when known."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from uuid import UUID

from polyphony.domain.routing.score import handle_mean, item_score, weight

RECENT_MS = 3_600_000
"""So old may a wait be that still tells something about the next one."""
TAKEN_MIN = 3
"""So many recent waits are needed before anything is promised."""
GAPS_MIN = 2
LONGEST_S = 3_600
"""Nobody is told more than this: then only the place is honest."""


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
class Stay:
    """One wait that ended because somebody took the chat; moments in ms."""

    entered: int
    taken: int


def places(waiting: Sequence[Waiting], at: int) -> dict[UUID, int]:
    """Count for each chat how many the router would serve before it, by the router's own score."""
    order = sorted(waiting, key=lambda one: (-_score(one, at), one.waiting_since, one.id))
    return {one.id: place for place, one in enumerate(order)}


def _score(one: Waiting, at: int) -> int:
    used = one.used_ms + max(0, at - one.waiting_since)
    milli = weight(one.tier, "chat", one.urgency, one.queue_milli)
    return item_score(milli, used, max(one.target_ms, 1), handle_mean("chat"))


def expected_s(recent: Sequence[Stay], before: int, waited_ms: int, at: int) -> int | None:
    """Estimate the seconds still to wait with so many before; None when nothing honest is known.

    With nobody before it is what people waited lately (the median). With a line it is the pace at
    which chats that had to wait were taken, once for everybody before and once for himself. Who
    has waited twice as long as was to be expected disproves it, and is promised nothing.
    """
    lately = sorted((one for one in recent if at - one.taken <= RECENT_MS), key=lambda s: s.taken)
    if len(lately) < TAKEN_MIN:
        return None
    usual = median(one.taken - one.entered for one in lately)
    gaps = [b.taken - a.taken for a, b in pairwise(lately) if b.entered <= a.taken]
    if before == 0:
        whole, left = usual, max(usual - waited_ms, 0)
    elif len(gaps) < GAPS_MIN:
        return None
    else:
        left = sum(gaps) / len(gaps) * (before + 1)
        whole = max(usual, left)
    if waited_ms > 2 * max(whole, 60_000) or left > LONGEST_S * 1000:
        return None
    return round(left / 1000)

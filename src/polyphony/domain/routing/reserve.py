"""Reserve: how many whole Agents stay free for live work, and whom that keeps from other work."""

from collections.abc import Mapping
from math import isqrt

from polyphony.domain.presence import LIVE_CHANNELS

SPOKEN = frozenset({"voice", "video"})
"""Who is on one of these is kept free for calls."""
_ROOMS = LIVE_CHANNELS | {"chat"}
_HALF_HOUR_MS = 1_800_000


def is_async(channel: str) -> bool:
    """Tell whether nobody sits and waits at the other end."""
    return channel not in _ROOMS


def kept(arrivals: int, handle_ms: int) -> int:
    """How many stay free for so many calls in 30 minutes: half the root of the load, rounded up.

    The load in erlangs is calls x handle time / half an hour; in whole numbers throughout.
    """
    quarter = -(-arrivals * handle_ms // (4 * _HALF_HOUR_MS))
    return isqrt(quarter - 1) + 1 if quarter > 0 else 0


class Pools:
    """Whole Agents who could take a call now, by pool: a language spoken, else a Queue served.

    ``asked`` are the numbers kept free by the rule, ``marks`` those Queues name themselves;
    ``risen`` are pools in which more are free than before, so that somebody may be given away.
    """

    __slots__ = ("asked", "idle", "marks", "risen")

    def __init__(
        self, marks: frozenset[int] = frozenset(), asked: Mapping[str, int] | None = None
    ) -> None:
        self.asked: Mapping[str, int] = asked or {}
        self.idle: dict[str, int] = {}
        self.marks = marks
        self.risen: set[str] = set()

    def come(self, pools: tuple[str, ...], *, again: bool) -> None:
        """One whole Agent more; ``again`` = he was one just before, nothing has risen."""
        for pool in pools:
            count = self.idle[pool] = self.idle.get(pool, 0) + 1
            if not again and (count - 1 == self.asked.get(pool, 0) or count - 1 in self.marks):
                self.risen.add(pool)

    def go(self, pools: tuple[str, ...]) -> None:
        """One whole Agent less."""
        for pool in pools:
            self.idle[pool] -= 1

    def hear(self, pace: Mapping[str, tuple[int, int]]) -> None:
        """Take over how much live work comes in; what is not named has none."""
        before = self.asked
        self.asked = {pool: kept(*load) for pool, load in pace.items()}
        self.risen |= {pool for pool, count in before.items() if self.asked.get(pool, 0) < count}

    def spares(self, pools: tuple[str, ...], own: int | None, *, alone: bool) -> bool:
        """Tell whether an Agent of these pools is kept for calls.

        ``own`` is the number a Queue names itself (None = by the rule), ``alone`` says that he is
        whole but not counted, for he is being given something just now.
        """
        for pool in pools:
            asked = self.asked.get(pool, 0) if own is None else own
            if asked and self.idle.get(pool, 0) + alone <= asked:
                return True
        return False

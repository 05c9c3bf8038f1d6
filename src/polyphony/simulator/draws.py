"""Chance that can be repeated: a draw is a hash of the seed and the place it is drawn at."""

import math
from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

T = TypeVar("T")


class Draws:
    """A source of repeatable draws.

    The same seed and the same path give the same value for ever, in any order of asking, so a run
    can be played again whatever the machine did in between.
    """

    def __init__(self, seed: str) -> None:
        self._seed = seed

    def unit(self, *path: object) -> float:
        """Return a number in [0, 1)."""
        text = "\x1f".join((self._seed, *map(str, path)))
        return int.from_bytes(blake2b(text.encode(), digest_size=7).digest()) / 2**56

    def pick(self, among: Sequence[T], *path: object) -> T:
        """Return one of a non-empty sequence, all equally likely."""
        return among[int(self.unit(*path) * len(among))]

    def weighted(self, among: Sequence[tuple[T, float]], *path: object) -> T:
        """Return one of (value, weight) pairs; weights need not sum to one."""
        left = self.unit(*path) * sum(weight for _, weight in among)
        for value, weight in among:
            left -= weight
            if left < 0:
                return value
        return among[-1][0]

    def wait(self, mean_s: float, *path: object) -> float:
        """Return an exponential waiting time in seconds, cut at five times its mean."""
        return min(5 * mean_s, -mean_s * math.log(1 - self.unit(*path)))

    def handling(self, median_s: float, *path: object) -> float:
        """Return a log-normal handling time in seconds (sigma .5), as people's work is spread."""
        u, v = self.unit(*path, "u"), self.unit(*path, "v")
        normal = math.sqrt(-2 * math.log(1 - u)) * math.cos(2 * math.pi * v)
        return median_s * math.exp(0.5 * normal)

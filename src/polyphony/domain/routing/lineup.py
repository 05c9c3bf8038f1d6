"""Lineup: whole numbers handed out smallest first."""

from collections.abc import Iterator
from heapq import heappop, heappush
from itertools import chain

NEVER = 1 << 400
"""Larger than every number in a line-up: what is first when nothing is there."""


class Lineup:
    """A sorted run, eaten from its end, and a heap of what came since; ``first`` is the smallest.

    Most numbers come in order and leave from the front. Taking one from a heap of a hundred
    thousand visits numbers all over the memory; taking one from a run visits the next alone.
    """

    __slots__ = ("_late", "_run", "first")

    def __init__(self) -> None:
        self._run: list[int] = []
        self._late: list[int] = []
        self.first = NEVER

    def __iter__(self) -> Iterator[int]:
        """Visit all, in no order."""
        return chain(self._run, self._late)

    def add(self, number: int) -> None:
        """Let a number stand in line."""
        heappush(self._late, number)
        self.first = min(self.first, number)

    def sort(self) -> None:
        """Make one run of all, so that whoever takes the first ones need not wait for it."""
        self._run = sorted(self, reverse=True)
        self._late = []

    def pop(self) -> int:
        """Take the first; there must be one."""
        gone, run, late = self.first, self._run, self._late
        if run and run[-1] == gone:
            run.pop()
        else:
            heappop(late)
        if late:
            self.first = self._next()
        else:
            self.first = run[-1] if run else NEVER
        return gone

    def _next(self) -> int:
        """Find the first while some came late; they make the next run when none is left."""
        if not self._run:
            self._late.sort(reverse=True)
            self._run, self._late = self._late, self._run
            return self._run[-1]
        return min(self._run[-1], self._late[0])

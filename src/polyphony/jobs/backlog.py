"""Backlog: decisions on their way into the database, cut for transactions, in the order they go."""

from collections import deque
from collections.abc import Iterator, Sequence
from itertools import chain
from uuid import UUID

from polyphony.domain.routing.decisions import Decision, Offer, Withdraw
from polyphony.flows.route.wave import MOVING, NOTED

BATCH = 200
"""Decisions of one transaction."""
ABREAST = 2
"""Transactions on their way at once while there is only to offer: one is written, one prepared."""
NOTES = 2_000
"""The same when all that is left are notes: they lock little and nobody waits for them."""

_MOVES, _NOTES = frozenset(MOVING), frozenset(NOTED)
Part = tuple[int, Sequence[Decision]]
"""Decisions of one transaction, and the number of the step they are of."""


class Backlog:
    """What was decided and is not committed yet: what is taken back, all else in order, notes.

    An owner that begins, or hears of thousands who go, decides more than a second can write.
    Whatever is decided meanwhile of the same item stays behind what was decided before; but an
    Offer that is live and must be taken back waits for nothing that has nothing to do with it.
    """

    def __init__(self) -> None:
        self._back: deque[Part] = deque()
        self._first: deque[Part] = deque()
        self._late: deque[Part] = deque()

    def __bool__(self) -> bool:
        """Tell whether anything waits to be written."""
        return bool(self._back or self._first or self._late)

    def clear(self) -> None:
        """Forget it all: the state is built anew from what is written."""
        self._back.clear()
        self._first.clear()
        self._late.clear()

    def forget(self, items: set[UUID]) -> None:
        """Drop what waits of items of which something was refused: their truth is read anew.

        What rests on what was refused would be refused too, and each refusal decides again: of
        one item two decisions that know nothing of each other would never come to an end.
        """
        for lane in (self._back, self._first, self._late):
            if any(_item(one) in items for _, part in lane for one in part):
                kept = [(no, [one for one in part if _item(one) not in items]) for no, part in lane]
                lane.clear()
                lane.extend((no, part) for no, part in kept if part)

    def add(self, no: int, decided: Sequence[Decision]) -> None:
        """Let the decisions of a step wait: what takes back before, notes after all others."""
        back, first, late = self._sorted(decided)
        self._hurry({_item(one) for one in first if type(one) in _MOVES})
        for lane, some, size in (
            (self._back, back, BATCH),
            (self._first, first, BATCH),
            (self._late, late, NOTES),
        ):
            lane.extend((no, some[start : start + size]) for start in range(0, len(some), size))

    def _sorted(
        self, decided: Sequence[Decision]
    ) -> tuple[Sequence[Decision], Sequence[Decision], Sequence[Decision]]:
        """Tell apart what overtakes, what keeps its order, and notes of items that only wait on."""
        back: set[int] = set()
        if self or len(decided) > BATCH:  # else one transaction takes all of it at once
            seen = {item for item in map(_item, self._waiting()) if item is not None}
            for number, one in enumerate(decided):
                item = _item(one)
                if type(one) is Withdraw and item not in seen:
                    back.add(number)
                elif item is not None:
                    seen.add(item)
        moving = {_item(one) for one in decided if type(one) in _MOVES}
        late = [one for one in decided if type(one) in _NOTES and _item(one) not in moving]
        if not back and not late:
            return (), decided, ()
        rest = [
            one
            for number, one in enumerate(decided)
            if number not in back and not (type(one) in _NOTES and _item(one) not in moving)
        ]
        return [one for number, one in enumerate(decided) if number in back], rest, late

    def _hurry(self, moving: set[UUID | None]) -> None:
        """Let notes about items that move now go before: of what is offered nothing is noted."""
        if not any(_item(one) in moving for _, part in self._late for one in part):
            return
        waited, self._late = self._late, deque()
        for no, part in waited:
            soon = [one for one in part if _item(one) in moving]
            rest = [one for one in part if _item(one) not in moving]
            self._first.extend([(no, soon)] if soon else [])
            self._late.extend([(no, rest)] if rest else [])

    def _waiting(self) -> Iterator[Decision]:
        for _, part in chain(self._back, self._first, self._late):
            yield from part

    def take(self, *, several: bool) -> list[Part]:
        """Take what goes next: one part, or more abreast that do nothing but offer other items."""
        lane = self._back or self._first or self._late
        taken = [lane.popleft()]
        while several and len(taken) < ABREAST and lane and all(map(_offers, (*taken, lane[0]))):
            taken.append(lane.popleft())
        return taken


def _item(one: Decision) -> UUID | None:
    item: UUID | None = getattr(one, "item", None)
    return item


def _offers(part: Part) -> bool:
    return all(type(one) is Offer for one in part[1])

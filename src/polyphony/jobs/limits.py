"""Limits: figures of Queues beyond the thresholds of boards become alerts of those who lead."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from polyphony.domain.alert import HOLDS_MS, AlertKind, Limits, NewAlert
from polyphony.domain.board import Board, Picture, Place
from polyphony.domain.figure import value
from polyphony.domain.service_hours import to_ms
from polyphony.flows import look_out
from polyphony.store import boards
from polyphony.store.boards import BoardRow
from polyphony.store.database import Database


@dataclass(frozen=True, slots=True)
class Limit:
    """What a board says of a figure of a Queue; ``rising``: more is worse."""

    queue: UUID
    figure: str
    bad: int
    rising: bool
    board: str


def limits_of(rows: Sequence[BoardRow], queues: Mapping[UUID, UUID]) -> Iterator[Limit]:
    """Read the thresholds of boards, a Queue and a figure each; ``queues`` → their Departments.

    A board whose pages name Queues is about these, else about all of its place. Of two boards
    that mark the same, the first by name counts.
    """
    seen: set[tuple[UUID, str]] = set()
    for row in rows:
        named = {UUID(str(one)) for page in row.pages for one in _listed(page)}
        for queue, department in queues.items():
            if row.department_id not in {None, department} or (named and queue not in named):
                continue
            for figure, marks in sorted(row.thresholds.items()):
                if (queue, figure) not in seen:
                    seen.add((queue, figure))
                    rising = marks["bad"] >= marks["warn"]
                    yield Limit(queue, figure, marks["bad"], rising, row.name)


def _listed(page: Mapping[str, object]) -> Sequence[object]:
    found = page.get("queues")
    return found if isinstance(found, list) else ()


@dataclass(slots=True)
class Limiter:
    """Remembers since when a figure is beyond its mark; begins anew with whoever counts."""

    began: int
    _limits: Limits = field(default_factory=Limits)
    _any: bool = True

    def beyond(self, board: Board, wanted: Sequence[Limit], now: int) -> list[NewAlert]:
        """Return what is beyond its mark by now, and has been for half a minute."""
        cells = _by_queue(board)
        found = []
        for one in wanted:
            work, people = cells.get(one.queue, ([], []))
            figure = value(one.figure, work, people, now)
            key = f"{one.queue} {one.figure}"
            if self._limits.look(key, figure, one.bad, now, rising=one.rising):
                facts = {"figure": one.figure, "value": figure, "bad": one.bad, "board": one.board}
                found.append(NewAlert(AlertKind.THRESHOLD, key, queue_id=one.queue, facts=facts))
        return found

    async def turn(
        self, database: Database, board: Board, queues: Mapping[UUID, UUID], at: datetime
    ) -> None:
        """Look at all boards; raise what is beyond, end what is not.

        In its first half minute nothing is ended: what was beyond for long is not known yet.
        """
        async with database.reads() as session:
            rows = await boards.all_of(session)
        wanted = list(limits_of(rows, queues))
        now = to_ms(at)
        beyond = self.beyond(board, wanted, now)
        if now - self.began <= HOLDS_MS or not (wanted or self._any):
            return
        self._any = bool(wanted)
        async with database.transaction() as session:
            await look_out.limits(session, beyond, at)


def _by_queue(board: Board) -> dict[UUID, tuple[list[Picture], list[Picture]]]:
    """Return the open cells of each Queue: work by channel, and who serves it."""
    found: dict[UUID, tuple[list[Picture], list[Picture]]] = {}
    place: Place
    for place in board.places():
        if place.queue is not None and not place.sealed:
            work, people = found.setdefault(place.queue, ([], []))
            (work if place.channel else people).append(board.picture(place))
    return found

"""Component: which records are one customer, and under which id; plans of merge and split."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from polyphony.domain.errors import Conflict

CAP = 10_000
"""Records one customer may have: joining more than that is a mistake, never a person."""
MASTER = 2
"""The trust of a record that comes from the system all others follow."""


class Verdict(StrEnum):
    """What was decided about two Records."""

    SAME = "same"
    DIFFERENT = "different"
    RELATIVE = "relative"


@dataclass(frozen=True, slots=True)
class Node:
    """A Record as a point of the graph."""

    id: UUID
    at: datetime
    trust: int = 0


@dataclass(frozen=True, slots=True)
class Edge:
    """An active Link between two Records."""

    id: UUID
    a: UUID
    b: UUID
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Id:
    """The id of a Customer; it stands for one Record and goes wherever that one goes."""

    id: UUID
    founder: UUID
    born: datetime


@dataclass(frozen=True, slots=True)
class Piece:
    """One Customer of a plan: his records, oldest first, his id (None = a new one is needed).

    ``gone`` are other ids that mean him from now on.
    """

    records: tuple[UUID, ...]
    id: UUID | None
    gone: tuple[UUID, ...] = ()


def pieces(nodes: Sequence[Node], edges: Iterable[Edge]) -> list[list[Node]]:
    """Return the connected components over ``same``, breadth-first, each with its oldest first."""
    near: dict[UUID, list[UUID]] = {one.id: [] for one in nodes}
    for edge in edges:
        if edge.verdict is Verdict.SAME and edge.a in near and edge.b in near:
            near[edge.a].append(edge.b)
            near[edge.b].append(edge.a)
    by_id = {one.id: one for one in nodes}
    left = dict.fromkeys(one.id for one in sorted(nodes, key=_age))
    found: list[list[Node]] = []
    while left:
        reached = [next(iter(left))]
        del left[reached[0]]
        for one in reached:  # grows while it is walked: that is the breadth-first queue
            for other in near[one]:
                if other in left:
                    del left[other]
                    reached.append(other)
        found.append(sorted((by_id[one] for one in reached), key=_age))
    return found


def plan(nodes: Sequence[Node], edges: Sequence[Edge], ids: Sequence[Id]) -> list[Piece]:
    """Say which Customers the Records are, as a function of the graph alone, in any order.

    Of the ids founded in a component the survivor is: who has a record of the master system, then
    the older, then the smaller id; a component without any gets a new one (``id`` None). So a
    component that comes apart gets exactly the ids back its parts had.

    Raises:
        Conflict: ``match.too_many`` above the cap; ``match.different`` when two Records that are
            decided to be different would be one Customer.
    """
    by_founder: dict[UUID, list[Id]] = {}
    for one in ids:
        by_founder.setdefault(one.founder, []).append(one)
    found = []
    for piece in pieces(nodes, edges):
        if len(piece) > CAP:
            raise Conflict("match.too_many", {"max": CAP})
        records = tuple(one.id for one in piece)
        _keep_apart(frozenset(records), edges)
        here = sorted(
            (one for node in piece for one in by_founder.get(node.id, ())),
            key=lambda one: (_trust(piece, one) < MASTER, one.born, one.id),
        )
        names = [one.id for one in here]
        found.append(Piece(records, names[0] if names else None, tuple(names[1:])))
    return found


def _keep_apart(records: frozenset[UUID], edges: Iterable[Edge]) -> None:
    for edge in edges:
        if edge.verdict is Verdict.DIFFERENT and edge.a in records and edge.b in records:
            raise Conflict("match.different", {"link_id": str(edge.id)})


def _trust(piece: Iterable[Node], one: Id) -> int:
    return next(node.trust for node in piece if node.id == one.founder)


def _age(node: Node) -> tuple[datetime, UUID]:
    return node.at, node.id


def standing(before: Mapping[UUID, Sequence[UUID]]) -> dict[str, list[str]]:
    """Write down which Records each Customer has, for the log of changes."""
    return {str(id_): sorted(map(str, records)) for id_, records in sorted(before.items())}

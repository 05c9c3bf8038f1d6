"""Plan: which Records are one Customer. Components over `same` Links, whatever their order."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain


class Tier(StrEnum):
    """Where a Link comes from; the surest first. A stronger one is never undone by a weaker."""

    HUMAN = "human"
    SOURCE = "source"
    EXACT = "exact"
    VERIFIED = "verified"
    SCORED = "scored"


class Kind(StrEnum):
    """What a Link says of two Records."""

    SAME = "same"
    DIFFERENT = "different"
    RELATIVE = "relative"


@dataclass(frozen=True, slots=True)
class Edge:
    """An active Link as the plan reads it; revoked ones are not handed in.

    ``rests_on`` names the values an automatic Link cannot do without (phones, mail keys).
    """

    id: str
    a: str
    b: str
    kind: Kind
    tier: Tier
    bits: float = 0.0
    rests_on: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Plan:
    """The people that follow from the Links.

    ``people`` are sets of Records, ``person_of`` the place of each Record in them. ``blocked``
    are Links that would join two Records a person called different (`blocked_by_different`);
    ``taken_back`` are automatic ones that rest on a generic value alone.
    """

    people: tuple[frozenset[str], ...]
    person_of: Mapping[str, int]
    blocked: tuple[str, ...] = ()
    taken_back: tuple[str, ...] = ()


_STRENGTH = {tier: place for place, tier in enumerate(Tier)}


def plan(
    records: Iterable[str], links: Iterable[Edge], generic: frozenset[str] = frozenset()
) -> Plan:
    """Join Records over `same` Links; `different` between any two of both sides forbids it.

    The strongest Links go first (tier, then bits, then ids), so the result does not hang on the
    order of records or links. `relative` joins nobody. O(n log n), with the smaller side moved.
    """
    known = list(links)
    groups = _Groups(chain(records, (end for link in known for end in (link.a, link.b))))
    for link in known:
        if link.kind is Kind.DIFFERENT:
            groups.forbid(link.a, link.b)
    blocked: list[str] = []
    taken: list[str] = []
    for link in sorted((one for one in known if one.kind is Kind.SAME), key=_order):
        if link.tier is not Tier.HUMAN and link.rests_on and link.rests_on <= generic:
            taken.append(link.id)
        elif not groups.join(link.a, link.b):
            blocked.append(link.id)
    people = groups.people()
    person_of = {record: place for place, person in enumerate(people) for record in person}
    return Plan(people, person_of, tuple(sorted(blocked)), tuple(sorted(taken)))


def _order(link: Edge) -> tuple[int, float, str, str, str]:
    return (_STRENGTH[link.tier], -link.bits, min(link.a, link.b), max(link.a, link.b), link.id)


class _Groups:
    """Sets of Records that are joined, each with the Records it must never hold."""

    def __init__(self, records: Iterable[str]) -> None:
        self._members = {record: {record} for record in records}
        self._foes: dict[str, set[str]] = {}
        self._root = {record: record for record in self._members}

    def forbid(self, a: str, b: str) -> None:
        """Keep two apart for good."""
        self._foes.setdefault(a, set()).add(b)
        self._foes.setdefault(b, set()).add(a)

    def join(self, a: str, b: str) -> bool:
        """Make one of two sets; False where somebody of one must not meet one of the other."""
        large, small = self._root[a], self._root[b]
        if large == small:
            return True
        if len(self._members[large]) < len(self._members[small]):
            large, small = small, large
        if any(self._root[foe] == large for foe in self._foes.get(small, ())):
            return False
        for record in self._members.pop(small):
            self._members[large].add(record)
            self._root[record] = large
        self._foes.setdefault(large, set()).update(self._foes.pop(small, ()))
        return True

    def people(self) -> tuple[frozenset[str], ...]:
        """Return the sets, ordered by their smallest Record."""
        return tuple(sorted(map(frozenset, self._members.values()), key=min))

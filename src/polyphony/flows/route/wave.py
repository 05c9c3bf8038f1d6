"""Waves: decisions cut, in order, so that no statement moves one item twice."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from polyphony.domain.routing.decisions import (
    Alert,
    AskBack,
    Blocked,
    Decision,
    Expire,
    GiveBack,
    Hold,
    MoveQueue,
    NotResponding,
    Offer,
    OfferCallback,
    Relax,
    Release,
    Resume,
    Suspend,
    Withdraw,
)

Moving = Offer | Expire | Withdraw | Suspend | Resume | AskBack | GiveBack | MoveQueue
"""Decisions that raise the version of their item."""
Noted = Relax | Hold | Release | Blocked | OfferCallback
MOVING = (Offer, Expire, Withdraw, Suspend, Resume, AskBack, GiveBack, MoveQueue)
NOTED = (Relax, Hold, Release, Blocked, OfferCallback)
_OF_CASE = (GiveBack, MoveQueue)


@dataclass(slots=True)
class Wave:
    """Decisions of which no two move the same item: one statement per kind is enough."""

    silent: list[NotResponding] = field(default_factory=list)
    ends: list[Expire | Withdraw] = field(default_factory=list)
    suspends: list[Suspend] = field(default_factory=list)
    notes: list[Noted] = field(default_factory=list)
    back: list[GiveBack] = field(default_factory=list)
    resumes: list[Resume] = field(default_factory=list)
    asks: list[AskBack] = field(default_factory=list)
    moves: list[MoveQueue] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)
    told: list[Alert] = field(default_factory=list)

    def add(self, one: Decision) -> None:
        """Put a decision to those of its kind."""
        kind = type(one)
        place: list[Decision] = getattr(self, _PLACES[kind])
        place.append(one)

    @property
    def locks(self) -> int:
        """How many statements lock; one alone does it in the right order, but for these."""
        alone = (self.silent, self.ends, self.notes, self.offers)
        never = (self.suspends, self.back, self.resumes, self.asks, self.moves)
        return sum(map(bool, alone)) + 2 * any(never)


_PLACES: dict[type, str] = {
    NotResponding: "silent",
    Expire: "ends",
    Withdraw: "ends",
    Suspend: "suspends",
    Relax: "notes",
    Hold: "notes",
    Release: "notes",
    Blocked: "notes",
    GiveBack: "back",
    Resume: "resumes",
    AskBack: "asks",
    MoveQueue: "moves",
    Offer: "offers",
    Alert: "told",
    OfferCallback: "notes",
}


def waves(decisions: Iterable[Decision]) -> Iterator[Wave]:
    """Cut decisions, in order, so that no item is moved twice by one statement."""
    wave, seen = Wave(), set[UUID]()
    for one in decisions:
        if isinstance(one, MOVING):
            if one.item in seen:
                yield wave
                wave, seen = Wave(), set()
            seen.add(one.item)
        wave.add(one)
    yield wave


def agents_of(decisions: Sequence[Decision]) -> list[UUID]:
    """Name the agents decisions are about, in the order of their locks."""
    found = {getattr(one, "agent", None) for one in decisions if not isinstance(one, Hold)}
    return sorted(one for one in found if one is not None)


def items_of(decisions: Sequence[Decision]) -> list[UUID]:
    """Name the items decisions are about, in the order of their locks."""
    found = {getattr(one, "item", None) for one in decisions}
    return sorted(one for one in found if one is not None)


def of_cases(decisions: Sequence[Decision]) -> list[UUID]:
    """Name the items whose Cases must be locked as well: more than the item changes."""
    return sorted({one.item for one in decisions if isinstance(one, _OF_CASE)})

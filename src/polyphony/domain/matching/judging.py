"""Judging: the bits of one candidate, and what speaks against him before any bits are counted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from polyphony.domain.matching.features import Features
from polyphony.domain.matching.levels import Agreement, Field, compare, levels_of
from polyphony.domain.matching.likeness import Level
from polyphony.domain.matching.weights import Weights, bits, prior, probability


@dataclass(frozen=True, slots=True)
class Seen:
    """One Record as it is judged: ``trusted`` is a staff entry, a branch, a trusted import.

    What a customer types himself (form, chat, display name) is not trusted: a claim.
    """

    features: Features
    trusted: bool = True


@dataclass(frozen=True, slots=True)
class Candidate:
    """A Customer who may be the one: his Records, and whether a person said that he is not."""

    id: str
    records: tuple[Seen, ...]
    refused: bool = False


class Contradiction(StrEnum):
    """Why two cannot be one person: then they are relatives, or nothing to each other."""

    GIVEN = "given"
    BORN = "born"
    PATRONYMIC = "patronymic"


@dataclass(frozen=True, slots=True)
class Judged:
    """One candidate with his bits: ``worth`` of each field, ``p`` of all with the prior."""

    candidate: Candidate
    bits: float
    p: float
    agreed: Mapping[Field, Agreement]
    worth: Mapping[Field, float]
    contradiction: Contradiction | None = None
    conflict: bool = False

    @property
    def levels(self) -> dict[Field, Level]:
        """The bare levels, as a Link keeps them."""
        return levels_of(self.agreed)


def judge(
    asked: Sequence[Seen],
    candidate: Candidate,
    weights: Weights,
    holders: Mapping[str, int] | None = None,
) -> Judged:
    """Weigh all that is said of one person against all that is said of another.

    ``holders`` says of phones and mailboxes how many people are known on them; one if missing.
    """
    mine = [one.features for one in asked]
    theirs = [one.features for one in candidate.records]
    agreed = compare(mine, theirs)
    worth = {field: bits(field, one, weights, holders) for field, one in agreed.items()}
    total = prior(weights) + sum(worth[field] for field in Field if field in worth)
    return Judged(
        candidate,
        total,
        probability(total),
        agreed,
        worth,
        _contradiction(agreed),
        _numbers_differ(mine, theirs),
    )


def trusted(records: Sequence[Seen]) -> tuple[Seen, ...]:
    """Return the Records that may lead to a link by themselves."""
    return tuple(one for one in records if one.trusted)


def _contradiction(agreed: Mapping[Field, Agreement]) -> Contradiction | None:
    if _level(agreed, Field.GIVEN) in (Level.NEAR, Level.DIFFERENT):
        return Contradiction.GIVEN
    if _level(agreed, Field.BORN) is Level.DIFFERENT:
        return Contradiction.BORN
    if _level(agreed, Field.PATRONYMIC) in (Level.NEAR, Level.DIFFERENT):
        return Contradiction.PATRONYMIC
    return None


def _level(agreed: Mapping[Field, Agreement], field: Field) -> Level | None:
    found = agreed.get(field)
    return found.level if found else None


def _numbers_differ(mine: Sequence[Features], theirs: Sequence[Features]) -> bool:
    """Tell whether both have a number of one kind (``pesel:…``) and none of them is the same."""
    left, right = _by_kind(mine), _by_kind(theirs)
    return any(left[kind].isdisjoint(right[kind]) for kind in left.keys() & right.keys())


def _by_kind(records: Sequence[Features]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for one in records:
        for number in one.numbers:
            found.setdefault(number.partition(":")[0], set()).add(number)
    return found

"""Learning: m from pairs that share a verified identifier, u from random pairs; no labels."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from polyphony.domain.matching.features import Features
from polyphony.domain.matching.levels import Field
from polyphony.domain.matching.likeness import Level
from polyphony.domain.matching.start import START
from polyphony.domain.matching.weights import HOLDERS_MIN, Key, Weights, family_key, given_key

RANDOM_PAIRS = 60_000
"""So many random pairs tell u well enough; fewer leave more to the start values."""
_TRUST_M, _TRUST_U = 40.0, 20.0


@dataclass(frozen=True, slots=True)
class Pair:
    """The levels of two Records that share a verified identifier, and which field that is in."""

    levels: Mapping[Field, Level]
    chosen_by: Field | None = None


@dataclass(frozen=True, slots=True)
class Frequencies:
    """How frequent values are, as shares of all people; only values of five people and more."""

    customers: int
    given: Mapping[str, float]
    surname: Mapping[str, float]
    born: Mapping[str, float]


def frequencies(people: Iterable[Features]) -> Frequencies:
    """Count values over people (one Features each)."""
    given: Counter[str] = Counter()
    surname: Counter[str] = Counter()
    born: Counter[str] = Counter()
    total = 0
    for one in people:
        total += 1
        given[given_key(one.given)] += 1
        surname[family_key(one.surname)] += 1
        born[one.born] += 1
    return Frequencies(total, _shares(given, total), _shares(surname, total), _shares(born, total))


def _shares(counted: Counter[str], total: int) -> dict[str, float]:
    return {
        value: count / total for value, count in counted.items() if value and count >= HOLDERS_MIN
    }


def learn(
    shared: Iterable[Pair], random: Iterable[Mapping[Field, Level]], known: Frequencies
) -> Weights:
    """Return a model: the challenger, until it passed its gate.

    A field has no say about itself: pairs chosen by an e-mail teach nothing about e-mails. Start
    values count as a few pairs, so that a level nobody has seen is rare and not impossible.
    """
    same: Counter[Key] = Counter()
    for pair in shared:
        same.update(item for item in pair.levels.items() if item[0] is not pair.chosen_by)
    chance: Counter[Key] = Counter()
    for levels in random:
        chance.update(levels.items())
    return Weights(
        _settled(same, _TRUST_M, 0),
        _settled(chance, _TRUST_U, 1),
        known.customers,
        known.given,
        known.surname,
        known.born,
    )


def _settled(counted: Counter[Key], trust: float, side: int) -> dict[Key, float]:
    totals: Counter[Field] = Counter()
    for (field, _), count in counted.items():
        totals[field] += count
    return {
        key: (counted[key] + trust * start[side]) / (totals[key[0]] + trust)
        for key, start in START.items()
    }

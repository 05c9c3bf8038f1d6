"""Weights: how much each level tells, in bits, and how rare the values are (Fellegi and Sunter)."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from polyphony.domain.matching.letters import readings
from polyphony.domain.matching.levels import Agreement, Field
from polyphony.domain.matching.likeness import Level
from polyphony.domain.matching.stems import forms

HOLDERS_MIN = 5
"""Frequencies are kept only of values at least so many people have: rarer ones would name them."""

Key = tuple[Field, Level]

# What a level is worth at most, in bits: what the data cannot bear out, learning must not claim.
_MOST: dict[Key, float] = {
    (Field.BORN, Level.EQUAL): 14.3,
    (Field.BORN, Level.TURNED): 10.0,
    (Field.BORN, Level.EDITED): 6.5,
    (Field.ADDRESS, Level.NEAR): 7.0,
    (Field.ADDRESS, Level.PART): 3.0,
    (Field.PHONE, Level.EQUAL): 15.0,
    (Field.EMAIL, Level.EQUAL): 15.0,
    (Field.PATRONYMIC, Level.EQUAL): 3.0,
    (Field.PATRONYMIC, Level.CLOSE): 2.0,
}
_LEAST = -8.0
# Names that changed places agree as much as straight ones, less how seldom that happens (both).
_STRAIGHT = {Level.SWAPPED: Level.EQUAL, Level.SWAPPED_CLOSE: Level.CLOSE}
_SWAP_COST = 5.0
_BORN_RARE = 4.6e-5


@dataclass(frozen=True, slots=True)
class Weights:
    """One model: m and u of each level, people known, how frequent values are among them.

    ``m`` is the share of the level among pairs of one person, ``u`` among pairs of two. The
    frequencies go by ``given_key``, ``family_key`` and the date itself, as shares of all people.
    """

    m: Mapping[Key, float]
    u: Mapping[Key, float]
    customers: int
    given: Mapping[str, float] = field(default_factory=dict)
    surname: Mapping[str, float] = field(default_factory=dict)
    born: Mapping[str, float] = field(default_factory=dict)


def given_key(given: str) -> str:
    """Return under which key the frequency of a given name is counted."""
    return next(iter(readings(given)), "")


def family_key(surname: str) -> str:
    """Return under which key the frequency of a surname is counted: both sexes are one."""
    return next(iter(forms(surname)), "")


def prior(weights: Weights) -> float:
    """Return the bits two people start with: one of all who are known."""
    share = 1 / max(weights.customers, 2)
    return math.log2(share / (1 - share))


def probability(bits: float) -> float:
    """Return p of so many bits."""
    return 1 / (1 + 2 ** -max(min(bits, 1000.0), -1000.0))


def bits(
    of: Field, agreed: Agreement, weights: Weights, holders: Mapping[str, int] | None = None
) -> float:
    """Return what one agreement is worth; chance grows with ``tries`` (u' = 1 - (1 - u)^k)."""
    key = (of, _STRAIGHT.get(agreed.level, agreed.level))
    if of is Field.EMAIL and agreed.level is Level.NEAR:
        return 0.0
    m, u = weights.m.get(key, 0.0), weights.u.get(key, 0.0)
    if m <= 0:
        return 0.0
    u = max(_chance(of, agreed, weights, u, holders or {}), 1e-12)
    if agreed.tries > 1:
        u = 1 - (1 - min(u, 1.0)) ** agreed.tries
    worth = math.log2(m / u)
    most = _MOST.get(key, math.inf)
    if agreed.level is Level.EQUAL and of in (Field.PHONE, Field.EMAIL):
        most -= math.log2(_known(agreed, holders or {}))
    if agreed.level in _STRAIGHT:
        worth -= _SWAP_COST / 2
    return max(min(worth, most), _LEAST)


def _chance(
    of: Field, agreed: Agreement, weights: Weights, u: float, holders: Mapping[str, int]
) -> float:
    """Return u: of an exact agreement the frequency of that value, never under one of all.

    Names have the u of their level until frequencies were counted: a model that knows none would
    otherwise take every name for the rarest.
    """
    one = 1 / max(weights.customers, 2)
    if of is not Field.ADDRESS and agreed.level not in (Level.EQUAL, Level.SWAPPED):
        return u
    if of is Field.GIVEN and weights.given:
        return _frequency(weights.given, map(readings, agreed.values), one)
    if of is Field.SURNAME and weights.surname:
        return _frequency(weights.surname, map(forms, agreed.values), one)
    if of is Field.BORN:
        return max(weights.born.get(agreed.values[0], 0.0), _BORN_RARE, one)
    if of in (Field.PHONE, Field.EMAIL):
        return 2 * one * _known(agreed, holders)
    return max(u, one)


def _frequency(known: Mapping[str, float], ways: Iterable[tuple[str, ...]], one: float) -> float:
    """Return how frequent a name is in the more frequent of its spellings; one of all if rare."""
    return max(one, *(known.get(key, 0.0) for keys in ways for key in keys), one)


def _known(agreed: Agreement, holders: Mapping[str, int]) -> int:
    return max(holders.get(agreed.values[0], 1), 1)


def pack_weights(weights: Weights) -> dict[str, object]:
    """Return a model as JSON."""
    keys = sorted(weights.m.keys() | weights.u.keys())
    return {
        "levels": [
            [of, level, weights.m.get((of, level), 0.0), weights.u.get((of, level), 0.0)]
            for of, level in keys
        ],
        "customers": weights.customers,
        "given": dict(weights.given),
        "surname": dict(weights.surname),
        "born": dict(weights.born),
    }


def unpack_weights(stored: Mapping[str, Any]) -> Weights:
    """Return what ``pack_weights`` made."""
    rows = [(Field(of), Level(level), m, u) for of, level, m, u in stored["levels"]]
    return Weights(
        {(of, level): float(m) for of, level, m, _ in rows},
        {(of, level): float(u) for of, level, _, u in rows},
        int(stored["customers"]),
        stored["given"],
        stored["surname"],
        stored["born"],
    )

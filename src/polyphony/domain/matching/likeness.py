"""Likeness of names: equal in some reading, close, near, or another name."""

from enum import StrEnum
from functools import lru_cache

from rapidfuzz.distance import JaroWinkler

from polyphony.domain.matching.letters import readings
from polyphony.domain.matching.nicknames import alias, opposite
from polyphony.domain.matching.person_name import parts
from polyphony.domain.matching.skeleton import skeletons
from polyphony.domain.matching.stems import family_skeletons, forms

CLOSE_AT, NEAR_AT = 0.92, 0.80
SOUND_AT = 0.75
"""Surnames of one skeleton must be as alike as this: Liška and a mistyped Lučka share theirs."""
_SHORT = 3
_CACHE = 1 << 18


class Level(StrEnum):
    """How far two values agree, the best first; each field uses some of them."""

    EQUAL = "equal"
    CLOSE = "close"  # the same name in another form; most of an address
    SWAPPED = "swapped"  # given name and surname changed places
    SWAPPED_CLOSE = "swapped_close"  # and are close only
    TURNED = "turned"  # day and month changed places
    EDITED = "edited"  # one slip in a date
    NEAR = "near"  # alike, as names of different people often are; the same town
    PART = "part"  # one part of an address
    DIFFERENT = "different"


@lru_cache(_CACHE)
def given_level(one: str, other: str) -> Level | None:
    """Compare given names; None where one is missing. Opposite sexes are never close."""
    if not one or not other:
        return None
    if one == other or not set(readings(one)).isdisjoint(readings(other)):
        return Level.EQUAL
    if opposite(one, other):
        return Level.DIFFERENT
    if _one_of_them(one, other) or alias(one, other) or _same_sound(one, other):
        return Level.CLOSE
    return _alike(readings(one), readings(other))


def _one_of_them(one: str, other: str) -> bool:
    """Tell whether one of several given names is the same: Anna Maria and Anna."""
    mine, theirs = one.split(), other.split()
    if len(mine) < 2 and len(theirs) < 2:
        return False
    return not {readings(word) for word in mine}.isdisjoint(readings(word) for word in theirs)


def _same_sound(one: str, other: str) -> bool:
    longer = len(one) > _SHORT and len(other) > _SHORT
    return longer and not skeletons(one).isdisjoint(skeletons(other))


@lru_cache(_CACHE)
def family_level(one: str, other: str) -> Level | None:
    """Compare surnames by their stems, hyphenated ones part by part; None where one is missing."""
    if not one or not other:
        return None
    if one == other:
        return Level.EQUAL
    mine, theirs = parts(one), parts(other)
    levels = [_stem_level(left, right) for left in mine for right in theirs]
    best = min(levels, key=_PLACE.__getitem__, default=Level.DIFFERENT)
    if best is Level.EQUAL and len(levels) > 1:
        return Level.CLOSE
    return best


def _stem_level(one: str, other: str) -> Level:
    left, right = forms(one), forms(other)
    if not set(left).isdisjoint(right):
        return Level.EQUAL
    longer = len(one) > _SHORT and len(other) > _SHORT
    sound = longer and not family_skeletons(one).isdisjoint(family_skeletons(other))
    if sound and _likeness(left, right) >= SOUND_AT:
        return Level.CLOSE
    return Level.NEAR if sound else _alike(left, right)


@lru_cache(_CACHE)
def swapped(given: str, surname: str, other_given: str, other_surname: str) -> Level | None:
    """Compare the parts crosswise: whichever of the two has them in the wrong order."""
    if not (given and surname and other_given and other_surname):
        return None
    ways = (
        {family_level(given, other_surname), given_level(surname, other_given)},
        {given_level(given, other_surname), family_level(surname, other_given)},
    )
    if {Level.EQUAL} in ways:
        return Level.SWAPPED
    agreed = any(way <= {Level.EQUAL, Level.CLOSE} for way in ways)
    return Level.SWAPPED_CLOSE if agreed else None


def _alike(one: tuple[str, ...], other: tuple[str, ...]) -> Level:
    best = _likeness(one, other)
    if best >= CLOSE_AT:
        return Level.CLOSE
    return Level.NEAR if best >= NEAR_AT else Level.DIFFERENT


def _likeness(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    """Return the best Jaro-Winkler similarity over all pairs of readings."""
    pairs = ((left, right) for left in one for right in other)
    return max((JaroWinkler.similarity(left, right) for left, right in pairs), default=0.0)


_PLACE = {level: place for place, level in enumerate(Level)}

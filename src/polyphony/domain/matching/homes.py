"""Homes: whether two addresses are one door, most of it, one town, or something else."""

from functools import lru_cache

from rapidfuzz.distance import JaroWinkler

from polyphony.domain.matching.features import Features
from polyphony.domain.matching.letters import readings
from polyphony.domain.matching.likeness import CLOSE_AT, Level
from polyphony.domain.matching.skeleton import skeletons


def home_level(one: Features, other: Features) -> Level | None:
    """Compare street, house and place; None where fewer than two of them can be compared.

    Equal: all three, or both that are known with the house among them. Close: two of three.
    Near: only the place. Part: only street or house.
    """
    street, house, place = _street(one, other), _house(one, other), _place(one, other)
    known = [agrees for agrees in (street, house, place) if agrees is not None]
    if len(known) < 2:
        return None
    agreeing = sum(known)
    if agreeing == len(known) and house:
        return Level.CLOSE if _flats_differ(one, other) else Level.EQUAL
    if agreeing == 2:
        return Level.CLOSE
    if agreeing:
        return Level.NEAR if place else Level.PART
    return Level.DIFFERENT


def _street(one: Features, other: Features) -> bool | None:
    return same_road(one.street, other.street) if one.street and other.street else None


def _house(one: Features, other: Features) -> bool | None:
    if not one.houses or not other.houses:
        return None
    return any(house in other.houses for house in one.houses)


def _place(one: Features, other: Features) -> bool | None:
    if one.postcode and one.postcode == other.postcode:
        return True
    if one.city and other.city:
        return same_road(one.city, other.city)
    return False if one.postcode and other.postcode else None


def _flats_differ(one: Features, other: Features) -> bool:
    return bool(one.flat and other.flat and one.flat != other.flat)


@lru_cache(1 << 16)
def same_road(one: str, other: str) -> bool:
    """Tell whether two names of streets or towns are one, through spellings and slips."""
    if one == other:
        return True
    left, right = readings(one), readings(other)
    if not set(left).isdisjoint(right):
        return True
    if min(len(one), len(other)) > 4 and not skeletons(one).isdisjoint(skeletons(other)):
        return True
    return any(
        JaroWinkler.similarity(this, that, score_cutoff=CLOSE_AT) >= CLOSE_AT
        for this in left
        for that in right
    )

"""Blocking keys: 64-bit numbers two Records of one person probably share."""

import itertools
from collections.abc import Iterator
from hashlib import blake2b

from polyphony.domain.matching.features import Features
from polyphony.domain.matching.mailbox import local_part
from polyphony.domain.matching.nicknames import alias_skeletons
from polyphony.domain.matching.person_name import parts
from polyphony.domain.matching.phone_number import tail
from polyphony.domain.matching.skeleton import skeletons
from polyphony.domain.matching.stems import family_skeletons

STOP_AT = 300
"""A key with more Records than this says nothing: it is skipped, counted and listed."""


def stored_keys(one: Features) -> frozenset[int]:
    """Return the keys a Record is found by (8 on average): ``record_key.key``, signed 64 bits."""
    return frozenset(map(_hash, _told(one, skeletons(one.given))))


def sought_keys(one: Features) -> frozenset[int]:
    """Return the keys to look up for a Record: also nicknames, and both parts swapped."""
    named = _told(one, alias_skeletons(one.given))
    return frozenset(map(_hash, itertools.chain(named, _swapped(one))))


def _told(one: Features, given: frozenset[str]) -> Iterator[tuple[str, ...]]:
    for phone in one.phones:
        yield ("phone", tail(phone))
    for email in one.emails:
        yield ("email", email)
        yield ("local", local_part(email))
    for number in one.numbers:
        yield ("number", number)
    if one.source_key:
        yield ("source", one.source_key)
    if one.born:
        yield ("born", one.born)
    yield from _at_home(one, given)
    for family in _families(one.surname):
        for key in given:
            yield ("name", family, key)


def _at_home(one: Features, given: frozenset[str]) -> Iterator[tuple[str, ...]]:
    for house in one.houses:
        if one.postcode:
            yield ("door", one.postcode, house)
        for road, key in itertools.product(skeletons(one.street), given):
            yield ("home", road, house, key)


def _swapped(one: Features) -> Iterator[tuple[str, ...]]:
    for family in _families(one.given):
        for part in parts(one.surname):
            for key in alias_skeletons(part):
                yield ("name", family, key)


def _families(surname: str) -> frozenset[str]:
    found: frozenset[str] = frozenset()
    for part in parts(surname.replace(" ", "-")):
        found |= family_skeletons(part)
    return found


def _hash(key: tuple[str, ...]) -> int:
    digest = blake2b("\x1f".join(key).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)

"""A base of known people in memory, found by the product's own keys; models learned from it."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from polyphony.domain.matching.blocking import STOP_AT, sought_keys, stored_keys
from polyphony.domain.matching.features import Features
from polyphony.domain.matching.judging import Candidate, Seen
from polyphony.domain.matching.learning import Pair, frequencies, learn
from polyphony.domain.matching.levels import Field, compare, levels_of
from polyphony.domain.matching.verified import people_on
from polyphony.domain.matching.weights import Weights

_VERIFIED = ((Field.EMAIL, "emails"), (Field.PHONE, "phones"))


class Base:
    """Known people, one trusted Record each; ``id`` is the place as text."""

    def __init__(self, people: Sequence[Features]) -> None:
        self.people = people
        self.candidates = [Candidate(str(at), (Seen(one),)) for at, one in enumerate(people)]
        self.index: dict[int, list[int]] = defaultdict(list)
        for at, one in enumerate(people):
            for key in stored_keys(one):
                self.index[key].append(at)
        self.holders = _holders(people)

    def near(self, one: Features) -> set[int]:
        """Return who shares a key with it; keys of more than 300 people say nothing."""
        found: set[int] = set()
        for key in sought_keys(one):
            places = self.index.get(key, ())
            if len(places) <= STOP_AT:
                found.update(places)
        return found


def _holders(people: Iterable[Features]) -> dict[str, int]:
    """Count the distinct names on each phone and mailbox that has more than one."""
    seen: dict[str, list[Features]] = defaultdict(list)
    for one in people:
        for value in (*one.phones, *one.emails):
            seen[value].append(one)
    counted = ((value, people_on(found)) for value, found in seen.items() if len(found) > 1)
    return {value: count for value, count in counted if count > 1}


def taught(
    base: Base, again: Sequence[Features], chance: random.Random, pairs: int = 60_000
) -> Weights:
    """Learn a model: Records that share a phone or mailbox of one holder, and random pairs."""
    shared: list[Pair] = []
    for field, name in _VERIFIED:
        owner = _owners(base, name)
        for one in again:
            for value in getattr(one, name):
                if value in owner:
                    levels = levels_of(compare((one,), (base.people[owner[value]],)))
                    shared.append(Pair(levels, field))
    drawn = (
        levels_of(compare((chance.choice(again),), (chance.choice(base.people),)))
        for _ in range(pairs)
    )
    return learn(shared, drawn, frequencies(base.people))


def _owners(base: Base, name: str) -> Mapping[str, int]:
    counted = Counter(value for one in base.people for value in getattr(one, name))
    return {
        value: at
        for at, one in enumerate(base.people)
        for value in getattr(one, name)
        if counted[value] == 1
    }

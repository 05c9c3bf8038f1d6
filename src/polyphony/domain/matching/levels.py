"""Levels: how far two people agree in each field, the best of all their values."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from polyphony.domain.matching.birth_date import one_edit, turned
from polyphony.domain.matching.features import Features
from polyphony.domain.matching.homes import home_level
from polyphony.domain.matching.likeness import Level, family_level, given_level, swapped
from polyphony.domain.matching.mailbox import local_part
from polyphony.domain.matching.person_name import PersonName

V = TypeVar("V")


class Field(StrEnum):
    """What is compared."""

    GIVEN = "given"
    SURNAME = "surname"
    PATRONYMIC = "patronymic"
    BORN = "born"
    ADDRESS = "address"
    PHONE = "phone"
    EMAIL = "email"


@dataclass(frozen=True, slots=True)
class Agreement:
    """The best level of one field, the two values that have it, and among how many it is best.

    ``tries`` counts the pairs of distinct values: who has many values agrees sooner by chance.
    """

    level: Level
    values: tuple[str, str]
    tries: int = 1


Agreements = Mapping[Field, Agreement]


def compare(one: Sequence[Features], other: Sequence[Features]) -> dict[Field, Agreement]:
    """Compare two people, each by all that is said of them; a missing field has no entry."""
    found = _names(one, other)
    found[Field.PATRONYMIC] = _patronymics(one, other)
    found[Field.BORN] = _best(_dates(one), _dates(other), _born)
    found[Field.ADDRESS] = _best(_homes(one), _homes(other), home_level, lambda _: "")
    found[Field.PHONE] = _shared(_all(one, "phones"), _all(other, "phones"))
    found[Field.EMAIL] = _emails(_all(one, "emails"), _all(other, "emails"))
    return {field: agreed for field, agreed in found.items() if agreed is not None}


def _names(one: Sequence[Features], other: Sequence[Features]) -> dict[Field, Agreement | None]:
    """Judge given name and surname of the same record together: the pair that agrees best."""
    mine, theirs = _named(one), _named(other)
    if not mine or not theirs:
        return {}
    tries = len(mine) * len(theirs)
    judged = [(*_pair(left, right), left, right) for left in mine for right in theirs]
    given, family, left, right = judged[0] if tries == 1 else min(judged, key=_name_order)
    return {
        Field.GIVEN: Agreement(given, (left.given, right.given), tries) if given else None,
        Field.SURNAME: Agreement(family, (left.surname, right.surname), tries) if family else None,
    }


def _name_order(
    judged: tuple[Level | None, Level | None, PersonName, PersonName],
) -> tuple[int, int, tuple[str, ...], tuple[str, ...]]:
    """Order pairs of names, the same from both sides."""
    given, family, left, right = judged
    first, second = sorted(((left.given, left.surname), (right.given, right.surname)))
    return _rank(given) + _rank(family), _rank(given), first, second


def _pair(left: PersonName, right: PersonName) -> tuple[Level | None, Level | None]:
    given = given_level(left.given, right.given)
    family = family_level(left.surname, right.surname)
    agreed = given in _GOOD and family in _GOOD
    if agreed:
        return given, family
    cross = swapped(left.given, left.surname, right.given, right.surname)
    return (cross, cross) if cross else (given, family)


_GOOD = frozenset({Level.EQUAL, Level.CLOSE})
_ORDER = {level: place for place, level in enumerate(Level)}
_MISSING = len(_ORDER) // 2


def _rank(level: Level | None) -> int:
    return _MISSING if level is None else _ORDER[level]


def _named(records: Sequence[Features]) -> tuple[PersonName, ...]:
    names = (PersonName(one.given, one.surname) for one in records if one.given or one.surname)
    return tuple(dict.fromkeys(names))


def _dates(records: Sequence[Features]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.born for one in records if one.born))


def _homes(records: Sequence[Features]) -> tuple[Features, ...]:
    told = (one for one in records if one.postcode or one.city or (one.street and one.houses))
    return tuple({(o.street, o.houses, o.flat, o.postcode, o.city): o for o in told}.values())


def _all(records: Sequence[Features], name: str) -> tuple[str, ...]:
    if len(records) == 1:
        values: tuple[str, ...] = getattr(records[0], name)
        return values
    return tuple(dict.fromkeys(value for one in records for value in getattr(one, name)))


def _born(one: str, other: str) -> Level:
    if one == other:
        return Level.EQUAL
    if turned(one, other):
        return Level.TURNED
    return Level.EDITED if one_edit(one, other) else Level.DIFFERENT


def _patronymics(one: Sequence[Features], other: Sequence[Features]) -> Agreement | None:
    mine = tuple(dict.fromkeys(record.patronymic for record in one if record.patronymic))
    theirs = tuple(dict.fromkeys(record.patronymic for record in other if record.patronymic))
    return _best(mine, theirs, lambda left, right: family_level(left, right) or Level.DIFFERENT)


def _shared(one: Sequence[str], other: Sequence[str]) -> Agreement | None:
    if not one or not other:
        return None
    both = [value for value in one if value in other]
    level = Level.EQUAL if both else Level.DIFFERENT
    value = min(both, default="")
    return Agreement(level, (value, value), len(one) * len(other))


def _emails(one: Sequence[str], other: Sequence[str]) -> Agreement | None:
    """Judge mailboxes; a like local part is a name said twice and therefore worth nothing."""
    agreed = _shared(one, other)
    if agreed is None or agreed.level is Level.EQUAL:
        return agreed
    mine = {local_part(value) for value in one}
    alike = any(_like(left, local_part(right)) for left in mine for right in other)
    return Agreement(Level.NEAR, ("", ""), agreed.tries) if alike else agreed


def _like(one: str, other: str) -> bool:
    return family_level(one, other) in _GOOD


def _best(
    one: Sequence[V],
    other: Sequence[V],
    judge: Callable[[V, V], Level | None],
    said: Callable[[V], str] = str,
) -> Agreement | None:
    """Return the best level over all pairs; None where nothing can be compared."""
    judged = ((judge(left, right), left, right) for left in one for right in other)
    known = [(_rank(level), level, left, right) for level, left, right in judged if level]
    if not known:
        return None
    _, level, left, right = min(
        known, key=lambda found: (found[0], *sorted((said(found[2]), said(found[3]))))
    )
    return Agreement(level, (said(left), said(right)), len(one) * len(other))


def levels_of(agreed: Agreements) -> dict[Field, Level]:
    """Return the bare levels: what a Link keeps, and what weights are learned from."""
    return {field: agreement.level for field, agreement in agreed.items()}

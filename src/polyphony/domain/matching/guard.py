"""Guard: what must hold beside the bits before two are one; relatives agree in all but this."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from polyphony.domain.matching.judging import Judged
from polyphony.domain.matching.levels import Field
from polyphony.domain.matching.likeness import Level

SAME_AT = 0.99
MARGIN = 6.6
_GIVEN = frozenset({Level.EQUAL, Level.CLOSE, Level.SWAPPED, Level.SWAPPED_CLOSE})
_FAMILY = frozenset({*_GIVEN, Level.NEAR})
_BORN = frozenset({Level.EQUAL, Level.TURNED})
_HARD = (Field.PHONE, Field.EMAIL, Field.ADDRESS)


class Why(StrEnum):
    """Why two are not taken for one without a person."""

    CLAIM = "claim"
    REFUSED = "refused"
    NUMBERS = "numbers_differ"
    UNSURE = "below_threshold"
    CLOSE_SECOND = "close_second"
    GIVEN = "given_not_known"
    NO_ANCHOR = "no_birth_date_or_own_mailbox"
    FAMILY = "surname_differs"


@dataclass(frozen=True, slots=True)
class Hindrance:
    """A reason as a code with the number it is about (p, bits of margin), where it has one."""

    why: Why
    number: float | None = None


def hindrances(
    best: Judged, margin: float, *, claimed: bool, holders: Mapping[str, int]
) -> tuple[Hindrance, ...]:
    """Return all that keeps the best candidate from being ``same``; nothing means ``same``.

    ``margin`` is the distance in bits to the next one. ``claimed`` says that one side rests on
    what a customer typed himself.
    """
    levels = best.levels
    hard = any(levels.get(field) is Level.EQUAL for field in _HARD)
    checks = (
        (claimed, Hindrance(Why.CLAIM)),
        (best.candidate.refused, Hindrance(Why.REFUSED)),
        (best.conflict, Hindrance(Why.NUMBERS)),
        (best.p < SAME_AT, Hindrance(Why.UNSURE, round(best.p, 4))),
        (margin < MARGIN, Hindrance(Why.CLOSE_SECOND, round(margin, 1))),
        (levels.get(Field.GIVEN) not in _GIVEN, Hindrance(Why.GIVEN)),
        (not _anchored(best, levels, holders, hard=hard), Hindrance(Why.NO_ANCHOR)),
        (levels.get(Field.SURNAME) not in _FAMILY and not hard, Hindrance(Why.FAMILY)),
    )
    return tuple(hindrance for stands, hindrance in checks if stands)


def _anchored(
    best: Judged, levels: Mapping[Field, Level], holders: Mapping[str, int], *, hard: bool
) -> bool:
    """Tell whether something of this one person agrees: birth date, or a mailbox of his own.

    Where the phone differs a mailbox alone is none: father and son may share name and mailbox.
    """
    born = levels.get(Field.BORN)
    if born in _BORN or (born is Level.EDITED and hard):
        return True
    if levels.get(Field.EMAIL) is not Level.EQUAL or levels.get(Field.PHONE) is Level.DIFFERENT:
        return False
    return holders.get(best.agreed[Field.EMAIL].values[0], 1) <= 1

"""Question: what to ask next, the missing field that leaves the least doubt."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from polyphony.domain.matching.judging import Judged, Seen
from polyphony.domain.matching.levels import Field
from polyphony.domain.matching.weights import Weights

_SETTLED_LOW, _SETTLED_HIGH = 0.05, 0.99
_ASKED = (Field.BORN, Field.PHONE, Field.EMAIL, Field.ADDRESS, Field.PATRONYMIC, Field.SURNAME)
_ANCHORS = (Field.BORN, Field.EMAIL)
_HELD = {
    Field.BORN: "born",
    Field.PHONE: "phones",
    Field.EMAIL: "emails",
    Field.ADDRESS: "postcode",
    Field.PATRONYMIC: "patronymic",
    Field.SURNAME: "surname",
}


@dataclass(frozen=True, slots=True)
class Question:
    """The field to ask for; ``gain`` in bits of entropy, ``settles`` is how often it decides."""

    field: Field
    gain: float
    settles: float


def question(
    asked: Sequence[Seen], best: Judged, weights: Weights, *, anchor: bool = False
) -> Question | None:
    """Return the best next question, None where the candidate has nothing more to compare.

    Asked for is what the candidate has and the other side does not: IG = H(p) - Σ P(l) · H(p|l).
    A phone may be settled by a code sent to the one that is known. With ``anchor`` the guard
    lacks what is this person's alone: birth date or mailbox go before everything else.
    """
    found = [
        _worth(field, best.p, weights)
        for field in _ASKED
        if field not in best.agreed
        and _has(best.candidate.records, _HELD[field])
        and not _has(asked, _HELD[field])
    ]
    anchors = [one for one in found if one.field in _ANCHORS]
    return max(anchors if anchor and anchors else found, key=lambda one: one.gain, default=None)


def _has(records: Sequence[Seen], name: str) -> bool:
    return any(getattr(one.features, name) for one in records)


def _worth(field: Field, p: float, weights: Weights) -> Question:
    left = settled = 0.0
    for key, m in weights.m.items():
        if key[0] is not field:
            continue
        u = weights.u.get(key, 0.0)
        chance = p * m + (1 - p) * u
        after = p * m / chance if chance > 0 else p
        left += chance * _entropy(after)
        if not _SETTLED_LOW <= after < _SETTLED_HIGH:
            settled += chance
    return Question(field, round(_entropy(p) - left, 3), round(min(settled, 1.0), 3))


def _entropy(p: float) -> float:
    if p <= 0 or p >= 1:
        return 0.0
    return -p * math.log2(p) - (1 - p) * math.log2(1 - p)

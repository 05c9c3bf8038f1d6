"""Deciding: guard before threshold. same, suggestion, relative or none, each with its reasons."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from polyphony.domain.matching.guard import Hindrance, Why, hindrances
from polyphony.domain.matching.judging import Candidate, Judged, Seen, judge, trusted
from polyphony.domain.matching.question import Question, question
from polyphony.domain.matching.weights import Weights

SUGGEST_AT = 0.05
RELATIVE_AT = -4.2
SUGGESTIONS_MAX, RELATIVES_MAX = 2, 8
ALONE = 99.0
"""Margin, in bits, of a candidate beside whom there is nobody."""


class Verdict(StrEnum):
    """What follows: a link, a line for a person to decide, a relative, nothing."""

    SAME = "same"
    SUGGESTION = "suggestion"
    RELATIVE = "relative"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict and everything it rests on.

    ``best`` is whom a ``same`` or the first suggestion is about; ``suggestions`` are at most two,
    the best first; ``relatives`` are those the guard put aside, near enough for the household.
    ``hindrances`` say why it is not ``same``; ``ask`` what would settle it soonest.
    """

    verdict: Verdict
    best: Judged | None = None
    margin: float = ALONE
    hindrances: tuple[Hindrance, ...] = ()
    suggestions: tuple[Judged, ...] = ()
    relatives: tuple[Judged, ...] = ()
    ask: Question | None = None


def decide(
    asked: Sequence[Seen],
    candidates: Iterable[Candidate],
    weights: Weights,
    holders: Mapping[str, int] | None = None,
) -> Decision:
    """Decide who of the candidates is meant, if any.

    Only trusted Records of both sides can lead to ``same``: they are judged by themselves first,
    so a claim neither brings a link about nor keeps one from being found. The order of Records
    and candidates makes no difference.
    """
    everyone = [judge(asked, one, weights, holders) for one in candidates]
    left = _ranked(one for one in everyone if one.contradiction is None)
    aside = _ranked(one for one in everyone if one.contradiction and one.bits >= RELATIVE_AT)
    relatives = tuple(aside[:RELATIVES_MAX])
    sure = _sure(asked, everyone, weights, holders)
    if sure and not sure[2]:
        rest = tuple(one for one in left if one.candidate.id != sure[0].candidate.id)
        return Decision(Verdict.SAME, sure[0], sure[1], (), _likely(rest), relatives)
    likely = _likely(left)
    if not likely:
        verdict = Verdict.RELATIVE if relatives else Verdict.NONE
        return Decision(verdict, relatives=relatives)
    best, margin = likely[0], _margin(left)
    if sure and sure[0].candidate.id == best.candidate.id:
        why = sure[2]
    else:
        why = hindrances(best, margin, claimed=True, holders=holders or {})
    anchor = any(one.why is Why.NO_ANCHOR for one in why)
    ask = question(asked, best, weights, anchor=anchor)
    return Decision(Verdict.SUGGESTION, best, margin, why, likely, relatives, ask)


def _sure(
    asked: Sequence[Seen],
    everyone: Sequence[Judged],
    weights: Weights,
    holders: Mapping[str, int] | None,
) -> tuple[Judged, float, tuple[Hindrance, ...]] | None:
    """Return the best by trusted Records alone, his margin, and what is in the way."""
    mine = trusted(asked)
    if not mine:
        return None
    judged = []
    for one in everyone:
        theirs = trusted(one.candidate.records)
        if len(mine) == len(asked) and len(theirs) == len(one.candidate.records):
            judged.append(one)
        elif theirs:
            bare = Candidate(one.candidate.id, theirs, one.candidate.refused)
            judged.append(judge(mine, bare, weights, holders))
    left = _ranked(one for one in judged if one.contradiction is None)
    if not left:
        return None
    margin = _margin(left)
    return left[0], margin, hindrances(left[0], margin, claimed=False, holders=holders or {})


def _ranked(judged: Iterable[Judged]) -> list[Judged]:
    return sorted(judged, key=lambda one: (-one.bits, one.candidate.id))


def _margin(left: Sequence[Judged]) -> float:
    return left[0].bits - left[1].bits if len(left) > 1 else ALONE


def _likely(left: Sequence[Judged]) -> tuple[Judged, ...]:
    return tuple(one for one in left if one.p >= SUGGEST_AT)[:SUGGESTIONS_MAX]

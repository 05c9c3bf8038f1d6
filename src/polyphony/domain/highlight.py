"""Highlight: where the words that were looked for stand in a text, and the piece worth showing."""

from collections.abc import Sequence
from dataclasses import dataclass

from polyphony.domain.search_query import Term
from polyphony.domain.search_words import spellings, words

SHOWN = 240
BEFORE = 60
LOOKED = 60_000
MARKS_MAX = 50


@dataclass(frozen=True, slots=True)
class Marked:
    """A text and its hits: pairs of begin and end in Unicode characters, end excluded."""

    text: str
    marks: Sequence[tuple[int, int]] = ()


def mark(text: str, terms: Sequence[Term]) -> Marked:
    """Mark every place of the wanted terms in a short text."""
    return Marked(text, _places(text, terms))


def snippet(text: str, terms: Sequence[Term]) -> Marked:
    """Return the piece around the first hit, at most ``SHOWN`` characters, with its hits."""
    flat = " ".join(text[:LOOKED].split())
    places = _places(flat, terms)
    begin = 0
    if places and places[0][1] > SHOWN - BEFORE:
        begin = flat.rfind(" ", 0, max(0, places[0][0] - BEFORE)) + 1
        begin = max(begin, places[0][0] - 2 * BEFORE)
    end = min(len(flat), begin + SHOWN)
    if end < len(flat):
        end = max(flat.rfind(" ", begin, end), places[0][1] if places else begin + SHOWN // 2)
    before, after = "… " if begin else "", " …" if end < len(flat) else ""
    shift = len(before) - begin
    inside = [(a + shift, b + shift) for a, b in places if a >= begin and b <= end]
    return Marked(f"{before}{flat[begin:end]}{after}", inside)


def _places(text: str, terms: Sequence[Term]) -> list[tuple[int, int]]:
    asked = [one for one in terms if not one.excluded]
    if not asked:
        return []
    found = list(words(text[:LOOKED]))
    forms = [frozenset(spellings(text[one.begin : one.end])) for one in found]
    spans = sorted(
        (found[n].begin, found[n + len(term.words) - 1].end)
        for term in asked
        for n in range(len(found) - len(term.words) + 1)
        if _here(term, forms, n)
    )
    return _merged(spans)[:MARKS_MAX]


def _here(term: Term, forms: Sequence[frozenset[str]], n: int) -> bool:
    last = len(term.words) - 1
    for m, word in enumerate(term.words):
        wanted = frozenset(spellings(word))
        there = forms[n + m]
        if wanted & there:
            continue
        if not (m == last and term.prefix and _begins(there, wanted)):
            return False
    return True


def _begins(there: frozenset[str], wanted: frozenset[str]) -> bool:
    return any(one.startswith(tuple(wanted)) for one in there)


def _merged(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for begin, end in spans:
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((begin, end))
    return merged

"""Search words: text as the index keeps it: folded words, their Latin readings, their places."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from polyphony.domain.fold import fold
from polyphony.domain.translit import readings

TEXT_MAX = 60_000
"""Characters of one text that are indexed; what comes later in it is not found."""
WORD_MAX = 64
PLACES_MAX = 12_000
"""PostgreSQL keeps places up to 16,383; a gap after each part stays below it."""
GAP = 8
"""So far apart are subject, text and file names: no phrase reaches from one into the other."""
HEAD = "^"
"""Stands before a word of the head (title, subject, name): it weighs more."""
MARK = "="
"""Stands before what is no word: channel, kind, author. Nobody can type it as a word."""

_WORD = re.compile(r"[^\W_]+(?:[\u0300-\u036f]+[^\W_]*)*")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text: as it is compared, and where it stands (characters, end excluded)."""

    plain: str
    begin: int
    end: int


@lru_cache(maxsize=65_536)
def plain(word: str) -> str:
    """Return a word as it is compared: folded and cut."""
    return fold(word)[:WORD_MAX]


def words(text: str) -> Iterator[Word]:
    """Yield the words of a text: runs of letters and digits of any alphabet, marks included."""
    for hit in _WORD.finditer(text):
        if bare := plain(hit.group()):
            yield Word(bare, hit.start(), hit.end())


@lru_cache(maxsize=65_536)
def spellings(word: str) -> tuple[str, ...]:
    """Return all forms under which one written word is kept and looked for."""
    return (plain(word), *(one[:WORD_MAX] for one in readings(word)))


def vector(head: Sequence[str], body: Sequence[str], marks: Iterable[str]) -> str:
    """Return the document as text of a tsvector.

    Words of ``head`` and ``body`` have places, so that phrases are found; those of the head stand
    there once more behind ``^``; ``marks`` stand behind ``=`` without a place.
    """
    places: dict[str, list[int]] = {}
    heads: set[str] = set()
    at = 0
    for part in head:
        at = _place(part, at, places, heads) + GAP
    for part in body:
        at = _place(part, at, places, None) + GAP
    found = [f"'{word}':{','.join(map(str, where))}" for word, where in places.items()]
    found += [f"'{HEAD}{word}'" for word in heads]
    found += [f"'{MARK}{mark}'" for mark in marks]
    return " ".join(found)


def _place(text: str, at: int, places: dict[str, list[int]], heads: set[str] | None) -> int:
    for hit in _WORD.findall(text[:TEXT_MAX]):
        if at >= PLACES_MAX:
            return at
        at += 1
        for form in spellings(hit):
            if form:
                places.setdefault(form, []).append(at)
                if heads is not None:
                    heads.add(form)
    return at

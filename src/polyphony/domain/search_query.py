"""Search query: what somebody typed, as words, phrases, exclusions and filters; and as tsquery."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from polyphony.domain.search_words import HEAD, MARK, spellings, words

QUERY_MAX = 300
TERMS_MAX = 16
PREFIX_MIN = 3
"""Shorter beginnings are taken as whole words: they would mean half of the dictionary."""

KEYS = (
    "channel", "department", "queue", "kind", "from", "to", "customer", "agent", "state", "has",
)  # fmt: skip
"""The filters there are; ``key:value`` or ``key:"a value"``, a minus before it excludes."""

_TOKEN = re.compile(
    r"""(?P<not>-)?(?:(?P<key>[a-z]+):(?:"(?P<quoted>[^"]*)"?|(?P<value>[^\s"]+))
        |"(?P<phrase>[^"]*)(?P<closed>"?)(?P<star>\*)?|(?P<word>[^\s"]+))""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Term:
    """Words that must follow one another; ``prefix``: the last one may go on."""

    words: tuple[str, ...]
    prefix: bool = False
    excluded: bool = False


@dataclass(frozen=True, slots=True)
class Limit:
    """A filter as it was typed; ``begin`` and ``end`` say where, so that a screen can remove it."""

    key: str
    value: str
    excluded: bool
    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Query:
    """What was asked for."""

    terms: Sequence[Term] = field(default_factory=tuple)
    limits: Sequence[Limit] = field(default_factory=tuple)

    @property
    def wanted(self) -> list[Term]:
        """The terms that must be there."""
        return [one for one in self.terms if not one.excluded]

    @property
    def empty(self) -> bool:
        """Tell whether nothing says what is looked for."""
        return not self.wanted and all(one.excluded for one in self.limits)


def parse(text: str) -> Query:
    """Read a query; never fails: what is no filter is words.

    The last word may go on (``fakt`` finds *faktura*) unless a blank or a quote ends it; any word
    with a ``*`` may. What is written together with signs between (an address, a number with
    dashes) is a phrase.
    """
    terms: list[Term] = []
    limits: list[Limit] = []
    for hit in _TOKEN.finditer(text[:QUERY_MAX]):
        limit = _limit(hit)
        if limit is not None:
            limits.append(limit)
        elif (term := _term(hit, last=hit.end() == len(text))) is not None:
            terms.append(term)
    return Query(tuple(terms[:TERMS_MAX]), tuple(limits[:TERMS_MAX]))


def _limit(hit: re.Match[str]) -> Limit | None:
    if hit["key"] not in KEYS:
        return None
    value = (hit["quoted"] if hit["quoted"] is not None else hit["value"] or "").strip()
    return Limit(hit["key"], value, bool(hit["not"]), hit.start(), hit.end()) if value else None


def _term(hit: re.Match[str], *, last: bool) -> Term | None:
    phrase = hit["phrase"]
    said = phrase if phrase is not None else hit.group().removeprefix("-")
    found = tuple(said[one.begin : one.end] for one in words(said))
    if not found:
        return None
    open_ended = last and not (phrase is not None and hit["closed"])
    goes_on = bool(hit["star"]) or said.endswith("*") or (open_ended and said[-1:].isalnum())
    return Term(found, goes_on and len(found[-1]) >= PREFIX_MIN, bool(hit["not"]))


# ── as PostgreSQL asks ──────────────────────────────────────────────────────────────────────────


def tsquery(query: Query, marks: Sequence[str] = ()) -> str:
    """Return everything that must hold as text of a tsquery; "" when there is no condition.

    ``marks`` are parts of their own, already in that notation (see ``marked``).
    """
    parts = [f"!({_asked(one)})" if one.excluded else _asked(one) for one in query.terms]
    return " & ".join([*parts, *marks])


def in_head(query: Query) -> str:
    """Return the condition that all wanted words stand in the head; "" without words."""
    return " & ".join(
        _alternatives(word, prefix=term.prefix and word is term.words[-1], before=HEAD)
        for term in query.wanted
        for word in term.words
    )


def marked(*values: str, excluded: bool = False) -> str:
    """Return the condition that one of the marks is (or, excluded, none is) there."""
    found = "(" + " | ".join(f"'{MARK}{one}'" for one in values) + ")"
    return f"!{found}" if excluded else found


def _asked(term: Term) -> str:
    return "(" + " <-> ".join(_steps(term)) + ")"


def _steps(term: Term) -> Iterator[str]:
    for n, word in enumerate(term.words):
        yield _alternatives(word, prefix=term.prefix and n == len(term.words) - 1)


def _alternatives(word: str, *, prefix: bool, before: str = "") -> str:
    tail = ":*" if prefix else ""
    return "(" + " | ".join(f"'{before}{one}'{tail}" for one in spellings(word) if one) + ")"

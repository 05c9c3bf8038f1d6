"""Tag: a word people hang on Cases; how it is cleaned, and the colour it always has."""

from collections.abc import Sequence

from polyphony.domain.errors import Invalid

TAGS_MAX = 20
TAG_MAX = 50
COLOURS = ("grey", "red", "orange", "yellow", "green", "teal", "blue", "violet")
"""Names of colours; screens translate them into their themes."""


def cleaned(tags: Sequence[str]) -> list[str]:
    """Return tags without doubles (by case) and odd blanks; raise Invalid for too many or long."""
    kept: dict[str, str] = {}
    for one in tags:
        word = " ".join(one.split())
        if word:
            kept.setdefault(word.casefold(), word)
    found = list(kept.values())
    if len(found) > TAGS_MAX or any(len(one) > TAG_MAX for one in found):
        raise Invalid("case.tags", {"field": "tags", "max": TAGS_MAX, "longest": TAG_MAX})
    return found


def colour(name: str) -> str:
    """Return the colour of a tag: the same word has the same colour everywhere (FNV-1a)."""
    hash_ = 0x811C9DC5
    for byte in name.lower().encode():
        hash_ = (hash_ ^ byte) * 0x01000193 & 0xFFFFFFFF
    return COLOURS[hash_ % len(COLOURS)]

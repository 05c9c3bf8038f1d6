"""Fold: text as searches compare it, without diacritics and without case; the twin of fold.ts."""

import unicodedata

_LETTERS = str.maketrans(
    {
        **dict(zip("łđøħŧıς", "ldohti\u03c3", strict=True)),
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
    }
)
"""Letters whose stroke or ligature is no mark that Unicode takes apart, and the second sigma."""


def fold(text: str) -> str:
    """Return the text taken apart, its marks (U+0300 … U+036F) dropped, in small letters.

    SQL says the same by its function ``folded``; a test holds all three against one another.
    """
    apart = unicodedata.normalize("NFD", text)
    bare = "".join(char for char in apart if not "\u0300" <= char <= "\u036f")
    return bare.lower().translate(_LETTERS)

"""How a name is miswritten: other alphabets, lost marks, slips of the hand."""

import random
import unicodedata

_CYRILLIC = "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґ"
_SCHEMES = (
    "a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh shch - y - e yu ya i i ie g",
    "a b v g d e jo ž z i j k l m n o p r s t u f ch c č š šč - y - e ju ja i ji je g",
    "a b w g d e jo ż z i j k l m n o p r s t u f ch c cz sz szcz - y - e ju ja i ji je g",
)
_TABLES = tuple(
    str.maketrans(dict(zip(_CYRILLIC, scheme.replace("-", "\0").split(), strict=True)))
    for scheme in _SCHEMES
)
_STROKES = str.maketrans("łŁđĐ", "lLdD")
SCHEMES = len(_TABLES)


def romanised(name: str, scheme: int) -> str:
    """Write a Cyrillic name the English (0), Czech (1) or Polish way (2); Latin ones stay."""
    if not any("\u0400" <= char <= "\u04ff" for char in name):
        return name
    return name.lower().translate(_TABLES[scheme]).replace("\0", "").title()


def plain(name: str) -> str:
    """Drop the marks of Latin letters."""
    split = unicodedata.normalize("NFKD", name.translate(_STROKES))
    kept = "".join(char for char in split if not unicodedata.combining(char))
    return unicodedata.normalize("NFC", kept) if name.isascii() or _latin(name) else name


def _latin(name: str) -> bool:
    return not any("\u0400" <= char <= "\u04ff" for char in name)


def slip(name: str, chance: random.Random) -> str:
    """Make one slip: a letter lost, two swapped, another one, a double; short names stay."""
    if len(name) < 4:
        return name
    at, kind = chance.randrange(1, len(name) - 1), chance.random()
    if kind < 0.3:
        return name[:at] + name[at + 1 :]
    if kind < 0.6:
        return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    if kind < 0.85:
        return name[:at] + chance.choice("aeiorstn") + name[at + 1 :]
    return name[:at] + name[at] + name[at:]

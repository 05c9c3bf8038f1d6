"""Skeleton: the consonants of a name by classes of sound, equal over spellings and alphabets."""
# ruff: noqa: RUF001 - letters of many alphabets

import itertools
import re
import unicodedata
from functools import lru_cache

from polyphony.domain.matching.letters import fold, is_cyrillic

_CACHE = 1 << 17
_KEYS_MAX = 8
_SAME = {"b": "P", "p": "P", "v": "F", "w": "F", "f": "F", "d": "D", "t": "D", "k": "K", "q": "K"}
_SAME |= {"g": "H", "h": "H", "l": "L", "m": "M", "n": "N", "r": "R", "s": "S", "z": "S", "c": "C"}
_SAME |= dict(zip("šśžźżčć", "SSSSSCC", strict=True))
_GROUPS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("schtsch", "stsch", "shch", "szcz", "chtch", "stch", "šč", "śc"), ("S",)),
    **dict.fromkeys(("sch", "sh", "sz", "zh"), ("S",)),
    **dict.fromkeys(("tsch", "tch", "cz", "ts", "tz", "zz", "dz"), ("C",)),
    **dict.fromkeys(("dzh", "dž", "dż", "dź"), ("DS",)),
    "kh": ("H",),
    "ph": ("F",),
    "th": ("D",),
    "x": ("KS",),
    # What may be read in two ways has both: English or Czech ch, Nowicka or Jack, Rzepa or Erzen,
    # Scerba (marks lost) or Scott.
    "ch": ("C", "H"),
    "ck": ("K", "CK"),
    "rz": ("S", "R"),
    "sc": ("S", "SC"),
}
_CYRILLIC = dict(
    zip("бпвфдткгґхлмнрсзжшщцч", ("PPFFDDKHHHLMNRSSSSSCC"), strict=True),
)
_CYRILLIC_GROUPS: dict[str, tuple[str, ...]] = {
    "рж": ("R", "RS"),
    "тс": ("C",),
    "дз": ("C",),
    "сч": ("S",),
}
_SILENT = frozenset("ьъ'’ʼ")


def _scanner(groups: dict[str, tuple[str, ...]]) -> re.Pattern[str]:
    return re.compile("|".join([*sorted(groups, key=len, reverse=True), "."]), re.DOTALL)


_LATIN_SCAN = _scanner(_GROUPS)
_CYRILLIC_SCAN = _scanner(_CYRILLIC_GROUPS)
_MARKED = frozenset("šśžźżčć")
_DOUBLES = re.compile(r"(.)\1+")


@lru_cache(_CACHE)
def skeletons(name: str) -> frozenset[str]:
    """Return the skeleton keys of a name, mostly one; empty for a name without letters.

    Vowels, j and y are dropped, only a leading one is kept as A; doubles collapse. Letters that
    are read in two ways give both keys. Classes of sound: designed for cs, sk, pl, ru, uk, en.
    """
    small = unicodedata.normalize("NFC", name).casefold()
    if is_cyrillic(small):
        parts = [
            _CYRILLIC_GROUPS.get(p) or _one(p, _CYRILLIC) for p in _CYRILLIC_SCAN.findall(small)
        ]
    else:
        plain = "".join(char if char in _MARKED else fold(char) for char in small)
        parts = [_GROUPS.get(p) or _one(p, _SAME) for p in _LATIN_SCAN.findall(plain)]
    ways = itertools.islice(itertools.product(*parts), _KEYS_MAX)
    return frozenset(filter(None, (_bare("".join(way)) for way in ways)))


def _one(char: str, classes: dict[str, str]) -> tuple[str]:
    """Return the class of one letter; A for a vowel, nothing for signs."""
    known = classes.get(char)
    if known is not None:
        return (known,)
    return ("A",) if char.isalpha() and char not in _SILENT else ("",)


def _bare(sounds: str) -> str:
    once = _DOUBLES.sub(r"\1", sounds)
    return once[:1] + once[1:].replace("A", "")

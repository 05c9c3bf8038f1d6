"""Translit: how a Cyrillic word is written with Latin letters in English, Czech and Polish."""
# ruff: noqa: RUF001, RUF002 - Cyrillic letters are what this file is about

import re
from collections.abc import Mapping
from functools import lru_cache

from polyphony.domain.fold import fold

_COMMON: Mapping[str, str] = {
    **dict(zip("абвгдезиклмнопрстуфэыєіїґў", "abvgdeziklmnoprstufeyeiigu", strict=True)),
    "ъ": "", "ь": "", "ʼ": "", "’": "",
}  # fmt: skip
_ENGLISH: Mapping[str, str] = {
    **_COMMON, "ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ю": "yu",
    "я": "ya", "й": "y", "ё": "yo", "є": "ye", "ї": "yi",
}  # fmt: skip
_CZECH: Mapping[str, str] = {
    **_COMMON, "ж": "ž", "х": "ch", "ц": "c", "ч": "č", "ш": "š", "щ": "šč", "ю": "ju",
    "я": "ja", "й": "j", "ё": "jo", "є": "je", "ї": "ji",
}  # fmt: skip
_POLISH: Mapping[str, str] = {
    **_COMMON, "в": "w", "ж": "ż", "х": "ch", "ц": "c", "ч": "cz", "ш": "sz", "щ": "szcz",
    "ю": "ju", "я": "ja", "й": "j", "ё": "jo", "є": "je", "ї": "ji",
}  # fmt: skip
_SCHEMES = tuple(str.maketrans(dict(one)) for one in (_ENGLISH, _CZECH, _POLISH))
_CYRILLIC = re.compile("[\u0400-\u04ff]")


def is_cyrillic(text: str) -> bool:
    """Tell whether any letter is Cyrillic."""
    return _CYRILLIC.search(text) is not None


@lru_cache(maxsize=65_536)
def readings(word: str) -> tuple[str, ...]:
    """Return the folded Latin spellings of a Cyrillic word, each once; none for other words.

    Three schemes: zh kh ts (English), ž ch c (Czech), ż ch cz (Polish); ё is also read as е, as
    it is mostly printed.
    """
    if not is_cyrillic(word):
        return ()
    small = word.lower()
    spelled = {small, small.replace("ё", "е")}
    found = {fold(one.translate(scheme)) for one in spelled for scheme in _SCHEMES}
    return tuple(sorted(one for one in found if one and not is_cyrillic(one)))

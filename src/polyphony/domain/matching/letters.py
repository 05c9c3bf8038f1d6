"""Letters: a name as plain Latin, one reading for Latin and three for Cyrillic spellings."""
# ruff: noqa: RUF001 - letters of many alphabets

import re
import unicodedata
from functools import lru_cache

_CACHE = 1 << 17
_SPECIAL = str.maketrans(
    {"ł": "l", "ß": "ss", "đ": "d", "ð": "d", "ø": "o", "æ": "e", "œ": "e", "þ": "th", "ı": "i"}
)
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_UKRAINIAN = re.compile("[іїєґ]")
_NO_LETTER = re.compile(r"[^a-z0-9]+")

# Read the same in all three; the empty ones are signs without a sound of their own.
_ALL = dict(zip("абгдезиклмнопрстуфыэіў", "abgdeziklmnoprstufyeiu", strict=True))
_ALL |= {"ъ": "", "ь": "", "ґ": "g"}
_ENGLISH = _ALL | {"в": "v", "ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch"}
_ENGLISH |= {"ю": "yu", "я": "ya", "й": "y", "ё": "e", "є": "ye", "ї": "yi"}
_CZECH = _ALL | {"в": "v", "ж": "z", "х": "ch", "ц": "c", "ч": "c", "ш": "s", "щ": "sc"}
_CZECH |= {"ю": "ju", "я": "ja", "й": "j", "ё": "jo", "є": "je", "ї": "ji"}
_POLISH = _CZECH | {"в": "w", "ч": "cz", "ш": "sz", "щ": "szcz"}
_WAYS = tuple(map(str.maketrans, (_ENGLISH, _CZECH, _POLISH)))
_IN_UKRAINIAN = str.maketrans({"г": "h", "и": "y"})


def is_cyrillic(text: str) -> bool:
    """Tell whether there is a letter of the Cyrillic alphabet in it."""
    return _CYRILLIC.search(text) is not None


@lru_cache(_CACHE)
def fold(text: str) -> str:
    """Return small letters without marks (ř → r, ł → l, ß → ss); Cyrillic й and ё keep theirs."""
    small = unicodedata.normalize("NFC", text).casefold().translate(_SPECIAL)
    if small.isascii():
        return small
    if is_cyrillic(small):
        return small
    split = unicodedata.normalize("NFKD", small)
    return "".join(char for char in split if not unicodedata.combining(char))


@lru_cache(_CACHE)
def readings(name: str) -> tuple[str, ...]:
    """Return how a name may be written in a to z and digits, without spaces.

    A Latin name has one reading, a Cyrillic one up to three: the way English, Czech and Polish
    write it, marks folded. Empty for a name without letters.
    """
    small = fold(name)
    if not is_cyrillic(small):
        plain = _NO_LETTER.sub("", small)
        return (plain,) if plain else ()
    if _UKRAINIAN.search(small):
        small = small.translate(_IN_UKRAINIAN)
    ways = (_NO_LETTER.sub("", fold(small.translate(way))) for way in _WAYS)
    return tuple(dict.fromkeys(way for way in ways if way))

"""Bytes to letters: declared charsets, the lies told about them, and the guess when nobody says."""

import codecs
import re
from functools import lru_cache

from polyphony.channels.email.parse.shape import Defects

# Names seen in mails that the codec registry does not know, or knows as something else.
_NAMES = {
    "ansi": "cp1252",
    "ascii8bit": "utf_8",
    "cp1250latin2": "cp1250",
    "dos": "cp437",
    "gb23121980": "gb18030",
    "isoir100": "latin_1",
    "iso885981": "iso8859_8",
    "iso88598e": "iso8859_8",
    "iso88598i": "iso8859_8",
    "iso88596i": "iso8859_6",
    "koi8": "koi8_r",
    "koi8ru": "koi8_u",
    "ksc5601": "cp949",
    "ksc56011987": "cp949",
    "euckr": "cp949",
    "macce": "mac_latin2",
    "maccyrillic": "mac_cyrillic",
    "macintosh": "mac_roman",
    "unicode": "utf_8",
    "unicode11utf7": "utf_7",
    "unicode11utf8": "utf_8",
    "utf8mb4": "utf_8",
    "cputf8": "utf_8",
    "win1250": "cp1250",
    "win1251": "cp1251",
    "win1252": "cp1252",
    "windows874": "cp874",
    "windows949": "cp949",
    "windows932": "cp932",
    "windows31j": "cp932",
    "xeucjp": "euc_jp",
    "xgbk": "gb18030",
    "xmacce": "mac_latin2",
    "xmaccyrillic": "mac_cyrillic",
    "xmacroman": "mac_roman",
    "xsjis": "cp932",
    "xwindows949": "cp949",
    "xxbig5": "big5hkscs",
}
_NO_TEXT = {
    "idna",
    "mbcs",
    "oem",
    "punycode",
    "raw-unicode-escape",
    "raw_unicode_escape",
    "undefined",
    "unicode-escape",
    "unicode_escape",
}
# Wider or truer readings to try when the declared one fails (or is a known lie).
_WIDER = {
    "gb2312": ("gb18030",),
    "gbk": ("gb18030",),
    "hz": ("gb18030",),
    "big5": ("big5hkscs",),
    "shift_jis": ("cp932", "iso2022_jp"),
    "cp932": ("iso2022_jp", "euc_jp"),
    "iso2022_jp": ("iso2022_jp_ext", "cp932"),
    "euc_jp": ("cp932",),
    "euc_kr": ("cp949",),
    "iso8859-1": ("cp1252",),
    "iso8859-2": ("cp1250",),
    "iso8859-5": ("cp1251",),
    "iso8859-9": ("cp1254",),
}
_WIDE = ("gb", "big5", "euc", "shift", "cp9", "iso2022", "hz", "utf-16")
_GUESSES = ("cp1250", "cp1251", "koi8_r", "iso8859_2", "cp1252")
_BOMS = (
    (codecs.BOM_UTF8, "utf_8"),
    (codecs.BOM_UTF32_LE, "utf_32_le"),
    (codecs.BOM_UTF32_BE, "utf_32_be"),
    (codecs.BOM_UTF16_LE, "utf_16_le"),
    (codecs.BOM_UTF16_BE, "utf_16_be"),
)
_ALL_MARKS = tuple(mark for mark, _ in _BOMS)
_USUAL = {"utf-8", "UTF-8", "Utf-8", "utf8"}
# Letters with marks by language: a reading is likely when one language explains them all.
_LATIN = tuple(
    frozenset(letters)
    for letters in (
        "áčďéěíňóřšťúůýžĺľŕôä",  # cs, sk
        "ąćęłńóśźż",  # pl
        "äöüßé",  # de
        "áéíóöőúüű",  # hu
        "àâçèéêëîïôùûüœæ",  # fr
        "áéíñóúüãõâêàç",  # es, pt
        "åäöæøéü",  # sv, da, no
        "čćđšž",  # hr
        "ăâîșțşţ",  # ro
        "àèéìòù",  # it
    )
)
_CYRILLIC = frozenset("абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґ")
_SEEN_OFTEN = frozenset("оеаинтсрвлкмдпуяыьгзбчй")
_SAMPLE = 4096
_ODD = re.compile(r"[\x80-\x9f\xa0-\xbf\u2500-\u25ff]")


@lru_cache(maxsize=256)
def codec(name: str) -> str | None:
    """Return Python's name of a charset as mails write it, or None when it is none."""
    plain = name.strip(" \"'\t<>").lower()
    plain = _NAMES.get(re.sub(r"[^a-z0-9]", "", plain), plain)
    if plain in _NO_TEXT or not plain or len(plain) > 40:
        return None
    try:
        found = codecs.lookup(plain)
        found.decode(b"")
    except (LookupError, ValueError, TypeError):
        return None
    return found.name if getattr(found, "_is_text_encoding", True) else None


def to_text(data: bytes, declared: str | None, defects: Defects, *, marked: bool = True) -> str:
    """Decode the bytes of a text: byte order mark, declared charset, its lies, UTF-8, guess.

    ``marked`` = a byte order mark at the start is none of the text; header words have none.
    """
    if marked and data.startswith(_ALL_MARKS) and (name := _by_mark(data)) is not None:
        return data.decode(name, "replace").removeprefix("\ufeff")
    if declared in _USUAL:
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            pass
    if data.isascii() and b"\x1b" not in data:
        return _ascii(data, declared, defects)
    return _named(data, declared, defects) or guess(data)


def _named(data: bytes, declared: str | None, defects: Defects) -> str | None:
    """Decode by the declared charset or what it usually stands for; None when neither fits."""
    known = codec(declared) if declared else None
    if declared and known is None:
        defects.add("charset_unknown")
    japanese = None
    if b"\x1b$" in data and not (known or "").startswith("iso2022"):
        japanese = _strict(data, "iso2022_jp")
    found = japanese if japanese or known is None else _declared(data, known, defects)
    if japanese or (known is not None and found is None):
        defects.add("charset_wrong")
    return found


def _ascii(data: bytes, declared: str | None, defects: Defects) -> str:
    if declared is None or declared.isascii() is False:
        return data.decode("ascii")
    known = codec(declared)
    if known is None:
        defects.add("charset_unknown")
    elif known in {"utf-7", "hz"} or known.startswith(("utf-16", "utf-32")):
        return _declared(data, known, defects) or data.decode("ascii")
    return data.decode("ascii")


def _by_mark(data: bytes) -> str | None:
    for mark, name in _BOMS:
        if data.startswith(mark):
            return name
    return None


def _declared(data: bytes, known: str, defects: Defects) -> str | None:
    text = _strict(data, known)
    if known in {"iso8859-1", "iso8859-2"}:
        return _latin(data, known, text, defects)
    if text is not None:
        return text
    for wider_name in _WIDER.get(known, ()):
        if (text := _strict(data, wider_name)) is not None:
            return text
    if known == "utf-8":
        return _partly_utf8(data)
    if known.startswith(_WIDE):
        return _mostly(data, _WIDER.get(known, (known,))[0])
    return None


def _latin(data: bytes, known: str, text: str | None, defects: Defects) -> str | None:
    """Latin-1 is often UTF-8 in truth; bytes 80-9F are letters of Windows, not controls."""
    if known == "iso8859-1" and _is_utf8(data):
        defects.add("charset_wrong")
        return data.decode("utf-8")
    wider = _strict(data, _WIDER[known][0]) if _has_high_controls(text) else None
    return wider if wider is not None else text


def _has_high_controls(text: str | None) -> bool:
    return text is not None and any("\x80" <= c <= "\x9f" for c in set(text))


def _is_utf8(data: bytes) -> bool:
    """Tell whether bytes claimed to be Latin-1 are plainly UTF-8 (two or more sequences)."""
    try:
        return len(data) - len(data.decode("utf-8")) >= 2
    except UnicodeDecodeError:
        return False


def _strict(data: bytes, name: str) -> str | None:
    try:
        text = data.decode(name)
        if name == "utf-7":  # the only one that lets half a pair through
            text.encode("utf-8")
    except (UnicodeError, LookupError, ValueError):
        return None
    return text


def _partly_utf8(data: bytes) -> str | None:
    """Declared UTF-8 with a few broken bytes is still UTF-8 when its letters outnumber them."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    whole = sum(1 for char in text if char >= "\x80") - broken
    return text if whole >= broken else None


def _mostly(data: bytes, name: str) -> str | None:
    """Accept a wide charset with a few broken characters rather than reading it as noise."""
    try:
        text = data.decode(name, "replace")
    except (UnicodeError, LookupError, ValueError):
        return None
    return text if text.count("\ufffd") * 20 <= len(text) else None


def guess(data: bytes) -> str:
    """Decode bytes nobody named: UTF-8 if valid, else the likeliest of our languages' charsets."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start >= len(data) - 3 and len(data) > 64:  # cut inside the last character
            return data.decode("utf-8", "replace")
    if _nearly_utf8(data):
        return data.decode("utf-8", "replace")
    if b"\x1b$" in data and (text := _strict(data, "iso2022_jp")) is not None:
        return text
    high = bytes(b for b in data if b >= 0x80)[:_SAMPLE] if len(data) < 65536 else data[:_SAMPLE]
    best = max(_GUESSES, key=lambda name: (_likely(data, high, name), -_GUESSES.index(name)))
    return data.decode(best, "replace")


def _nearly_utf8(data: bytes) -> bool:
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    return broken * 10 < sum(1 for c in text if c >= "\x80") - broken


def _likely(data: bytes, high: bytes, name: str) -> float:
    """Score one reading: letters of one language up, signs and impossible letters down."""
    text = data[: _SAMPLE * 4].decode(name, "replace")
    tables = (_CYRILLIC,) if name in {"cp1251", "koi8_r"} else _LATIN
    pairs = [(a, b) for a, b in zip("\x20" + text, text, strict=False) if b >= "\x80"]
    return max(
        sum(_weight(char, before, letters) for before, char in pairs) for letters in tables
    ) / max(len(high), 1)


def _weight(char: str, before: str, letters: frozenset[str]) -> float:
    low = char.lower()
    if char == "\ufffd":
        return -4.0
    if low not in letters:
        return -1.5 if _ODD.match(char) or char.isalpha() else -0.2
    value = 1.0
    if letters is _CYRILLIC:
        if before.isascii() and before.isalpha():
            return -2.0
        value = 1.2 if low in _SEEN_OFTEN else 0.6
    elif before >= "\x80" and before.isalpha():
        value = -0.5  # two marked letters in a row are rare in Latin scripts
    if char != low and before.islower():
        value -= 2.0  # a capital inside a word
    return value

"""winmail.dat: the body text of a TNEF stream, every length checked before it is believed."""

import binascii
import contextlib
import re
import struct

_SIGNATURE = 0x223E9F78
_MAPI_PROPS = 0x9003
_BODY_ATTRIBUTE = 0x800C
_PR_BODY = 0x1000
_PR_RTF = 0x1009
_PR_HTML = 0x1013
_MAX = 4 * 1024 * 1024
_FIXED = {2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 10: 4, 11: 4, 20: 8, 64: 8, 72: 16}
_TAG = re.compile(r"<[^<>]{0,2000}>")


def body(data: bytes) -> str | None:
    """Return the message text of a TNEF stream, or None when there is none to be had."""
    if len(data) < 6 or struct.unpack_from("<I", data)[0] != _SIGNATURE:
        return None
    at = 6
    for _ in range(2000):
        if at + 9 > len(data):
            return None
        level, attribute, _kind, size = struct.unpack_from("<BHHI", data, at)
        content = data[at + 9 : at + 9 + min(size, _MAX)]
        at += 9 + size + 2
        if level != 1:
            continue
        if attribute == _BODY_ATTRIBUTE:
            return _narrow(content)
        if attribute == _MAPI_PROPS and (found := _mapi(content)) is not None:
            return found
    return None


def _narrow(content: bytes) -> str:
    content = content.rstrip(b"\x00")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _mapi(content: bytes) -> str | None:
    """Walk a property list; the plain body is best, then HTML, then compressed RTF."""
    found: dict[int, str] = {}
    with contextlib.suppress(struct.error, IndexError, ValueError):
        _properties(content, found)
    for key in (_PR_BODY, _PR_HTML, _PR_RTF):
        if found.get(key, "").strip():
            return found[key]
    return None


def _properties(content: bytes, found: dict[int, str]) -> None:
    count = struct.unpack_from("<I", content)[0]
    at = 4
    for _ in range(min(count, 2000)):
        kind, key = struct.unpack_from("<HH", content, at)
        at += 4
        if key >= 0x8000:
            at = _skip_name(content, at)
        if (fixed := _FIXED.get(kind & 0x0FFF)) is not None and not kind & 0x1000:
            at += fixed
            continue
        at = _values(content, at, kind, key, found)


def _skip_name(content: bytes, at: int) -> int:
    by_name = struct.unpack_from("<I", content, at + 16)[0]
    at += 20
    if not by_name:
        return at + 4
    size: int = struct.unpack_from("<I", content, at)[0]
    return at + 4 + size + (-size % 4)


def _values(content: bytes, at: int, kind: int, key: int, found: dict[int, str]) -> int:
    count: int = struct.unpack_from("<I", content, at)[0]
    at += 4
    if kind & 0x1000 and kind & 0x0FFF in _FIXED:
        return at + count * _FIXED[kind & 0x0FFF]
    for _ in range(min(count, 100)):
        size: int = struct.unpack_from("<I", content, at)[0]
        value = content[at + 4 : at + 4 + size]
        at += 4 + size + (-size % 4)
        if key in {_PR_BODY, _PR_HTML, _PR_RTF}:
            found[key] = _value(value, kind, key)
    return at


def _value(value: bytes, kind: int, key: int) -> str:
    if key == _PR_RTF:
        return rtf_text(decompress(value))
    text = value.decode("utf-16-le", "replace") if kind & 0xFFF == 31 else _narrow(value)
    text = text.rstrip("\x00")
    return _TAG.sub(" ", text) if key == _PR_HTML else text


_PRELOAD = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern "
    b"\\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0"
    b"\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)


def decompress(data: bytes) -> bytes:
    """Undo MS-OXRTFCP compression (LZFu) of an RTF body; at most 4 MiB come out."""
    if len(data) < 16:
        return b""
    _packed, size, magic, _crc = struct.unpack_from("<IIII", data)
    if magic == 0x414C454D:
        return data[16 : 16 + min(size, _MAX)]
    if magic != 0x75465A4C:
        return b""
    unpacked = _Ring()
    at = 16
    most = min(size, _MAX)
    while at < len(data) and len(unpacked.out) < most:
        flags = data[at]
        at += 1
        for bit in range(8):
            used = unpacked.take(data, at, copied=bool(flags >> bit & 1))
            if not used:
                return bytes(unpacked.out)
            at += used
    return bytes(unpacked.out)


class _Ring:
    """The last 4,096 bytes written, which LZFu copies from."""

    __slots__ = ("at", "out", "ring")

    def __init__(self) -> None:
        self.ring = bytearray(_PRELOAD.ljust(4096, b"\x00"))
        self.at = len(_PRELOAD)
        self.out = bytearray()

    def _put(self, byte: int) -> None:
        self.out.append(byte)
        self.ring[self.at] = byte
        self.at = (self.at + 1) % 4096

    def take(self, data: bytes, at: int, *, copied: bool) -> int:
        """Take one letter or one copy; return how many bytes it used, 0 at the end."""
        if not copied:
            if at >= len(data):
                return 0
            self._put(data[at])
            return 1
        if at + 2 > len(data):
            return 0
        token = data[at] << 8 | data[at + 1]
        start = token >> 4
        if start == self.at:
            return 0
        for step in range((token & 15) + 2):
            self._put(self.ring[(start + step) % 4096])
        return 2


_RTF = re.compile(
    rb"\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-z])|([{}])|([^\\{}\r\n]+)|[\r\n]+"
)
# Behind each Unicode letter stands one for old programs.
_FALLBACK = re.compile(rb"(\\u-?\d{1,6}) ?(?:\?|\\'[0-9a-fA-F]{2})")
_SKIPPED = {b"fonttbl", b"colortbl", b"stylesheet", b"info", b"pict", b"generator", b"mhtmltag"}
_BREAKS = {b"par": "\n", b"line": "\n", b"tab": "\t", b"cell": " ", b"row": "\n"}


def rtf_text(data: bytes) -> str:
    """Return the words of an RTF document; unknown control words are passed over."""
    page = re.search(rb"\\ansicpg(\d{3,5})", data[:4096])
    codec = f"cp{page.group(1).decode()}" if page else "cp1252"
    out: list[str] = []
    skip: list[bool] = [False]
    for token in _RTF.finditer(_FALLBACK.sub(rb"\1 ", data)):
        word, number, hexed, sign, brace, plain = token.groups()
        if brace == b"{":
            skip.append(skip[-1])
        elif brace == b"}":
            if len(skip) > 1:
                skip.pop()
        elif sign == b"*" or word in _SKIPPED:
            skip[-1] = True
        elif not skip[-1]:
            out.append(_rtf_piece(word, number, hexed, sign, plain, codec))
    return "".join(out)


def _rtf_piece(
    word: bytes | None,
    number: bytes | None,
    hexed: bytes | None,
    sign: bytes | None,
    plain: bytes | None,
    codec: str,
) -> str:
    try:
        if word == b"u" and number:
            return chr(int(number) % 65536)
        if hexed:
            return binascii.unhexlify(hexed).decode(codec, "replace")
        if plain:
            return plain.decode(codec, "replace")
    except LookupError:
        return ""
    if sign in {b"\\", b"{", b"}"}:
        return sign.decode("ascii") if sign else ""
    return _BREAKS.get(word or b"", "")

"""Transfer encodings undone: base64, quoted-printable, uuencode, tolerant of damage."""

import binascii
import re
from collections.abc import Iterator

from polyphony.channels.email.parse.shape import Defects

_AS_IT_IS = {"", "7bit", "8bit", "binary", "7-bit", "8-bit", "7bits", "8bits", "none", "utf-8"}
_BASE64_BAD = re.compile(rb"[^A-Za-z0-9+/=\s]")
_AFTER_PADDING = re.compile(rb"=+[ \t]+[^\r\n]*")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")
_QP_BAD = re.compile(rb"=(?:[^0-9A-Fa-f\r\n \t]|[0-9A-Fa-f][^0-9A-Fa-f])")
_TRAILING = re.compile(rb"(?<![ \t])[ \t]++(?=\r?\n|\Z)")
_UU_BEGIN = re.compile(rb"^begin [0-7]{3,4} ?([^\r\n]*)\r?$", re.MULTILINE)
CHUNK = 1 << 20


def decode(data: bytes, encoding: str, defects: Defects) -> bytes:
    """Undo a transfer encoding; damage is repaired as far as possible and named in defects."""
    if encoding in _AS_IT_IS:
        return data
    if encoding == "base64":
        return _base64(data, defects)
    if encoding == "quoted-printable":
        return quoted_printable(data, defects)
    if encoding in {"x-uuencode", "uuencode", "x-uue", "uue"}:
        found = _UU_BEGIN.search(data)
        return _uu_lines(data, found.end() + 1 if found else 0)[0]
    return _named_badly(data, encoding, defects)


def _named_badly(data: bytes, encoding: str, defects: Defects) -> bytes:
    defects.add("encoding_unknown")
    plain = encoding.replace("_", "-").strip("\"' ;.")
    if plain in {"base-64", "base64", "b64", "b"}:
        return _base64(data, defects)
    if plain in {"quoted-printable", "quotedprintable", "quoted/printable", "qp", "q"}:
        return quoted_printable(data, defects)
    return data


def _base64(data: bytes, defects: Defects) -> bytes:
    if _BASE64_BAD.search(data):
        defects.add("base64_bad")
    if b"= " in data or b"=\t" in data:
        data = _AFTER_PADDING.sub(b"=", data)
    return b"".join(_base64_chunks(data, defects))


def stream(data: memoryview, encoding: str, defects: Defects) -> Iterator[bytes | memoryview]:
    """Undo a transfer encoding of a large body piece by piece."""
    if encoding == "base64":
        yield from _base64_chunks(data, defects)
    elif encoding in _AS_IT_IS:
        for at in range(0, len(data), CHUNK):
            yield data[at : at + CHUNK]
    else:
        yield decode(bytes(data), encoding, defects)


def _base64_chunks(data: bytes | memoryview, defects: Defects) -> Iterator[bytes]:
    """Decode piece by piece: pieces end at padding, a lonely last letter is dropped."""
    rest = b""
    for at in range(0, len(data), CHUNK):
        rest += bytes(data[at : at + CHUNK]).translate(None, b" \t\r\n\x0b\x0c")
        if b"=" not in rest and not _NOT_BASE64.search(rest):
            whole = len(rest) - len(rest) % 4
            yield binascii.a2b_base64(rest[:whole])
            rest = rest[whole:]
            continue
        pieces = rest.split(b"=")
        rest = pieces.pop()
        for piece in pieces:
            yield _base64_piece(piece, defects)
        rest = _NOT_BASE64.sub(b"", rest)
    if rest:
        defects.add("base64_bad") if len(rest) % 4 else None
        yield _base64_piece(rest, defects)


def _base64_piece(piece: bytes, defects: Defects) -> bytes:
    clean = _NOT_BASE64.sub(b"", piece)
    over = len(clean) % 4
    if over == 1:
        defects.add("base64_bad")
        clean = clean[:-1]
        over = 0
    return binascii.a2b_base64(clean + b"=" * (-over % 4)) if clean else b""


def quoted_printable(data: bytes, defects: Defects) -> bytes:
    """Undo quoted-printable: lower-case hex, blanks after soft breaks, lone equal signs."""
    if b"=" not in data:
        return _TRAILING.sub(b"", data) if b" \n" in data or b" \r" in data else data
    if _QP_BAD.search(data):
        defects.add("qp_bad")
    if b" \n" in data or b" \r\n" in data or b"\t\n" in data or b"\t\r\n" in data:
        data = _TRAILING.sub(b"", data)
    return binascii.a2b_qp(data)


def uu_blocks(text: str) -> tuple[str, list[tuple[str, bytes]]]:
    """Cut uuencoded blocks out of a plain text; return the rest and (name, bytes) of each."""
    data = text.encode("utf-8", "surrogatepass")
    kept: list[bytes] = []
    found: list[tuple[str, bytes]] = []
    at = 0
    for begin in _UU_BEGIN.finditer(data):
        if begin.start() < at or len(found) >= 100:
            continue
        content, used, closed = _uu_lines(data, begin.end() + 1)
        if not closed and not content:
            continue
        kept.append(data[at : begin.start()])
        found.append((begin.group(1).decode("utf-8", "replace"), content))
        at = used
    if not found:
        return text, []
    kept.append(data[at:])
    return b"".join(kept).decode("utf-8", "surrogatepass"), found


def _uu_lines(data: bytes, start: int = 0) -> tuple[bytes, int, bool]:
    """Decode lines from start until one is none; return bytes, how far, whether `end` came."""
    out: list[bytes] = []
    at = start
    while at < len(data):
        stop = data.find(b"\n", at)
        stop = len(data) if stop < 0 else stop + 1
        line = data[at:stop].strip(b"\r\n ") if stop - at < 200 else b"\x7f"
        if line == b"end":
            return b"".join(out), stop, True
        if line not in {b"`", b""} and not _uu_line(line, out):
            break
        at = stop
    return b"".join(out), at, False


def _uu_line(line: bytes, out: list[bytes]) -> bool:
    count = (line[0] - 32) & 63
    need = 1 + ((count + 2) // 3) * 4
    if not 33 <= line[0] <= 96 or len(line) > need + 2:
        return False
    try:
        out.append(binascii.a2b_uu(line[:need].ljust(need)))
    except binascii.Error:
        return False
    return True

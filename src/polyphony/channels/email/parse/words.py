"""Header values decoded: folding, encoded words, raw 8-bit bytes, RFC 2231 parameters."""

import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass

from polyphony.channels.email.parse import charsets
from polyphony.channels.email.parse.shape import Defects

_FOLD = re.compile(r"[\r\n]+[ \t]*")
_ILLEGAL = re.compile(r"[\r\n\x00]")
_CONTROL = re.compile(r"[\x01-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_BLANKS = re.compile(r"\s+")
_Q_HEX = re.compile(rb"=([0-9A-Fa-f]{2})")
_BASE64 = re.compile(rb"[A-Za-z0-9+/]*={0,2}")
_TOKEN_CHARSET = re.compile(r"[A-Za-z0-9_.:+\-]{1,40}")
_ONE_WORD = re.compile(r"\s{0,4}=\?([A-Za-z0-9_.:+-]{1,40})\?([bBqQ])\?([^?\s]{0,500})\?=\s{0,4}")
_PARAM_NAME = re.compile(r"([^*=;\s]+)(\*\d{1,5})?(\*)?")
_MAX_PIECES = 1000


@dataclass(slots=True)
class Context:
    """What decoding one mail's headers needs: where defects go, the charset of the first text."""

    defects: Defects
    charset: Callable[[], str | None] = lambda: None


def clean(text: str) -> str:
    """Remove what a header value may not hold: controls, direction switches, lone surrogates."""
    if text.isascii() and text.isprintable():
        return text
    text = _SURROGATE.sub("\ufffd", text.replace("\x00", "\ufffd"))
    return _CONTROL.sub("", text)


def one_line(text: str) -> str:
    """Join white space runs to one blank and trim."""
    return _BLANKS.sub(" ", text).strip()


def raw_text(value: bytes, context: Context) -> str:
    """Unfold a header; 8-bit bytes become letters by the rules for undeclared charsets."""
    if value.isascii():
        text = value.decode("ascii")
    else:
        context.defects.add("header_8bit")
        text = eight_bit(value, context)
    return _FOLD.sub(" ", text) if "\n" in text or "\r" in text else text


def eight_bit(value: bytes, context: Context) -> str:
    """Decode header bytes nobody declared: UTF-8, the charset of the first text part, a guess."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        pass
    known = charsets.codec(context.charset() or "")
    if known and known not in {"ascii", "utf-8"}:
        try:
            return value.decode(known)
        except (UnicodeError, LookupError):
            pass
    return charsets.guess(value)


def text(value: bytes, context: Context) -> str:
    """Decode a whole unstructured header value to clean text on one line."""
    found = raw_text(value, context)
    return one_line(clean(encoded_words(found, context)))


def encoded_words(value: str, context: Context) -> str:
    """Decode encoded words wherever they stand; neighbours are joined before decoding."""
    if "=?" not in value:
        return value
    if (usual := _ONE_WORD.fullmatch(value)) is not None:
        charset, kind, body = usual.groups()
        return _checked(
            _letters(_payload(body, f"{kind.lower()}?"), charset.lower(), [], context), context
        )
    out: list[str] = []
    held: list[tuple[str, bytes]] = []
    at = 0
    while (found := find_word(value, at)) is not None:
        start, end, charset, data = found
        between = value[at:start]
        if not held or between.strip():
            _flush(held, out, context)
            out.append(between)
        held.append((charset, data))
        at = end
    _flush(held, out, context)
    out.append(value[at:])
    if "=?" in value[at:] and "?=" in value[at:]:
        context.defects.add("encoded_word_bad")
    return _checked("".join(out), context)


def _checked(result: str, context: Context) -> str:
    """Take line breaks and NUL out of a decoded value: a header is one line."""
    if _ILLEGAL.search(result):
        context.defects.add("header_injection")
        result = _ILLEGAL.sub("", result)
    return result


def find_word(value: str, at: int) -> tuple[int, int, str, bytes] | None:
    """Return start, end, charset and bytes of the next encoded word, or None."""
    while (start := value.find("=?", at)) >= 0:
        mark = value.find("?", start + 2, start + 80)
        if mark < 0:
            at = start + 2
            continue
        charset = value[start + 2 : mark].partition("*")[0].strip()
        kind = value[mark + 1 : mark + 3].lower()
        if kind not in {"b?", "q?"} or not _TOKEN_CHARSET.fullmatch(charset):
            at = start + 2
            continue
        end = value.find("?=", mark + 3)
        if end < 0:
            return _unclosed(value, start, mark, charset)
        if kind == "q?" and value.startswith("?==", end) and _starts_hex(value, end + 2):
            end = max(value.find("?=", end + 2), end)
        return start, end + 2, charset, _payload(value[mark + 3 : end], kind)
    return None


def _starts_hex(value: str, at: int) -> bool:
    """`?==41…` means the question mark was sent bare and the word goes on."""
    return re.match(r"=[0-9A-F]{2}", value[at : at + 3]) is not None


def _unclosed(value: str, start: int, mark: int, charset: str) -> tuple[int, int, str, bytes]:
    """An encoded word cut off at the end of the header still holds its letters."""
    body = value[mark + 3 :].rstrip("?= \t")
    return start, len(value), charset, _payload(body, value[mark + 1 : mark + 3].lower())


def _payload(body: str, kind: str) -> bytes:
    data = body.encode("utf-8", "replace")
    if kind == "b?":
        if len(data) % 4 == 0 and _BASE64.fullmatch(data):
            return binascii.a2b_base64(data)
        plain = re.sub(rb"[^A-Za-z0-9+/]", b"", data.replace(b"-", b"+").replace(b"_", b"/"))
        plain = plain[:-1] if len(plain) % 4 == 1 else plain
        return binascii.a2b_base64(plain + b"=" * (-len(plain) % 4))
    data = data.replace(b"_", b" ")
    return _Q_HEX.sub(lambda hit: bytes((int(hit.group(1), 16),)), data)


def _flush(held: list[tuple[str, bytes]], out: list[str], context: Context) -> None:
    """Decode the neighbours held; equal charsets are one run of bytes (letters may be cut)."""
    at = 0
    while at < len(held):
        charset = held[at][0].lower()
        stop = at
        while stop < len(held) and held[stop][0].lower() == charset:
            stop += 1
        data = b"".join(one[1] for one in held[at:stop])
        out.append(_letters(data, charset, held[at:stop], context))
        at = stop
    held.clear()


def _letters(data: bytes, charset: str, pieces: list[tuple[str, bytes]], context: Context) -> str:
    known = charsets.codec(charset)
    if known is None:
        context.defects.add("encoded_word_bad")
        return eight_bit(data, context)
    if known.startswith("iso2022") and len(pieces) > 1:  # each word returns to ASCII by itself
        parts = [_wide(one, known) for _, one in pieces]
        if None not in parts:
            return "".join(one or "" for one in parts)
    found = Defects()
    letters = charsets.to_text(data, charset, found, marked=False)
    if found.all() or "\ufffd" in letters:
        context.defects.add("encoded_word_bad")
    return letters


def _wide(data: bytes, known: str) -> str | None:
    try:
        return data.decode(known)
    except UnicodeError:
        return None


_USUAL = re.compile(
    r"([A-Za-z]{1,20}/[A-Za-z0-9.+-]{1,80}) ?;\s?([A-Za-z]{1,20})"
    r"=\"?([A-Za-z0-9'()+_,./:=?-]{1,200})\"?"
)


def parameters(value: str, context: Context) -> tuple[str, dict[str, str]]:
    """Split `main; a=b; c*0=…` into the lower-case main value and its decoded parameters."""
    if (usual := _USUAL.fullmatch(value)) is not None:
        main, name, body = usual.groups()
        return main.lower(), {name.lower(): body}
    main, _, rest = value.partition(";")
    if not rest and "=" in main:  # `multipart/mixed boundary=x`: the semicolon is missing
        main, _, rest = main.strip().partition(" ")
    if not rest:
        return main.strip().lower(), {}
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    for raw_name, body in _pairs(rest):
        _sort_in(raw_name, body, plain, pieces)
    for name, numbered in pieces.items():
        plain[name] = _assemble(numbered, context)
    return main.strip().lower(), plain


def _sort_in(
    raw_name: str,
    body: str,
    plain: dict[str, str],
    pieces: dict[str, dict[int, tuple[str, bool]]],
) -> None:
    found = _PARAM_NAME.fullmatch(raw_name)
    if found is None:
        plain.setdefault(raw_name.lower(), body)
        return
    name = found.group(1).lower()
    if found.group(2) is None and found.group(3) is None:
        plain.setdefault(name, body)
        return
    number = int(found.group(2)[1:]) if found.group(2) else 0
    held = pieces.setdefault(name, {})
    if len(held) < _MAX_PIECES:
        held.setdefault(number, (body, found.group(3) is not None))


def _pairs(rest: str) -> list[tuple[str, str]]:
    """Read `name=value` pairs; quotes, escapes and missing ends are tolerated, in linear time."""
    out: list[tuple[str, str]] = []
    at = 0
    size = len(rest)
    while at < size and len(out) < 20_100:
        equal = rest.find("=", at)
        if equal < 0:
            break
        cut = rest.rfind(";", at, equal)
        name = rest[cut + 1 if cut >= 0 else at : equal].strip(" \t\r\n,")
        start = equal + 1
        while start < size and rest[start] in " \t":
            start += 1
        body, at = _quoted(rest, start) if rest.startswith('"', start) else _bare(rest, start)
        out.append((name.rpartition(" ")[2], body))
    return out


def _bare(rest: str, start: int) -> tuple[str, int]:
    stop = rest.find(";", start)
    stop = len(rest) if stop < 0 else stop
    return rest[start:stop].strip(), stop + 1


def _quoted(rest: str, start: int) -> tuple[str, int]:
    at = start + 1
    out: list[str] = []
    while (hit := _QUOTE_STOP.search(rest, at)) is not None:
        out.append(rest[at : hit.start()])
        if hit.group() == '"':
            inner = rest[hit.end() : hit.end() + 300].partition(";")[0]
            if '"' not in inner or "=" in inner or not inner.strip():
                return "".join(out), hit.end()
            out.append('"')  # a bare quote inside a name
            at = hit.end()
            continue
        escaped = hit.group()[1:]
        out.append(escaped if escaped in {'"', "\\"} else hit.group())
        at = hit.end()
    out.append(rest[at:])
    return "".join(out), len(rest)


_QUOTE_STOP = re.compile(r'"|\\.?', re.DOTALL)


def _assemble(numbered: dict[int, tuple[str, bool]], context: Context) -> str:
    """Join RFC 2231 pieces by number; only marked ones are percent-encoded."""
    charset = ""
    data = b""
    for number in sorted(numbered):
        body, extended = numbered[number]
        if extended and number == min(numbered) and body.count("'") >= 2:
            charset, _, body = body.split("'", 2)
        data += _percent(body) if extended else body.encode("utf-8", "replace")
    if charset and charsets.codec(charset) is not None:
        return charsets.to_text(data, charset, context.defects)
    return eight_bit(data, context)


_PERCENT = re.compile(rb"%([0-9A-Fa-f]{2})")


def _percent(body: str) -> bytes:
    data = body.encode("utf-8", "replace")
    return _PERCENT.sub(lambda hit: bytes((int(hit.group(1), 16),)), data)


def label(value: str, context: Context) -> str:
    """Decode encoded words inside a parameter (illegal and common) and clean it."""
    return clean(encoded_words(value, context)).strip()

"""The shape of a mail found in its raw bytes: headers and parts as spans, never by recursion."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from polyphony.channels.email.parse import words
from polyphony.channels.email.parse.shape import Limits

_HEADER = re.compile(rb"[!-9;-~]{1,200}[ \t]*:")
_SOUND = re.compile(rb"(?:[!-9;-~]{1,200}[ \t]*+:[^\n]*+(?:\n[ \t][^\n]*+)*+(?:\n|\Z))++")
_FIELDS = re.compile(rb"(?m)^([!-9;-~]{1,200})[ \t]*:([^\n]*(?:\n[ \t][^\n]*)*)")
_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:[ \t]*")
_END = re.compile(rb"\r?\n[ \t]*\r?\n|\r?\n\r?\n")
_UNFOLD = re.compile(rb"\r*\n(?![ \t])")
_KNOWN = re.compile(
    rb"(?im)^(?:from|to|subject|date|received|return-path|message-id|mime-version|delivered-to|"
    rb"content-type|content-transfer-encoding|content-disposition|reply-to|sender|cc)[ \t]*:"
)
_GUESSED = re.compile(
    rb"(?m)^--([^\s-][^\r\n]{0,200}|-+[^\s-][^\r\n]{0,200}?)[ \t]*\r?\n(?=content-)", re.IGNORECASE
)
_OPEN_PARTS = 5000


@dataclass(slots=True)
class Part:
    """One part: its headers, where its body stands in the raw bytes, its children."""

    headers: list[tuple[str, bytes]]
    start: int
    end: int
    depth: int
    media: str = "text/plain"
    params: dict[str, str] = field(default_factory=dict)
    encoding: str = ""
    children: list["Part"] = field(default_factory=list)
    said: str = ""  # the type as declared, also when the body turned out to be none of it
    whole: bool = False  # the span includes its own headers: limits cut the tree here
    declared: bool = False

    def first(self, name: str) -> bytes | None:
        """Return the first header of that lower-case name."""
        for key, value in self.headers:
            if key == name:
                return value
        return None

    def every(self, name: str) -> list[bytes]:
        """Return all headers of that lower-case name in order."""
        return [value for key, value in self.headers if key == name]

    def walk(self) -> Iterator["Part"]:
        """Yield this part and everything below it in mail order."""
        stack = [self]
        while stack:
            part = stack.pop()
            yield part
            stack.extend(reversed(part.children))


def grow(raw: bytes, limits: Limits, context: words.Context) -> Part:
    """Read the whole tree of a mail."""
    start = _skip_garbage(raw, context)
    root = _part(raw, start, len(raw), 0, limits, context)
    if not root.headers:
        context.defects.add("no_headers")
        root.start = start
    count = 1
    stack = [root]
    while stack:
        part = stack.pop()
        if not part.media.startswith("multipart/"):
            continue
        if part.depth >= limits.depth:
            context.defects.add("too_deep")
            _close(part)
            continue
        _open(raw, part, limits, context, limits.parts - count)
        count += len(part.children)
        stack.extend(reversed(part.children))
    return root


def _close(part: Part) -> None:
    part.whole = True
    part.media = "application/octet-stream"
    part.encoding = ""


def _skip_garbage(raw: bytes, context: words.Context) -> int:
    """Return where the headers start: blank lines, an mbox line and junk are skipped."""
    at = 0
    while raw[at : at + 1] in {b"\r", b"\n"} and at < len(raw):
        at += 1
    if raw.startswith(b"\xef\xbb\xbf", at):
        at += 3
    if raw.startswith((b"From ", b">From "), at):
        at = _next_line(raw, at)
    if _HEADER.match(raw, at) is None:
        found = _KNOWN.search(raw, at, at + 4096)
        if found is not None and (at == 0 or _END.search(raw, at, found.start()) is None):
            at = found.start()
    if at and at < len(raw):
        context.defects.add("leading_garbage")
    return at if at < len(raw) else 0


def _next_line(raw: bytes, at: int) -> int:
    stop = raw.find(b"\n", at)
    return len(raw) if stop < 0 else stop + 1


def _part(
    raw: bytes, start: int, end: int, depth: int, limits: Limits, context: words.Context
) -> Part:
    """Split headers from body and read the three headers that say what the body is."""
    headers, body = split(raw, start, end, limits, context)
    part = Part(headers, body, end, depth)
    content_type = part.first("content-type")
    if content_type is not None:
        value = words.raw_text(content_type, words.Context(context.defects))
        media, part.params = words.parameters(value, context)
        part.declared = bool(media)
        part.media = part.said = _media(media)
    encoding = part.first("content-transfer-encoding")
    if encoding is not None:
        found = encoding.split(b";")[0].split(b"(")[0]
        part.encoding = found.decode("latin-1").strip().strip("\"'.").lower()
    return part


def _media(media: str) -> str:
    if re.fullmatch(r"[\w.+-]{1,100}/[\w.+-]{1,100}", media):
        return media
    if media in {"text", ""}:
        return "text/plain"
    if media.startswith("multipart"):
        return "multipart/mixed"
    cleaned = media.replace(" ", "").partition(",")[0]
    if re.fullmatch(r"[\w.+-]{1,100}/[\w.+-]{1,100}", cleaned):
        return cleaned
    return "application/octet-stream"


def split(
    raw: bytes, start: int, end: int, limits: Limits, context: words.Context
) -> tuple[list[tuple[str, bytes]], int]:
    """Return the header fields of a span and where its body starts."""
    if raw.startswith((b"\n", b"\r\n"), start, end):
        return [], _next_line(raw, start)
    block_end, body = _header_end(raw, start, end)
    if block_end - start > limits.header_block:
        context.defects.add("headers_cut")
        block_end = start + limits.header_block
    block = raw[start:block_end]
    if len(block) <= limits.header and _SOUND.fullmatch(block):  # nearly every block of headers
        sound = _FIELDS.findall(block)
        if len(sound) <= limits.header_lines:
            return [(name.decode().lower(), value.strip()) for name, value in sound], body
    fields, stray = _tolerantly(_UNFOLD.split(block), limits, context)
    if stray is not None:
        return fields, max(raw.find(stray, start, end), start)
    return fields, body


def _tolerantly(
    lines: list[bytes], limits: Limits, context: words.Context
) -> tuple[list[tuple[str, bytes]], bytes | None]:
    """Read what is a header; return the line that begins the body when no empty line does."""
    if len(lines) > limits.header_lines:
        context.defects.add("headers_cut")
        lines = lines[: limits.header_lines]
    out: list[tuple[str, bytes]] = []
    for number, line in enumerate(lines):
        found = _FIELD.match(line)
        if found is not None:
            value = line[found.end() : found.end() + limits.header + 1].strip()
            if len(value) > limits.header:
                context.defects.add("headers_cut")
            out.append((found.group(1).decode("ascii").lower(), value[: limits.header]))
        elif _is_body(line, lines[number + 1 :]):
            return out, line
    return out, None


def _is_body(line: bytes, later: list[bytes]) -> bool:
    """A line that is no header begins the body, unless known headers follow it."""
    if not line.strip() or line.startswith((b"From ", b">From ", b" ", b"\t")):
        return False
    return not any(_KNOWN.match(one) for one in later[:200])


def _header_end(raw: bytes, start: int, end: int) -> tuple[int, int]:
    """Find the first empty line; return where the headers end and where the body starts."""
    at = raw.find(b"\n\n", start, end)
    crlf = raw.find(b"\n\r\n", start, at if at >= 0 else end)
    if crlf >= 0:
        return crlf, crlf + 3
    if at >= 0:
        return at, at + 2
    return end, end


def _open(raw: bytes, part: Part, limits: Limits, context: words.Context, room: int) -> None:
    """Find the children of a multipart by its boundary, or by a guessed one."""
    boundary = part.params.get("boundary", "").rstrip()
    spans = _spans(raw, part, boundary, room) if boundary else None
    if spans is None:
        context.defects.add("boundary_missing")
        guessed = _GUESSED.search(raw, part.start, part.end)
        spans = (
            _spans(raw, part, guessed.group(1).decode("utf-8", "replace"), room)
            if guessed
            else None
        )
    if spans is None:
        part.media = "text/plain"
        part.params.pop("charset", None) if part.encoding else None
        return
    found, closed, cut = spans
    if not closed:
        context.defects.add("boundary_unclosed")
    for start, stop in found:
        if stop > start or len(found) == 1:
            child = _part(raw, start, stop, part.depth + 1, limits, context)
            if part.media == "multipart/digest" and not child.declared:
                child.media = "message/rfc822"
            part.children.append(child)
    if cut is not None:
        context.defects.add("too_many_parts")
        rest = Part([], cut, part.end, part.depth + 1, "application/octet-stream", whole=True)
        part.children.append(rest)


_Spans = tuple[list[tuple[int, int]], bool, int | None]


def _spans(raw: bytes, part: Part, boundary: str, room: int) -> _Spans | None:
    """Return the spans between delimiter lines, whether closed, and where the rest was cut."""
    mark = b"--" + boundary.encode("utf-8", "replace")
    out: list[tuple[int, int]] = []
    opened: int | None = None
    at = raw.find(mark, part.start, part.end)
    while at >= 0:
        kind, after = _delimiter(raw, at, len(mark), part)
        if kind and not (kind == "close" and _opens_inside(raw, opened, at, after)):
            if opened is not None:
                out.append((opened, _before(raw, at, opened)))
            opened = after
            if kind == "close":
                return out, True, None
            if len(out) >= max(room - 1, 1):
                return out, True, after
        at = raw.find(mark, at + len(mark), part.end)
    if opened is None:
        return None
    if opened < part.end or not out:
        out.append((opened, part.end))
    return out, False, None


def _opens_inside(raw: bytes, opened: int | None, at: int, after: int) -> bool:
    """What looks like our end may open a part inside: its boundary is ours with dashes added."""
    if opened is None:
        return False
    line = raw[at + 2 : after].strip()
    return raw.find(b'"' + line + b'"', opened, min(at, opened + 2000)) >= 0


def _delimiter(raw: bytes, at: int, size: int, part: Part) -> tuple[str, int]:
    """Tell whether a delimiter line stands here: open, close or none; and where it ends."""
    if at > part.start and raw[at - 1 : at] not in {b"\n", b"\r"}:
        return "", 0
    stop = raw.find(b"\n", at, part.end)
    stop = part.end if stop < 0 else stop + 1
    if stop - at - size > 200:
        return "", 0
    rest = raw[at + size : stop].strip()
    if not rest:
        return "open", stop
    return (
        ("close", stop)
        if rest == b"--" or (rest.startswith(b"--") and not rest.strip(b"-"))
        else ("", 0)
    )


def _before(raw: bytes, at: int, start: int) -> int:
    """The line break before a delimiter belongs to the delimiter."""
    if at > start and raw[at - 1 : at] == b"\n":
        at -= 1
    if at > start and raw[at - 1 : at] == b"\r":
        at -= 1
    return at

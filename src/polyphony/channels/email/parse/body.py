"""Which part of a mail is shown and which is attached (read-json.md §3)."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape

from polyphony.channels.email.parse import charsets, html, tnef, transfer, visible, words
from polyphony.channels.email.parse.shape import Attachment, Limits
from polyphony.channels.email.parse.tree import Part

_FILES_OF_TEXT = {
    "text/calendar",
    "text/css",
    "text/csv",
    "text/directory",
    "text/javascript",
    "text/rfc822-headers",
    "text/vcard",
    "text/watch-html",
    "text/x-amp-html",
    "text/x-vcard",
    "text/xml",
}
_ENRICHED = {"text/enriched", "text/richtext"}
_META = re.compile(
    rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE
)
_ENRICHED_TAG = re.compile(r"<[^<>]{0,200}>")
_NAMES = {"name", "filename"}
_WORD = re.compile(r"\w")
_CID = re.compile(r"cid:([^\"'\s>)]{1,300})", re.IGNORECASE)
_FROM = re.compile(r"^>(?=>*From )", re.MULTILINE)
_LARGE = 1 << 20


@dataclass(slots=True)
class Content:
    """What a part and everything below it contributes to the screen."""

    plain: str | None = None
    html: str | None = None
    files: list[Part] = field(default_factory=list)
    calendar: str | None = None
    uu: list[tuple[str, bytes]] = field(default_factory=list)

    def readable(self) -> str:
        """Return the plain text, from the HTML when there is none."""
        if self.plain is None:
            return visible.text(self.html) if self.html else ""
        return self.plain


class Assembler:
    """Turns the tree of one mail into text, HTML and files."""

    def __init__(self, raw: bytes, limits: Limits, context: words.Context) -> None:
        self._raw = raw
        self._limits = limits
        self._context = context
        self._defects = context.defects

    def assemble(self, root: Part) -> Content:
        """Combine the parts from the leaves up."""
        order = list(root.walk())
        made: dict[int, Content] = {}
        for part in reversed(order):
            if part.children:
                made[id(part)] = self._combine(part, [made[id(one)] for one in part.children])
            else:
                made[id(part)] = self._leaf(part, only=part is root or len(order) == 2)
        return made[id(root)]

    def _combine(self, part: Part, below: list[Content]) -> Content:
        files = [one for content in below for one in content.files]
        uu = [one for content in below for one in content.uu]
        if part.media == "multipart/encrypted":
            self._defects.add("encrypted")
            return Content(files=[one for one in part.walk() if not one.children])
        if part.media == "multipart/alternative":
            return _alternative(below, files, uu)
        shown = [one for one in below if one.plain is not None or one.html is not None]
        calendar = next((one.calendar for one in below if one.calendar), None)
        if len(shown) == 1:
            return Content(shown[0].plain, shown[0].html, files, calendar, uu)
        return _joined(shown, files, calendar, uu)

    def _leaf(self, part: Part, *, only: bool) -> Content:
        if part.media.startswith("multipart/"):
            return Content()
        if part.media in {"application/pkcs7-mime", "application/x-pkcs7-mime"}:
            self._defects.add("encrypted")
        if part.whole or not part.media.startswith("text/") or self._is_file(part):
            lonely = only and part.media == "text/calendar"
            return Content(files=[part], calendar=self._text(part) if lonely else None)
        if part.media in _ENRICHED and not only:
            return Content(files=[part])
        if part.media == "text/html":
            return Content(html=self._html(part))
        return self._plain(part)

    def _is_file(self, part: Part) -> bool:
        if part.media in _FILES_OF_TEXT:
            return True
        disposition, filename = self.naming(part)
        return disposition == "attachment" or filename is not None

    def naming(self, part: Part) -> tuple[str, str | None]:
        """Return the disposition and the file name a part declares."""
        value = part.first("content-disposition")
        if value is None and not part.params.keys() & _NAMES:
            return "", None
        disposition = ""
        given: dict[str, str] = {}
        if value is not None:
            disposition, given = words.parameters(
                words.raw_text(value, self._context), self._context
            )
        name = given.get("filename") or given.get("name") or part.params.get("name")
        name = name or part.params.get("filename")
        return disposition, file_name(words.label(name, self._context)) if name else None

    def bytes_of(self, part: Part) -> bytes:
        """Return the decoded bytes of one part."""
        return self._data(part)

    def text_of(self, part: Part) -> str:
        """Return one part as text, whatever it calls itself."""
        return self._text(part)

    def _data(self, part: Part) -> bytes:
        return transfer.decode(self._raw[part.start : part.end], part.encoding, self._defects)

    def _text(self, part: Part) -> str:
        room = self._limits.text
        end = min(part.end, part.start + room * 8)  # nothing beyond can be shown
        raw = self._raw[part.start : end]
        data = transfer.decode(raw, part.encoding, self._defects)[: room * 4]
        if part.media == "text/html" and not part.params.get("charset"):
            meta = _META.search(data, 0, 4096)
            part.params["charset"] = meta.group(1).decode("ascii") if meta else ""
        text = charsets.to_text(data, part.params.get("charset"), self._defects)
        if "\r" in text:
            text = text.replace("\r\r\n", "\n").replace("\r\n", "\n").replace("\r", "\n")
        if "\x00" in text:
            text = text.replace("\x00", "\ufffd")
        if len(text) > room:
            self._defects.add("text_cut")
            text = text[:room]
        return text

    def _plain(self, part: Part) -> Content:
        text = self._text(part)
        if part.media in _ENRICHED:
            text = _ENRICHED_TAG.sub("", text).replace("<<", "<")
        uu: list[tuple[str, bytes]] = []
        if "begin " in text:
            text, uu = transfer.uu_blocks(text)
        if part.params.get("format", "").lower() == "flowed":
            text = unflow(text, part.params.get("delsp", "").lower() == "yes")
        return Content(plain=text, uu=uu)

    def _html(self, part: Part) -> str:
        room = self._limits.html
        text = self._text(part)
        if len(text) > room * 4:
            text = text[: room * 4]
            self._defects.add("html_cut")
        safe = html.clean(text)
        if len(safe) > room:
            self._defects.add("html_cut")
            safe = html.cut(safe, room)
        return safe

    def attachment(self, part: Part, references: frozenset[str], *, keep: bool) -> Attachment:
        """Decode one file and describe it; its bytes are kept only when asked for."""
        disposition, filename = self.naming(part)
        cid = part.first("content-id")
        content_id = None
        if cid is not None:
            content_id = words.text(cid, self._context).strip("<> ") or None
        inline = content_id is not None and content_id.lower() in references
        inline = inline or (disposition == "inline" and part.media.startswith("image/"))
        digest = hashlib.sha256()
        size = 0
        kept: list[bytes] = []
        for chunk in self._chunks(part):
            digest.update(chunk)
            size += len(chunk)
            if keep:
                kept.append(bytes(chunk))
        data = kept[0] if len(kept) == 1 else b"".join(kept)
        return Attachment(filename, part.media, size, digest.hexdigest(), inline, content_id, data)

    def _chunks(self, part: Part) -> Iterator[bytes | memoryview]:
        if part.end - part.start <= _LARGE:
            yield self._data(part)
            return
        span = memoryview(self._raw)[part.start : part.end]
        yield from transfer.stream(span, part.encoding, self._defects)


def _alternative(below: list[Content], files: list[Part], uu: list[tuple[str, bytes]]) -> Content:
    """The last form a program can show wins; plain parts that say different things all stay."""
    plains = [one.plain for one in below if one.plain is not None]
    spoken = [one for one in plains if _WORD.search(one)]
    if len(spoken) > 1:  # programs that mix up alternative and mixed: lose no word of them
        spoken = ["\n\n".join(dict.fromkeys(one.strip("\n") for one in spoken))]
    safe = next((one.html for one in reversed(below) if one.html is not None), None)
    plain = spoken[0] if spoken else None
    if plain is None and plains and (safe is None or not _WORD.search(visible.text(safe))):
        plain = plains[-1]
    calendar = next((one.calendar for one in below if one.calendar), None)
    return Content(plain, safe, files, calendar, uu)


def _joined(
    shown: list[Content], files: list[Part], calendar: str | None, uu: list[tuple[str, bytes]]
) -> Content:
    """Text parts one after another, a blank line between; HTML too when any part has it."""
    plain = None
    if any(one.plain is not None for one in shown):
        texts = [one.readable().strip("\n") for one in shown]
        plain = "\n\n".join(one for one in texts if one.strip())
    safe = None
    if any(one.html is not None for one in shown):
        safe = "\n".join(one.html if one.html is not None else _as_html(one) for one in shown)
    return Content(plain, safe, files, calendar, uu)


def _as_html(content: Content) -> str:
    lines = escape((content.plain or "").strip("\n"), quote=False).replace("\n", "<br>")
    return f"<p>{lines}</p>" if lines else ""


def file_name(name: str) -> str | None:
    """Return the last path piece, without controls, at most 255 bytes with the suffix kept."""
    last = re.split(r"[/\\]", name)[-1]
    last = "".join(c for c in last if c >= " " and c != "\x7f").strip().strip(".").strip()
    last = last or ""
    if len(last.encode("utf-8", "replace")) <= 255:
        return last or None
    stem, dot, suffix = last.rpartition(".")
    if not dot or len(suffix.encode()) > 40:
        return last.encode("utf-8", "replace")[:255].decode("utf-8", "ignore")
    room = 254 - len(suffix.encode())
    return stem.encode("utf-8", "replace")[:room].decode("utf-8", "ignore") + "." + suffix


def unflow(text: str, delsp: bool) -> str:  # noqa: FBT001 - the name of the parameter in RFC 3676
    """Undo format=flowed: soft-broken lines are joined within one quote depth."""
    out: list[str] = []
    flowing = -1
    for line in text.split("\n"):
        bare = line.lstrip(">")
        depth = len(line) - len(bare)
        content = bare.removeprefix(" ")
        soft = content.endswith(" ") and content != "-- "
        if flowing == depth and content != "-- ":
            out[-1] += content
        else:
            out.append((">" * depth + " " if depth else "") + content)
        if soft and delsp:
            out[-1] = out[-1][:-1]
        flowing = depth if soft else -1
    return "\n".join(line.rstrip(" ") if line != "-- " else line for line in out)


def from_uu(name: str, data: bytes, *, keep: bool) -> Attachment:
    """Describe a file that was written into the text by uuencode."""
    digest = hashlib.sha256(data).hexdigest()
    kept = data if keep else b""
    name = file_name(words.clean(name)) or ""
    return Attachment(
        filename=name or None,
        content_type="application/octet-stream",
        size=len(data),
        sha256=digest,
        inline=False,
        content_id=None,
        data=kept,
    )


def cids(safe: str | None) -> frozenset[str]:
    """Return the content ids the HTML shows, lower case."""
    if not safe or "cid:" not in safe:
        return frozenset()
    return frozenset(hit.lower() for hit in _CID.findall(safe))


def winmail(assembler: Assembler, content: Content) -> str | None:
    """Take the text of a winmail.dat when nothing else in the mail has words."""
    for part in content.files:
        if part.media in {"application/ms-tnef", "application/vnd.ms-tnef"}:
            found = tnef.body(assembler.bytes_of(part))
            if found is not None and _WORD.search(found):
                return found
    return None

"""Safe HTML to plain lines: what a person sees, with marks where a program put its quotes."""

import re
from html import unescape

from polyphony.channels.email.parse.html import words_of

ATTRIBUTION = "\ue0f1"
BELOW = "\ue0f2"
_TOKEN = re.compile(r'<(/?)([a-z][a-z0-9]*)((?: [^ =">]+="[^"]*")*)>')
_ATTR = re.compile(r' ([^ =">]+)="([^"]*)"')
_SPACE = re.compile(r"[ \t\r\n\f\u200b\ufeff]+")
_MARKS = re.compile(f"[\ue0f0{ATTRIBUTION}{BELOW}]")
_BLOCK = words_of(
    "address article aside blockquote center dd details div dl dt figcaption figure footer h1 h2 "
    "h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody tfoot thead tr ul "
    "caption"
)
_SPACED = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "pre", "table", "blockquote", "dl"}
_VOID = {"br", "hr", "img", "col", "wbr"}
_OUTLOOK = re.compile(
    r"border-top:\s*(?:solid|1(?:\.0)?pt solid) #?(?:e1e1e1|b5c4df|[a-z0-9]+)", re.IGNORECASE
)
_BARE_LINK = re.compile(r"^(?:https?://|mailto:|tel:)", re.IGNORECASE)


class _Page:
    """Lines as they come into being."""

    __slots__ = ("blank", "hidden", "links", "out", "pre", "quote", "stack", "started", "tail")

    def __init__(self) -> None:
        self.out: list[str] = []
        self.tail: list[str] = []
        self.quote = 0
        self.pre = 0
        self.hidden = 0
        self.blank = False
        self.started = False
        self.stack: list[tuple[str, int, int, bool]] = []
        self.links: list[tuple[str, int]] = []

    def text(self, raw: str) -> None:
        if self.hidden or not raw:
            return
        text = unescape(raw) if "&" in raw else raw
        if self.pre:
            first, *more = text.split("\n")
            self.tail.append(first)
            for line in more:
                self.end_line()
                self.tail.append(line)
            return
        self.tail.append(_SPACE.sub(" ", text))

    def end_line(self) -> None:
        line = "".join(self.tail)
        self.tail.clear()
        line = line if self.pre else re.sub(" {2,}", " ", line).strip(" ")
        prefix = ">" * self.quote + " " if self.quote else ""
        if line.strip() and self.blank and self.started:
            self.out.append(prefix.rstrip())
        if line.strip():
            self.blank = False
            self.started = True
            self.out.append((prefix + line).rstrip())

    def line_break(self) -> None:
        if "".join(self.tail).strip():
            self.end_line()
        elif self.started:
            self.tail.clear()
            self.blank = True

    def border(self, *, spaced: bool) -> None:
        if self.tail and "".join(self.tail).strip():
            self.end_line()
        self.tail.clear()
        self.blank = self.blank or spaced

    def mark(self, sign: str) -> None:
        self.border(spaced=False)
        self.out.append(sign)


def text(safe: str, *, marks: bool = False) -> str:
    """Return the visible text of safe HTML; with marks the quote containers stay recognisable."""
    page = _Page()
    at = 0
    if _MARKS.search(safe):
        safe = _MARKS.sub("", safe)
    for token in _TOKEN.finditer(safe):
        page.text(safe[at : token.start()])
        at = token.end()
        if token.group(1):
            _close(page, token.group(2))
        else:
            _open(page, token.group(2), token.group(3), marks=marks)
    page.text(safe[at:])
    page.border(spaced=False)
    return "\n".join(page.out)


def _open(page: _Page, tag: str, raw: str, *, marks: bool) -> None:
    if tag in _VOID:
        _void(page, tag)
        return
    attributes = dict(_ATTR.findall(raw)) if raw else {}
    quotes = _quotes(tag, attributes)
    spaced = tag in _SPACED
    if tag in _BLOCK:
        page.border(spaced=spaced)
    if marks and attributes:
        _mark(page, attributes)
    hides = "display:none" in attributes.get("style", "").replace(" ", "").lower()
    page.stack.append((tag, quotes, int(hides), spaced))
    page.quote += quotes
    page.hidden += hides
    if tag == "pre":
        page.pre += 1
    elif tag == "li":
        page.tail.append("- ")
    elif tag in {"td", "th"} and "".join(page.tail).strip():
        page.tail.append(" ")
    elif tag == "a":
        page.links.append((unescape(attributes.get("href", "")), len(page.tail)))


def _void(page: _Page, tag: str) -> None:
    if page.hidden:
        return
    if tag == "br":
        page.line_break()
    elif tag == "hr":
        page.border(spaced=True)


def _quotes(tag: str, attributes: dict[str, str]) -> int:
    if tag != "blockquote" or not attributes:
        return 0
    return int(attributes.get("type") == "cite" or "gmail_quote" in attributes.get("class", ""))


def _mark(page: _Page, attributes: dict[str, str]) -> None:
    classes = attributes.get("class", "")
    if "moz-cite-prefix" in classes or "gmail_attr" in classes:
        page.mark(ATTRIBUTION)
    elif "yahoo_quoted" in classes or attributes.get("id") in {"divRplyFwdMsg", "appendonsend"}:
        page.mark(BELOW)
    elif "border-top" in attributes.get("style", "") and _OUTLOOK.search(attributes["style"]):
        page.mark(BELOW + "?")


def _close(page: _Page, tag: str) -> None:
    if not page.stack or page.stack[-1][0] != tag:
        return
    if tag == "a" and page.links:
        _link(page, *page.links.pop())
    spaced = page.stack[-1][3]
    if tag in _BLOCK:
        page.border(spaced=spaced)
    _, quotes, hides, _ = page.stack.pop()
    page.quote -= quotes
    page.hidden -= hides
    if tag == "pre":
        page.pre -= 1


def _link(page: _Page, url: str, since: int) -> None:
    """Write `text (url)` when the words of a link do not already say where it goes."""
    if page.hidden or not url:
        return
    shown = "".join(page.tail[since:]).strip()
    if not shown:
        return
    bare = _BARE_LINK.sub("", url).rstrip("/").lower()
    if _BARE_LINK.sub("", shown).rstrip("/").lower() not in {bare, bare.removeprefix("www.")}:
        page.tail.append(f" ({url})")

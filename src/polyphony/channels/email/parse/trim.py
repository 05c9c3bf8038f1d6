"""What the person wrote now: quotes, headers of quotes and signatures taken off (§5)."""

import re
from dataclasses import dataclass

from polyphony.channels.email.parse import quoting, visible
from polyphony.channels.email.parse.blocks import Kind, Line, classify

_WORD = re.compile(r"\w+")
_HTML_SIGNS = re.compile(
    r'class="[^"]*(?:gmail_quote|gmail_attr|moz-cite-prefix|yahoo_quoted)|type="cite"'
    r'|id="(?:divRplyFwdMsg|appendonsend)"'
)
_MARKS = re.compile(f"^(?:{visible.ATTRIBUTION}|{visible.BELOW}\\??)$\n?", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Reply:
    """The trimmed text, whether nothing but quotes was there, and the rule that decided."""

    text: str
    all_quoted: bool = False
    rule: str = "nothing recognised"


def reply(text: str, html: str | None, *, html_only: bool) -> Reply:
    """Return what the person wrote now; when in doubt words are kept."""
    marked = html is not None and _HTML_SIGNS.search(html) is not None
    if html_only and html is not None and (marked or "border-top" in html):
        return _trim(visible.text(html, marks=True), text)
    found = _trim(text, text)
    if marked and html is not None and found.rule == "nothing recognised":
        return _by_html(text, html) or found
    return found


def _by_html(text: str, html: str) -> Reply | None:
    """The plain part shows no border but the HTML does: trusted if its words are in the text."""
    found = _trim(visible.text(html, marks=True), text)
    if found.all_quoted or found.rule == "nothing recognised":
        return None
    left = _WORD.findall(text)
    have = set(left)
    return found if all(word in have for word in _WORD.findall(found.text)) else None


# What a mail without quotes, headers of quotes and signatures does not hold.
_SIGNS = (
    *(":", "@", "--", "__", "==", "~~", "**", "##", "++", "\n>", "\n >", "\n  >"),
    *("\uff1a", "\u2013", "\u2014", "\u2015", "\u1427", visible.BELOW),
)
_STEMS = (
    *("sent ", "outlook", "odes", "odos", "posl", "wysł", "отправл", "послано", "надісл"),
    *("gesendet", "envoy", "enviado", "inviato", "verzonden", "verstuurd", "skickat", "sendt"),
    *("lähetetty", "elküldve", "iphone", "original", "发自", "從我"),
)


def _plain(text: str) -> bool:
    """Tell quickly that there is nothing to take off."""
    for sign in _SIGNS:
        if sign in text:
            return False
    if text[:4].lstrip(" ").startswith(">"):
        return False
    low = text.lower()
    return not any(stem in low for stem in _STEMS)


def _trim(text: str, whole: str) -> Reply:
    if _plain(text):
        return Reply(text.strip())
    lines = classify(text.split("\n"))
    if _opens_with_another(lines):
        plain = _MARKS.sub("", whole).strip()
        return Reply(plain, rule="nothing stands above the other mail: the whole text")
    kept, rule = _own(lines)
    trimmed = "\n".join(kept).strip()
    if _WORD.search(trimmed) or (trimmed and not _WORD.search(text)):
        return Reply(trimmed, rule=rule)
    plain = _MARKS.sub("", whole).strip()
    if any(line.kind is Kind.FORWARD for line in lines):
        return Reply(plain, rule="a forward without a note: the whole text")
    return Reply(
        plain, all_quoted=bool(_WORD.search(plain)) and rule != "nothing recognised", rule=rule
    )


def _opens_with_another(lines: list[Line]) -> bool:
    """A forward without a note, a web form's header lines: the other mail is the message."""
    first = next((line for line in lines if line.kind is not Kind.TEXT or line.text.strip()), None)
    return first is not None and first.kind in {Kind.BELOW, Kind.FORWARD}


def _own(lines: list[Line]) -> tuple[list[str], str]:
    """Walk the classified lines: skip quotes, stop where everything below is somebody else's."""
    kept: list[str] = []
    rule = "nothing recognised"
    written = False
    for number, line in enumerate(lines):
        if line.kind is Kind.TEXT:
            kept.append(line.text)
            written = written or bool(line.text.strip())
            continue
        found = _effect(lines, number, written=written)
        rule = found.rule if rule == "nothing recognised" and found.rule else rule
        if found.stops:
            break
    return _without_tail(kept), rule


@dataclass(frozen=True, slots=True)
class _Effect:
    """What a line that is no text does to the lines around it."""

    rule: str = ""
    stops: bool = False


def _effect(lines: list[Line], number: int, *, written: bool) -> _Effect:
    line = lines[number]
    if line.kind is Kind.SIGNATURE:
        if not written:
            return _Effect()
        return _Effect("signature", stops=not _goes_on(lines, number))
    if line.kind in {Kind.BELOW, Kind.FORWARD} and written:
        return _Effect("everything below is quoted", stops=True)
    return _Effect("quoted lines")


def _goes_on(lines: list[Line], number: int) -> bool:
    """After a one-line signature (`Sent from my …`) own words may follow a quote."""
    return lines[number].only and any(one.kind is Kind.TEXT for one in lines[number + 1 :])


def _without_tail(kept: list[str]) -> list[str]:
    """Rules, trackers and blanks at the end belong to nobody's words."""
    while kept and (quoting.TRACKER.match(kept[-1]) or quoting.RULE.match(kept[-1])):
        kept.pop()
    return kept

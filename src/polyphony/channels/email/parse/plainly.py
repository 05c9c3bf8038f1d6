"""Reports in plain words: which addresses failed and what is said about each."""

import re
from itertools import islice

from polyphony.channels.email.parse import reasons, systems, words
from polyphony.channels.email.parse.reports import Recipient
from polyphony.channels.email.parse.shape import Defects
from polyphony.channels.email.parse.suspect import Suspect

_ADDRESS = re.compile(r"\S+@\S+")
_FOLDED = re.compile(r"[ \t]*\n(?![ \t]*\n)[ \t]*|[ \t]+")
_MOST = 200


def rows(case: Suspect, human: str) -> list[Recipient]:
    """Find the failed recipients in a plain report and the words said about each."""
    found = _named(case, human)
    if len(found) > 1:
        found = _told(found, human)
    if len(found) == 1:
        return [Recipient(address=next(iter(found)), diagnostic=human)]
    starts = sorted(found.values())
    out = []
    for address, at in sorted(found.items(), key=lambda item: item[1])[:_MOST]:
        after = next((one for one in starts if one > at), len(human))
        out.append(Recipient(address=address, diagnostic=_said(human, address, at, after)))
    return out


def _named(case: Suspect, human: str) -> dict[str, int]:
    """Addresses at the head of a paragraph that are not ours, and where they stand."""
    ours = {box.address.lower() for box in case.head.to if box.address}
    if case.head.author is not None:
        ours.add(case.head.author.address.lower())
    named = words.raw_text(case.header.get("x-failed-recipients", b""), words.Context(Defects()))
    wanted = [one.strip() for one in named.split(",") if "@" in one]
    hits: dict[str, int] = {}
    for hit in islice(systems.RECIPIENT.finditer(human), _MOST):
        if not systems.SESSION.match(hit.group().strip()):
            hits.setdefault(hit.group(1).rstrip("."), hit.start())
    found = {one: at for one, at in hits.items() if one.lower() not in ours}
    return {one: found.get(one, 0) for one in wanted} or found or _anywhere(human, ours)


def _anywhere(human: str, ours: set[str]) -> dict[str, int]:
    for hit in systems.ANYWHERE.finditer(human):
        if hit.group(1).lower() not in ours and _failing_line(human, hit.start()):
            return {hit.group(1): hit.start()}
    return {}


def _told(found: dict[str, int], human: str) -> dict[str, int]:
    """Of many addresses only those something was said about; all when nothing was said at all."""
    starts = sorted(found.values())
    told: dict[str, int] = {}
    for address, at in found.items():
        after = next((one for one in starts if one > at), len(human))
        piece = _said(human, address, at, after)
        if reasons.by_words(bare(piece)) or reasons.code_in(piece):
            told[address] = at
    return told or dict(list(found.items())[:1])


def _said(human: str, address: str, at: int, after: int) -> str:
    """The words about one recipient: its own paragraph, else lines elsewhere that repeat it."""
    piece = human[at:after]
    if reasons.by_words(bare(piece)):
        return piece
    lines = human.split("\n")
    hits = [
        "\n".join(lines[number : number + 3])
        for number, line in enumerate(lines[:2000])
        if address in line
    ]
    return "\n".join((piece, *hits[:20]))


def _failing_line(human: str, at: int) -> bool:
    start = human.rfind("\n", 0, at) + 1
    return not systems.SESSION.match(human[start : start + 60])


def near(human: str, address: str) -> str:
    """The words after an address in the text for people, up to the next address."""
    at = human.find(address) if address else -1
    if at < 0:
        return human[:1500]
    start = at + len(address)
    stop = systems.RECIPIENT.search(human, start)
    return human[start : min(stop.start() if stop else len(human), start + 1500)].strip(" \n>:")


def bare(text: str) -> str:
    """Addresses are not words of a server: `no-spam@…` says nothing."""
    plain = _ADDRESS.sub(" <> ", text[:8000])
    return _FOLDED.sub(" ", plain).strip()

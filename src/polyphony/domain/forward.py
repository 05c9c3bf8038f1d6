"""Forward: how Messages of a Case read in a letter to somebody outside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from polyphony.domain.errors import Invalid

TO_MAX = 10
LINES_MAX = 500
TEXT_MAX = 1_000_000


@dataclass(frozen=True, slots=True)
class Said:
    """One forwarded Message: ``channel`` as people name it, ``text`` with its quotes."""

    author: str
    address: str
    at: datetime
    channel: str
    subject: str
    text: str


_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {"head": "Forwarded message", "from": "From", "date": "Date", "subject": "Subject"},
    "cs": {"head": "Přeposlaná zpráva", "from": "Od", "date": "Datum", "subject": "Předmět"},
    "pl": {"head": "Wiadomość przekazana", "from": "Od", "date": "Data", "subject": "Temat"},
    "ru": {
        "head": "Пересланное сообщение",
        "from": "От",
        "date": "Дата",
        "subject": "Тема",
    },
}


def addresses(given: Sequence[str]) -> list[str]:
    """Return mail addresses without doubles; raise Invalid for none, too many or a strange one."""
    found = list(dict.fromkeys(one.strip().lower() for one in given if one.strip()))
    if not found or len(found) > TO_MAX:
        raise Invalid("forward.to", {"field": "to", "max": TO_MAX})
    odd = [one for one in found if not _like_an_address(one)]
    if odd:
        raise Invalid("forward.address", {"field": "to", "given": odd[0][:100]})
    return found


def _like_an_address(text: str) -> bool:
    local, at, domain = text.rpartition("@")
    names = domain.split(".")
    return (
        bool(at and local)
        and len(text) <= 254
        and len(names) > 1
        and all(names)
        and text.isprintable()
        and not set(text) & set(' ,;<>"()[]\\:')
    )


def letter(words: str, said: Sequence[Said], language: str, zone: ZoneInfo) -> str:
    """Return the text: the sender's own words, then each Message with who, when and about what."""
    names = _WORDS.get(language.partition("-")[0], _WORDS["en"])
    parts = [words.rstrip()] if words.strip() else []
    for one in said:
        when = one.at.astimezone(zone).strftime("%Y-%m-%d %H:%M")
        who = f"{one.author} <{one.address}>" if one.address else one.author
        head = [f"---------- {names['head']} ----------", f"{names['from']}: {who}"]
        head.append(f"{names['date']}: {when} ({one.channel})")
        if one.subject:
            head.append(f"{names['subject']}: {one.subject}")
        parts.append("\n".join(head) + "\n\n" + one.text.strip())
    return "\n\n".join(parts)[:TEXT_MAX]


def subject(title: str, reference: str) -> str:
    """Return ``Fwd: title [reference]`` in one line."""
    words = " ".join(title.split())[:300]
    return f"Fwd: {words} [{reference}]" if words else f"Fwd: [{reference}]"

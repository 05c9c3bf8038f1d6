"""A mail that may be a report: its parts by kind, its words for people, the original inside."""

from dataclasses import dataclass

from polyphony.channels.email.parse import reports, systems, tree, words
from polyphony.channels.email.parse.body import Assembler
from polyphony.channels.email.parse.envelope import Envelope, ids
from polyphony.channels.email.parse.reports import Recipient
from polyphony.channels.email.parse.shape import Defects, Limits
from polyphony.channels.email.parse.tree import Part

STATUS_PARTS = {"message/delivery-status", "message/global-delivery-status"}
READ_PARTS = {"message/disposition-notification", "message/global-disposition-notification"}
_ENCLOSED = {
    "message/rfc822",
    "message/global",
    "text/rfc822-headers",
    "message/rfc822-headers",
    "message/global-headers",
}
_HUMAN_MAX = 20_000


@dataclass(frozen=True, slots=True)
class Original:
    """What the enclosed original says of itself."""

    message_id: str = ""
    to: str = ""


@dataclass(slots=True)
class Suspect:
    """One mail under suspicion: its parts by kind and its words for people."""

    root: Part
    head: Envelope
    assembler: Assembler
    text: str
    parts: dict[str, Part]
    header: dict[str, bytes]

    def body(self, kinds: set[str]) -> str | None:
        """Return the text of the first part of one of the kinds."""
        for kind in kinds:
            if kind in self.parts:
                return self.assembler.text_of(self.parts[kind])
        return None


def suspicious(case: Suspect) -> bool:
    """Cheap signs; without one of them a mail is a person's and is not looked at further."""
    header = case.header
    if case.parts.keys() & (
        STATUS_PARTS | READ_PARTS | {"multipart/report", "message/feedback-report"}
    ):
        return True
    if "x-failed-recipients" in header or "auto-submitted" in header or "x-autoreply" in header:
        return True
    if (
        header.get("return-path", b"x").replace(b" ", b"") == b"<>"
        or "x-hmxmroriginalrecipient" in header
    ):
        return True
    author = case.head.author
    named = f"{author.name} {author.address}" if author else ""
    return (
        systems.may_be_sender(named)
        or systems.may_be_subject(case.head.subject)
        or "notificationType" in case.text[:2000]
    )


def human(text: str) -> str:
    """The text for people without the returned original below it."""
    text = text[:_HUMAN_MAX]
    found = systems.ORIGINAL.search(text, 1)
    return text[: found.start()] if found is not None else text


def enclosed_part(case: Suspect) -> Part | None:
    """Return the part that encloses the original, if any."""
    return next((case.parts[kind] for kind in _ENCLOSED if kind in case.parts), None)


def original(case: Suspect) -> Original:
    """Read the headers of the enclosed original: as a part, else below its mark in the text."""
    part = enclosed_part(case)
    raw = case.assembler.bytes_of(part)[: 64 * 1024] if part is not None else b""
    if not raw:
        cut = len(human(case.text))
        raw = case.text[cut : cut + 64 * 1024].lstrip().encode("utf-8", "replace")
    if not raw:
        return Original()
    context = words.Context(Defects())
    fields: list[tuple[str, bytes]] = []
    for at in _starts(raw):
        fields, _ = tree.split(raw, at, len(raw), Limits(), context)
        if any(name in {"message-id", "from", "to", "subject"} for name, _ in fields):
            break
    found = ids([value for name, value in fields if name == "message-id"][:1], context)
    to = next((value for name, value in fields if name == "to"), b"")
    address = systems.ANYWHERE.search(to.decode("latin-1"))
    return Original(found[0] if found else "", address.group(1) if address else "")


def _starts(raw: bytes) -> list[int]:
    """Where the headers may begin: at once, or after the line that announces them."""
    out = [0]
    for _ in range(3):
        stop = raw.find(b"\n", out[-1])
        if stop < 0:
            break
        while raw[stop + 1 : stop + 2] in {b"\n", b"\r"}:
            stop += 1
        out.append(stop + 1)
    return out


def inner_report(case: Suspect) -> list[Recipient]:
    """A gateway may wrap the real report whole: look one level into the enclosed message."""
    part = enclosed_part(case)
    if part is None:
        return []
    raw = case.assembler.bytes_of(part)[: _HUMAN_MAX * 10]
    context = words.Context(Defects())
    for inner in tree.grow(raw, Limits(), context).walk():
        if inner.media in STATUS_PARTS:
            return reports.recipients(raw[inner.start : inner.end].decode("utf-8", "replace"))
    return []

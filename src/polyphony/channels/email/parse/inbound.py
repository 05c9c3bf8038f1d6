"""A read mail to our envelopes: an Inbound for what somebody wrote, Receipts for what bounced."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from polyphony.channels.email.parse import proof, tree, words
from polyphony.channels.email.parse.read import Reading
from polyphony.channels.email.parse.shape import Defects, Failure, Limits, Mailbox, ReadMail
from polyphony.channels.email.parse.suspect import Original
from polyphony.domain.channel import Address, ChannelKind
from polyphony.domain.message import Automated, Claim, Inbound, Part, Receipt
from polyphony.ports import Parsed, Raw

_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,200}")
_OURS = re.compile(
    r"([0-9a-fA-F]{8}(?:-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12})(?:\.([A-Za-z0-9_-]{16,200}))?@.+"
)
_MAX_TOKENS = 50
_ENVELOPE = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-rcpt-to")
_ADDRESS = re.compile(r"[^\s<>\"(),:;]+@[^\s<>\"(),:;]+")
_AUTOMATED = {
    "own": Automated.LOOP,
    "report": Automated.BOUNCE,
    "null_sender": Automated.AUTO_REPLY,
    "auto_submitted": Automated.AUTO_REPLY,
    "auto_header": Automated.AUTO_REPLY,
    "bulk": Automated.BULK,
    "daemon": Automated.BULK,
    "vacation_subject": Automated.AUTO_REPLY,
}


@dataclass(frozen=True, slots=True)
class Found:
    """What was read and what the envelope of it says beyond the public answer."""

    mail: ReadMail
    headers: tuple[tuple[str, bytes], ...]
    original: Original


def arrival_key(raw: bytes) -> str:
    """Return the key of a mail inside an account: equal for a second fetch, without parsing."""
    headers, start = tree.split(raw, 0, len(raw), Limits(), words.Context(Defects()))
    given = next((value for name, value in headers if name == "message-id" and value), b"")
    bare = b"".join(given.split()).strip(b"<>")
    if not bare:
        return hashlib.sha256(raw).hexdigest()
    body = hashlib.sha256(memoryview(raw)[start:]).digest()
    return hashlib.sha256(bare + b"\n" + body).hexdigest()


def read_arrival(raw: Raw) -> Parsed:
    """Read the bytes of an arrival and return what they mean for us."""
    size = raw.account.settings.get("size_limit")
    limits = Limits(size=size) if isinstance(size, int) and size > 0 else Limits()
    # The collector fetches only the headers of a mail beyond its hard cap, and says so on top.
    cut = raw.body.startswith(b"X-Polyphony-Incomplete:")
    reading = Reading(raw.body, limits, raw.ours, too_big=cut)
    mail = reading.finish(keep=True, file="")
    found = Found(mail, tuple(reading.headers()), reading.original)
    authserv = str(raw.account.settings.get("authserv_id") or "")
    return to_inbound(found, Door(raw.account.address, raw.ours, authserv), raw.key)


@dataclass(frozen=True, slots=True)
class Door:
    """Our end: the account's address, all addresses of ours, whose verdicts we trust."""

    address: str
    ours: frozenset[str] = frozenset()
    authserv_id: str = ""


def to_inbound(found: Found, door: Door, key: str) -> Parsed:
    """Map a read mail: failures and receipts become Receipts, everything else one Inbound."""
    receipts = tuple(_receipts(found, key))
    return receipts or (_message(found, door, key),)


def _receipts(found: Found, key: str) -> Iterator[Receipt]:
    report = found.mail.bounce
    if report is None or report.reason in {"feedback", "vacation"}:
        return
    delivery, provider_id = _delivery(found)
    if report.reason == "read" and delivery is None:
        return
    for number, failure in enumerate((report, *report.others)):
        yield Receipt(
            key=f"{key}:{number}" if number else key,
            state=_state(failure),
            delivery=delivery,
            provider_id=provider_id,
            recipient=failure.recipient or "",
            reason=failure.reason,
            status=failure.status or "",
            hard=failure.kind == "hard",
            text=failure.text,
        )


def _state(failure: Failure) -> str:
    """A delayed mail is still under way: `sent` changes nothing on the ladder."""
    if failure.reason in {"delivered", "read"}:
        return failure.reason
    return "sent" if failure.action == "delayed" else "failed"


def _delivery(found: Found) -> tuple[UUID | None, str]:
    """Our delivery id out of the enclosed Message-ID, and that id as the provider saw it.

    Without an enclosed original the id is what the report answers, else the token of its envelope.
    """
    candidates = (found.original.message_id, *found.mail.in_reply_to, *found.mail.references)
    for one in candidates:
        if one and (hit := _OURS.fullmatch(one)) is not None:
            return UUID(hit.group(1)), one
    return None, next((one for one in (*candidates, *tokens(found)) if one), "")


def _message(found: Found, door: Door, key: str) -> Inbound:
    mail = found.mail
    sender = mail.from_ or _envelope_sender(found.headers)
    proved = proof.aligned(found.headers, door.authserv_id, sender.address, mail.defects)
    level = 2 if proved else 1
    continues = dict.fromkeys((*mail.in_reply_to, *reversed(mail.references)))
    return Inbound(
        key=key,
        sender=Address(ChannelKind.EMAIL, sender.address.lower()),
        recipient=_recipient(found, door),
        text=mail.text_reply,
        sender_name=sender.name,
        text_full=mail.text,
        html=mail.html_safe,
        subject=mail.subject,
        thread=next(iter((*mail.references, *mail.in_reply_to)), mail.message_id or ""),
        continues=tuple(continues),
        tokens=tokens(found),
        sent_at=datetime.fromisoformat(mail.date) if mail.date else None,
        parts=tuple(_parts(mail)),
        claims=_claims(sender, level),
        level=level,
        automated=_automated(mail),
        automated_reason=mail.auto_submitted.reason or "",
        language=mail.language,
        defects=mail.defects,
        extra=_extra(mail, proved),
    )


def _automated(mail: ReadMail) -> Automated:
    reason = mail.auto_submitted.reason
    if reason is None:
        return Automated.NO
    if mail.bounce is not None and mail.bounce.reason == "vacation" and reason != "own":
        return Automated.AUTO_REPLY
    return _AUTOMATED[reason]


def _claims(sender: Mailbox, level: int) -> dict[str, Claim]:
    claims: dict[str, Claim] = {}
    if sender.address:
        claims["email"] = Claim(sender.address.lower(), level)
    if sender.name:
        claims["name"] = Claim(sender.name, 0)
    return claims


def _extra(mail: ReadMail, proved: str) -> dict[str, object]:
    return {
        "message_id": mail.message_id or "",
        "references": list(mail.references),
        "to": [one.address for one in mail.to if one.address],
        "cc": [one.address for one in mail.cc if one.address],
        "reply_to": [one.address for one in mail.reply_to if one.address],
        "proof": proved,
        "report": mail.bounce.reason if mail.bounce else "",
    }


def _parts(mail: ReadMail) -> Iterator[Part]:
    for one in mail.attachments:
        yield Part(
            media_type=one.content_type,
            name=one.filename or "",
            data=one.data,
            sha256=one.sha256,
            size=one.size,
            inline=one.inline,
            cid=one.content_id or "",
        )


def _envelope_sender(headers: Iterable[tuple[str, bytes]]) -> Mailbox:
    """Without a From the envelope's sender is all that is known."""
    for wanted in ("sender", "return-path"):
        for name, value in headers:
            if name == wanted and (hit := _ADDRESS.search(value.decode("latin-1"))):
                return Mailbox("", hit.group())
    return Mailbox("", "")


def _reached(found: Found) -> Iterator[str]:
    """Addresses this copy was sent to: the envelope's first, then To and Cc."""
    for name, value in found.headers:
        if name in _ENVELOPE:
            yield from _ADDRESS.findall(value[:2000].decode("latin-1"))
    for box in (*found.mail.to, *found.mail.cc):
        if box.address:
            yield box.address


def _recipient(found: Found, door: Door) -> str:
    """The address of ours they wrote to; plus-addresses count for their base."""
    ours = door.ours | {door.address.lower()}
    for address in _reached(found):
        local, _, domain = address.lower().rpartition("@")
        base = f"{local.partition('+')[0]}@{domain}"
        if address.lower() in ours:
            return address.lower()
        if base in ours:
            return base
    return door.address.lower()


def tokens(found: Found) -> tuple[str, ...]:
    """Collect what may be our signed thread tokens, in the order of trust; nothing is verified."""
    out: dict[str, None] = {}
    for address in _reached(found):
        plus = address.rpartition("@")[0].partition("+")[2]
        if _TOKEN.fullmatch(plus):
            out[plus] = None
    for one in (*found.mail.in_reply_to, *reversed(found.mail.references)):
        if (hit := _OURS.fullmatch(one)) is not None and hit.group(2):
            out[hit.group(2)] = None
    return tuple(out)[:_MAX_TOKENS]

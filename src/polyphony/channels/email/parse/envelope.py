"""The headers a person sees: who, to whom, about what, when, and which mails it answers."""

import re
from dataclasses import dataclass

from polyphony.channels.email.parse import addresses, dates, words
from polyphony.channels.email.parse.shape import Limits, Mailbox
from polyphony.channels.email.parse.tree import Part

_ID = re.compile(r"<([^<>\r\n]{1,2000})>")
_BLANK = re.compile(r"\s+")
_MAX_ID = 998
_MAX_IDS = 200


@dataclass(frozen=True, slots=True)
class Envelope:
    """The decoded headers of one mail."""

    message_id: str | None
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    author: Mailbox | None
    to: tuple[Mailbox, ...]
    cc: tuple[Mailbox, ...]
    reply_to: tuple[Mailbox, ...]
    subject: str
    date: str | None


def read(root: Part, limits: Limits, context: words.Context) -> Envelope:
    """Decode the envelope headers; every oddity is named in the defects."""
    fields: dict[str, list[bytes]] = {}
    for name, value in root.headers:
        fields.setdefault(name, []).append(value)
    subject = next((one for one in fields.get("subject", []) if one), b"")
    return Envelope(
        message_id=_message_id(fields.get("message-id", []), context),
        in_reply_to=ids(fields.get("in-reply-to", []), context),
        references=ids(fields.get("references", []), context),
        author=_author(fields.get("from", []), limits, context),
        to=_boxes(fields.get("to", []), limits, context),
        cc=_boxes(fields.get("cc", []), limits, context),
        reply_to=_boxes(fields.get("reply-to", []), limits, context),
        subject=words.text(subject, context) if subject else "",
        date=_date(fields.get("date", []), context),
    )


def _boxes(values: list[bytes], limits: Limits, context: words.Context) -> tuple[Mailbox, ...]:
    if len(values) == 1:
        return addresses.parse(values[0], context, limits)
    found: dict[Mailbox, None] = {}
    for value in values[:50]:
        found.update(dict.fromkeys(addresses.parse(value, context, limits)))
    return tuple(found)[: limits.addresses]


def _author(values: list[bytes], limits: Limits, context: words.Context) -> Mailbox | None:
    """The first mailbox that can be reached, else the first name."""
    boxes = _boxes(values, limits, context)
    if not boxes:
        context.defects.add("no_from")
        return None
    if len(boxes) > 1:
        context.defects.add("several_from")
    author = next((one for one in boxes if one.address), boxes[0])
    if "@" not in author.address:
        context.defects.add("from_not_an_address")
    return author


def _message_id(values: list[bytes], context: words.Context) -> str | None:
    given = next((one for one in values if one.strip()), None)
    if given is None:
        context.defects.add("message_id_missing")
        return None
    text = words.raw_text(given, context)
    found = _ID.search(text)
    inner = found.group(1) if found else (text.split() or [""])[0].strip("<>")
    inner = words.clean(_BLANK.sub("", inner))
    if not inner or len(inner.encode("utf-8", "replace")) > _MAX_ID:
        context.defects.add("message_id_bad")
        return None
    if "@" not in inner or found is None:
        context.defects.add("message_id_bad")
    return inner


def ids(values: list[bytes], context: words.Context) -> tuple[str, ...]:
    """Return the message ids of reference headers in order, each once, the last 200."""
    found: dict[str, None] = {}
    for value in values[:20]:
        # Some libraries wrap long ids into encoded words; the thread must not break over it.
        text = words.text(value, context) if b"=?" in value else words.raw_text(value, context)
        hits = _ID.findall(text)
        if not hits:
            hits = [one.strip("<>,;") for one in text.split() if "@" in one[1:-1]]
        for hit in hits:
            inner = words.clean(_BLANK.sub("", hit))
            if inner and len(inner) <= _MAX_ID:
                found[inner] = None
    return tuple(found)[-_MAX_IDS:]


def _date(values: list[bytes], context: words.Context) -> str | None:
    given = next((one for one in values if one.strip()), None)
    if given is None:
        context.defects.add("date_missing")
        return None
    found = dates.parse(words.raw_text(given, context))
    if found is None:
        context.defects.add("date_bad")
    return found

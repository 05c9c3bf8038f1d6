"""Envelopes as JSON and back: how the reading child hands Inbound and Receipt to its parent."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from polyphony.domain.channel import Address, ChannelKind
from polyphony.domain.message import Automated, Claim, Inbound, Part, Receipt, What
from polyphony.ports import Parsed


def pack(parsed: Parsed) -> tuple[bytes, list[bytes]]:
    """Return the JSON of the events and the bytes of all their parts in order."""
    blobs = [part.data for one in parsed if isinstance(one, Inbound) for part in one.parts]
    return orjson.dumps({"events": [_event(one) for one in parsed]}), blobs


def _event(one: Inbound | Receipt) -> dict[str, object]:
    if isinstance(one, Receipt):
        return {name: getattr(one, name) for name in Receipt.__slots__} | {"is": "receipt"}
    found = {name: getattr(one, name) for name in Inbound.__slots__}
    found["parts"] = [
        (part.media_type, part.name, part.sha256, part.size, part.inline, part.cid, len(part.data))
        for part in one.parts
    ]
    found["claims"] = {name: (claim.value, claim.level) for name, claim in one.claims.items()}
    found["sent_at"] = one.sent_at.isoformat() if one.sent_at else None
    return found | {"is": "inbound"}


def unpack(head: Mapping[str, Any], block: bytes) -> Parsed:
    """Return the events of an answer; part bytes are cut from the block in order."""
    out: list[Inbound | Receipt] = []
    at = 0
    for event in head["events"]:
        kind = event.pop("is")
        if kind == "receipt":
            delivery = event.pop("delivery")
            out.append(Receipt(**event, delivery=UUID(delivery) if delivery else None))
            continue
        parts, at = _parts(event.pop("parts"), block, at)
        out.append(_inbound(event, parts))
    return tuple(out)


def _parts(rows: Sequence[Sequence[Any]], block: bytes, at: int) -> tuple[tuple[Part, ...], int]:
    parts: list[Part] = []
    for media, name, sha256, size, inline, cid, length in rows:
        data = block[at : at + length]
        at += length
        parts.append(Part(media, name, data, sha256, size, inline, cid))
    return tuple(parts), at


def _inbound(event: dict[str, Any], parts: tuple[Part, ...]) -> Inbound:
    sender = event.pop("sender")
    sent_at = event.pop("sent_at")
    claims = {name: Claim(*pair) for name, pair in event.pop("claims").items()}
    many: dict[str, Any] = {
        name: tuple(event.pop(name)) for name in ("continues", "tokens", "defects")
    }
    return Inbound(
        sender=Address(ChannelKind(sender["kind"]), sender["value"], sender["scope"]),
        what=What(event.pop("what")),
        automated=Automated(event.pop("automated")),
        sent_at=datetime.fromisoformat(sent_at) if sent_at else None,
        claims=claims,
        parts=parts,
        **many,
        **event,
    )

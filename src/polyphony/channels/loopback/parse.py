"""Loopback lines → Inbound; the smallest complete reader of a door."""

from datetime import datetime
from uuid import UUID

import orjson

from polyphony.domain.channel import Address, ChannelKind
from polyphony.domain.failure import Unreadable
from polyphony.domain.message import Inbound, Receipt
from polyphony.ports import Raw


def parse(raw: Raw) -> tuple[Inbound | Receipt, ...]:
    """Read one line; raise Unreadable when it is not what ``render`` makes."""
    try:
        line = orjson.loads(raw.body)
        if line.get("receipt"):
            return (Receipt(f"r:{line['id']}", str(line["receipt"]), UUID(line["id"])),)
        sent_at = datetime.fromisoformat(line["at"]) if line.get("at") else None
        return (
            Inbound(
                key=str(line["id"]),
                sender=Address(ChannelKind.LOOPBACK, str(line["from"])),
                recipient=raw.account.address,
                text=str(line["text"]),
                subject=str(line.get("subject", "")),
                thread=str(line.get("thread", "")),
                sent_at=sent_at,
                level=2,
            ),
        )
    except (orjson.JSONDecodeError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise Unreadable("loopback.malformed", str(error)) from error

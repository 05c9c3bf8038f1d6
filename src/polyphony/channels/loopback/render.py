"""Outbound → one JSON line of the loopback."""

import orjson

from polyphony.channels.loopback import MANIFEST
from polyphony.domain.errors import Invalid
from polyphony.domain.message import Outbound
from polyphony.ports import Account, Rendered


def render(outbound: Outbound, account: Account) -> Rendered:
    """Return the line; raise Invalid when it is longer or more than the door carries."""
    longest = MANIFEST.capabilities.text_max or 0
    if len(outbound.text) > longest:
        raise Invalid("loopback.text_too_long", {"max": longest, "length": len(outbound.text)})
    if outbound.parts:
        raise Invalid("loopback.files", {"max": 0})
    line = {
        "id": str(outbound.id),
        "from": account.address,
        "to": outbound.to.value,
        "subject": outbound.subject,
        "text": outbound.text,
        "at": outbound.at.isoformat() if outbound.at else None,
    }
    lost = ("html_to_text",) if outbound.html is not None else ()
    return Rendered(orjson.dumps(line), outbound.to.value, degraded=lost)

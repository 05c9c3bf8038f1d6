"""Outbound → the line a widget shows; nothing is dropped silently."""

import orjson

from polyphony.channels.chat import MANIFEST
from polyphony.domain.errors import Invalid
from polyphony.domain.message import Outbound
from polyphony.ports import Account, Rendered


def render(outbound: Outbound, account: Account) -> Rendered:
    """Return the line as JSON; raise Invalid when it is too long or carries too much."""
    limits = MANIFEST.capabilities
    text = f"{outbound.subject}\n\n{outbound.text}" if outbound.subject else outbound.text
    if limits.text_max is not None and len(text) > limits.text_max:
        raise Invalid("chat.text_too_long", {"max": limits.text_max, "length": len(text)})
    if len(outbound.parts) > limits.files_per_message:
        raise Invalid("chat.files", {"max": limits.files_per_message})
    if any(part.size > limits.file_max_bytes for part in outbound.parts):
        raise Invalid("chat.file_too_big", {"max": limits.file_max_bytes})
    degraded = tuple(
        code
        for code, lost in (
            ("subject_in_text", bool(outbound.subject)),
            ("html_to_text", outbound.html is not None),
        )
        if lost
    )
    line = {
        "id": str(outbound.id),
        "account": str(account.id),
        "name": outbound.from_name,
        "text": text,
        "files": [
            {"name": part.name, "media_type": part.media_type, "size": part.size}
            for part in outbound.parts
        ],
    }
    return Rendered(orjson.dumps(line), outbound.to.value, degraded=degraded)

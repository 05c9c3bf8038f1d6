"""Token: the signed proof, carried by our mails, that an answer belongs to a Case."""

import base64
import binascii
from uuid import UUID

from polyphony.domain.channel import Address

PURPOSE = "thread"
_MAC_BYTES = 16
_LENGTH = 52


def claim(deployment: str, case: UUID, recipient: Address) -> str:
    """Return the text whose MAC makes the token: this deployment, this Case, this recipient."""
    return f"{deployment}\n{case}\n{recipient.kind}\n{recipient.scope}\n{recipient.value}"


def write(case: UUID, mac: bytes) -> str:
    """Return the token: 52 characters that survive a mail address in lower case.

    It names the Case and carries 128 bits of the MAC; an older key stays good while it lives.
    """
    return base64.b32encode(case.bytes + mac[:_MAC_BYTES]).decode().rstrip("=").lower()


def read(token: str) -> tuple[UUID, bytes] | None:
    """Return the Case a token names and the MAC to check; None when it is no token of ours."""
    if len(token) != _LENGTH:
        return None
    try:
        raw = base64.b32decode(token.upper() + "====")
    except (binascii.Error, ValueError):
        return None
    return UUID(bytes=raw[:16]), raw[16:]

"""Digest: one number that stands for every decision so far, and for all that led to it."""

from hashlib import blake2b

DECISION_VERSION = 5
"""Raised whenever the same inputs may lead to other decisions; holiday rules are part of it."""
SIZE = 16
GENESIS = bytes(SIZE)
"""What the first link of all hangs on."""


def chain(previous: bytes, inputs: bytes, decisions: bytes) -> bytes:
    """Hang the next link on a chain: BLAKE2b-128 over what was before, what came, what followed."""
    link = blake2b(previous, digest_size=SIZE)
    for part in (inputs, decisions):
        link.update(len(part).to_bytes(8, "big"))
        link.update(part)
    return link.digest()


def content(body: bytes) -> bytes:
    """Name rules by their content under the present decision version."""
    return blake2b(DECISION_VERSION.to_bytes(4, "big") + body, digest_size=SIZE).digest()

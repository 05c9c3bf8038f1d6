"""Hook: an address of another system that is told: how a call is signed, when it is tried again."""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit
from uuid import UUID

from polyphony.domain.errors import Invalid

PREFIX = "whsec_"
SECRET_BYTES = 32
WAITS_S = (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
"""Seconds between one try and the next: ten tries in 75 hours."""
JITTER = 0.2
PATIENCE_S = 10.0
"""So long an answer may take."""
AFTER_MAX_S = 86_400
"""What a receiver asks us to wait at most (``Retry-After``)."""
GONE = 410
BUSY = frozenset({429, 503})


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a try: ``sent``, ``queued`` (again in ``wait_s``) or ``failed``, and why."""

    state: str
    wait_s: float = 0
    why: str = ""


def secret(chance: bytes) -> str:
    """Write random bytes as a secret of Standard Webhooks."""
    return PREFIX + base64.b64encode(chance).decode()


def signature(secrets: Sequence[str], id_: UUID, sent: int, body: bytes) -> str:
    """Sign ``id.timestamp.body`` with each secret (Standard Webhooks 1.0.0, scheme v1).

    Raises Invalid ``hook.secret`` for a secret that is none.
    """
    signed = f"{id_}.{sent}.".encode() + body
    return " ".join(f"v1,{_mac(one, signed)}" for one in secrets)


def _mac(one: str, signed: bytes) -> str:
    try:
        key = base64.b64decode(one.removeprefix(PREFIX), validate=True)
    except binascii.Error as wrong:
        raise Invalid("hook.secret") from wrong
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def body(type_: str, at: datetime, data: Mapping[str, object]) -> str:
    """Return the words of a call: what happened, when, and ids of what it is about."""
    stamp = at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    told = {"type": type_, "timestamp": stamp, "data": dict(data)}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def verdict(status: int | None, tries: int, chance: float, *, after: str = "") -> Verdict:
    """Decide what follows from an answer (None = there was none) to a try.

    ``tries`` counts this one; ``chance`` (0 to 1) spreads tries; ``after`` is ``Retry-After``.
    """
    if status is not None and 200 <= status < 300:
        return Verdict("sent")
    why = "no_answer" if status is None else f"http_{status}"
    if status == GONE or tries > len(WAITS_S):
        return Verdict("failed", why="gone" if status == GONE else why)
    wait = WAITS_S[tries - 1] * (1 - JITTER + 2 * JITTER * chance)
    if status in BUSY and after.isdigit():
        wait = max(wait, min(int(after), AFTER_MAX_S))
    return Verdict("queued", wait, why)


def check_url(url: str) -> str:
    """Return an address that may be called; raise Invalid ``hook.url``.

    Which hosts it may reach is decided when it is called, by the one outgoing client.
    """
    words = url.strip()
    try:
        parts = urlsplit(words)
        host, port = parts.hostname, parts.port
    except ValueError as wrong:
        raise Invalid("hook.url", {"field": "url"}) from wrong
    sound = parts.scheme in {"http", "https"} and host and port != 0 and parts.username is None
    if not sound or len(words) > 2000 or any(ord(one) <= 32 for one in words):
        raise Invalid("hook.url", {"field": "url"})
    return words

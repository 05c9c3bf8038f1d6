"""Paging: signed list cursors, ETags, and the guard against blind writes."""

import base64
import binascii

import orjson
from fastapi import Request

from polyphony.domain.errors import Conflict, Invalid
from polyphony.ports import KeyRing

_PURPOSE = "list-cursor"
_MAC = 16


def cursor_of(keys: KeyRing, *parts: object) -> str:
    """Pack a place in a list; nobody else can make one."""
    text = orjson.dumps([str(part) for part in parts])
    mac = keys.mac(_PURPOSE, text.decode())[:_MAC]
    return base64.urlsafe_b64encode(mac + text).decode().rstrip("=")


def place_of(keys: KeyRing, cursor: str, n: int) -> list[str]:
    """Unpack a cursor of ``n`` parts; raise Invalid when it is not ours."""
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        parts = orjson.loads(raw[_MAC:])
    except (binascii.Error, ValueError) as broken:
        raise Invalid("cursor.malformed") from broken
    if not keys.checks(_PURPOSE, raw[_MAC:].decode("utf-8", "replace"), raw[:_MAC]):
        raise Invalid("cursor.malformed")
    if not isinstance(parts, list) or len(parts) != n:
        raise Invalid("cursor.malformed")
    return [str(part) for part in parts]


def etag(version: object) -> str:
    """Return the strong ETag of a version."""
    return f'"{version}"'


def version_wanted(request: Request, *, required: bool = False) -> int | None:
    """Read If-Match; raise when it is missing but demanded, or not one of our tags."""
    given = request.headers.get("if-match")
    if given is None or given == "*":
        if required and given is None:
            raise Conflict("precondition.required")
        return None
    digits = given.strip().removeprefix("W/").strip('"')
    if not (digits.isascii() and digits.isdigit() and len(digits) < 19):  # fits a bigint
        raise Conflict("precondition.failed", {"given": given[:80]})
    return int(digits)


def moved_on(current: dict[str, object]) -> Conflict:
    """The refusal of a change made to an old version; it carries the present state."""
    tag = etag(current.get("version"))
    return Conflict("precondition.failed", {"current": current, "etag": tag})

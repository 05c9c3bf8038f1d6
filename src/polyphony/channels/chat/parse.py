"""Chat lines as our intake keeps them → Inbound; the intake already checked who speaks."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NoReturn

import orjson

from polyphony.domain.channel import Address, ChannelKind
from polyphony.domain.failure import Unreadable
from polyphony.domain.message import Claim, Inbound, Part, What
from polyphony.ports import Raw

_EXTRA = ("page", "session", "case", "matter")


def parse(raw: Raw) -> tuple[Inbound, ...]:
    """Read one kept line; raise Unreadable when it is not of our own making."""
    try:
        body = orjson.loads(raw.body)
    except orjson.JSONDecodeError as error:
        raise Unreadable("chat.not_json", str(error)) from error
    if not isinstance(body, dict):
        _refuse("object")
    key, cid = _text(body, "key"), _text(body, "cid")
    if not key or not cid:
        _refuse("key")
    email = _text(body, "email")
    told = body.get("attributes") or {}
    claims = {"email": Claim(email, _number(body, "email_level"))} if email else {}
    return (
        Inbound(
            key=f"{key}:{cid}",
            what=_what(body),
            sender=Address(ChannelKind.CHAT, key, str(raw.account.id)),
            sender_name=_text(body, "name"),
            recipient=raw.account.address,
            thread=f"{key}#{matter}" if (matter := _text(body, "matter")) else key,
            text=_text(body, "text"),
            sent_at=_moment(body),
            parts=_parts(body),
            claims=claims,
            level=_number(body, "level"),
            language=_text(body, "language") or None,
            extra={"cid": cid, **{name: _text(body, name) for name in _EXTRA}, "told": told},
        ),
    )


def _what(body: Mapping[str, object]) -> What:
    try:
        return What(_text(body, "what") or What.MESSAGE)
    except ValueError:
        _refuse("what")


def _parts(body: Mapping[str, object]) -> tuple[Part, ...]:
    files = body.get("files", [])
    if not isinstance(files, Sequence) or isinstance(files, str):
        _refuse("files")
    return tuple(_part(file) for file in files)


def _part(file: object) -> Part:
    if not isinstance(file, dict) or len(_text(file, "sha256")) != 64:
        _refuse("files")
    return Part(
        media_type=_text(file, "media_type") or "application/octet-stream",
        name=_text(file, "name"),
        sha256=_text(file, "sha256"),
        size=_number(file, "size"),
    )


def _text(body: Mapping[str, object], key: str) -> str:
    value = body.get(key, "")
    return value if isinstance(value, str) else _refuse(key)


def _number(body: Mapping[str, object], key: str) -> int:
    value = body.get(key, 0)
    return value if isinstance(value, int) and 0 <= value < 2**53 else _refuse(key)


def _moment(body: Mapping[str, object]) -> datetime | None:
    text = _text(body, "at")
    try:
        found = datetime.fromisoformat(text) if text else None
    except ValueError:
        _refuse("at")
    return found if found is None or found.tzinfo is not None else _refuse("at")


def _refuse(field: str) -> NoReturn:
    raise Unreadable("chat.malformed", field)

"""The JSON Schema of a read mail, generated from its dataclasses so that they cannot differ."""

from dataclasses import fields, is_dataclass
from types import NoneType, UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from polyphony.channels.email.parse.shape import ReadMail

_PLAIN = {str: "string", int: "integer", bool: "boolean", NoneType: "null"}
_HIDDEN = {"data"}


def schema() -> dict[str, object]:
    """Return the JSON Schema (2020-12) of what `polyphony read email` prints for one mail."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "One e-mail as Polyphony understands it",
        "description": "Generated from the reader's types; unknown keys may be added.",
        **_object(ReadMail),
    }


def _object(kind: type) -> dict[str, object]:
    hints = get_type_hints(kind)
    names = [one.name for one in fields(kind) if one.name not in _HIDDEN]
    return {
        "type": "object",
        "properties": {name.rstrip("_"): _type(hints[name]) for name in names},
        "required": [name.rstrip("_") for name in names],
    }


def _type(hint: Any) -> dict[str, object]:  # noqa: ANN401 - any type expression may stand here
    if hint in _PLAIN:
        return {"type": _PLAIN[hint]}
    origin = get_origin(hint)
    if origin is Literal:
        return {"enum": list(get_args(hint))}
    if origin is tuple:
        return {"type": "array", "items": _type(get_args(hint)[0])}
    if isinstance(hint, UnionType) or origin is not None:
        return {"anyOf": [_type(one) for one in get_args(hint)]}
    if is_dataclass(hint) and isinstance(hint, type):
        return _object(hint)
    raise TypeError(f"no schema for {hint!r}")

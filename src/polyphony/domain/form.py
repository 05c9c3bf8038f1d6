"""Form: the questions of a step, what may be answered to them, and what is still missing."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from polyphony.domain.errors import Invalid

FIELDS_MAX = 40
OPTIONS_MAX = 50
LABEL_MAX = 120
TEXT_MAX = 4_000
NUMBER_MAX = 10**15
KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")

Answer = str | int | float | bool | None


class FieldType(StrEnum):
    """What is answered: words, a number, one of several, a day, yes or no."""

    TEXT = "text"
    NUMBER = "number"
    CHOICE = "choice"
    DATE = "date"
    CHECK = "check"


@dataclass(frozen=True, slots=True)
class Field:
    """One question; a required ``check`` must be ticked, ``options`` belong to a choice."""

    key: str
    label: str
    type: FieldType = FieldType.TEXT
    required: bool = False
    options: tuple[str, ...] = ()


_KNOWN = frozenset({"key", "label", "type", "required", "options"})


def fields(raw: object) -> tuple[Field, ...]:
    """Read the questions of a form; raise Invalid ``form.field`` naming the first that is wrong."""
    if not isinstance(raw, Sequence) or isinstance(raw, str) or len(raw) > FIELDS_MAX:
        raise Invalid("form.fields", {"max": FIELDS_MAX})
    found = tuple(_field(number, one) for number, one in enumerate(raw, 1))
    if len({one.key for one in found}) != len(found):
        raise Invalid("form.field_twice")
    return found


def _field(number: int, raw: object) -> Field:
    if not isinstance(raw, Mapping) or raw.keys() - _KNOWN:
        raise Invalid("form.field", {"field": number})
    key, label, kind = raw.get("key"), raw.get("label"), raw.get("type", "text")
    options = raw.get("options") or ()
    wrong = (
        not isinstance(key, str)
        or not KEY.fullmatch(key)
        or not isinstance(label, str)
        or not 0 < len(label.strip()) <= LABEL_MAX
        or kind not in list(FieldType)
        or not isinstance(raw.get("required", False), bool)
        or not _are_options(options, str(kind))
    )
    if wrong:
        raise Invalid("form.field", {"field": number, "key": str(key)[:40]})
    return Field(
        str(key),
        str(label).strip(),
        FieldType(str(kind)),
        bool(raw.get("required", False)),
        tuple(str(one).strip() for one in options),
    )


def _are_options(given: object, kind: str) -> bool:
    if not isinstance(given, (list, tuple)) or len(given) > OPTIONS_MAX:
        return False
    words = [one.strip() for one in given if isinstance(one, str)]
    sound = len(words) == len(given) and all(0 < len(one) <= LABEL_MAX for one in words)
    return sound and len(set(words)) == len(words) and bool(words) == (kind == "choice")


def as_json(form: Sequence[Field]) -> list[dict[str, object]]:
    """Write questions; ``fields`` reads them back."""
    return [
        {
            "key": one.key,
            "label": one.label,
            "type": one.type.value,
            "required": one.required,
            "options": list(one.options),
        }
        for one in form
    ]


def answers(form: Sequence[Field], given: Mapping[str, object]) -> dict[str, Answer]:
    """Read answers to some of the questions; None takes one back.

    Raises Invalid ``form.answer`` with the field and what it should be.
    """
    known = {one.key: one for one in form}
    unknown = sorted(str(one)[:40] for one in given.keys() - known.keys())
    if unknown:
        raise Invalid("form.unknown", {"names": unknown[:20]})
    return {key: _answer(known[key], value) for key, value in given.items()}


def _answer(field: Field, value: object) -> Answer:
    if value is None or value == "":
        return None
    if not _FITS[field.type](field, value):
        facts = {"field": field.key, "label": field.label, "type": field.type.value}
        raise Invalid("form.answer", facts)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, (bool, int, float)) else str(value).strip()


def _number(_: Field, value: object) -> bool:
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return False
    return abs(value) <= NUMBER_MAX


def _day(_: Field, value: object) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _words(_: Field, value: object) -> bool:
    return isinstance(value, str) and len(value) <= TEXT_MAX


def _option(field: Field, value: object) -> bool:
    return value in field.options


def _tick(_: Field, value: object) -> bool:
    return isinstance(value, bool)


_FITS: Mapping[FieldType, Callable[[Field, object], bool]] = {
    FieldType.TEXT: _words,
    FieldType.NUMBER: _number,
    FieldType.CHOICE: _option,
    FieldType.DATE: _day,
    FieldType.CHECK: _tick,
}


def missing(form: Sequence[Field], given: Mapping[str, object]) -> list[str]:
    """Return the keys of required questions without an answer; a check must be ticked."""
    return [
        one.key
        for one in form
        if one.required
        and (
            given.get(one.key) in (None, "") or (one.type is FieldType.CHECK and not given[one.key])
        )
    ]


_SAMPLES: Mapping[FieldType, Answer] = {
    FieldType.TEXT: "?",
    FieldType.NUMBER: 1,
    FieldType.CHOICE: "?",
    FieldType.DATE: "2026-01-01",
    FieldType.CHECK: True,
}


def sample(form: Sequence[Field]) -> dict[str, Answer]:
    """Return answers as they might be, on which conditions are tried."""
    return {one.key: one.options[0] if one.options else _SAMPLES[one.type] for one in form}

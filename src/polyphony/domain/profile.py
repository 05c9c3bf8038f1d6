"""Profile: which of the things his records say is shown of a customer, and why just that."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

DESK = "desk"
"""The source of what people of ours wrote: each value is a pin, and pins win."""
PLAIN = ("name", "language", "tier")
_DEFAULTS: Mapping[str, str | None] = {"name": "", "language": None, "tier": "standard"}
_ATTR = "attrs."


@dataclass(frozen=True, slots=True)
class Said:
    """What one Record says; ``level`` is the best proof of an address it uses.

    ``payload`` holds ``language``, ``tier``, ``attrs``; of the desk each value is ``{value, at}``,
    and a value of None takes what others say away.
    """

    record: UUID
    source: str
    key: str
    name: str
    at: datetime
    level: int = 0
    trust: int = 0
    payload: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class Value:
    """One thing one Record says of one field; ``pin`` when a person of ours said it."""

    field: str
    value: str | None
    record: UUID
    pin: bool
    weak: bool  # an address instead of a name
    level: int
    trust: int
    at: datetime

    @property
    def rank(self) -> tuple[bool, bool, int, int, datetime, UUID]:
        """The order of the house: pin, level, source, newest."""
        return (self.pin, not self.weak, self.level, self.trust, self.at, self.record)


@dataclass(frozen=True, slots=True)
class Shown:
    """The value shown, why it won (pin, level, source, newest, only) and what it won against."""

    field: str
    value: str | None
    record: UUID
    why: str
    at: datetime
    others: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Profile:
    """What is shown of a Customer."""

    name: str
    language: str | None
    tier: str
    attrs: dict[str, str]


def told(said: Iterable[Said]) -> list[Shown]:
    """Return for every field something is said about what is shown, by name of the field."""
    found: dict[str, list[Value]] = {}
    for one in said:
        for value in _values(one):
            found.setdefault(value.field, []).append(value)
    return [_choose(found[name]) for name in sorted(found)]


def profile(shown: Sequence[Shown]) -> Profile:
    """Put the values together; what nobody says is as it is for a stranger."""
    by_field = {one.field: one.value for one in shown}
    plain = {name: by_field.get(name) or _DEFAULTS[name] for name in PLAIN}
    attrs = {
        name.removeprefix(_ATTR): value
        for name, value in by_field.items()
        if name.startswith(_ATTR) and value is not None
    }
    return Profile(plain["name"] or "", plain["language"], plain["tier"] or "standard", attrs)


def pins(
    kept: Mapping[str, object], change: Mapping[str, object], at: datetime
) -> dict[str, object]:
    """Return the payload of the desk's Record after a correction (None takes a value away)."""
    moment = at.isoformat()
    after = dict(kept)
    for name in PLAIN:
        if name in change:
            after[name] = {"value": change[name], "at": moment}
    wanted = change.get("attrs")
    if isinstance(wanted, Mapping):
        attrs = after.get("attrs")
        now = dict(attrs) if isinstance(attrs, Mapping) else {}
        after["attrs"] = now | {name: {"value": v, "at": moment} for name, v in wanted.items()}
    return after


def _values(one: Said) -> Iterable[Value]:
    payload = one.payload or {}
    if one.source != DESK and one.name.strip():
        yield _plain(one, "name", one.name, weak=one.name.strip() == one.key)
    for name in PLAIN:
        if payload.get(name) is not None:
            yield _value(one, name, payload[name])
    attrs = payload.get("attrs")
    if isinstance(attrs, Mapping):
        for name, value in attrs.items():
            yield _value(one, _ATTR + str(name), value)


def _value(one: Said, field: str, given: object) -> Value:
    if one.source == DESK and isinstance(given, Mapping):
        text, at = given.get("value"), datetime.fromisoformat(str(given["at"]))
        text = None if text is None else str(text)
        return Value(field, text, one.record, True, False, one.level, one.trust, at)  # noqa: FBT003
    return _plain(one, field, str(given))


def _plain(one: Said, field: str, text: str, *, weak: bool = False) -> Value:
    return Value(field, text, one.record, False, weak, one.level, one.trust, one.at)  # noqa: FBT003


def _choose(values: Sequence[Value]) -> Shown:
    ranked = sorted(values, key=lambda one: one.rank, reverse=True)
    best, rest = ranked[0], ranked[1:]
    others = tuple(one for one in rest if one.value != best.value)
    return Shown(best.field, best.value, best.record, _why(best, rest), best.at, others)


def _why(best: Value, rest: Sequence[Value]) -> str:
    if best.pin:
        return "pin"
    if not rest:
        return "only"
    if best.weak == rest[0].weak and best.level == rest[0].level:
        return "source" if best.trust != rest[0].trust else "newest"
    return "level"

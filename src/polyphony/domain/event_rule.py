"""EventRule: when this happens and a condition holds, do that; a closed list of both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast
from uuid import UUID

import cel

from polyphony.domain import tag
from polyphony.domain.errors import Invalid
from polyphony.domain.rule_text import Vocabulary, check, holds
from polyphony.domain.skill import Requirement, requirement
from polyphony.domain.skill import as_json as need_json

RULES_MAX = 200
ACTIONS_MAX = 10
TEXT_MAX = 2_000
DEPTH_MAX = 3
"""What a rule causes may call other rules, so many times in a row; then it stops."""
ERRORS_MAX = 3
"""A rule that failed so often is switched off until its set is saved anew."""

EVENTS: Mapping[str, str] = {
    "case.opened": "case.opened",
    "case.moved": "case.moved",
    "case.kind_set": "case.kind_set",
    "message.received": "message.received",
    "message.written": "message.written",
    "work_item.queued": "work_item.added",
    "work_item.finished": "work_item.finished",
    "step.entered": "process.step_entered",
    "step.left": "process.step_left",
    "sla.warned": "sla.warned",
    "sla.breached": "sla.breached",
    "rating.given": "rating.given",
}
"""What a rule may wait for, and the type the log knows it by."""
ON: Mapping[str, str] = {type_: name for name, type_ in EVENTS.items()}

FIELDS: Mapping[str, frozenset[str]] = {
    "case": frozenset(
        {"state", "kind", "priority", "language", "complaint", "channel", "title", "department"}
        | {"owned", "age_h"}
    ),
    "customer": frozenset({"tier", "language", "known", "name"}),
    "message": frozenset({"text", "subject", "automated"}),
    "work": frozenset({"queue", "channel", "state", "tier"}),
    "step": frozenset({"key", "title", "state"}),
}
WORDS = Vocabulary(
    FIELDS,
    frozenset({"event", "tags", *FIELDS}),
    {
        "event": "case.opened",
        "tags": [],
        "case": {
            **dict.fromkeys(sorted(FIELDS["case"]), "?"),
            "complaint": False,
            "owned": False,
            "age_h": 1,
        },
        "customer": {"tier": "standard", "language": "en", "known": True, "name": "?"},
        "message": dict.fromkeys(sorted(FIELDS["message"]), "?"),
        "work": dict.fromkeys(sorted(FIELDS["work"]), "?"),
        "step": dict.fromkeys(sorted(FIELDS["step"]), "?"),
    },
)


@dataclass(frozen=True, slots=True)
class Action:
    """One thing a rule does; only the fields of its sort are filled."""

    do: str
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    to: str = ""
    id: UUID | None = None
    text: str = ""
    need: Requirement | None = None


@dataclass(frozen=True, slots=True)
class EventRule:
    """One rule; ``when`` "" = always, ``active`` False: kept, but asleep."""

    id: str
    on: tuple[str, ...]
    when: str
    do: tuple[Action, ...]
    active: bool = True
    program: cel.Program | None = field(default=None, repr=False, compare=False)


def read(raw: Sequence[object]) -> tuple[EventRule, ...]:
    """Read and check a set of rules; raise Invalid with the rule (number, id) that is wrong."""
    if len(raw) > RULES_MAX:
        raise Invalid("event_rule.too_many", {"max": RULES_MAX})
    rules = tuple(one_of(number, one) for number, one in enumerate(raw, 1))
    ids = [one.id for one in rules]
    twice = sorted({one for one in ids if ids.count(one) > 1})
    if twice:
        facts = {"number": ids.index(twice[0]) + 1, "rule": twice[0], "field": "id"}
        raise Invalid("event_rule.id_twice", facts)
    return rules


def one_of(number: int, raw: object) -> EventRule:
    """Read one rule."""
    if not isinstance(raw, Mapping):
        raise _wrong(number, "", "rule")
    name = raw.get("id")
    if not isinstance(name, str) or not 0 < len(name.strip()) <= 100 or "\n" in name:
        raise _wrong(number, "", "id")
    unknown = sorted(str(one)[:40] for one in raw.keys() - {"id", "on", "when", "do", "active"})
    if unknown:
        raise _wrong(number, name, unknown[0])
    when, active = raw.get("when") or "", raw.get("active", True)
    if not isinstance(when, str) or not isinstance(active, bool):
        raise _wrong(number, name, "when" if not isinstance(when, str) else "active")
    return EventRule(
        name.strip(),
        _events(number, name, raw.get("on")),
        when.strip(),
        actions(number, name, raw.get("do")),
        active,
        _program(number, name, when.strip()),
    )


def _wrong(number: int, rule: str, name: str, **facts: object) -> Invalid:
    return Invalid("event_rule.field", {"number": number, "rule": rule, "field": name, **facts})


def _program(number: int, name: str, when: str) -> cel.Program | None:
    if not when:
        return None
    try:
        return check(when, name, WORDS)
    except Invalid as wrong:
        raise Invalid(wrong.code, {"number": number, "field": "when", **wrong.facts}) from wrong


def _events(number: int, name: str, given: object) -> tuple[str, ...]:
    if not isinstance(given, list) or not given or any(one not in EVENTS for one in given):
        raise _wrong(number, name, "on", known=sorted(EVENTS))
    return tuple(dict.fromkeys(str(one) for one in given))


def actions(number: int, name: str, given: object) -> tuple[Action, ...]:
    """Read what a rule does; raise Invalid ``event_rule.field`` with the action that is wrong."""
    if not isinstance(given, list) or not 1 <= len(given) <= ACTIONS_MAX:
        raise _wrong(number, name, "do", max=ACTIONS_MAX)
    found = []
    for place, one in enumerate(given, 1):
        do = one.get("do") if isinstance(one, Mapping) else None
        if do not in _READ or one.keys() - {"do"} - _KNOWN[str(do)]:
            raise _wrong(number, name, "do", action=place, known=sorted(_READ))
        try:
            found.append(_READ[str(do)](one))
        except (ValueError, TypeError, KeyError, Invalid) as wrong:
            raise _wrong(number, name, "do", action=place) from wrong
    return tuple(found)


_KNOWN: Mapping[str, frozenset[str]] = {
    "tag": frozenset({"add", "remove"}),
    "priority": frozenset({"to"}),
    "tier": frozenset({"to"}),
    "kind": frozenset({"kind"}),
    "queue": frozenset({"queue"}),
    "requirement": frozenset({"requirement"}),
    "attribute": frozenset({"name", "value"}),
    "notify": frozenset({"to", "text"}),
    "note": frozenset({"text"}),
}


def _tags(raw: Mapping[str, object]) -> Action:
    add, remove = (tag.cleaned([str(one) for one in _list(raw.get(n))]) for n in ("add", "remove"))
    if not add and not remove:
        raise ValueError
    return Action("tag", add=tuple(add), remove=tuple(remove))


def _list(given: object) -> list[object]:
    if given is not None and not isinstance(given, list):
        raise ValueError
    return given or []


def _priority(raw: Mapping[str, object]) -> Action:
    return Action("priority", to=_among(raw["to"], ("low", "normal", "high", "critical")))


def _tier(raw: Mapping[str, object]) -> Action:
    return Action("tier", to=_among(raw["to"], ("standard", "priority", "vip")))


def _among(given: object, known: Sequence[str]) -> str:
    if given not in known:
        raise ValueError
    return str(given)


def _kind(raw: Mapping[str, object]) -> Action:
    given = raw["kind"]
    return Action("kind", id=None if given is None else UUID(str(given)))


def _queue(raw: Mapping[str, object]) -> Action:
    return Action("queue", id=UUID(str(raw["queue"])))


def _need(raw: Mapping[str, object]) -> Action:
    given = raw["requirement"]
    if not isinstance(given, Mapping):
        raise TypeError
    return Action("requirement", need=requirement(given))


def _text(given: object, most: int = TEXT_MAX) -> str:
    if not isinstance(given, str) or not 0 < len(given.strip()) <= most:
        raise ValueError
    return given.strip()


def _attribute(raw: Mapping[str, object]) -> Action:
    return Action("attribute", to=_text(raw["name"], 60), text=_text(raw["value"], 500))


def _notify(raw: Mapping[str, object]) -> Action:
    to = str(raw["to"])
    text = _text(raw.get("text") or "-", 200)
    who = None if to in {"owner", "leads"} else UUID(to)
    return Action("notify", to=to if who is None else "person", id=who, text=text)


def _note(raw: Mapping[str, object]) -> Action:
    return Action("note", text=_text(raw["text"]))


_READ = {
    "tag": _tags,
    "priority": _priority,
    "tier": _tier,
    "kind": _kind,
    "queue": _queue,
    "requirement": _need,
    "attribute": _attribute,
    "notify": _notify,
    "note": _note,
}


def as_json(rules: Sequence[EventRule]) -> list[dict[str, object]]:
    """Write rules as they are kept; ``read`` reads them back."""
    return [
        {
            "id": one.id,
            "on": list(one.on),
            "when": one.when,
            "do": [written(action) for action in one.do],
            "active": one.active,
        }
        for one in rules
    ]


def written(one: Action) -> dict[str, object]:
    """Write one action as it is kept."""
    told: dict[str, object] = {"do": one.do}
    match one.do:
        case "tag":
            told |= {"add": list(one.add), "remove": list(one.remove)}
        case "priority" | "tier":
            told |= {"to": one.to}
        case "kind" | "queue":
            told |= {one.do: None if one.id is None else str(one.id)}
        case "requirement":
            told |= {"requirement": need_json(cast("Requirement", one.need))}
        case "attribute":
            told |= {"name": one.to, "value": one.text}
        case "notify":
            told |= {"to": str(one.id) if one.id else one.to, "text": one.text}
        case _:
            told |= {"text": one.text}
    return told


# ── what a reader of the log decides ────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of one rule and one event: do it, it failed, or it went round too often."""

    rule: EventRule
    outcome: str  # done | error | loop


def verdicts(
    rules: Sequence[EventRule], event: str, context: cel.Context, depth: int
) -> list[Verdict]:
    """Return the rules an event calls, in their order; ``depth`` is how far from a person it is.

    A condition that fails is an error of its rule; whatever is caused beyond the third rule in a
    row is stopped.
    """
    found = []
    for one in rules:
        if not one.active or event not in one.on:
            continue
        says = True if one.program is None else holds(one.program, context)
        if says is None:
            found.append(Verdict(one, "error"))
        elif says:
            found.append(Verdict(one, "loop" if depth > DEPTH_MAX else "done"))
    return found

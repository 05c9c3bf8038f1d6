"""Process: the template of a kind of Case: its steps in order, what runs beside what, and loops."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import groupby
from typing import cast
from uuid import UUID

import cel

from polyphony.domain import form as forms
from polyphony.domain.errors import Invalid
from polyphony.domain.form import Field
from polyphony.domain.rule_text import Vocabulary, check
from polyphony.domain.skill import Requirement, requirement
from polyphony.domain.skill import as_json as need_json

STEPS_MAX = 50
CHECKS_MAX = 30
NEXT_MAX = 10
NEEDS_MAX = 20
APPROVALS_MAX = 10
TITLE_MAX = 120
WAIT_MIN_S, WAIT_MAX_S = 1, 366 * 86_400
TARGET_MAX_S = 31_536_000
KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")


class StepKind(StrEnum):
    """What a step asks: work, agreement, patience (customer, third party, time), or the end."""

    WORK = "work"
    APPROVAL = "approval"
    WAIT_CUSTOMER = "wait_customer"
    WAIT_THIRD_PARTY = "wait_third_party"
    TIMER = "timer"
    CLOSE = "close"


WORKED = frozenset({StepKind.WORK, StepKind.APPROVAL})
"""Kinds somebody works on: each makes a WorkItem."""
WAITS = frozenset({StepKind.WAIT_CUSTOMER, StepKind.WAIT_THIRD_PARTY, StepKind.TIMER})


@dataclass(frozen=True, slots=True)
class Next:
    """Where a process goes on when a step is over, if its condition holds ("" = always)."""

    to: str
    when: str = ""
    program: cel.Program | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class StepPlan:
    """One step of a process as it was designed; times in seconds, of working time for targets.

    Neighbours with the same ``group`` run beside each other until all (``join``) or any is over.
    ``enter_if`` "" = always; ``on_reject`` None: a rejection ends the process.
    """

    key: str
    title: str
    kind: StepKind = StepKind.WORK
    queue: UUID | None = None
    requirements: tuple[Requirement, ...] = ()
    target_s: int | None = None
    checklist: tuple[tuple[str, str], ...] = ()
    form: tuple[Field, ...] = ()
    enter_if: str = ""
    entry: cel.Program | None = field(default=None, repr=False, compare=False)
    next: tuple[Next, ...] = ()
    on_reject: str | None = None
    group: str = ""
    join: str = "all"
    approvals: int = 1
    wait_s: int = 0


@dataclass(frozen=True, slots=True)
class Process:
    """The steps of a process; ``stages`` are what runs one after the other, ``stage`` by step."""

    steps: tuple[StepPlan, ...]
    stages: tuple[tuple[StepPlan, ...], ...]
    stage: Mapping[str, int]

    def of(self, key: str) -> StepPlan:
        """Return a step by its key."""
        return next(one for one in self.steps if one.key == key)


def process(steps: Sequence[StepPlan]) -> Process:
    """Put steps together: neighbours of one group are one stage."""
    numbered = [(one.group or f"\0{number}", one) for number, one in enumerate(steps)]
    stages = tuple(
        tuple(one for _, one in found) for _, found in groupby(numbered, key=lambda one: one[0])
    )
    stage = {one.key: number for number, found in enumerate(stages) for one in found}
    return Process(tuple(steps), stages, stage)


# ── reading ─────────────────────────────────────────────────────────────────────────────────────

_KEYS = frozenset(
    {
        *("key", "title", "kind", "queue", "requirements", "target_s", "checklist", "form"),
        *("enter_if", "next", "on_reject", "group", "join", "approvals", "wait_s"),
    }
)


def read(raw: object) -> Process:
    """Read and check the steps of a process; raise Invalid with the number of the first wrong one.

    Codes: ``process.steps`` (how many), ``process.step`` (with ``step``, ``field``),
    ``process.step_twice``, ``process.target_unknown``, ``process.group_apart``, those of
    conditions and of forms.
    """
    if not isinstance(raw, list) or not 1 <= len(raw) <= STEPS_MAX:
        raise Invalid("process.steps", {"min": 1, "max": STEPS_MAX})
    plans = [_plan(number, one) for number, one in enumerate(raw, 1)]
    keys = [one.key for one in plans]
    twice = sorted({one for one in keys if keys.count(one) > 1})
    if twice:
        raise Invalid("process.step_twice", {"step": keys.index(twice[0]) + 1, "names": twice})
    words = vocabulary(plans)
    done = process([_compiled(number, one, words) for number, one in enumerate(plans, 1)])
    _check_groups(done)
    _check_targets(done)
    return done


def _wrong(number: int, name: str, **facts: object) -> Invalid:
    return Invalid("process.step", {"step": number, "field": name, **facts})


def _plan(number: int, raw: object) -> StepPlan:
    if not isinstance(raw, Mapping):
        raise _wrong(number, "step")
    unknown = sorted(str(one)[:40] for one in raw.keys() - _KEYS)
    if unknown:
        raise _wrong(number, unknown[0], names=unknown)
    kind = raw.get("kind", "work")
    if kind not in list(StepKind):
        raise _wrong(number, "kind")
    if not isinstance(key := raw.get("key"), str) or not KEY.fullmatch(key):
        raise _wrong(number, "key")
    return StepPlan(
        key,
        _text(number, raw, "title", TITLE_MAX),
        StepKind(str(kind)),
        _queue(number, raw, StepKind(str(kind))),
        _needs(number, raw.get("requirements") or []),
        _whole(number, raw, "target_s", (1, TARGET_MAX_S)) or None,
        _checks(number, raw.get("checklist") or []),
        _form(number, raw.get("form") or []),
        _text(number, raw, "enter_if", 2_000, needed=False),
        None,
        _next(number, raw.get("next") or []),
        _text(number, raw, "on_reject", 40, needed=False) or None,
        _text(number, raw, "group", 40, needed=False),
        _join(number, raw.get("join", "all")),
        _whole(number, raw, "approvals", (1, APPROVALS_MAX)) or 1,
        _wait(number, raw, StepKind(str(kind))),
    )


def _text(
    number: int, raw: Mapping[object, object], name: str, most: int, *, needed: bool = True
) -> str:
    given = raw.get(name)
    if given is None and not needed:
        return ""
    if not isinstance(given, str) or len(given.strip()) > most or (needed and not given.strip()):
        raise _wrong(number, name)
    return given.strip()


def _whole(number: int, raw: Mapping[object, object], name: str, limits: tuple[int, int]) -> int:
    given = raw.get(name)
    if given is None:
        return 0
    sound = isinstance(given, int) and not isinstance(given, bool)
    if not sound or not limits[0] <= cast("int", given) <= limits[1]:
        raise _wrong(number, name, min=limits[0], max=limits[1])
    return cast("int", given)


def _wait(number: int, raw: Mapping[object, object], kind: StepKind) -> int:
    wait = _whole(number, raw, "wait_s", (WAIT_MIN_S, WAIT_MAX_S))
    if kind in WAITS and not wait:
        raise _wrong(number, "wait_s", min=WAIT_MIN_S, max=WAIT_MAX_S)
    return wait


def _queue(number: int, raw: Mapping[object, object], kind: StepKind) -> UUID | None:
    given = raw.get("queue")
    if given is None and kind not in WORKED:
        return None
    try:
        return UUID(str(given))
    except ValueError as wrong:
        raise _wrong(number, "queue") from wrong


def _join(number: int, given: object) -> str:
    if given not in ("all", "any"):
        raise _wrong(number, "join")
    return str(given)


def _needs(number: int, given: object) -> tuple[Requirement, ...]:
    if not isinstance(given, list) or len(given) > NEEDS_MAX:
        raise _wrong(number, "requirements", max=NEEDS_MAX)
    if not all(isinstance(one, Mapping) for one in given):
        raise _wrong(number, "requirements")
    try:
        return tuple(requirement(one) for one in given)
    except Invalid as wrong:
        raise _wrong(number, "requirements") from wrong


def _checks(number: int, given: object) -> tuple[tuple[str, str], ...]:
    if not isinstance(given, list) or len(given) > CHECKS_MAX:
        raise _wrong(number, "checklist", max=CHECKS_MAX)
    found = []
    for one in given:
        if not isinstance(one, Mapping) or one.keys() - {"key", "title"}:
            raise _wrong(number, "checklist")
        key, title = one.get("key"), one.get("title")
        if not isinstance(key, str) or not KEY.fullmatch(key) or not isinstance(title, str):
            raise _wrong(number, "checklist")
        if not 0 < len(title.strip()) <= TITLE_MAX:
            raise _wrong(number, "checklist", max=TITLE_MAX)
        found.append((key, title.strip()))
    if len({key for key, _ in found}) != len(found):
        raise _wrong(number, "checklist")
    return tuple(found)


def _form(number: int, given: object) -> tuple[Field, ...]:
    try:
        return forms.fields(given)
    except Invalid as wrong:
        raise Invalid(wrong.code, {"step": number, **wrong.facts}) from wrong


def _next(number: int, given: object) -> tuple[Next, ...]:
    if not isinstance(given, list) or len(given) > NEXT_MAX:
        raise _wrong(number, "next", max=NEXT_MAX)
    found = []
    for one in given:
        if not isinstance(one, Mapping) or one.keys() - {"to", "if"}:
            raise _wrong(number, "next")
        when, to = one.get("if") or "", one.get("to")
        if not isinstance(to, str) or not isinstance(when, str):
            raise _wrong(number, "next")
        found.append(Next(to, when.strip()))
    return tuple(found)


def _compiled(number: int, plan: StepPlan, words: Vocabulary) -> StepPlan:
    try:
        entry = check(plan.enter_if, plan.key, words) if plan.enter_if else None
        ways = tuple(
            replace(one, program=check(one.when, plan.key, words) if one.when else None)
            for one in plan.next
        )
    except Invalid as wrong:
        raise Invalid(wrong.code, {"step": number, **wrong.facts}) from wrong
    return replace(plan, entry=entry, next=ways)


def _check_groups(found: Process) -> None:
    seen: set[str] = set()
    for stage in found.stages:
        group = stage[0].group
        if group and group in seen:
            number = found.steps.index(stage[0]) + 1
            raise Invalid("process.group_apart", {"step": number, "group": group})
        seen.add(group)
        if len(stage) > 1 and any(one.kind is StepKind.CLOSE for one in stage):
            raise _wrong(found.steps.index(stage[0]) + 1, "group")


def _check_targets(found: Process) -> None:
    for number, plan in enumerate(found.steps, 1):
        for to in [one.to for one in plan.next]:
            if to not in found.stage:
                raise Invalid("process.target_unknown", {"step": number, "field": "next", "to": to})
        back = plan.on_reject
        if back is not None and found.stage.get(back, len(found.stages)) > found.stage[plan.key]:
            facts = {"step": number, "field": "on_reject", "to": back}
            raise Invalid("process.target_unknown", facts)


def vocabulary(plans: Sequence[StepPlan]) -> Vocabulary:
    """Return what conditions of a process may name: the Case, its customer, answers by step."""
    answers = {one.key: forms.sample(one.form) for one in plans if one.form}
    return Vocabulary(
        {
            "case": frozenset({"kind", "priority", "language", "complaint", "channel"}),
            "customer": frozenset({"tier", "language", "known", "name"}),
        },
        frozenset({"case", "customer", "answers", "tags"}),
        {
            "case": {
                "kind": "?",
                "priority": "normal",
                "language": "en",
                "complaint": False,
                "channel": "email",
            },
            "customer": {"tier": "standard", "language": "en", "known": True, "name": "?"},
            "answers": answers,
            "tags": [],
        },
    )


def as_json(found: Process) -> list[dict[str, object]]:
    """Write the steps of a process as they are kept; ``read`` reads them back."""
    return [
        {
            "key": one.key,
            "title": one.title,
            "kind": one.kind.value,
            "queue": str(one.queue) if one.queue else None,
            "requirements": [need_json(need) for need in one.requirements],
            "target_s": one.target_s,
            "checklist": [{"key": key, "title": title} for key, title in one.checklist],
            "form": forms.as_json(one.form),
            "enter_if": one.enter_if,
            "next": [{"to": way.to, "if": way.when} for way in one.next],
            "on_reject": one.on_reject,
            "group": one.group,
            "join": one.join,
            "approvals": one.approvals,
            "wait_s": one.wait_s or None,
        }
        for one in found.steps
    ]


_DEFAULTS: Mapping[str, object] = {
    "kind": "work",
    "queue": None,
    "requirements": [],
    "target_s": None,
    "checklist": [],
    "form": [],
    "enter_if": "",
    "next": [],
    "on_reject": None,
    "group": "",
    "join": "all",
    "approvals": 1,
    "wait_s": None,
}
_NESTED: Mapping[str, Mapping[str, object]] = {
    "form": {"type": "text", "required": False, "options": []},
    "next": {"if": ""},
    "requirements": {"min_level": 1, "kind": "required", "substitutes": []},
}


def compact(raw: Mapping[str, object]) -> dict[str, object]:
    """Write one step without what has its default: a file is for people."""
    return {
        name: [_without(one, _NESTED.get(name, {})) for one in value]
        if isinstance(value, list)
        else value
        for name, value in raw.items()
        if name not in _DEFAULTS or value != _DEFAULTS[name]
    }


def _without(one: object, defaults: Mapping[str, object]) -> object:
    if not isinstance(one, Mapping):
        return one
    return {
        name: value
        for name, value in one.items()
        if name not in defaults or value != defaults[name]
    }

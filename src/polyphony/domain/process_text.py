"""ProcessText: the steps of a process as they are written down: read, checked, written again."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import cast
from uuid import UUID

from polyphony.domain import event_rule
from polyphony.domain import form as forms
from polyphony.domain.errors import Invalid
from polyphony.domain.event_rule import Action
from polyphony.domain.form import Field
from polyphony.domain.process import (
    MACHINE,
    WAITS,
    WORKED,
    Next,
    Process,
    Say,
    StepKind,
    StepPlan,
    process,
)
from polyphony.domain.rule_text import Vocabulary, check
from polyphony.domain.skill import Requirement, requirement
from polyphony.domain.skill import as_json as need_json
from polyphony.domain.template import in_language

STEPS_MAX = 50
CHECKS_MAX = 30
NEXT_MAX = 10
NEEDS_MAX = 20
APPROVALS_MAX = 10
TITLE_MAX = 120
SAID_MAX = 10_000
WAIT_MIN_S, WAIT_MAX_S = 1, 366 * 86_400
TARGET_MAX_S = 31_536_000
KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
LANGUAGE = re.compile(r"[a-z]{2,3}")

_KEYS = frozenset(
    {
        *("key", "title", "kind", "queue", "requirements", "target_s", "checklist", "form"),
        *("enter_if", "next", "on_reject", "group", "join", "approvals", "wait_s", "say", "do"),
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
    given = raw.get("kind", "work")
    if given not in list(StepKind):
        raise _wrong(number, "kind")
    kind, (title, titles) = StepKind(str(given)), _titles(number, raw.get("title"))
    if not isinstance(key := raw.get("key"), str) or not KEY.fullmatch(key):
        raise _wrong(number, "key")
    return StepPlan(
        key,
        title,
        kind,
        _queue(number, raw, kind),
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
        _wait(number, raw, kind),
        titles,
        _say(number, raw.get("say"), kind),
        _do(number, raw.get("do") or [], kind),
    )


def _titles(number: int, given: object) -> tuple[str, dict[str, str]]:
    """Read a title: plain words, or words by language; return the plain one and those."""
    if isinstance(given, Mapping):
        titles = _by_language(number, "title", given, TITLE_MAX)
        return in_language(titles), titles
    return _text(number, {"title": given}, "title", TITLE_MAX), {}


def _by_language(
    number: int, name: str, given: Mapping[object, object], most: int
) -> dict[str, str]:
    found: dict[str, str] = {}
    for language, words in given.items():
        sound = isinstance(language, str) and LANGUAGE.fullmatch(language)
        if not sound or not isinstance(words, str) or len(words.strip()) > most:
            raise _wrong(number, name, max=most)
        if words.strip():
            found[str(language)] = words.strip()
    if not found:
        raise _wrong(number, name)
    return dict(sorted(found.items()))


def _say(number: int, given: object, kind: StepKind) -> Say | None:
    """Read what a step sends: the id of a snippet, or words by language; one of the two."""
    if kind is not StepKind.SEND:
        return None
    if not isinstance(given, Mapping) or len(given) != 1 or given.keys() - {"snippet", "text"}:
        raise _wrong(number, "say")
    words = given.get("text")
    if isinstance(words, Mapping):
        return Say(None, _by_language(number, "say", words, SAID_MAX))
    try:
        return Say(UUID(str(given.get("snippet"))))
    except ValueError as wrong:
        raise _wrong(number, "say") from wrong


def _do(number: int, given: object, kind: StepKind) -> tuple[Action, ...]:
    """Read what a system step does: the actions of event rules, but not another kind."""
    if kind is not StepKind.SYSTEM:
        return ()
    try:
        done = event_rule.actions(number, "", given)
    except Invalid as wrong:
        raise _wrong(number, "do", action=wrong.facts.get("action", 1)) from wrong
    if any(one.do == "kind" for one in done):
        raise _wrong(number, "do")
    return done


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
    if given is None and kind not in WORKED | MACHINE:
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
            "title": dict(one.titles) or one.title,
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
            "say": _said(one.say),
            "do": [event_rule.written(action) for action in one.do],
        }
        for one in found.steps
    ]


def _said(say: Say | None) -> dict[str, object] | None:
    if say is None:
        return None
    return {"snippet": str(say.snippet)} if say.snippet else {"text": dict(say.text)}


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
    "say": None,
    "do": [],
}
_NESTED: Mapping[str, Mapping[str, object]] = {
    "form": {"type": "text", "required": False, "options": []},
    "next": {"if": ""},
    "do": {"add": [], "remove": []},
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

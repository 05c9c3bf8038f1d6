"""Macro: several steps of everyday work under one name, read strictly, never half."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from polyphony.domain.errors import Invalid
from polyphony.domain.permission import Act

STEPS_MAX = 20
TEXT_MAX = 20_000
HOURS_MAX = 24 * 366
LANGUAGES = ("en", "cs", "pl", "ru")
_PRIORITIES = ("low", "normal", "high", "critical")

Do = Literal["tag", "priority", "queue", "assign", "note", "reply", "solve", "snooze"]
_KNOWN: Mapping[str, frozenset[str]] = {
    "tag": frozenset({"add", "remove"}),
    "priority": frozenset({"to"}),
    "queue": frozenset({"queue_id"}),
    "assign": frozenset({"to"}),
    "note": frozenset({"text"}),
    "reply": frozenset({"bodies"}),
    "solve": frozenset({"disposition"}),
    "snooze": frozenset({"hours"}),
}
_ONCE = ("reply", "queue", "assign", "solve", "snooze")
_LAST = ("solve", "snooze")


@dataclass(frozen=True, slots=True)
class Step:
    """One step; only the fields of its kind are filled.

    ``to`` is a priority, or for ``assign`` a person (None = whoever runs the macro).
    """

    do: str
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    priority: str = ""
    queue: UUID | None = None
    agent: UUID | None = None
    text: str = ""
    bodies: tuple[tuple[str, str], ...] = ()
    disposition: str = ""
    hours: int = 0

    def body(self, *languages: str | None) -> str:
        """Return the text of an answer in the first of these languages it is written in."""
        known = dict(self.bodies)
        codes = [one.split("-", maxsplit=1)[0] for one in languages if one]
        return next((known[one] for one in codes if one in known), next(iter(known.values()), ""))


def read(given: Sequence[Mapping[str, object]]) -> tuple[Step, ...]:
    """Read the steps of a macro; raise Invalid ``macro.step`` naming the first that is wrong."""
    if not 1 <= len(given) <= STEPS_MAX:
        raise Invalid("macro.steps", {"min": 1, "max": STEPS_MAX})
    steps = tuple(_step(number, one) for number, one in enumerate(given, 1))
    done = [one.do for one in steps]
    for kind in _ONCE:
        if done.count(kind) > 1:
            raise Invalid("macro.step_twice", {"do": kind})
    if any(one in _LAST for one in done[:-1]):
        raise Invalid("macro.step_order", {"last": list(_LAST)})
    return steps


def acts(steps: Sequence[Step]) -> frozenset[Act]:
    """Return what somebody must be allowed to do with a Case to run these steps on it."""
    assigns = any(one.do == "assign" and one.agent is not None for one in steps)
    return frozenset({Act.WRITE, Act.ASSIGN}) if assigns else frozenset({Act.WRITE})


def _step(number: int, given: Mapping[str, object]) -> Step:
    do = str(given.get("do"))
    extra = given.keys() - {"do"} - _KNOWN.get(do, frozenset())
    if do not in _KNOWN or extra:
        raise _wrong(number, do, sorted(extra))
    try:
        return _READ[do](given)
    except (ValueError, TypeError, KeyError) as broken:
        raise _wrong(number, do, []) from broken


def _wrong(number: int, do: str, extra: Sequence[str]) -> Invalid:
    facts = {"step": number, "do": do[:40], "unknown": list(extra)[:10], "known": sorted(_KNOWN)}
    return Invalid("macro.step", facts)


def _words(given: object) -> tuple[str, ...]:
    words = tuple(" ".join(str(one).split()) for one in given) if isinstance(given, list) else ()
    if len(words) > STEPS_MAX or any(not 0 < len(one) <= 50 for one in words):
        raise ValueError
    return words


def _tag(given: Mapping[str, object]) -> Step:
    found = Step("tag", add=_words(given.get("add")), remove=_words(given.get("remove")))
    if not found.add and not found.remove:
        raise ValueError
    return found


def _priority(given: Mapping[str, object]) -> Step:
    if given["to"] not in _PRIORITIES:
        raise ValueError
    return Step("priority", priority=str(given["to"]))


def _queue(given: Mapping[str, object]) -> Step:
    return Step("queue", queue=UUID(str(given["queue_id"])))


def _assign(given: Mapping[str, object]) -> Step:
    to = given.get("to")
    return Step("assign", agent=None if to in (None, "me") else UUID(str(to)))


def _text(given: object) -> str:
    if not isinstance(given, str) or not given.strip() or len(given) > TEXT_MAX:
        raise ValueError
    return given


def _note(given: Mapping[str, object]) -> Step:
    return Step("note", text=_text(given["text"]))


def _reply(given: Mapping[str, object]) -> Step:
    bodies = given["bodies"]
    if not isinstance(bodies, dict) or not bodies or set(bodies) - set(LANGUAGES):
        raise ValueError
    found = tuple((one, _text(bodies[one])) for one in LANGUAGES if one in bodies)
    return Step("reply", bodies=found)


def _solve(given: Mapping[str, object]) -> Step:
    return Step("solve", disposition=str(given.get("disposition") or "")[:100])


def _snooze(given: Mapping[str, object]) -> Step:
    hours = given["hours"]
    if not isinstance(hours, int) or isinstance(hours, bool) or not 1 <= hours <= HOURS_MAX:
        raise ValueError
    return Step("snooze", hours=hours)


_READ = {
    "tag": _tag,
    "priority": _priority,
    "queue": _queue,
    "assign": _assign,
    "note": _note,
    "reply": _reply,
    "solve": _solve,
    "snooze": _snooze,
}

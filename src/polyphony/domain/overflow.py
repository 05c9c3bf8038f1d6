"""Overflow: when work may go elsewhere, before it waits and while it does, and never in circles."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from polyphony.domain.errors import Conflict, Invalid, Refusal

MOVES_MAX = 3
RULES_MAX = 8
CONDITIONS_MAX = 8
BEFORE = frozenset({"closed", "wait_s", "waiting", "waiting_per_agent", "legal_missing", "nobody"})
"""Facts asked once, when work comes."""
AFTER = frozenset({"waited_s", "x", "wait_s", "closed", "closes_in_s", "nobody"})
"""Facts asked while work waits."""
PLAIN = frozenset({"closed", "legal_missing", "nobody"})
"""Facts that are so or not; all others are compared with a number."""
TIMED = frozenset({"waited_s", "x", "closed", "closes_in_s"})
"""Facts of which time alone decides when they come true."""
CALLBACK, FORM = "callback_offered", "form_offered"
"""What is noted on work whose customer is asked something; his own screen shows it."""
FULL = "overflow_blocked:full"
"""What is noted on work that would overflow where no more may wait."""
DO_BEFORE = frozenset({"queue", "callback", "form", "message"})
DO_AFTER = frozenset({"queue", "callback"})


@dataclass(frozen=True, slots=True)
class Condition:
    """One fact: so (plain ones), more than a number, or less than one (``closes_in_s``)."""

    fact: str
    than: int = 0  # ms for times, micro for x, milli for waiting_per_agent


@dataclass(frozen=True, slots=True)
class Action:
    """What happens: go to another Queue, offer a callback, take a form or say a message."""

    do: str
    queue: UUID | None = None
    text: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rule:
    """An action, and the conditions of which any or all must hold."""

    when: str  # any | all
    conditions: tuple[Condition, ...]
    action: Action


@dataclass(frozen=True, slots=True)
class Line:
    """A Queue as one WorkItem meets it; times in ms, None = not known.

    ``signed_in`` are those who could serve the item, ``legal_missing`` says that none of the
    signed-in has a skill the law asks for. ``waited_ms`` and ``x`` (micro) are the item's own.
    """

    closed: bool = False
    closes_in_ms: int | None = None
    waiting: int = 0
    signed_in: int = 0
    legal_missing: bool = False
    wait_ms: int | None = None
    waited_ms: int = 0
    x: int = 0


def before(rules: Sequence[Rule], line: Line) -> Action | None:
    """Say what happens to work that comes; None = it waits."""
    return next((one.action for one in rules if holds(one, line)), None)


def after(rules: Sequence[Rule], line: Line, done: int = 0) -> int | None:
    """Return the first rule that holds for work that waits; a bit in ``done``: it is over."""
    found = (at for at, one in enumerate(rules) if not done >> at & 1 and holds(one, line))
    return next(found, None)


def holds(rule: Rule, line: Line) -> bool:
    """Tell whether any or all conditions of a rule are met."""
    met = (_MET[one.fact](line, one.than) for one in rule.conditions)
    return all(met) if rule.when == "all" else any(met)


def _per_agent(line: Line, than: int) -> bool:
    return line.waiting * 1000 > than * max(line.signed_in, 1)


_MET: Mapping[str, Callable[[Line, int], bool]] = {
    "closed": lambda line, _: line.closed,
    "legal_missing": lambda line, _: line.legal_missing,
    "nobody": lambda line, _: line.signed_in == 0,
    "wait_s": lambda line, than: line.wait_ms is not None and line.wait_ms > than,
    "waiting": lambda line, than: line.waiting > than,
    "waiting_per_agent": _per_agent,
    "waited_s": lambda line, than: line.waited_ms >= than,
    "x": lambda line, than: line.x >= than,
    "closes_in_s": lambda line, than: line.closes_in_ms is not None and line.closes_in_ms <= than,
}


def may_move(visited: Iterable[UUID], moves: int, to: UUID, *, allowed: bool) -> Refusal | None:
    """Refuse a fourth move, a Queue seen before, and work a person has sent where it is."""
    if not allowed:
        return Conflict("overflow.by_person")
    if to in visited:
        return Conflict("overflow.loop", {"queue_id": str(to)})
    if moves >= MOVES_MAX:
        return Conflict("overflow.moves", {"moves": moves})
    return None


def cycles(targets: Mapping[UUID, Sequence[UUID]]) -> list[tuple[UUID, ...]]:
    """Return the circles among Queues that overflow into each other, each once, smallest first."""
    found: dict[frozenset[UUID], tuple[UUID, ...]] = {}
    for first in sorted(targets):
        _walk((first,), targets, found)
    return sorted(found.values())


def _walk(
    path: tuple[UUID, ...],
    targets: Mapping[UUID, Sequence[UUID]],
    found: dict[frozenset[UUID], tuple[UUID, ...]],
) -> None:
    """Follow a path as long as it is new; at most four Queues, further no item ever goes."""
    for to in targets.get(path[-1], ()):
        if to == path[0]:
            found.setdefault(frozenset(path), path)
        elif to not in path and len(path) <= MOVES_MAX:
            _walk((*path, to), targets, found)


# ── reading and writing ─────────────────────────────────────────────────────────────────────────


def read(raw: object, *, waits: bool) -> tuple[Rule, ...]:
    """Read rules from their JSON; raise Invalid. ``waits`` = those for work that waits already.

    A rule is ``{when: any|all, conditions: [{fact, than}], action: {do, queue_id|text}}``.
    """
    if not isinstance(raw, (list, tuple)) or len(raw) > RULES_MAX:
        raise _wrong("rules", raw)
    facts, does = (AFTER, DO_AFTER) if waits else (BEFORE, DO_BEFORE)
    return tuple(_rule(one, facts, does) for one in raw)


def _wrong(what: str, found: object) -> Invalid:
    return Invalid("overflow.malformed", {"what": what, "found": str(found)[:100]})


def _rule(raw: object, facts: frozenset[str], does: frozenset[str]) -> Rule:
    if not isinstance(raw, Mapping) or raw.get("when", "any") not in ("any", "all"):
        raise _wrong("rule", raw)
    given = raw.get("conditions")
    if not isinstance(given, (list, tuple)) or not 1 <= len(given) <= CONDITIONS_MAX:
        raise _wrong("conditions", given)
    conditions = tuple(_condition(one, facts) for one in given)
    return Rule(str(raw.get("when", "any")), conditions, _action(raw.get("action"), does))


def _condition(raw: object, facts: frozenset[str]) -> Condition:
    fact = raw.get("fact") if isinstance(raw, Mapping) else None
    if not isinstance(raw, Mapping) or fact not in facts:
        raise _wrong("fact", fact)
    if fact in PLAIN:
        return Condition(str(fact))
    than = raw.get("than")
    if isinstance(than, bool) or not isinstance(than, (int, float)) or not 0 <= than <= 10**9:
        raise _wrong("than", than)
    return Condition(str(fact), round(than * _SCALE.get(str(fact), 1)))


_SCALE = {
    "wait_s": 1000,
    "waited_s": 1000,
    "closes_in_s": 1000,
    "waiting_per_agent": 1000,
    "x": 1_000_000,
}


def _action(raw: object, does: frozenset[str]) -> Action:
    do = raw.get("do") if isinstance(raw, Mapping) else None
    if not isinstance(raw, Mapping) or do not in does:
        raise _wrong("do", do)
    if do == "queue":
        try:
            return Action("queue", UUID(str(raw.get("queue_id"))))
        except ValueError as wrong:
            raise _wrong("queue_id", raw.get("queue_id")) from wrong
    text = raw.get("text") or {}
    if not isinstance(text, Mapping) or not all(isinstance(one, str) for one in text.values()):
        raise _wrong("text", text)
    return Action(str(do), None, {str(key): str(one) for key, one in text.items()})


def targets(rules: Iterable[Rule]) -> list[UUID]:
    """Return the Queues rules send work to."""
    return [one.action.queue for one in rules if one.action.queue is not None]

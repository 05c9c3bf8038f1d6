"""Filter: one tree of all, any, not and comparisons, for views, lists, bulk jobs and rules."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from polyphony.domain.errors import Invalid
from polyphony.domain.fold import fold
from polyphony.domain.moment import is_moment, moment, span, zone_of

ME = "me"
"""Stands for whoever looks, wherever a Person can stand."""
DEPTH_MAX, TESTS_MAX, VALUES_MAX, TEXT_MAX = 6, 60, 200, 200

STATES = ("open", "wait_customer", "wait_third_party", "solved", "closed", "merged", "discarded")
PRIORITIES = ("low", "normal", "high", "critical")
TIERS = ("standard", "priority", "vip")

Value: TypeAlias = str | bool | tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Field:
    """What can be compared: its kind, and for choices the words in their order.

    Kinds: ``choice`` (one of a list), ``rank`` (one of an ordered list), ``word`` (one, may be
    missing), ``words`` (any number), ``person`` and ``persons``, ``id`` and ``ids``, ``flag``,
    ``moment`` (may be missing), ``span`` (time since a moment) and ``text``.
    """

    kind: str
    words: Sequence[str] = ()


FIELDS: Mapping[str, Field] = {
    "state": Field("choice", STATES),
    "priority": Field("rank", PRIORITIES),
    "tier": Field("rank", TIERS),
    "department": Field("id"),
    "queue": Field("ids"),
    "owner": Field("person"),
    "agent": Field("persons"),
    "customer": Field("id"),
    "channel": Field("words"),
    "language": Field("word"),
    "tags": Field("words"),
    "unread": Field("flag"),
    "help": Field("flag"),
    "snoozed": Field("flag"),
    "opened_at": Field("moment"),
    "last_at": Field("moment"),
    "due_at": Field("moment"),
    "age": Field("span"),
    "text": Field("text"),
}
"""``queue`` and ``agent`` speak of WorkItems that are not over, ``due_at`` of the clock that
strikes next, ``age`` of the time since the Case was opened, ``text`` of title, preview, reference
and the customer's name."""

_EQUAL = ("is", "is_not", "in", "not_in")
_EMPTY = ("empty", "not_empty")
OPERATORS: Mapping[str, Sequence[str]] = {
    "choice": _EQUAL,
    "rank": (*_EQUAL, "at_least", "at_most"),
    "word": (*_EQUAL, *_EMPTY),
    "words": (*_EQUAL, *_EMPTY),
    "id": _EQUAL,
    "ids": (*_EQUAL, *_EMPTY),
    "person": (*_EQUAL, *_EMPTY),
    "persons": (*_EQUAL, *_EMPTY),
    "flag": ("is",),
    "moment": ("before", "after", *_EMPTY),
    "span": ("at_least", "at_most"),
    "text": ("contains", "not_contains"),
}
"""Kind → comparisons. The negative ones are true where the positive would be false, so a missing
value ``is_not`` anything; ``after`` includes the moment itself, ``before`` does not."""


@dataclass(frozen=True, slots=True)
class Compare:
    """One comparison of a field."""

    field: str
    op: str
    value: Value = None


@dataclass(frozen=True, slots=True)
class Group:
    """``all`` of the parts, ``any`` of them, or ``not`` the one; empty ``all`` holds always."""

    how: str
    parts: Sequence["Node"]


Node: TypeAlias = Compare | Group


@dataclass(frozen=True, slots=True)
class Context:
    """Who asks, when, and in which time zone."""

    now: datetime
    me: UUID
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Facts:
    """What a Case is for a filter; ids as text."""

    state: str
    priority: str
    tier: str
    department: str
    opened_at: datetime
    last_at: datetime
    due_at: datetime | None = None
    customer: str = ""
    owner: str | None = None
    language: str | None = None
    queue: frozenset[str] = frozenset()
    agent: frozenset[str] = frozenset()
    channel: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    unread: bool = False
    help: bool = False
    snoozed: bool = False
    text: Sequence[str] = field(default=())


# ── reading ─────────────────────────────────────────────────────────────────────────────────────


def _refuse(at: str, why: str) -> Invalid:
    return Invalid("filter.malformed", {"pointer": at or "/", "why": why})


class _Reader:
    def __init__(self) -> None:
        self._tests = 0

    def node(self, given: object, at: str, depth: int) -> Node:
        if not isinstance(given, dict):
            raise _refuse(at, "not_an_object")
        if depth > DEPTH_MAX:
            raise _refuse(at, "too_deep")
        if "field" in given:
            return self._compare(given, at)
        if len(given) != 1 or next(iter(given)) not in ("all", "any", "not"):
            raise _refuse(at, "unknown_shape")
        how, parts = next(iter(given.items()))
        if how == "not":
            return Group("not", (self.node(parts, f"{at}/not", depth + 1),))
        if not isinstance(parts, list):
            raise _refuse(f"{at}/{how}", "not_a_list")
        return Group(
            how,
            tuple(self.node(one, f"{at}/{how}/{n}", depth + 1) for n, one in enumerate(parts)),
        )

    def _compare(self, given: Mapping[str, object], at: str) -> Compare:
        self._tests += 1
        if self._tests > TESTS_MAX:
            raise _refuse(at, "too_many")
        if not set(given) <= {"field", "op", "value"}:
            raise _refuse(at, "unknown_shape")
        name, op = given["field"], given.get("op")
        if not isinstance(name, str) or name not in FIELDS:
            raise _refuse(f"{at}/field", "unknown_field")
        of = FIELDS[name]
        if not isinstance(op, str) or op not in OPERATORS[of.kind]:
            raise _refuse(f"{at}/op", "unknown_op")
        if op in _EMPTY:
            return Compare(name, op)
        return Compare(name, op, _value(of, op, given.get("value"), f"{at}/value"))


def _value(of: Field, op: str, given: object, at: str) -> Value:
    if of.kind == "flag":
        if not isinstance(given, bool):
            raise _refuse(at, "not_a_flag")
        return given
    if op in ("in", "not_in"):
        if not isinstance(given, list) or not 1 <= len(given) <= VALUES_MAX:
            raise _refuse(at, "not_a_list")
        return tuple(_word(of, one, at) for one in given)
    return _word(of, given, at)


def _word(of: Field, given: object, at: str) -> str:
    if not isinstance(given, str) or not 1 <= len(given) <= TEXT_MAX:
        raise _refuse(at, "not_a_text")
    if not _CHECKS[of.kind](of, given):
        raise _refuse(at, "unknown_value")
    return given


def _is_id(_: Field, given: str) -> bool:
    try:
        return str(UUID(given)) == given
    except ValueError:
        return False


_CHECKS: Mapping[str, Callable[[Field, str], bool]] = {
    "choice": lambda of, given: given in of.words,
    "rank": lambda of, given: given in of.words,
    "word": lambda _, __: True,
    "words": lambda _, __: True,
    "id": _is_id,
    "ids": _is_id,
    "person": lambda of, given: given == ME or _is_id(of, given),
    "persons": lambda of, given: given == ME or _is_id(of, given),
    "moment": lambda _, given: is_moment(given),
    "span": lambda _, given: span(given) is not None,
    "text": lambda _, given: bool(given.strip()),
}


def read(given: object) -> Node:
    """Read a tree from JSON; raise Invalid ``filter.malformed`` with where and why."""
    return _Reader().node(given, "", 1)


def always() -> Node:
    """Return the tree that holds for every Case."""
    return Group("all", ())


# ── judging ─────────────────────────────────────────────────────────────────────────────────────


def holds(node: Node, facts: Facts, context: Context) -> bool:
    """Tell whether a Case fits; the twin of the SQL of ``store.filters`` and of filter.ts."""
    if isinstance(node, Compare):
        return _JUDGES[FIELDS[node.field].kind](node, getattr(facts, _source(node.field)), context)
    parts = (holds(one, facts, context) for one in node.parts)
    match node.how:
        case "all":
            return all(parts)
        case "any":
            return any(parts)
    return not next(parts)


def _source(name: str) -> str:
    return "opened_at" if name == "age" else name


def wanted(test: Compare, context: Context) -> frozenset[str]:
    """Return the words a test asks for; ``me`` is who asks."""
    given = test.value if isinstance(test.value, tuple) else (str(test.value),)
    person = FIELDS[test.field].kind in ("person", "persons")
    return frozenset(str(context.me) if person and one == ME else one for one in given)


def moment_of(test: Compare, context: Context) -> datetime:
    """Return the moment a test compares with; spans count back from now."""
    text = str(test.value)
    if FIELDS[test.field].kind == "span":
        since = span(text)
        return context.now if since is None else context.now - since
    return moment(text, context.now, zone_of(context.zone)) or context.now


def ranked(test: Compare) -> frozenset[str]:
    """Return the words of an ordered choice that lie on the asked side."""
    words = FIELDS[test.field].words
    at = words.index(str(test.value))
    return frozenset(words[at:] if test.op == "at_least" else words[: at + 1])


def _one(test: Compare, value: object, context: Context) -> bool:
    if test.op in _EMPTY:
        return (value is None) == (test.op == "empty")
    if test.op in ("at_least", "at_most"):
        return value in ranked(test)
    return (value in wanted(test, context)) == (test.op in ("is", "in"))


def _many(test: Compare, value: frozenset[str], context: Context) -> bool:
    if test.op in _EMPTY:
        return (not value) == (test.op == "empty")
    return bool(value & wanted(test, context)) == (test.op in ("is", "in"))


def _when(test: Compare, value: datetime | None, context: Context) -> bool:
    if test.op in _EMPTY:
        return (value is None) == (test.op == "empty")
    if value is None:
        return False
    border = moment_of(test, context)
    return value < border if test.op == "before" else value >= border


def _since(test: Compare, value: datetime, context: Context) -> bool:
    border = moment_of(test, context)
    return value <= border if test.op == "at_least" else value >= border


def _text(test: Compare, value: Sequence[str], _: Context) -> bool:
    words = fold(str(test.value))
    return any(words in fold(one) for one in value) == (test.op == "contains")


_JUDGES: Mapping[str, Callable[..., bool]] = {
    "choice": _one,
    "rank": _one,
    "word": _one,
    "id": _one,
    "person": _one,
    "words": _many,
    "ids": _many,
    "persons": _many,
    "flag": lambda test, value, _: value is test.value,
    "moment": _when,
    "span": _since,
    "text": _text,
}

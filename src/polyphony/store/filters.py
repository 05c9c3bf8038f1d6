"""Filters: a filter tree as an SQL condition on Cases, with parameters only, never with text."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import LiteralString

from polyphony.domain.filter import (
    FIELDS,
    TESTS_MAX,
    Compare,
    Context,
    Node,
    moment_of,
    ranked,
    wanted,
)
from polyphony.domain.fold import fold
from polyphony.store.visibility import Condition

_LIVE: LiteralString = """FROM work_item fw
     WHERE fw.case_id = c.id AND fw.state NOT IN ('done', 'cancelled')"""
_CLOCKS: LiteralString = """FROM sla_clock fs
     WHERE fs.case_id = c.id AND fs.state IN ('running', 'breached')"""
_CUSTOMER: LiteralString = (
    "FROM record fr JOIN customer fk ON fk.id = fr.customer_id WHERE fr.id = c.record_id"
)

SNOOZED: LiteralString = f"""((c.state IN ('wait_customer', 'wait_third_party')
     AND c.due_at IS NOT NULL) OR EXISTS (SELECT {_LIVE} AND fw.state = 'parked'
     AND fw.wake_at IS NOT NULL))"""
UNREAD: LiteralString = """(c.last_customer > c.last_staff AND c.last_customer > coalesce((
    SELECT position FROM case_read fx WHERE fx.case_id = c.id AND fx.person_id = %(f_me)s), 0))"""

_SINGLE: Mapping[str, LiteralString] = {
    "state": "c.state",
    "priority": "c.priority",
    "department": "c.department_id::text",
    "owner": "c.owner_id::text",
    "language": "c.language",
    "tier": f"(SELECT fk.tier {_CUSTOMER})",
    "customer": f"(SELECT fk.id::text {_CUSTOMER})",
}
_SETS: Mapping[str, tuple[LiteralString, LiteralString]] = {
    "queue": ("fw.queue_id::text", f"{_LIVE} AND fw.queue_id IS NOT NULL"),
    "agent": ("fw.agent_id::text", f"{_LIVE} AND fw.agent_id IS NOT NULL"),
    "channel": ("fc.channel_kind", "FROM interaction fc WHERE fc.case_id = c.id"),
    "tags": ("ft", "FROM unnest(c.tags) AS ft WHERE TRUE"),
}
_FLAGS: Mapping[str, LiteralString] = {
    "unread": UNREAD,
    "snoozed": SNOOZED,
    "help": "(c.help IS NOT NULL)",
}
_MOMENTS: Mapping[str, LiteralString] = {
    "opened_at": "c.opened_at",
    "age": "c.opened_at",
    "last_at": "c.last_at",
    "due_at": f"(SELECT min(fs.due_at) {_CLOCKS})",
}
_BORDERS: Mapping[tuple[str, str], LiteralString] = {
    ("moment", "before"): "<",
    ("moment", "after"): ">=",
    ("span", "at_least"): "<=",
    ("span", "at_most"): ">=",
}
_TEXTS: LiteralString = f"""(folded(c.title) LIKE {{words}} OR folded(c.preview) LIKE {{words}}
     OR c.reference LIKE {{words}} OR (substr(c.reference, 1, 2) || ' ' || substr(c.reference, 3, 4)
     || ' ' || substr(c.reference, 7)) LIKE {{words}}
     OR EXISTS (SELECT {_CUSTOMER} AND folded(fk.name) LIKE {{words}}))"""
_NUMBERS: tuple[LiteralString, ...] = tuple(f"f_{n}" for n in range(TESTS_MAX + 1))


@dataclass(slots=True)
class _Writer:
    """Collects parameters while a tree is written as SQL."""

    context: Context
    params: dict[str, object] = field(default_factory=dict)

    def node(self, node: Node) -> LiteralString:
        """Write one node; every part is TRUE or FALSE, never NULL."""
        if isinstance(node, Compare):
            return _KINDS[FIELDS[node.field].kind](self, node)
        parts = [self.node(one) for one in node.parts]
        if node.how == "not":
            return f"NOT {parts[0]}"
        if not parts:
            return "TRUE" if node.how == "all" else "FALSE"
        glue: LiteralString = " AND " if node.how == "all" else " OR "
        return f"({glue.join(parts)})"

    def param(self, value: object) -> LiteralString:
        """Take a value as a parameter and return its place."""
        name = _NUMBERS[len(self.params)]
        self.params[name] = value
        return f"%({name})s"

    def one(self, test: Compare) -> LiteralString:
        """Write a test of a single value, which may be missing."""
        value = _SINGLE[test.field]
        match test.op:
            case "empty":
                return f"({value} IS NULL)"
            case "not_empty":
                return f"({value} IS NOT NULL)"
            case "at_least" | "at_most":
                return f"({value} = ANY({self.param(sorted(ranked(test)))}))"
        inside = f"coalesce({value} = ANY({self.param(self._words(test))}), FALSE)"
        return inside if test.op in ("is", "in") else f"NOT {inside}"

    def many(self, test: Compare) -> LiteralString:
        """Write a test of a set."""
        value, source = _SETS[test.field]
        match test.op:
            case "empty":
                return f"NOT EXISTS (SELECT {source})"
            case "not_empty":
                return f"EXISTS (SELECT {source})"
        inside = f"EXISTS (SELECT {source} AND {value} = ANY({self.param(self._words(test))}))"
        return inside if test.op in ("is", "in") else f"NOT {inside}"

    def flag(self, test: Compare) -> LiteralString:
        """Write a test of a flag."""
        value = _FLAGS[test.field]
        return value if test.value is True else f"NOT {value}"

    def when(self, test: Compare) -> LiteralString:
        """Write a test of a moment or of the time since one."""
        value = _MOMENTS[test.field]
        match test.op:
            case "empty":
                return f"({value} IS NULL)"
            case "not_empty":
                return f"({value} IS NOT NULL)"
        op = _BORDERS[FIELDS[test.field].kind, test.op]
        border = self.param(moment_of(test, self.context))
        return f"coalesce({value} {op} {border}::timestamptz, FALSE)"

    def text(self, test: Compare) -> LiteralString:
        """Write a test of the words of a Case."""
        like = fold(str(test.value)).replace("\\", "\\\\")
        for sign in "%_":
            like = like.replace(sign, f"\\{sign}")
        inside = _TEXTS.format(words=self.param(f"%{like}%"))
        return inside if test.op == "contains" else f"NOT {inside}"

    def _words(self, test: Compare) -> list[str]:
        return sorted(wanted(test, self.context))


_KINDS: Mapping[str, Callable[[_Writer, Compare], LiteralString]] = {
    **dict.fromkeys(("choice", "rank", "word", "id", "person"), _Writer.one),
    **dict.fromkeys(("words", "ids", "persons"), _Writer.many),
    **dict.fromkeys(("moment", "span"), _Writer.when),
    "flag": _Writer.flag,
    "text": _Writer.text,
}


def condition(node: Node, context: Context) -> Condition:
    """Return a tree as a condition on ``case_ c`` and its parameters (all begin with ``f_``).

    It says nothing about rights: whoever uses it adds ``visible_to`` or ``listed_for``.
    """
    writer = _Writer(context)
    text = writer.node(node)
    return text, {**writer.params, "f_me": context.me}

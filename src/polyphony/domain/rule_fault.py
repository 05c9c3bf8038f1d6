"""RuleFault: everything that is wrong with a set of rules at once, each at its line and column."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from polyphony.domain.errors import Invalid
from polyphony.domain.rule import compile_rules, refuse_unknown

_AT = re.compile(r"<input>:(\d+):(\d+): (?:Syntax error: )?(.*)")


@dataclass(frozen=True, slots=True)
class RuleFault:
    """One fault: of the rule at ``index``, in a field (``where``); line and column count from 1.

    ``length`` is how many characters are meant, 0 when only the place is known.
    """

    index: int
    rule: str
    code: str
    where: str
    line: int = 0
    column: int = 0
    length: int = 0
    facts: Mapping[str, object] = field(default_factory=dict)


def faults(
    raw: Sequence[Mapping[str, object]],
    queues: frozenset[UUID] | None = None,
    skills: frozenset[str] | None = None,
) -> list[RuleFault]:
    """Return all faults of a rule set; with ``queues`` and ``skills`` also names nobody has."""
    names = [str(one.get("id") or f"rule-{number + 1}") for number, one in enumerate(raw)]
    twice = {name for name, times in Counter(names).items() if times > 1}
    found: list[RuleFault] = []
    for index, (name, one) in enumerate(zip(names, raw, strict=True)):
        if name in twice:
            found.append(RuleFault(index, name, "rule.id_twice", "id"))
        fault = _fault(index, name, one)
        if fault is not None:
            found.append(fault)
        else:
            found += _strangers(index, name, one, queues, skills)
    return found


def _fault(index: int, name: str, raw: Mapping[str, object]) -> RuleFault | None:
    try:
        refuse_unknown([raw])
        compile_rules(0, [raw])
    except Invalid as wrong:
        return _placed(index, name, raw, wrong)
    return None


_FIELDS = {
    "rule.tier": "tier",
    "rule.urgency": "urgency",
    "rule.queue": "queue",
    "rule.requirements": "requirements",
    "requirement.malformed": "requirements",
    "rule.continue": "continue",
    "rule.unknown_key": "",
}


def _placed(index: int, name: str, raw: Mapping[str, object], wrong: Invalid) -> RuleFault:
    """Say where a refusal lies: a name by its place, a syntax error by its own words."""
    facts = {key: value for key, value in wrong.facts.items() if key != "rule"}
    where = _FIELDS.get(wrong.code, "when")
    when = raw.get("when")
    source = when if isinstance(when, str) else ""
    line, column, length = 0, 0, 0
    said = _AT.search(str(facts.get("detail", "")))
    names = facts.get("names")
    if where == "when" and isinstance(names, list) and names:
        line, column, length = _find(source, str(names[0]))
    elif said is not None:
        line, column = int(said[1]), int(said[2])
        facts["detail"] = said[3].split("\n")[0][:200]
    return RuleFault(index, name, wrong.code, where, line, column, length, facts)


def _find(source: str, name: str) -> tuple[int, int, int]:
    hit = re.search(rf"(?<![\w.]){re.escape(name)}(?!\w)", source)
    if hit is None:
        return 0, 0, 0
    before = source[: hit.start()]
    return before.count("\n") + 1, hit.start() - before.rfind("\n"), len(name)


def _strangers(
    index: int,
    name: str,
    raw: Mapping[str, object],
    queues: frozenset[UUID] | None,
    skills: frozenset[str] | None,
) -> list[RuleFault]:
    found = []
    queue = raw.get("queue")
    if queues is not None and queue is not None and UUID(str(queue)) not in queues:
        found.append(RuleFault(index, name, "rule.queue_gone", "queue"))
    needs = raw.get("requirements") or []
    for need in needs if isinstance(needs, list) else ():
        key = str(need.get("skill"))
        if skills is not None and key not in skills:
            facts = {"names": [key]}
            found.append(RuleFault(index, name, "rule.skill_unknown", "requirements", facts=facts))
    return found


def as_json(found: Sequence[RuleFault]) -> list[dict[str, object]]:
    """Write faults for a screen."""
    return [
        {
            "index": one.index,
            "rule": one.rule,
            "code": one.code,
            "field": one.where,
            "line": one.line or None,
            "column": one.column or None,
            "length": one.length,
            **one.facts,
        }
        for one in found
    ]

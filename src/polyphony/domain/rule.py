"""RuleSet: CEL over typed facts chooses queue, requirements, tier and urgency; first match wins."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast
from uuid import UUID

import cel

from polyphony.domain.errors import Invalid
from polyphony.domain.ids import QueueId
from polyphony.domain.rule_text import Facts, check, context_of, holds
from polyphony.domain.skill import Requirement, requirement
from polyphony.domain.work import Tier, Urgency

RULES_MAX = 500
RULE_KEYS = frozenset({"id", "when", "queue", "requirements", "tier", "urgency", "continue"})
REQUIREMENT_KEYS = frozenset({"skill", "min_level", "kind", "substitutes"})


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of a RuleSet: when it matches, what it sets; ``go_on`` lets later ones add."""

    id: str
    when: str
    program: cel.Program = field(repr=False, compare=False)
    queue: QueueId | None = None
    requirements: tuple[Requirement, ...] = ()
    tier: str | None = None
    urgency: str | None = None
    go_on: bool = False


@dataclass(frozen=True, slots=True)
class RuleSet:
    """An immutable version of the rules, in the order they are asked."""

    version: int = 0
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class QueueChoice:
    """Where an arrival waits, and why; ``why`` is stored with the WorkItem."""

    queue: QueueId
    requirements: tuple[Requirement, ...]
    tier: str
    urgency: str
    why: dict[str, object]


NO_RULES = RuleSet()


def compile_rules(version: int, raw: Sequence[Mapping[str, object]]) -> RuleSet:
    """Compile and check rules as they are saved.

    Each is ``{id, when, queue?, requirements?, tier?, urgency?, continue?}``. Raises Invalid with
    the id of the first wrong one.
    """
    if len(raw) > RULES_MAX:
        raise Invalid("rule.too_many", {"max": RULES_MAX})
    rules = tuple(_rule(number, one) for number, one in enumerate(raw))
    if len({rule.id for rule in rules}) != len(rules):
        raise Invalid("rule.id_twice")
    return RuleSet(version, rules)


def refuse_unknown(raw: Sequence[Mapping[str, object]]) -> None:
    """Refuse names no rule has before rules are saved: a misspelt one would do nothing, silently.

    Saved ones are read without this check, so that a name dropped later stops no mail.
    """
    for number, one in enumerate(raw):
        name = str(one.get("id") or f"rule-{number + 1}")
        _only(one, RULE_KEYS, name)
        if not isinstance(one.get("continue", False), bool):
            raise Invalid("rule.continue", {"rule": name})
        needs = one.get("requirements")
        for need in needs if isinstance(needs, list) else ():
            if not isinstance(need, Mapping):
                raise Invalid("rule.requirements", {"rule": name})
            _only(need, REQUIREMENT_KEYS, name)


def _only(raw: Mapping[str, object], known: frozenset[str], rule: str) -> None:
    unknown = sorted(raw.keys() - known)
    if unknown:
        facts = {"rule": rule, "names": [one[:60] for one in unknown], "known": sorted(known)}
        raise Invalid("rule.unknown_key", facts)


def as_json(rules: RuleSet) -> list[dict[str, object]]:
    """Write rules as they are saved; ``compile_rules`` reads them back."""
    return [
        {
            "id": rule.id,
            "when": rule.when,
            "queue": str(rule.queue) if rule.queue else None,
            "requirements": [
                {
                    "skill": need.skill,
                    "min_level": need.min_level,
                    "kind": need.kind.value,
                    "substitutes": [
                        {"skill": key, "min_level": low} for key, low in need.substitutes
                    ],
                }
                for need in rule.requirements
            ],
            "tier": rule.tier,
            "urgency": rule.urgency,
            "continue": rule.go_on,
        }
        for rule in rules.rules
    ]


def resolve_queue(
    facts: Facts,
    rules: RuleSet,
    account_default: QueueId | None,
    department_triage: QueueId,
    asking: "Asking | None" = None,
) -> QueueChoice:
    """Find the Queue: step or Queue of a continuing Case, explicit choice, rules, account, triage.

    The first that answers wins. Tier and urgency are the highest of what customer, Case and
    matching rules say; requirements of all matching rules add up. A rule that fails at run time
    does not match and is named. Who asks several rule sets about the same facts gives one
    ``asking`` to all.
    """
    matched, errors = _matching(rules, asking or Asking(facts))
    by_rule = next((rule for rule in matched if rule.queue is not None), None)
    sources: list[tuple[str, QueueId | None]] = [
        ("case_step", facts.step_queue),
        ("continuing", facts.case_queue),
        ("explicit", facts.explicit),
        (f"rule:{by_rule.id}" if by_rule else "rule", by_rule.queue if by_rule else None),
        ("account_default", account_default),
        ("triage", department_triage),
    ]
    place = next(number for number, (_, queue) in enumerate(sources) if queue is not None)
    why: dict[str, object] = {
        "code": sources[place][0],
        "rule_set": rules.version,
        "rules": [rule.id for rule in matched],
        "not_reached": [code for code, _ in sources[place + 1 :]],
    }
    if errors:
        why["rule_error"] = errors
    return QueueChoice(
        sources[place][1] or department_triage,
        tuple(dict.fromkeys(need for rule in matched for need in rule.requirements)),
        _highest(Tier, [facts.customer_tier, *(rule.tier for rule in matched)]),
        _last(Urgency, facts.urgency, [rule.urgency for rule in matched]),
        why,
    )


class Asking:
    """What conditions say of some facts: the context is built once, each condition asked once."""

    __slots__ = ("_context", "_facts", "_said")

    def __init__(self, facts: Facts) -> None:
        """Take the facts; nothing is built before the first question."""
        self._facts = facts
        self._context: cel.Context | None = None
        self._said: dict[str, bool | None] = {}

    def holds(self, rule: Rule) -> bool | None:
        """Tell whether a rule's condition holds; None when it fails or is no condition."""
        if rule.when not in self._said:
            if self._context is None:
                self._context = context_of(self._facts)
            self._said[rule.when] = holds(rule.program, self._context)
        return self._said[rule.when]


def _matching(rules: RuleSet, asking: Asking) -> tuple[list[Rule], list[str]]:
    matched, errors = [], []
    for rule in rules.rules:
        holds = asking.holds(rule)
        if holds is None:
            errors.append(rule.id)
        elif holds:
            matched.append(rule)
            if not rule.go_on:
                break
    return matched, errors


def _highest(kind: type[Tier], said: Sequence[str | None]) -> str:
    order = [one.value for one in kind]
    return max((one for one in said if one in order), key=order.index, default=order[0])


def _last(kind: type[Urgency], given: str, said: Sequence[str | None]) -> str:
    """What a rule says wins over the default; of several rules the first."""
    known = {one.value for one in kind}
    return next((one for one in said if one in known), given if given in known else "normal")


def _rule(number: int, raw: Mapping[str, object]) -> Rule:
    name = str(raw.get("id") or f"rule-{number + 1}")
    when = raw.get("when")
    if not isinstance(when, str) or not when.strip():
        raise Invalid("rule.when_missing", {"rule": name})
    tier, urgency = raw.get("tier"), raw.get("urgency")
    if tier is not None and tier not in list(Tier):
        raise Invalid("rule.tier", {"rule": name, "tier": str(tier)})
    if urgency is not None and urgency not in list(Urgency):
        raise Invalid("rule.urgency", {"rule": name, "urgency": str(urgency)})
    needs = raw.get("requirements") or []
    if not isinstance(needs, list):
        raise Invalid("rule.requirements", {"rule": name})
    return Rule(
        name,
        when,
        check(when, name),
        _queue(raw.get("queue"), name),
        tuple(requirement(one) for one in needs),
        cast("str | None", tier),
        cast("str | None", urgency),
        bool(raw.get("continue", False)),
    )


def _queue(raw: object, name: str) -> QueueId | None:
    if raw is None:
        return None
    try:
        return QueueId(UUID(str(raw)))
    except ValueError as error:
        raise Invalid("rule.queue", {"rule": name, "queue": str(raw)[:100]}) from error

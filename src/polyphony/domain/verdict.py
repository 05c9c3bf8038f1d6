"""Verdict: what each rule says of some facts, and which part of its condition decided."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import cel

from polyphony.domain.rule import Rule, RuleSet
from polyphony.domain.rule_text import FIELDS, VARIABLES, Facts, context_of

SHOWN_MAX = 200
"""Characters of a fact that are told with a verdict."""

_PIECE = re.compile(
    r"""(?P<text>[rRbB]*(?:'''(?:\\.|[^\\])*?'''|\"\"\"(?:\\.|[^\\])*?\"\"\"|'(?:\\.|[^'\\])*'"""
    r"""|"(?:\\.|[^"\\])*"))|(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<join>&&|\|\|)|(?P<ask>\?)"""
    r"""|(?P<name>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)?)""",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Part:
    """One member of a condition: is it true (None = it fails), and the facts it looked at."""

    text: str
    holds: bool | None
    facts: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one rule says: ``matched``, ``not_matched``, ``error`` or ``not_reached``.

    ``join`` is how its parts belong together: ``&&`` all must hold, ``||`` one is enough.
    """

    rule: str
    outcome: str
    join: str
    parts: tuple[Part, ...]


def verdicts(facts: Facts, rules: RuleSet) -> tuple[Verdict, ...]:
    """Ask every rule in order; those behind the first that ends it are not asked any more."""
    context = context_of(facts)
    found, over = [], False
    for rule in rules.rules:
        said = "not_reached" if over else _outcome(rule, context)
        over = over or (said == "matched" and not rule.go_on)
        join, pieces = parts_of(rule.when)
        parts = tuple(_part(piece, context, facts) for piece in pieces)
        found.append(Verdict(rule.id, said, join, parts))
    return tuple(found)


def _outcome(rule: Rule, context: cel.Context) -> str:
    holds = _holds(rule.program, context)
    return "error" if holds is None else ("matched" if holds else "not_matched")


def _holds(program: cel.Program, context: cel.Context) -> bool | None:
    try:
        answer = program.execute(context)
    except Exception:  # noqa: BLE001 - whatever a condition stumbles over is told as such
        return None
    return answer if isinstance(answer, bool) else None


def _part(text: str, context: cel.Context, facts: Facts) -> Part:
    try:
        program = cel.compile(text)
    except Exception:  # noqa: BLE001 - a piece of a condition that is none by itself
        return Part(text, None, {})
    return Part(text, _holds(program, context), facts_in(text, facts))


def parts_of(when: str) -> tuple[str, tuple[str, ...]]:
    """Cut a condition into the members of its outermost ``||``, else of its outermost ``&&``."""
    joins, whole = list(_joins(when)), ("&&", (when.strip(),))
    for sign in ("||", "&&"):
        places = [place for found, place in joins if found == sign]
        if places:
            edges = [*((a, b) for a, b in zip([0, *(p + 2 for p in places)], places, strict=False))]
            last = when[places[-1] + 2 :]
            return sign, tuple(one.strip() for one in (*(when[a:b] for a, b in edges), last))
    return whole


def _joins(when: str) -> Iterator[tuple[str, int]]:
    """Find the signs that join at the outermost level; none in a condition with ``? :``."""
    depth, found = 0, []
    for hit in _PIECE.finditer(when):
        if hit["open"]:
            depth += 1
        elif hit["close"]:
            depth -= 1
        elif depth == 0 and hit["ask"]:
            return
        elif depth == 0 and hit["join"]:
            found.append((hit["join"], hit.start()))
    yield from found


def facts_in(text: str, facts: Facts) -> dict[str, object]:
    """Return the facts a piece of a condition names, long ones cut."""
    known = _told(facts)
    names = [hit["name"] for hit in _PIECE.finditer(text) if hit["name"]]
    wanted = [one if one in known else one.partition(".")[0] for one in names]
    return {one: _cut(known[one]) for one in dict.fromkeys(wanted) if one in known}


def _told(facts: Facts) -> dict[str, object]:
    own = {name: getattr(facts, name) for name in VARIABLES - FIELDS.keys()}
    for group, names in FIELDS.items():
        for name in sorted(names):
            own[f"{group}.{name}"] = getattr(facts, f"{group}_{name}", "")
    own["account.id"], own["account.kind"] = str(facts.account_id), facts.channel
    own["tags"] = list(facts.tags)
    return own


def _cut(value: Any) -> object:  # noqa: ANN401 - whatever a fact is
    return value[:SHOWN_MAX] if isinstance(value, str) else value


def as_json(found: Sequence[Verdict]) -> list[dict[str, object]]:
    """Write verdicts for a screen."""
    return [
        {
            "rule": one.rule,
            "outcome": one.outcome,
            "join": one.join,
            "parts": [
                {"text": part.text, "holds": part.holds, "facts": dict(part.facts)}
                for part in one.parts
            ],
        }
        for one in found
    ]

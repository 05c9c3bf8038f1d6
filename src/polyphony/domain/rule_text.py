"""Conditions of rules: the facts they may know, and the check of one as it is saved."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import cel

from polyphony.domain.errors import Invalid
from polyphony.domain.ids import QueueId

SOURCE_MAX = 2_000
NESTING_MAX = 2
LIST_MAX = 1_000
TEXT_MAX = 20_000
"""Characters of a message's text that rules see."""

FIELDS: Mapping[str, frozenset[str]] = {
    "account": frozenset({"id", "kind", "name", "address", "language"}),
    "customer": frozenset({"tier", "language", "known", "name"}),
}
VARIABLES = frozenset(
    {"channel", "language", "subject", "text", "automated", "tags", "complaint", "first", *FIELDS}
)
FUNCTIONS = frozenset(
    {"size", "contains", "startsWith", "endsWith", "matches", "has"}
    | {"int", "uint", "double", "string", "bool", "type", "dyn"}
)
_MACROS = frozenset({"all", "exists", "exists_one", "map", "filter"})
_TOKEN = re.compile(
    r"""(?P<text>[rRbB]*(?:'''(?:\\.|[^\\])*?'''|\"\"\"(?:\\.|[^\\])*?\"\"\"|'(?:\\.|[^'\\])*'"""
    r"""|"(?:\\.|[^"\\])*"))|(?P<name>[A-Za-z_]\w*)|(?P<sign>[.()\[\],])""",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a rule may know of an arrival; facts only, nothing computed by a rule.

    ``step_queue`` is the Queue of the step a continuing Case has come to, ``case_queue`` the one
    its work was in, ``explicit`` one chosen by a person.
    """

    channel: str
    account_id: UUID
    account_name: str = ""
    account_address: str = ""
    account_language: str = "en"
    customer_tier: str = "standard"
    customer_language: str = ""
    customer_known: bool = False
    customer_name: str = ""
    language: str = ""
    subject: str = ""
    text: str = ""
    automated: str = "no"
    tags: tuple[str, ...] = ()
    complaint: bool = False
    first: bool = True
    urgency: str = "normal"
    case_queue: QueueId | None = None
    step_queue: QueueId | None = None
    explicit: QueueId | None = None


def context_of(facts: Facts) -> cel.Context:
    """Build the context once per arrival: it costs as much as twenty rules."""
    return cel.Context(known(facts))


def known(facts: Facts) -> dict[str, object]:
    """Return what a condition on an arrival may name, with its values."""
    return {
        "channel": facts.channel,
        "account": {
            "id": str(facts.account_id),
            "kind": facts.channel,
            "name": facts.account_name,
            "address": facts.account_address,
            "language": facts.account_language,
        },
        "customer": {
            "tier": facts.customer_tier,
            "language": facts.customer_language,
            "known": facts.customer_known,
            "name": facts.customer_name,
        },
        "language": facts.language,
        "subject": facts.subject,
        "text": facts.text[:TEXT_MAX],
        "automated": facts.automated,
        "tags": list(facts.tags),
        "complaint": facts.complaint,
        "first": facts.first,
    }


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What conditions of one sort may name: variables, the fields of some, and a sample of all."""

    fields: Mapping[str, frozenset[str]]
    variables: frozenset[str]
    sample: Mapping[str, object]


ARRIVAL = Vocabulary(
    FIELDS,
    VARIABLES,
    known(Facts("email", UUID(int=0), subject="?", text="?", language="en")),
)
"""What rules of arrivals may name."""


def check(when: str, name: str = "", words: Vocabulary = ARRIVAL) -> cel.Program:
    """Compile one condition and check it against the typed context; raise Invalid.

    Refused are: more than 2,000 characters, syntax errors, unknown variables, fields or functions,
    comprehensions nested deeper than two, lists above 1,000 entries, and what is no condition.
    """
    if len(when) > SOURCE_MAX:
        raise Invalid("rule.too_long", {"rule": name, "max": SOURCE_MAX})
    try:
        program = cel.compile(when)
    except Exception as error:
        raise Invalid("rule.syntax", {"rule": name, "detail": str(error)[:300]}) from error
    bound, depth, commas, fields = _scan(when, words.fields)
    unknown = set(program.variables()) - words.variables - bound
    foreign = {one for one in program.functions() if one[0].isalpha()} - FUNCTIONS
    missing = {f"{one}.{two}" for one, two in fields if two not in words.fields[one] | _MACROS}
    for code, found in (("variable", unknown), ("function", foreign), ("field", missing)):
        if found:
            raise Invalid(f"rule.unknown_{code}", {"rule": name, "names": sorted(found)})
    if depth > NESTING_MAX or commas > LIST_MAX:
        raise Invalid("rule.too_deep", {"rule": name, "nesting": depth})
    _try(program, name, words)
    return program


def _try(program: cel.Program, name: str, words: Vocabulary) -> None:
    """Run it once over sample facts: a wrong type or a non-condition shows before it is saved."""
    try:
        answer = program.execute(cel.Context(dict(words.sample)))
    except Exception as error:
        raise Invalid("rule.fails", {"rule": name, "detail": str(error)[:300]}) from error
    if not isinstance(answer, bool):
        raise Invalid("rule.no_condition", {"rule": name, "type": type(answer).__name__})


def _scan(
    source: str, known_fields: Mapping[str, frozenset[str]]
) -> tuple[set[str], int, int, set[tuple[str, str]]]:
    """Read the tokens: names bound by comprehensions, their nesting, commas, fields used."""
    tokens = [(found.lastgroup or "", found.group()) for found in _TOKEN.finditer(source)] + [
        ("", "")
    ] * 3
    bound: set[str] = set()
    fields: set[tuple[str, str]] = set()
    opened: list[bool] = []
    depth = commas = 0
    for number, (_, text) in enumerate(tokens):
        after = [word for _, word in tokens[number + 1 : number + 3]]
        if text == "(":
            macro = tokens[number - 1][1] in _MACROS and tokens[number - 2][1] == "."
            opened.append(macro)
            depth = max(depth, sum(opened))
            if macro:
                bound.add(after[0])
        elif text == ")" and opened:
            opened.pop()
        elif text == ",":
            commas += 1
        elif text in known_fields and tokens[number - 1][1] != "." and after[:1] == ["."]:
            fields.add((text, after[1]))
    return bound, depth, commas, fields


def holds(program: cel.Program, context: cel.Context) -> bool | None:
    """Tell whether a condition holds; None when it fails or is no condition."""
    try:
        answer = program.execute(context)
    except Exception:  # noqa: BLE001 - whatever a condition stumbles over, work must not stop
        return None
    return answer if isinstance(answer, bool) else None

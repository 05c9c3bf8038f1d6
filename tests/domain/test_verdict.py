"""Verdicts: which rule says what of some facts, part by part; and faults with their places."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyphony.domain.rule import Facts, compile_rules
from polyphony.domain.rule_fault import faults
from polyphony.domain.verdict import as_json, parts_of, verdicts

CZECH = Facts("email", UUID(int=1), subject="Faktura 7", text="Dobrý den", language="cs")


def test_the_first_match_ends_and_says_which_parts_held() -> None:
    rules = compile_rules(
        1,
        [
            {"id": "pl", "when": "language == 'pl' && subject.contains('Faktura')"},
            {"id": "vip", "when": "customer.tier == 'vip'"},
            {"id": "cs", "when": "language == 'cs' || first", "continue": True},
            {"id": "bill", "when": "subject.contains('Faktura')"},
            {"id": "late", "when": "true"},
        ],
    )
    found = verdicts(CZECH, rules)
    assert [one.outcome for one in found] == [
        *("not_matched", "not_matched", "matched", "matched", "not_reached")
    ]
    pl, vip, cs = found[:3]
    assert [(one.text, one.holds) for one in pl.parts] == [
        ("language == 'pl'", False),
        ("subject.contains('Faktura')", True),
    ]
    assert pl.parts[0].facts == {"language": "cs"}
    assert vip.parts[0].facts == {"customer.tier": "standard"}
    assert (cs.join, len(cs.parts)) == ("||", 2)
    assert as_json(found)[1]["parts"]


def test_a_rule_that_stumbles_is_told_as_an_error() -> None:
    rules = compile_rules(1, [{"id": "x", "when": "tags.size() == 0 || tags[0] == 'a'"}])
    assert verdicts(CZECH, rules)[0].outcome == "matched"
    risky = compile_rules(1, [{"id": "y", "when": "subject.size() < 3 || tags[5] == 'a'"}])
    assert verdicts(CZECH, risky)[0].outcome == "error"


@pytest.mark.parametrize(
    ("when", "join", "parts"),
    [
        ("a && b || c", "||", ("a && b", "c")),
        ("a && (b || c)", "&&", ("a", "(b || c)")),
        ("text == 'a && b' && first", "&&", ("text == 'a && b'", "first")),
        ("first ? a || b : c", "&&", ("first ? a || b : c",)),
        (" first ", "&&", ("first",)),
    ],
)
def test_conditions_are_cut_where_they_join(when: str, join: str, parts: tuple[str, ...]) -> None:
    assert parts_of(when) == (join, parts)


@given(st.lists(st.sampled_from(["first", "(a || b)", "text == '||'", "[1, 2].size() > 1"])))
def test_cut_and_joined_again_a_condition_is_the_same(pieces: list[str]) -> None:
    whole = " && ".join(pieces)
    assert " && ".join(parts_of(whole)[1]) == whole


def test_every_fault_has_its_place() -> None:
    queue = uuid4()
    found = faults(
        [
            {"id": "a", "when": "language == 'cs' &&"},
            {"id": "b", "when": "first &&\n  langage == 'cs'"},
            {"id": "b", "when": "customer.teir == 'vip'"},
            {"id": "c", "when": "first", "queue": str(uuid4())},
            {"id": "d", "when": "first", "queue": str(queue), "requirements": [{"skill": "x"}]},
            {"id": "e", "when": "subject"},
            {"id": "f", "when": "first", "tier": "gold"},
            {"id": "g", "whne": "first"},
            {"id": "h", "when": "first", "queue": str(queue)},
        ],
        frozenset({queue}),
        frozenset({"lang.cs"}),
    )
    assert [(one.rule, one.code, one.line, one.column) for one in found] == [
        ("a", "rule.syntax", 1, 20),
        ("b", "rule.id_twice", 0, 0),
        ("b", "rule.unknown_variable", 2, 3),
        ("b", "rule.id_twice", 0, 0),
        ("b", "rule.unknown_field", 1, 1),
        ("c", "rule.queue_gone", 0, 0),
        ("d", "rule.skill_unknown", 0, 0),
        ("e", "rule.no_condition", 0, 0),
        ("f", "rule.tier", 0, 0),
        ("g", "rule.unknown_key", 0, 0),
    ]
    assert found[2].length == len("langage")

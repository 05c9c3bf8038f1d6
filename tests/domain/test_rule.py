"""Rules are checked when saved, never stop an arrival, and the first source that answers wins."""

from contextlib import suppress
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyphony.domain.errors import Invalid
from polyphony.domain.rule import (
    Asking,
    Facts,
    as_json,
    check,
    compile_rules,
    refuse_unknown,
    resolve_queue,
)
from polyphony.domain.skill import Requirement

ACCOUNT, DEFAULT, TRIAGE, LOANS, VIPS = (UUID(int=number) for number in range(1, 6))
MAIL = Facts(
    "email",
    ACCOUNT,
    account_address="info@bank.example",
    subject="Mortgage?",
    text="I want a loan",
    language="cs",
    customer_tier="vip",
    customer_known=True,
)


def rules(*raw):
    return compile_rules(7, [{"id": f"r{number}", **one} for number, one in enumerate(raw)])


def test_the_first_matching_rule_chooses_the_queue_and_is_named():
    saved = rules(
        {"when": "subject.matches('(?i)card')", "queue": str(VIPS)},
        {
            "when": "text.contains('loan') && customer.tier == 'vip'",
            "queue": str(LOANS),
            "requirements": [{"skill": "cs", "min_level": 3}],
            "urgency": "high",
        },
        {"when": "true", "queue": str(DEFAULT)},
    )
    choice = resolve_queue(MAIL, saved, DEFAULT, TRIAGE)
    assert choice.queue == LOANS
    assert choice.requirements == (Requirement("cs", 3),)
    assert (choice.tier, choice.urgency) == ("vip", "high")
    assert choice.why == {
        "code": "rule:r1",
        "rule_set": 7,
        "rules": ["r1"],
        "not_reached": ["account_default", "triage"],
    }


def test_a_rule_that_goes_on_only_adds():
    saved = rules(
        {"when": "language == 'cs'", "requirements": [{"skill": "cs"}], "continue": True},
        {"when": "true", "queue": str(LOANS), "requirements": [{"skill": "loan"}]},
    )
    choice = resolve_queue(MAIL, saved, DEFAULT, TRIAGE)
    assert [need.skill for need in choice.requirements] == ["cs", "loan"]
    assert choice.why["rules"] == ["r0", "r1"]


def test_the_sources_are_asked_in_the_order_of_the_design():
    saved = rules({"when": "true", "queue": str(LOANS)})
    none = compile_rules(0, [])

    def code(rule_set, default, **facts):
        made = Facts("email", ACCOUNT, **facts)
        return resolve_queue(made, rule_set, default, TRIAGE).why["code"]

    assert code(saved, DEFAULT, case_queue=VIPS, explicit=DEFAULT) == "continuing"
    assert code(saved, DEFAULT, step_queue=VIPS, case_queue=DEFAULT) == "case_step"
    assert code(saved, DEFAULT, explicit=VIPS) == "explicit"
    assert code(saved, DEFAULT) == "rule:r0"
    assert code(none, DEFAULT) == "account_default"
    assert code(none, None) == "triage"


def test_rule_sets_asked_together_say_what_each_says_alone():
    fails = {"when": "first || tags[0] == 'x'", "queue": str(VIPS)}
    adds = {"when": "language == 'cs'", "requirements": [{"skill": "cs"}], "continue": True}
    ends = {"when": "text.contains('loan')", "queue": str(LOANS)}
    sets = [rules(fails, adds, ends), rules(ends, adds), rules(adds, fails), rules()]
    for facts in (Facts("email", ACCOUNT, first=False), MAIL, Facts("chat", ACCOUNT, text="loan")):
        asking = Asking(facts)
        together = [resolve_queue(facts, one, DEFAULT, TRIAGE, asking) for one in sets]
        assert together == [resolve_queue(facts, one, DEFAULT, TRIAGE) for one in sets]


def test_a_rule_that_fails_at_run_time_does_not_match_and_is_named():
    saved = rules(
        {"when": "first || tags[0] == 'x'", "queue": str(VIPS)},
        {"when": "true", "queue": str(LOANS)},
    )
    made = Facts("email", ACCOUNT, first=False)
    choice = resolve_queue(made, saved, DEFAULT, TRIAGE)
    assert choice.queue == LOANS
    assert choice.why["rule_error"] == ["r0"]


@pytest.mark.parametrize(
    ("when", "code"),
    [
        ("", "rule.when_missing"),
        ("1 +", "rule.syntax"),
        ("nope == 1", "rule.unknown_variable"),
        ("customer.shoe_size == 44", "rule.unknown_field"),
        ("secret(text)", "rule.unknown_function"),
        ("subject", "rule.no_condition"),
        ("customer.tier > 3", "rule.fails"),
        ("text == '" + "x" * 2000 + "'", "rule.too_long"),
        ("[1].all(a, [1].all(b, [1].all(c, true)))", "rule.too_deep"),
    ],
)
def test_nonsense_is_refused_when_it_is_saved(when, code):
    with pytest.raises(Invalid) as refused:
        rules({"when": when, "queue": str(LOANS)})
    assert refused.value.code == code


@pytest.mark.parametrize(
    "when",
    [
        "tags.exists(t, t.startsWith('loan'))",
        "[1].all(a, [1].all(b, a == b))",
        "text.contains('(all(') || has(customer.tier)",
        "channel == 'chat' ? true : customer.known",
        "subject.matches('(?i)půjčk')",
        "size(tags) == 0 && !complaint && account.kind == 'email'",
    ],
)
def test_sensible_conditions_pass(when):
    check(when)


@pytest.mark.parametrize(
    "bad",
    [
        {"queue": "no uuid"},
        {"tier": "gold"},
        {"urgency": "soon"},
        {"requirements": "cs"},
        {"requirements": [{"skill": ""}]},
    ],
)
def test_wrong_actions_are_refused(bad):
    with pytest.raises(Invalid):
        rules({"when": "true", **bad})


@pytest.mark.parametrize(
    ("misspelt", "named"),
    [
        ({"whenn": "true"}, "whenn"),
        ({"qeue": str(LOANS)}, "qeue"),
        ({"requirements": [{"skill": "cs", "level": 3}]}, "level"),
    ],
)
def test_a_name_no_rule_has_is_refused_by_name_when_it_is_saved(misspelt, named):
    line = {"id": "loans", "when": "true", **misspelt}
    with pytest.raises(Invalid) as refused:
        refuse_unknown([{"when": "false"}, line])
    assert refused.value.code == "rule.unknown_key"
    assert (refused.value.facts["rule"], refused.value.facts["names"]) == ("loans", [named])
    compile_rules(1, [line])  # what is in force already stops no mail


def test_whether_a_rule_goes_on_is_yes_or_no():
    with pytest.raises(Invalid, match=r"rule\.continue"):
        refuse_unknown([{"when": "true", "continue": "false"}])


def test_every_key_of_a_saved_rule_may_be_saved_again():
    refuse_unknown(as_json(rules({"when": "true", "requirements": [{"skill": "cs"}]})))


def test_two_rules_never_share_an_id():
    with pytest.raises(Invalid):
        compile_rules(1, [{"id": "a", "when": "true"}] * 2)


def test_rules_survive_json():
    saved = rules(
        {
            "when": "true",
            "queue": str(LOANS),
            "tier": "vip",
            "continue": True,
            "requirements": [{"skill": "sk", "substitutes": [{"skill": "cs", "min_level": 2}]}],
        }
    )
    assert compile_rules(7, as_json(saved)) == saved


@given(st.text(max_size=60))
def test_whatever_is_typed_is_compiled_or_refused(text):
    with suppress(Invalid):
        check(text)

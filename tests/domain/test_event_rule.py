"""Event rules: read strictly, asked in their order, stopped when they call one another for ever."""

from uuid import UUID

import cel
import pytest

from polyphony.domain import event_rule
from polyphony.domain.errors import Invalid
from polyphony.domain.event import KNOWN
from polyphony.domain.event_rule import DEPTH_MAX, EVENTS, WORDS, verdicts

QUEUE = "00000000-0000-0000-0000-00000000000a"
TAG = {"do": "tag", "add": ["x"]}
FAILS = 'customer.name == "?" || tags[9] == "x"'
ALL = [
    {"do": "tag", "add": ["late"], "remove": ["new"]},
    {"do": "priority", "to": "high"},
    {"do": "tier", "to": "vip"},
    {"do": "kind", "kind": QUEUE},
    {"do": "queue", "queue": QUEUE},
    {"do": "requirement", "requirement": {"skill": "lang.cs", "min_level": 2}},
    {"do": "attribute", "name": "plan", "value": "gold"},
    {"do": "notify", "to": "leads", "text": "Look"},
    {"do": "note", "text": "Seen"},
]


def one(**more):
    return {"id": "r", "on": ["case.opened"], "do": [TAG], **more}


def context(**more):
    return cel.Context({**WORDS.sample, **more})


def test_a_rule_with_every_action_reads_back_from_what_is_kept():
    rules = event_rule.read([one(on=sorted(EVENTS), when='case.priority == "high"', do=ALL)])
    assert event_rule.read(event_rule.as_json(rules)) == rules
    assert rules[0].do[3].id == UUID(QUEUE)


@pytest.mark.parametrize(
    ("raw", "code", "field"),
    [
        ("rule", "event_rule.field", "rule"),
        (one(id=""), "event_rule.field", "id"),
        (one(on=[]), "event_rule.field", "on"),
        (one(on=["moon.rose"]), "event_rule.field", "on"),
        (one(colour="red"), "event_rule.field", "colour"),
        (one(when=5), "event_rule.field", "when"),
        (one(active="yes"), "event_rule.field", "active"),
        (one(do=[]), "event_rule.field", "do"),
        (one(do=[{"do": "explode"}]), "event_rule.field", "do"),
        (one(do=[{"do": "tag"}]), "event_rule.field", "do"),
        (one(do=[{**TAG, "also": 1}]), "event_rule.field", "do"),
        (one(do=[{"do": "priority", "to": "huge"}]), "event_rule.field", "do"),
        (one(do=[{"do": "queue", "queue": "loans"}]), "event_rule.field", "do"),
        (one(do=[{"do": "notify", "to": "everybody"}]), "event_rule.field", "do"),
        (one(do=[{"do": "note", "text": " "}]), "event_rule.field", "do"),
        (one(do=[TAG] * 11), "event_rule.field", "do"),
        (one(when="case.shoe == 1"), "rule.unknown_field", "when"),
        (one(when="sun"), "rule.unknown_variable", "when"),
        (one(when="case.title"), "rule.no_condition", "when"),
        (one(when="(" * 3), "rule.syntax", "when"),
    ],
)
def test_a_wrong_rule_is_refused_with_its_number_and_field(raw, code, field):
    with pytest.raises(Invalid) as refused:
        event_rule.read([one(id="fine"), raw])
    assert (refused.value.code, refused.value.facts["number"]) == (code, 2)
    assert refused.value.facts["field"] == field


def test_two_rules_of_one_name_and_too_many_are_refused():
    with pytest.raises(Invalid, match=r"event_rule\.id_twice"):
        event_rule.read([one(), one()])
    with pytest.raises(Invalid, match=r"event_rule\.too_many"):
        event_rule.read([one(id=f"r{n}") for n in range(201)])


def test_rules_are_called_by_their_events_while_awake_and_their_condition_holds():
    rules = event_rule.read(
        [
            one(id="always"),
            one(id="asleep", active=False),
            one(id="other", on=["case.moved"]),
            one(id="vip", when='customer.tier == "vip"'),
            one(id="broken", when=FAILS),
        ]
    )
    vip = context(customer={"tier": "vip", "language": "", "known": True, "name": ""})
    assert [(v.rule.id, v.outcome) for v in verdicts(rules, "case.opened", vip, 1)] == [
        ("always", "done"), ("vip", "done"), ("broken", "error"),
    ]  # fmt: skip


def test_what_is_caused_beyond_the_third_rule_in_a_row_is_stopped():
    rules = event_rule.read([one()])
    outcomes = [verdicts(rules, "case.opened", context(), n)[0].outcome for n in range(1, 6)]
    assert outcomes == ["done"] * DEPTH_MAX + ["loop"] * 2


def test_every_event_a_rule_may_wait_for_is_one_the_log_knows():
    assert set(EVENTS.values()) <= KNOWN

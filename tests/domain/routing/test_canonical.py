"""Facts, rules and decisions written as plain values are read as what they were."""

import json
from dataclasses import fields, replace
from datetime import date

import pytest
from tests.domain.routing.world import uid

from polyphony.domain.offer import Exclusion
from polyphony.domain.overflow import Action, Condition, Rule
from polyphony.domain.presence import Mode, Status
from polyphony.domain.routing import canonical
from polyphony.domain.routing.canonical import Opening
from polyphony.domain.routing.decisions import Alert, Expire, MoveQueue, Offer, Relax
from polyphony.domain.routing.digest import GENESIS, chain, content
from polyphony.domain.routing.facts import (
    AgentFacts,
    Gone,
    ItemFacts,
    Pace,
    Policy,
    QueuePolicy,
    Refused,
    Rendered,
    Tick,
)
from polyphony.domain.service_hours import ServiceHours
from polyphony.domain.skill import Requirement, RequirementKind
from polyphony.domain.work import WorkState

NEEDS = (
    Requirement("cs", 3),
    Requirement("sk", 2, RequirementKind.DESIRED, (("cs", 2), ("pl", 1))),
)
ITEM = ItemFacts(
    uid(1),
    7,
    1_000,
    WorkState.WAITING,
    uid(2),
    "email",
    50,
    60_000,
    900,
    requirements=NEEDS,
    sticky=uid(3),
    exclusions=(Exclusion(uid(4), None, "declined", 2),),
    visited=(uid(5), uid(6)),
)
AGENT = AgentFacts(
    uid(8),
    2,
    1_000,
    Status.ONLINE,
    {"email": Mode.ON, "chat": Mode.OFF},
    {"cs": 5},
    {uid(9): 1, uid(2): 3},
    handled={(uid(2), "email"): (500, 2)},
)


def again(plain):
    return json.loads(json.dumps(plain))


def test_every_kind_of_input_is_read_as_it_was_written():
    inputs = [
        *(ITEM, AGENT, Tick(3), Refused(4, uid(1), uid(8)), Refused(4, uid(1)), Gone(5, uid(1))),
        *(Pace(6, {"cs": (10, 300_000)}), Rendered(7, uid(1), uid(8))),
    ]
    assert canonical.read_inputs(again(canonical.write_inputs(inputs))) == inputs


def test_what_has_its_default_at_the_end_is_left_out():
    plain = ItemFacts(uid(1), 1, 0, WorkState.WAITING, uid(2), "chat", 33, 60_000, 0)
    (written,) = canonical.write_inputs([plain])
    assert len(written) == 1 + 9
    assert canonical.named(written)["state"] == "waiting"


def test_the_order_in_which_something_was_put_together_does_not_matter():
    turned = replace(AGENT, queues=dict(reversed(AGENT.queues.items())))
    assert canonical.write_inputs([turned]) == canonical.write_inputs([AGENT])


RULE = Rule("any", (Condition("waited_s", 120_000),), Action("queue", uid(3), {"en": "x"}))


def policy(**more):
    hours = ServiceHours(
        "Europe/Prague",
        {1: [(480, 720), (750, 1020)]},
        {date(2026, 12, 24): []},
        country="CZ",
        worked=frozenset({"labour_day"}),
    )
    queues = {uid(2): QueuePolicy(hours, related=(uid(3),)), uid(3): QueuePolicy(hours)}
    return Policy(4, queues, seen=((uid(2), "email", NEEDS),), languages=frozenset("cs"), **more)


def test_rules_are_named_by_what_they_say_and_not_by_their_version():
    written = canonical.write_policy(policy())
    assert written == canonical.write_policy(replace(policy(), version=9))
    found = canonical.read_policy(again(written), 9)
    assert found.version == 9
    assert canonical.write_policy(found) == written
    assert found.queues[uid(2)].hours is found.queues[uid(3)].hours, "learned days are shared"
    assert found.queues[uid(2)].hours.axis(1_800_000_000_000) == policy().queues[uid(2)].hours.axis(
        1_800_000_000_000
    )
    assert (found.weights, found.interrupts) == (policy().weights, policy().interrupts)
    assert dict(found.costs) == dict(policy().costs)


@pytest.mark.parametrize("field", [one.name for one in fields(QueuePolicy) if one.name != "hours"])
def test_whatever_is_changed_in_a_queue_makes_other_rules(field):
    line = QueuePolicy()
    value = getattr(line, field)
    other = {
        bool: lambda: not value,
        int: lambda: value + 1,
        str: lambda: value + "x",
        tuple: lambda: (RULE,) if field == "overflow" else (uid(77),),
        type(None): lambda: 5,
    }.get(type(value), lambda: type(value)() if field == "ladder" else {"email": 9})()
    one = canonical.write_policy(Policy(1, {uid(2): line}))
    two = canonical.write_policy(Policy(1, {uid(2): replace(line, **{field: other})}))
    assert content(json.dumps(one).encode()) != content(json.dumps(two).encode())


def test_a_beginning_carries_what_the_state_was_built_from():
    for pace in (None, Pace(4, {"cs": (10, 300_000)})):
        opening = Opening(GENESIS, 5, [ITEM], [AGENT], pace)
        found = canonical.read_opening(again(canonical.write_opening(opening)))
        assert found == opening


def test_decisions_are_written_without_their_reasons():
    decided = [
        Offer(1, uid(1), uid(8), 7, 2, 99, 50, False, grounds=object()),
        Expire(2, uid(1), uid(8), 8, Exclusion(uid(8), 62_000, "missed"), {"email": 1, "all": 1}),
        *(Relax(3, uid(1), 0, 1, "waited"), MoveQueue(4, uid(1), 9, uid(2), uid(3), "waited")),
        Alert(5, "all_declined", uid(1)),
    ]
    written = canonical.write_decisions(decided)
    assert [one[0] for one in written] == ["offer", "expire", "relax", "move_queue", "alert"]
    assert canonical.named(written[0])["deadline"] == 99
    assert again(written) == written


def test_a_chain_tells_its_links_apart():
    first = chain(GENESIS, b"ab", b"c")
    assert first != chain(GENESIS, b"a", b"bc"), "where the inputs end is part of it"
    assert chain(first, b"", b"") != chain(GENESIS, b"", b"")
    assert len(first) == 16

"""Levers lie over the rules; taken off, the rules are what they were, to the byte."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.routing.world import uid

from polyphony.domain.errors import Invalid
from polyphony.domain.lever import (
    TERMS,
    Drain,
    Kind,
    Lever,
    Place,
    check,
    clash,
    on_agent,
    overlay,
    set_up,
)
from polyphony.domain.presence import Status
from polyphony.domain.routing.canonical import write_policy
from polyphony.domain.routing.facts import AgentFacts, Policy, QueuePolicy
from polyphony.domain.service_hours import service_hours

LOANS, CARDS = uid(1), uid(2)
JANA, KAREL = uid(11), uid(12)
BASE = Policy(1, {LOANS: QueuePolicy(weight_milli=1500), CARDS: QueuePolicy(reserve=2)})


@st.composite
def levers(draw):
    kind = draw(st.sampled_from([one for one in Kind if one not in {Kind.CAPACITY, Kind.LEND}]))
    terms, queue = TERMS[kind], draw(st.sampled_from([LOANS, CARDS]))
    place = Place(channel="chat") if kind is Kind.OUTAGE else Place(queue)
    if kind is Kind.WEIGHT:
        place = draw(st.sampled_from([place, Place(channel="email"), Place(tier="vip")]))
    value = {terms.name: draw(st.integers(terms.low, terms.high))} if terms.name else {}
    to = draw(st.sampled_from([None, uid(3)])) if kind is Kind.OVERFLOW else None
    return check(Lever(kind, place, value, to, until=10**12), 3600)


@given(st.lists(levers(), max_size=6), st.randoms(use_true_random=False))
def test_taken_off_in_any_order_they_leave_the_rules_as_they_were(given, random):
    pulled = []
    for one in given:
        if not any(clash(one, other) for other in pulled):
            pulled.append(one)
    whole = write_policy(overlay(BASE, pulled))
    shuffled = random.sample(pulled, len(pulled))
    assert write_policy(overlay(BASE, shuffled)) == whole
    while shuffled:
        shuffled.pop()
        kept = [one for one in pulled if one in shuffled]
        assert write_policy(overlay(BASE, shuffled)) == write_policy(overlay(BASE, kept))
    assert write_policy(overlay(BASE, [])) == write_policy(BASE)


@pytest.mark.parametrize(
    ("lever", "field", "there"),
    [
        (Lever(Kind.WEIGHT, Place(LOANS), {"milli": 3000}), "weight_milli", 4500),
        (Lever(Kind.WEIGHT, Place(LOANS), {"milli": 100}), "weight_milli", 150),
        (Lever(Kind.LADDER_NOW, Place(LOANS), {"pct": 80}), "x_floor", 800_000),
        (Lever(Kind.RESERVE, Place(LOANS), {"agents": 4}), "reserve", 4),
        (Lever(Kind.PAUSE, Place(LOANS)), "paused", True),
        (Lever(Kind.HOURS, Place(LOANS), until=77), "closed_today", 77),
        (Lever(Kind.HOURS, Place(LOANS), {"open": 1}, until=77), "open_today", 77),
        (Lever(Kind.OVERFLOW, Place(LOANS)), "overflow", ()),
    ],
)
def test_each_kind_changes_its_own_queue_and_nothing_else(lever, field, there):
    over = overlay(BASE, [check(lever, 3600)])
    assert getattr(over.queues[LOANS], field) == there
    assert over.queues[CARDS] == BASE.queues[CARDS]
    assert over.weights == BASE.weights


def test_overflow_on_stands_before_what_is_set_up():
    lever = Lever(Kind.OVERFLOW, Place(LOANS), {"after_s": 90}, CARDS)
    first = overlay(BASE, [lever]).queues[LOANS].overflow[0]
    assert (first.conditions[0].than, first.action.queue) == (90_000, CARDS)


def test_a_channel_or_a_tier_of_the_house_counts_more():
    email = Lever(Kind.WEIGHT, Place(channel="email"), {"milli": 3000})
    vip = Lever(Kind.WEIGHT, Place(tier="vip"), {"milli": 500})
    weights = overlay(BASE, [email, vip]).weights
    assert (weights.channel["email"], weights.tier["vip"]) == (1800, 4500)


def test_a_lever_of_a_queue_that_is_gone_changes_nothing():
    assert overlay(BASE, [Lever(Kind.PAUSE, Place(uid(9)))]) == BASE


def test_a_channel_out_of_order_is_one_of_the_house():
    over = overlay(BASE, [Lever(Kind.OUTAGE, Place(channel="chat"), other="email")])
    assert over.outages == {"chat"}
    assert over.queues == BASE.queues


def test_whoever_opens_or_closes_by_hand_counts_before_the_hours():
    night = QueuePolicy(hours=service_hours("UTC", {"4": [["08:00", "16:00"]]}, {}, always=False))
    day, hour = 1_767_225_600_000, 3_600_000  # Thursday 1 January 2026; open from 08:00 to 16:00
    shut = day + 3 * hour
    opened = overlay(
        Policy(1, {LOANS: night}), [Lever(Kind.HOURS, Place(LOANS), {"open": 1}, until=shut + 9)]
    ).queues[LOANS]
    assert (night.is_open(shut), opened.is_open(shut), opened.is_open(shut + 9)) == (0, 1, 0)
    assert opened.closes(shut) == shut + 9
    noon, late = day + 12 * hour, day + 20 * hour
    longer = replace(night, open_today=late)
    assert longer.closes(noon) == late
    assert replace(night, open_today=noon + 1).closes(noon) == day + 16 * hour
    closed = replace(night, closed_today=late)
    assert (closed.is_open(noon), closed.closes(noon)) == (False, noon)


def test_agents_get_room_and_one_more_queue():
    jana = AgentFacts(JANA, 1, 0, Status.ONLINE, {}, queues={CARDS: 2}, cap_max=100)
    room = Lever(Kind.CAPACITY, Place(agents=(JANA,)), {"units": 150})
    lent = Lever(Kind.LEND, Place(LOANS, agents=(JANA,)), {"rank": 1})
    assert on_agent(jana, room).cap_max == 150
    assert on_agent(jana, lent).queues == {CARDS: 2, LOANS: 1}
    taught = replace(lent, skills={"lang:pl": 3, "cards": 2})
    able = replace(jana, skills={"cards": 4})
    assert on_agent(able, taught).skills == {"lang:pl": 3, "cards": 4}
    other = replace(jana, id=KAREL)
    assert on_agent(other, room) == on_agent(other, lent) == other


@pytest.mark.parametrize(
    ("lever", "code"),
    [
        (Lever(Kind.WEIGHT, Place(LOANS), {"milli": 10_001}), "lever.amount"),
        (Lever(Kind.WEIGHT, Place(LOANS), {"pct": 100}), "lever.value"),
        (Lever(Kind.PAUSE, Place(LOANS), {"amount": 1}), "lever.value"),
        (Lever(Kind.WEIGHT, Place()), "lever.place"),
        (Lever(Kind.WEIGHT, Place(LOANS, channel="email")), "lever.place"),
        (Lever(Kind.WEIGHT, Place(channel="pigeon")), "lever.place"),
        (Lever(Kind.WEIGHT, Place(tier="king")), "lever.place"),
        (Lever(Kind.PAUSE, Place(channel="email")), "lever.place"),
        (Lever(Kind.PAUSE, Place(LOANS, agents=(JANA,))), "lever.place"),
        (Lever(Kind.LEND, Place(LOANS)), "lever.agents"),
        (Lever(Kind.CAPACITY, Place(LOANS, agents=(JANA,))), "lever.place"),
        (Lever(Kind.LEND, Place(agents=(JANA,))), "lever.place"),
        (Lever(Kind.OVERFLOW, Place(LOANS), to=LOANS), "lever.target"),
        (Lever(Kind.PAUSE, Place(LOANS), to=CARDS), "lever.target"),
        (Lever(Kind.OUTAGE, Place(LOANS)), "lever.place"),
        (Lever(Kind.OUTAGE, Place(tier="vip")), "lever.place"),
        (Lever(Kind.OUTAGE, Place(channel="chat"), other="chat"), "lever.other"),
        (Lever(Kind.OUTAGE, Place(channel="chat"), other="pigeon"), "lever.other"),
        (Lever(Kind.PAUSE, Place(LOANS), other="email"), "lever.other"),
        (Lever(Kind.PAUSE, Place(LOANS), drain=Drain.CALLBACK), "lever.other"),
        (Lever(Kind.PAUSE, Place(LOANS), skills={"cards": 3}), "lever.skills"),
        (Lever(Kind.LEND, Place(LOANS, agents=(JANA,)), skills={"cards": 6}), "lever.skills"),
        (Lever(Kind.CALLBACK, Place(LOANS), {"on": 2}), "lever.amount"),
    ],
)
def test_what_makes_no_sense_is_refused(lever, code):
    with pytest.raises(Invalid) as refused:
        check(lever, 3600)
    assert refused.value.code == code


@pytest.mark.parametrize("seconds", [0, 299, 86_401])
def test_it_lasts_five_minutes_to_a_day(seconds):
    with pytest.raises(Invalid) as refused:
        check(Lever(Kind.PAUSE, Place(LOANS)), seconds)
    assert refused.value.code == "lever.seconds"


def test_two_of_a_kind_never_lie_over_the_same_thing():
    pause, weight = Lever(Kind.PAUSE, Place(LOANS)), Lever(Kind.WEIGHT, Place(LOANS))
    assert clash(pause, pause)
    assert not clash(pause, weight)
    assert not clash(pause, Lever(Kind.PAUSE, Place(CARDS)))
    room = Lever(Kind.CAPACITY, Place(agents=(JANA, KAREL)))
    assert clash(room, Lever(Kind.CAPACITY, Place(agents=(KAREL,))))
    assert not clash(room, Lever(Kind.CAPACITY, Place(agents=(uid(13),))))


def test_a_weight_of_more_than_five_and_an_outage_need_two_people():
    assert Lever(Kind.OUTAGE, Place(channel="chat")).needs_two
    assert Lever(Kind.WEIGHT, Place(LOANS), {"milli": 5001}).needs_two
    assert not Lever(Kind.WEIGHT, Place(LOANS), {"milli": 5000}).needs_two
    assert not Lever(Kind.PAUSE, Place(LOANS)).needs_two


def test_what_is_made_permanent_is_a_field_of_the_queue():
    now = {"weight_milli": 1500, "overflow_after": [{"kept": True}]}
    assert set_up(Lever(Kind.WEIGHT, Place(LOANS), {"milli": 3000}), now) == {"weight_milli": 4500}
    assert set_up(Lever(Kind.RESERVE, Place(LOANS), {"agents": 3}), now) == {
        "reserve": {"agents": 3}
    }
    assert set_up(Lever(Kind.PAUSE, Place(LOANS)), now) == {"paused": True}
    assert set_up(Lever(Kind.CALLBACK, Place(LOANS), {"on": 0}), now) == {"callback": False}
    on = set_up(Lever(Kind.OVERFLOW, Place(LOANS), {"after_s": 60}, CARDS), now)
    assert on["overflow_after"][0]["action"] == {"do": "queue", "queue_id": str(CARDS)}
    assert on["overflow_after"][1] == {"kept": True}
    assert set_up(Lever(Kind.OVERFLOW, Place(LOANS)), now) == {"overflow_after": []}
    assert not Lever(Kind.HOURS, Place(LOANS)).may_stay
    assert not Lever(Kind.WEIGHT, Place(channel="email"), {"milli": 2000}).may_stay
    with pytest.raises(Invalid):
        set_up(Lever(Kind.HOURS, Place(LOANS)), now)

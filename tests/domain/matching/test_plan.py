"""Plan: in any order the same people come of the same Links; `different` is never broken."""

import os
import random
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from polyphony.domain.matching.plan import Edge, Kind, Tier, plan
from polyphony.domain.matching.succession import Bearer, after_split, survivor

RECORDS = [f"r{at}" for at in range(12)]
EDGES = st.lists(
    st.builds(
        lambda ends, kind, tier, bits, rests: (*ends, kind, tier, bits, frozenset(rests)),
        st.lists(st.sampled_from(RECORDS), min_size=2, max_size=2, unique=True),
        st.sampled_from([Kind.SAME, Kind.SAME, Kind.SAME, Kind.DIFFERENT, Kind.RELATIVE]),
        st.sampled_from(Tier),
        st.integers(0, 30),
        st.lists(st.sampled_from(["info@a.cz", "+420777123456"]), max_size=2),
    ),
    max_size=30,
)


def _links(drawn):
    return [
        Edge(f"l{at}", a, b, kind, tier, float(bits), rests)
        for at, (a, b, kind, tier, bits, rests) in enumerate(drawn)
    ]


@settings(max_examples=40, deadline=None)
@given(drawn=EDGES, seed=st.integers(0, 10_000))
def test_order_makes_no_difference_and_different_is_never_broken(drawn, seed):
    links, generic = _links(drawn), frozenset({"info@a.cz"})
    first = plan(RECORDS, links, generic)
    chance = random.Random(seed)
    mixed, records = links[:], RECORDS[:]
    chance.shuffle(mixed)
    chance.shuffle(records)
    turned = [Edge(e.id, e.b, e.a, e.kind, e.tier, e.bits, e.rests_on) for e in mixed]
    assert plan(records, turned, generic) == first
    assert sorted(r for person in first.people for r in person) == sorted(RECORDS)
    for link in links:
        together = first.person_of[link.a] == first.person_of[link.b]
        if link.kind is Kind.DIFFERENT:
            assert not together
        elif link.kind is Kind.SAME and link.id not in (*first.blocked, *first.taken_back):
            assert together
    for id_ in first.blocked:
        link = links[int(id_[1:])]
        assert first.person_of[link.a] != first.person_of[link.b]


def test_a_weak_link_gives_way_to_what_a_person_said():
    links = [
        Edge("1", "a", "b", Kind.SAME, Tier.SCORED, 40.0),
        Edge("2", "b", "c", Kind.SAME, Tier.HUMAN),
        Edge("3", "a", "c", Kind.DIFFERENT, Tier.HUMAN),
    ]
    found = plan("abc", links)
    assert found.people == (frozenset("a"), frozenset("bc"))
    assert found.blocked == ("1",)


def test_two_thousand_records_in_many_orders_give_the_same_people():
    chance = random.Random(5)
    records = [f"r{at}" for at in range(2_000)]
    kinds = [Kind.SAME] * 8 + [Kind.DIFFERENT]
    links = [
        Edge(str(at), *chance.sample(records, 2), kind, chance.choice([*Tier]), at % 30)
        for at, kind in enumerate(chance.choices(kinds, k=1_500))
    ]
    first = plan(records, links)
    assert first.blocked
    for _ in range(200 if os.environ.get("FULL") else 3):
        chance.shuffle(links)
        chance.shuffle(records)
        assert plan(records, links) == first


def test_who_keeps_his_id():
    old, new = datetime(2020, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
    assert survivor([Bearer("b", new), Bearer("a", old)]) == "a"
    assert survivor([Bearer("b", new, mastered=True), Bearer("a", old)]) == "b"
    assert survivor([Bearer("b", old), Bearer("a", old)]) == "a"


def test_a_piece_that_was_somebody_before_gets_his_id_back():
    made = {name: datetime(2026, 1, day, tzinfo=UTC) for day, name in enumerate("abcd", 1)}
    pieces = [frozenset("cd"), frozenset("b"), frozenset("a")]
    before = {"one": frozenset("ab"), "two": frozenset("cd")}
    assert after_split(pieces, before, "one", made) == ("two", None, "one")
    assert after_split([frozenset("ab"), frozenset("cd")], before, "one", made) == ("one", "two")

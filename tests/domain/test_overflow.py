"""Overflow ends: no fourth move, no Queue twice, nothing against a person's will."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyphony.domain.errors import Invalid
from polyphony.domain.overflow import (
    MOVES_MAX,
    Line,
    after,
    before,
    cycles,
    may_move,
    read,
    targets,
)

A, B, C, D = (UUID(int=n) for n in range(1, 5))
graph = st.dictionaries(
    st.sampled_from([A, B, C, D]), st.lists(st.sampled_from([A, B, C, D]), max_size=3), max_size=4
)


def rule(fact, than=None, do="queue", when="any"):
    action = {"do": do} | ({"queue_id": str(B)} if do == "queue" else {})
    condition = {"fact": fact} | ({} if than is None else {"than": than})
    return {"when": when, "conditions": [condition], "action": action}


@given(graph, st.lists(st.sampled_from([A, B, C, D]), max_size=20))
def test_whatever_is_tried_an_item_moves_three_times_at_most_and_never_back(edges, tries):
    here, visited, moves = A, (), 0
    for to in tries:
        if (
            to in edges.get(here, [])
            and may_move((*visited, here), moves, to, allowed=True) is None
        ):
            visited, here, moves = (*visited, here), to, moves + 1
    assert moves <= MOVES_MAX
    assert len({*visited, here}) == moves + 1


def test_what_a_person_sent_stays_where_he_sent_it():
    refused = may_move((), 0, B, allowed=False)
    assert refused is not None
    assert refused.code == "overflow.by_person"
    assert may_move((A, B), 2, B, allowed=True).code == "overflow.loop"
    assert may_move((A,), 3, B, allowed=True).code == "overflow.moves"


@given(graph)
def test_circles_are_found_and_nothing_else(edges):
    found = cycles(edges)
    for path in found:
        for one, to in zip(path, (*path[1:], path[0]), strict=True):
            assert to in edges[one]
        assert len(set(path)) == len(path)
    if not any(_reaches(edges, start, start) for start in edges):
        assert found == []
    elif any(_reaches(edges, start, start, 4) for start in edges):
        assert found


def _reaches(edges, start, goal, steps=4):
    ways = {start}
    for _ in range(steps):
        ways = {to for one in ways for to in edges.get(one, ())}
        if goal in ways:
            return True
    return False


@pytest.mark.parametrize(
    ("raw", "yes", "no"),
    [
        (rule("closed"), Line(closed=True), Line()),
        (rule("wait_s", 120), Line(wait_ms=120_001), Line(wait_ms=120_000)),
        (rule("wait_s", 0), Line(wait_ms=1), Line(wait_ms=None)),
        (rule("waiting", 20), Line(waiting=21, signed_in=9), Line(waiting=20, signed_in=9)),
        (
            rule("waiting_per_agent", 1.5),
            Line(waiting=4, signed_in=2),
            Line(waiting=3, signed_in=2),
        ),
        (rule("waiting_per_agent", 1), Line(waiting=2), Line(waiting=1)),  # nobody counts as one
        (rule("legal_missing"), Line(legal_missing=True, signed_in=1), Line(signed_in=1)),
        (rule("nobody"), Line(), Line(signed_in=1)),
    ],
)
def test_before_queueing_each_fact_counts_as_it_is_written(raw, yes, no):
    rules = read([raw], waits=False)
    assert before(rules, yes).queue == B
    assert before(rules, no) is None
    assert targets(rules) == [B]


@pytest.mark.parametrize(
    ("raw", "yes", "no"),
    [
        (rule("waited_s", 120), Line(waited_ms=120_000), Line(waited_ms=119_999)),
        (rule("x", 0.8), Line(x=800_000), Line(x=799_999)),
        (rule("closes_in_s", 600), Line(closes_in_ms=600_000), Line(closes_in_ms=600_001)),
        (rule("closes_in_s", 600), Line(closes_in_ms=0), Line(closes_in_ms=None)),
    ],
)
def test_while_waiting_each_fact_counts_as_it_is_written(raw, yes, no):
    rules = read([raw], waits=True)
    assert after(rules, yes) == 0
    assert after(rules, no) is None
    assert after(rules, yes, done=1) is None


def test_all_means_all_and_the_first_rule_counts():
    both = {
        "when": "all",
        "conditions": [{"fact": "closed"}, {"fact": "waiting", "than": 3}],
        "action": {"do": "message", "text": {"en": "Closed"}},
    }
    rules = read([both, rule("closed", do="form")], waits=False)
    assert before(rules, Line(closed=True, waiting=4)).do == "message"
    assert before(rules, Line(closed=True, waiting=3)).do == "form"
    assert before(rules, Line(waiting=4)) is None


@pytest.mark.parametrize(
    ("raw", "waits"),
    [
        *(("x", False), ([1], False), ([{}], False), ([rule("closed")] * 9, False)),
        ([rule("waited_s", 3)], False),  # that is asked of what waits already
        ([rule("waiting", 3)], True),
        ([rule("closed", do="form")], True),
        *(
            ([rule("wait_s")], False),
            ([rule("wait_s", -1)], False),
            ([rule("wait_s", True)], False),
        ),
        ([{"conditions": [{"fact": "closed"}], "action": {"do": "queue", "queue_id": "x"}}], True),
        ([{"conditions": [], "action": {"do": "callback"}}], True),
        (
            [{"when": "some", "conditions": [{"fact": "closed"}], "action": {"do": "callback"}}],
            True,
        ),
        ([{"conditions": [{"fact": "closed"}], "action": {"do": "form", "text": "x"}}], False),
    ],
)
def test_what_is_no_rule_is_refused(raw, waits):
    with pytest.raises(Invalid, match=r"overflow\.malformed"):
        read(raw, waits=waits)

"""Filter trees: every vector holds as written, and what is no tree is refused with its place."""

import json
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.make.filter_vectors import FILE, written
from tests.make.filters import facts_from_json

from polyphony.domain.errors import Invalid
from polyphony.domain.filter import FIELDS, OPERATORS, Context, holds, read
from polyphony.domain.fold import fold
from polyphony.domain.moment import moment, span, zone_of

KNOWN = json.loads(FILE.read_text(encoding="utf-8"))


def test_every_vector_holds_as_it_is_written():
    wrong = []
    for one in KNOWN["vectors"]:
        asked = KNOWN["context"] | one["context"]
        context = Context(datetime.fromisoformat(asked["now"]), asked["me"], asked["zone"])
        facts = facts_from_json(KNOWN["facts"] | one["facts"])
        if holds(read(one["filter"]), facts, context) is not one["holds"]:
            wrong.append(one["name"])
    assert wrong == []


def test_the_vectors_are_many_speak_of_every_field_and_comparison_and_of_both_answers():
    vectors = KNOWN["vectors"]
    assert len(vectors) >= 500
    found = {
        (one["filter"]["field"], one["filter"]["op"]) for one in vectors if "field" in one["filter"]
    }
    assert {(name, op) for name, of in FIELDS.items() for op in OPERATORS[of.kind]} <= found | {
        ("age", "at_least"), ("age", "at_most"),
    }  # fmt: skip
    answers = {(one["filter"].get("field"), one["holds"]) for one in vectors}
    assert {(name, answer) for name in FIELDS for answer in (True, False)} <= answers


def test_the_file_is_what_its_script_writes():
    assert FILE.read_text(encoding="utf-8") == written()


@pytest.mark.parametrize("one", KNOWN["refused"], ids=lambda one: one["why"])
def test_what_is_no_tree_is_refused_with_its_place_and_the_reason(one):
    with pytest.raises(Invalid) as refused:
        read(one["filter"])
    assert refused.value.code == "filter.malformed"
    assert (refused.value.facts["pointer"], refused.value.facts["why"]) == (
        one["pointer"],
        one["why"],
    )


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from([*FIELDS]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["all", "any", "not", "field", "op", "value"]), inner)
    ),
    max_leaves=12,
)


@given(JSON)
def test_no_json_does_worse_than_being_refused(tree):
    with suppress(Invalid):
        read(tree)


@given(st.text(max_size=30))
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)


def test_a_day_may_begin_late_and_a_moment_may_be_none():
    now = datetime(2026, 3, 29, 12, tzinfo=UTC)
    assert moment("today", now, zone_of("Asia/Beirut")) == datetime(2026, 3, 28, 22, tzinfo=UTC)
    for text in ("", "now-", "now-1y", "today-1m", "2026-3-1", "2026-03-29T10:00", "now+999999d"):
        assert moment(text, now, zone_of("UTC")) is None
    assert [span(text) for text in ("", "1", "d", "-1d", "1.5h")] == [None] * 5

"""Columns: whatever stands in a value arrives as it is."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.make.moment import AT, new_id

from polyphony.store import columns

SHAPE: columns.Shape = {
    "id": "uuid",
    "text": "text",
    "body": "bytea",
    "n": "bigint",
    "yes": "bool",
    "at": "timestamptz",
    "facts": "jsonb",
    "words": "words",
}


@dataclass(frozen=True)
class Row:
    id: UUID | None
    text: str | None
    body: bytes | None
    n: int | None
    yes: bool | None
    at: object
    facts: object
    words: object


async def back(session, rows):
    query = "SELECT n.* FROM " + columns.source(SHAPE)
    found = await session.execute(query, columns.params(SHAPE, rows))
    return await found.fetchall()


ODD = [
    "", "NULL", "null", '"', "\\", '\\"', "{}", "{a,b}", ",", " x ", "a\nb\r\tc", "žluť кот 🐈",
    "'; DROP TABLE x; --", "%s %(x)s", "\x01\x7f", "\u202e",
]  # fmt: skip


@pytest.mark.parametrize("text", ODD)
async def test_odd_texts_come_back(session, text):
    row = Row(new_id(), text, b"\x00\xff{}\\", -(2**62), False, AT, {"x": text}, ())
    none = Row(None, None, None, None, None, None, None, ())
    (first, second) = await back(session, [row, none])
    assert first == (*(row.id, text, row.body, row.n, False, AT, {"x": text}, []),)
    assert second == (None, None, None, None, None, None, None, [])


async def test_words_moments_and_numbers_come_back(session):
    at = AT + timedelta(microseconds=1)
    rows = [Row(new_id(), "x", b"", 7, True, at, [1, "ž", None], ("a", "b_c"))]
    ((_, _, body, n, yes, when, facts, words),) = await back(session, rows)
    assert (bytes(body), n, yes, when) == (b"", 7, True, at)
    assert (facts, words) == ([1, "ž", None], ["a", "b_c"])


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(texts=st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\x00")), max_size=8))
def test_any_text_is_one_element(texts):
    rows = [Row(None, one, None, None, None, None, None, ()) for one in texts]
    literal = columns.params({"text": "text"}, rows)["text"].decode()
    assert literal[0] == "{"
    assert literal[-1] == "}"
    inside, quoted, count = literal[1:-1], False, 0
    place = 0
    while place < len(inside):
        if inside[place] == "\\":
            place += 1
        elif inside[place] == '"':
            quoted = not quoted
            count += quoted
        place += 1
    assert not quoted
    assert count == len(texts)


async def test_no_rows_are_no_statement(session):
    await columns.add(session, "this is not SQL", SHAPE, [])

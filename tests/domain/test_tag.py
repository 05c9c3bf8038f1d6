"""Tag: cleaned, without doubles, with a colour that never changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyphony.domain.errors import Invalid
from polyphony.domain.notice import TEXT_MAX, shortened
from polyphony.domain.tag import COLOURS, cleaned, colour


def test_tags_lose_odd_blanks_and_doubles_in_any_case():
    assert cleaned([" late  parcel ", "Late Parcel", "", "vip"]) == ["late parcel", "vip"]


def test_too_many_or_too_long_tags_are_refused():
    with pytest.raises(Invalid, match=r"case\.tags"):
        cleaned([str(number) for number in range(21)])
    with pytest.raises(Invalid, match=r"case\.tags"):
        cleaned(["x" * 51])


KNOWN = {"vip": "grey", "reklamace": "grey", "POZDĚ": "violet", "срочно": "red", "": "teal"}
"""The same table stands in the screens' own test."""


@given(st.text(max_size=50))
def test_a_tag_has_one_of_the_colours_and_keeps_it(name):
    assert colour(name) in COLOURS
    assert colour(name) == colour(name)


def test_the_colours_of_known_tags_are_those_the_screens_know():
    known = {name: colour(name) for name in ("vip", "reklamace", "POZDĚ", "срочно", "")}
    assert known == KNOWN


@given(st.text())
def test_a_notice_is_one_line_of_bearable_length(text):
    line = shortened(text)
    assert len(line) <= TEXT_MAX
    assert line.split() == line.split("\n")[0].split()

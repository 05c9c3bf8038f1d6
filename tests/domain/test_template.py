"""Template: variables are replaced once, what is unknown stays and is named."""
# ruff: noqa: RUF001 - a Russian date

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyphony.domain import template
from polyphony.domain.template import Facts, Resolved

VECTORS = json.loads((Path(__file__).parent / "template_vectors.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("vector", VECTORS["cases"], ids=lambda one: one["text"][:30])
def test_the_vectors_shared_with_the_screens_hold(vector):
    found = template.resolve(vector["text"], VECTORS["values"])
    assert found == Resolved(vector["out"], tuple(vector["missing"]))


def test_the_vectors_name_every_variable():
    assert set(VECTORS["values"]) == set(template.NAMES)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "1 May 2026"),
        ("cs", "1. května 2026"),
        ("cs-CZ", "1. května 2026"),
        ("pl", "1 maja 2026"),
        ("ru", "1 мая 2026 г."),
        ("de", "1 May 2026"),
        ("", "1 May 2026"),
    ],
)
def test_a_day_is_written_as_people_of_the_language_write_it(language, said):
    assert template.day(date(2026, 5, 1), language) == said


@pytest.mark.parametrize(
    ("name", "first"),
    [("Olga Němcová", "Olga"), ("Novák, Jan", "Novák"), ("", ""), ("a@b.example", ""), (" ", "")],
)
def test_a_first_name_is_the_first_word_and_an_address_has_none(name, first):
    assert template.first_name(name) == first


def test_every_variable_has_a_value_or_is_known_to_have_none():
    facts = Facts("a@b.example", "26 0412 7352", "Jana Malá", "Care", "pl", date(2026, 11, 22))
    told = template.values(facts)
    assert set(told) == set(template.NAMES)
    assert {name for name, value in told.items() if not value} == {
        *("customer.name", "customer.first_name", "brand.name"),
    }
    assert told["today"] == "22 listopada 2026"


@given(st.text(), st.sampled_from(template.NAMES), st.text(min_size=1))
def test_a_resolved_text_holds_the_value_as_it_is(before, name, value):
    before = before.replace("{", "(")
    found = template.resolve(before + "{{" + name + "}}", {name: value})
    assert found == Resolved(before + value)

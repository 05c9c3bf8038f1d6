"""Levels and bits: what agrees how far, what it is worth, the same from both sides."""

import dataclasses
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.domain.matching.families import FAMILIES
from tests.domain.matching.people import PEOPLE

from polyphony.domain.matching.features import Features, Stated, features
from polyphony.domain.matching.judging import Candidate, Seen, judge
from polyphony.domain.matching.levels import Field, compare, levels_of
from polyphony.domain.matching.likeness import Level, family_level, given_level
from polyphony.domain.matching.start import start_weights
from polyphony.domain.matching.weights import Weights, prior, probability

MILLION = start_weights(1_000_000)


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("Юлия", "Julija", Level.EQUAL),
        ("Jan", "Honza", Level.CLOSE),
        ("Anna Maria", "Anna", Level.CLOSE),
        ("Hryhoriy", "Григорий", Level.CLOSE),
        ("Tomáš", "Tomaš", Level.EQUAL),
        ("Martin", "Marin", Level.CLOSE),
        ("Petr", "Pavel", Level.DIFFERENT),
        ("Krystyna", "Krystian", Level.DIFFERENT),
        ("Александр", "Александра", Level.DIFFERENT),
        ("Jan", "", None),
    ],
)
def test_given_names_agree_as_far_as_they_do(one, other, level):
    assert given_level(one.casefold(), other.casefold()) == level
    assert given_level(other.casefold(), one.casefold()) == level


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("Новицкая", "Novitskiy", Level.EQUAL),
        ("Nowicka", "Новицкая", Level.EQUAL),
        ("Šteflová", "Štefl", Level.EQUAL),
        ("Malá-Nová", "Nová-Malá", Level.CLOSE),
        ("Malá-Nová", "Malý", Level.CLOSE),
        ("Liška", "Luozka", Level.NEAR),
        ("Novák", "Svoboda", Level.DIFFERENT),
    ],
)
def test_surnames_agree_through_stems_and_parts(one, other, level):
    assert family_level(one.casefold(), other.casefold()) == level
    assert family_level(other.casefold(), one.casefold()) == level


def test_opposite_sexes_are_never_close_in_any_spelling():
    pairs = [("александр", "александра"), ("валентин", "валентина"), ("виктор", "виктория")]
    pairs += [("daniel", "daniela"), ("michal", "michaela"), ("jan", "jana"), ("petr", "petra")]
    pairs += [("krystian", "krystyna"), ("stanisław", "stanisława"), ("євген", "євгенія")]
    for man, woman in pairs:
        for his in _spellings(man):
            for hers in _spellings(woman):
                assert given_level(his, hers) is Level.DIFFERENT, (his, hers)


def _spellings(name):
    lines = [line for line in FAMILIES if line[0].casefold() == name]
    return {name, *(other.casefold() for line in lines for other in line)}


def test_the_example_of_the_design_is_a_suggestion_and_a_phone_makes_it_sure():
    there = {"street": "dlouhá", "houses": ("5",), "postcode": "11000"}
    here = {"street": "polna", "houses": ("9",), "postcode": "30001"}
    julia = Features(given="юлия", surname="новицкая", born="1984-03-12", **there)
    other = Features(given="julia", surname="nowicki", born="1984-03-12", **here)
    given = {"julia": 0.01, "julija": 0.01}
    weights = Weights(MILLION.m, MILLION.u, 1_000_000, given, {"nowick": 0.001, "novicka": 0.001})
    judged = judge([Seen(julia)], Candidate("1", (Seen(other),)), weights)
    assert 0.05 < judged.p < 0.99
    assert math.isclose(judged.bits, prior(weights) + sum(judged.worth.values()))
    phone = {"phones": ("+420777123456",)}
    one, two = (dataclasses.replace(person, **phone) for person in (julia, other))
    assert judge([Seen(one)], Candidate("1", (Seen(two),)), weights).p > 0.999


def test_a_shared_phone_is_worth_less_by_each_holder():
    one = Features(given="jan", phones=("+420777123456",))
    alone = judge([Seen(one)], Candidate("1", (Seen(one),)), MILLION)
    shared = judge([Seen(one)], Candidate("1", (Seen(one),)), MILLION, {"+420777123456": 4})
    assert math.isclose(alone.worth[Field.PHONE] - shared.worth[Field.PHONE], 2, abs_tol=0.01)


def test_who_has_many_addresses_agrees_sooner_by_chance():
    asked = Features(given="jan", born="1984-03-12")
    many = tuple(Seen(Features(given="jan", born=f"1984-03-{day:02}")) for day in range(10, 20))
    few = judge([Seen(asked)], Candidate("1", many[2:3]), MILLION)
    lot = judge([Seen(asked)], Candidate("1", many), MILLION)
    assert few.worth[Field.BORN] - lot.worth[Field.BORN] == pytest.approx(math.log2(10), abs=0.2)


def test_a_like_local_part_says_the_name_twice_and_is_worth_nothing():
    one = Features(given="jan", surname="novák", emails=("jan.novak@a.cz",))
    other = Features(given="jan", surname="novák", emails=("jan.novak@b.cz",))
    judged = judge([Seen(one)], Candidate("1", (Seen(other),)), MILLION)
    assert judged.levels[Field.EMAIL] is Level.NEAR
    assert judged.worth[Field.EMAIL] == 0


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        (("Školní", "12", "110 00"), ("Skolni", "12", "11000"), Level.EQUAL),
        (("Dlouhá", "1234/5", "11000"), ("ul. Dlouhá", "5", "11000"), Level.EQUAL),
        (("Dlouhá", "5", "11000"), ("Dlouhá", "5", "70030"), Level.CLOSE),
        (("Dlouhá", "5", "11000"), ("Krátká", "9", "11000"), Level.NEAR),
        (("Dlouhá", "5", "11000"), ("Dlouhá", "9", "70030"), Level.PART),
        (("Dlouhá", "5", "11000"), ("Krátká", "9", "70030"), Level.DIFFERENT),
        (("", "", "11000"), ("Krátká", "9", "11000"), None),
    ],
)
def test_addresses_agree_part_by_part(one, other, level):
    left, right = (
        features(Stated(street=street, house=house, postcode=code))
        for street, house, code in (one, other)
    )
    found = compare([left], [right]).get(Field.ADDRESS)
    assert (found.level if found else None) == level


def test_names_that_changed_places_are_seen_also_when_one_is_a_nickname():
    straight = [Features(given="jan", surname="novák")]
    assert levels_of(compare(straight, [Features(given="novák", surname="jan")])) == {
        Field.GIVEN: Level.SWAPPED,
        Field.SURNAME: Level.SWAPPED,
    }
    assert compare([Features(given="novak", surname="honza")], straight)[Field.GIVEN].level is (
        Level.SWAPPED_CLOSE
    )


@settings(max_examples=40, deadline=None)
@given(st.lists(PEOPLE, min_size=1, max_size=3), st.lists(PEOPLE, min_size=1, max_size=3))
def test_evidence_is_the_same_from_both_sides_and_in_any_order(one, other):
    mine, theirs = [Seen(a) for a in one], [Seen(b) for b in other]
    forth = judge(mine, Candidate("x", tuple(theirs)), MILLION)
    back = judge(theirs[::-1], Candidate("x", tuple(mine[::-1])), MILLION)
    assert forth.bits == pytest.approx(back.bits)
    assert forth.levels == back.levels
    assert forth.contradiction == back.contradiction
    assert 0 <= probability(forth.bits) <= 1

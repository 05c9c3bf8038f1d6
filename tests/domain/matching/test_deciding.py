"""Deciding: relatives, twins and claims are never taken for one; each verdict has its reasons."""

import dataclasses
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.domain.matching.people import PEOPLE

from polyphony.domain.matching.deciding import Verdict, decide
from polyphony.domain.matching.features import Features
from polyphony.domain.matching.guard import Why
from polyphony.domain.matching.judging import Candidate, Contradiction, Seen
from polyphony.domain.matching.levels import Field
from polyphony.domain.matching.start import start_weights
from polyphony.domain.matching.telling import line, why_not

WEIGHTS = start_weights(100_000)
HOME = {"street": "dlouhá", "houses": ("5",), "postcode": "11000"}
PHONE, MAIL = ("+420777123456",), ("jan.novak@a.cz",)
FATHER = Features("jan", "novák", born="1950-01-01", phones=PHONE, emails=MAIL, **HOME)
NEW = ("+420601000001",)


def _one(id_, *records, refused=False, trusted=True):
    return Candidate(id_, tuple(Seen(one, trusted) for one in records), refused)


def _codes(decision):
    return {one.why for one in decision.hindrances}


def test_the_same_person_with_another_phone_is_the_same():
    asked = Features("honza", "novak", born="1950-01-01", phones=NEW, **HOME)
    decision = decide([Seen(asked)], [_one("father", FATHER)], WEIGHTS)
    assert decision.verdict is Verdict.SAME
    assert decision.best.candidate.id == "father"
    assert decision.hindrances == ()


def test_father_and_son_of_one_name_under_one_roof_are_relatives():
    son = dataclasses.replace(FATHER, born="1980-05-05")
    decision = decide([Seen(son)], [_one("father", FATHER)], WEIGHTS)
    assert decision.verdict is Verdict.RELATIVE
    assert decision.relatives[0].contradiction is Contradiction.BORN


def test_twins_are_relatives():
    twin = dataclasses.replace(FATHER, given="petr")
    decision = decide([Seen(twin)], [_one("jan", FATHER)], WEIGHTS)
    assert decision.verdict is Verdict.RELATIVE
    assert decision.relatives[0].contradiction is Contradiction.GIVEN
    assert line(decision.relatives[0]).endswith("; given speaks against it")


def test_different_patronymics_are_different_men():
    one = Features("ivan", "petrov", "ivanovič", "1950-01-01", **HOME)
    other = Features("ivan", "petrov", "petrovič", "1950-01-01", **HOME)
    decision = decide([Seen(one)], [_one("other", other)], WEIGHTS)
    assert decision.relatives[0].contradiction is Contradiction.PATRONYMIC


def test_two_who_fit_equally_are_left_to_a_person():
    asked = Features(given="jan", surname="novák", emails=MAIL)
    son = Features(given="jan", surname="novák", born="1980-05-05", emails=MAIL)
    decision = decide([Seen(asked)], [_one("father", FATHER), _one("son", son)], WEIGHTS)
    assert decision.verdict is Verdict.SUGGESTION
    assert {one.candidate.id for one in decision.suggestions} == {"father", "son"}
    assert Why.CLOSE_SECOND in _codes(decision)


@pytest.mark.parametrize(
    ("asked", "holders", "refused", "why"),
    [
        (Features(given="jan", surname="novák", phones=PHONE, **HOME), {}, False, Why.NO_ANCHOR),
        (Features(given="jan", surname="novák", emails=MAIL), {MAIL[0]: 2}, False, Why.NO_ANCHOR),
        (Features(surname="novák", born="1950-01-01", emails=MAIL, **HOME), {}, False, Why.GIVEN),
        (FATHER, {}, True, Why.REFUSED),
        (Features(given="jan", surname="novák", born="1950-01-10"), {}, False, Why.UNSURE),
        (Features(given="jan", surname="dvořák", born="1950-01-01"), {}, False, Why.FAMILY),
    ],
)
def test_what_is_missing_for_a_link_is_named(asked, holders, refused, why):
    decision = decide([Seen(asked)], [_one("father", FATHER, refused=refused)], WEIGHTS, holders)
    assert decision.verdict is not Verdict.SAME
    assert decision.verdict is Verdict.NONE or why in _codes(decision)


def test_numbers_of_one_kind_that_differ_are_for_two_people_to_decide():
    one = dataclasses.replace(FATHER, numbers=("pesel:1",))
    other = dataclasses.replace(FATHER, numbers=("pesel:2",))
    decision = decide([Seen(one)], [_one("other", other)], WEIGHTS)
    assert decision.verdict is Verdict.SUGGESTION
    assert _codes(decision) == {Why.NUMBERS}


def test_what_to_ask_next_is_what_the_other_side_knows():
    asked = Features(given="jan", surname="novák", phones=PHONE)
    decision = decide([Seen(asked)], [_one("father", FATHER)], WEIGHTS)
    assert decision.ask is not None
    assert decision.ask.field in (Field.BORN, Field.EMAIL)
    assert decision.ask.gain >= 0
    assert 0.8 < decision.ask.settles <= 1
    assert why_not(decision).startswith("no_birth_date_or_own_mailbox, ask ")
    assert line(decision.best).startswith("given equal +")
    bare = Features(given="jan", surname="novák", phones=PHONE)
    assert decide([Seen(asked)], [_one("bare", bare)], WEIGHTS).ask is None


def test_nobody_is_none():
    assert decide([Seen(FATHER)], [], WEIGHTS).verdict is Verdict.NONE
    stranger = Features(given="eva", surname="malá")
    assert decide([Seen(FATHER)], [_one("eva", stranger)], WEIGHTS).verdict is Verdict.NONE


@settings(max_examples=40, deadline=None)
@given(
    asked=st.lists(PEOPLE, min_size=1, max_size=3),
    others=st.lists(PEOPLE, min_size=1, max_size=4),
    claims=st.lists(PEOPLE, max_size=4),
)
def test_claims_never_bring_a_link_about_and_never_move_one(asked, others, claims):
    """Whatever is typed, on either side, what follows by itself is what followed without it."""
    typed = [Seen(one, trusted=False) for one in asked]
    known = [_one(str(at), one) for at, one in enumerate(others)]
    assert decide(typed, known, WEIGHTS).verdict is not Verdict.SAME
    poisoned = [
        Candidate(one.id, (*one.records, *(Seen(claim, trusted=False) for claim in claims)))
        for one in known
    ]
    poisoned += [_one(f"fake{at}", claim, trusted=False) for at, claim in enumerate(claims)]
    honest = [Seen(one) for one in asked]
    plain = decide(honest, known, WEIGHTS)
    after = decide([*honest, *typed], poisoned, WEIGHTS)
    assert (after.verdict is Verdict.SAME) == (plain.verdict is Verdict.SAME)
    if plain.verdict is Verdict.SAME:
        assert after.best.candidate.id == plain.best.candidate.id


@settings(max_examples=40, deadline=None)
@given(
    asked=st.lists(PEOPLE, min_size=1, max_size=2),
    others=st.lists(PEOPLE, min_size=1, max_size=5),
    seed=st.integers(0, 1000),
)
def test_the_order_of_candidates_changes_nothing(asked, others, seed):
    known = [_one(str(at), one) for at, one in enumerate(others)]
    mixed = known[:]
    random.Random(seed).shuffle(mixed)
    one = decide([Seen(a) for a in asked], known, WEIGHTS)
    other = decide([Seen(a) for a in asked], mixed, WEIGHTS)
    assert one == other

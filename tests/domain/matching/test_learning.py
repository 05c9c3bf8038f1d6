"""Learning: weights come from verified and from random pairs; rare values are not remembered."""

import json

import pytest

from polyphony.domain.matching.features import Features
from polyphony.domain.matching.learning import Pair, frequencies, learn
from polyphony.domain.matching.levels import Field
from polyphony.domain.matching.likeness import Level
from polyphony.domain.matching.start import START
from polyphony.domain.matching.verified import generic, verified
from polyphony.domain.matching.weights import pack_weights, unpack_weights


def test_m_comes_from_verified_pairs_and_u_from_random_ones():
    shared = [Pair({Field.BORN: Level.EQUAL, Field.EMAIL: Level.EQUAL}, Field.EMAIL)] * 900
    shared += [Pair({Field.BORN: Level.DIFFERENT, Field.EMAIL: Level.EQUAL}, Field.EMAIL)] * 100
    random_pairs = [{Field.BORN: Level.DIFFERENT}] * 9_990 + [{Field.BORN: Level.EQUAL}] * 10
    weights = learn(shared, random_pairs, frequencies([]))
    assert weights.m[Field.BORN, Level.EQUAL] == pytest.approx(0.9, abs=0.01)
    assert weights.u[Field.BORN, Level.EQUAL] == pytest.approx(0.001, abs=0.0001)
    assert weights.m[Field.EMAIL, Level.EQUAL] == START[Field.EMAIL, Level.EQUAL][0]


def test_nothing_learned_leaves_the_start_values():
    weights = learn([], [], frequencies([]))
    assert weights.m == pytest.approx({key: m for key, (m, _) in START.items()})
    assert weights.u == pytest.approx({key: u for key, (_, u) in START.items()})
    for field in Field:
        for side in (weights.m, weights.u):
            whole = sum(share for key, share in side.items() if key[0] is field)
            assert whole == pytest.approx(1, abs=0.02)


def test_frequencies_name_only_values_of_five_and_more():
    people = [Features(given="jan", surname="novák")] * 5 + [Features(given="čeněk")] * 4
    known = frequencies(people)
    assert known.customers == 9
    assert known.given == {"jan": 5 / 9}
    assert known.surname == {"novak": 5 / 9}


def test_a_verified_address_links_unless_names_or_dates_speak_against_it():
    jan = Features(given="jan", surname="novák", born="1950-01-01")
    assert verified([jan], [Features(given="honza")])
    assert verified([jan], [Features()])
    assert not verified([jan], [Features(given="eva", surname="nováková")])
    assert not verified([jan], [Features(given="jan", born="1980-05-05")])


def test_an_address_of_everybody_is_nobodys():
    people = [Features(given=name, surname="novák") for name in ("jan", "petr", "eva", "adam")]
    assert not generic("a@a.cz", people[:3])
    assert generic("a@a.cz", people)
    assert generic("a@a.cz", people[:1] * 21)
    assert generic("info@a.cz", [])
    assert generic("+420000000000", [])
    assert not generic("+420777123456", [])


def test_a_model_survives_storage():
    weights = learn([], [], frequencies([Features(given="jan", surname="novák")] * 6))
    assert unpack_weights(json.loads(json.dumps(pack_weights(weights)))) == weights

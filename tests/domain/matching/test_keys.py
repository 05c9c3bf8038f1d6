"""Features and blocking keys: two Records of one person meet, and what is stored can be read."""

import dataclasses

import pytest

from polyphony.domain.matching.blocking import sought_keys, stored_keys
from polyphony.domain.matching.features import Features, Stated, features, pack, unpack

JULIA = Stated(
    given="Юлия",
    surname="Новицкая",
    born="12.3.1984",
    street="ul. Szkolna 12/4",
    postcode="00-950",
    phones=("777 123 456", "112"),
    emails=("Julia.N+shop@gmail.com", "nothing"),
    region="CZ",
)


def test_a_record_is_normalised_and_survives_storage():
    told = features(JULIA)
    assert told == Features(
        given="юлия",
        surname="новицкая",
        born="1984-03-12",
        street="szkolna",
        houses=("12", "4"),
        postcode="00950",
        phones=("+420777123456",),
        emails=("julian@gmail.com",),
    )
    assert unpack(pack(told)) == told
    assert unpack({**pack(told), "strange": 1}) == told
    assert pack(Features()) == {}


@pytest.mark.parametrize(
    "other",
    [
        Stated(given="Julia", surname="Nowicka"),
        Stated(given="Nowicka", surname="Julia"),
        Stated(given="Juliana", surname="X", born="1984-03-12"),
        Stated(phones=("777123456",), region="CZ"),
        Stated(emails=("julian@googlemail.com",)),
        Stated(emails=("julian@example.org",)),
        Stated(street="Školní", house="4", postcode="00 950"),
        Stated(given="Julija", street="Школьна", house="12"),
    ],
)
def test_records_of_one_person_meet_by_a_key(other):
    assert sought_keys(features(other)) & stored_keys(features(JULIA))


def test_a_nickname_meets_the_name_whichever_came_first():
    papers, home = Features(given="jan", surname="novák"), Features(given="honza", surname="novak")
    assert sought_keys(papers) & stored_keys(home)
    assert sought_keys(home) & stored_keys(papers)
    assert not stored_keys(home) & stored_keys(papers)


def test_keys_are_signed_numbers_of_64_bits_that_never_change():
    keys = stored_keys(Features(emails=("eva@example.org",)))
    assert len(keys) == 2
    assert all(-(2**63) <= key < 2**63 for key in keys)
    assert keys == stored_keys(dataclasses.replace(Features(), emails=("eva@example.org",)))
    assert sorted(keys) == [-957455380503111131, 6705245004679228747]

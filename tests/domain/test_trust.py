"""Trust: machines set nothing off; acknowledgements are few, fixed and in four languages."""

import pytest

from polyphony.domain.message import Automated
from polyphony.domain.trust import (
    ACK_TEXT,
    Answered,
    Consequences,
    acknowledgement,
    consequences,
    is_robot,
    may_acknowledge,
)


def test_a_person_makes_work_opens_again_and_may_be_answered():
    found = consequences(Automated.NO, "petr@customer.example")
    assert found == Consequences(makes_work=True, reopens=True, answerable=True)


@pytest.mark.parametrize("kind", [kind for kind in Automated if kind is not Automated.NO])
def test_a_machine_sets_nothing_off(kind):
    found = consequences(kind, "petr@customer.example")
    assert found == Consequences(makes_work=False, reopens=False, answerable=False)


@pytest.mark.parametrize(
    "address", ["mailer-daemon@x", "MAILER-DAEMON@x", "postmaster@x", "noreply@x", "no-reply+1@x"]
)
def test_robots_are_never_answered_even_when_they_hide(address):
    assert is_robot(address)
    assert not consequences(Automated.NO, address).answerable
    assert not consequences(Automated.NO, "").answerable


@pytest.mark.parametrize(
    ("so_far", "why"),
    [
        (Answered(), None),
        (Answered(case_day=1), "case_limit"),
        (Answered(address_day=4), None),
        (Answered(address_day=5), "address_limit"),
        (Answered(hour=19), None),
        (Answered(hour=20), "breaker"),
        (Answered(hour=99, hourly=10.0), None),
        (Answered(hour=100, hourly=10.0), "breaker"),
    ],
)
def test_acknowledgements_are_limited(so_far, why):
    assert may_acknowledge(so_far) == why


def test_acknowledgements_speak_the_four_languages_and_name_the_case():
    texts = {acknowledgement(one, "26 0412 7352") for one in ("en", "cs", "pl", "ru")}
    assert len(texts) == 4
    assert all("26 0412 7352" in subject and "26 0412 7352" in text for subject, text in texts)
    assert acknowledgement("cs-CZ", "1") == acknowledgement("cs", "1")
    assert acknowledgement("fr", "1") == acknowledgement(None, "1")
    assert set(ACK_TEXT) == {"en", "cs", "pl", "ru"}

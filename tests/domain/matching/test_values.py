"""Mailboxes, telephones, dates, numbers and addresses: what is one thing becomes one key."""
# ruff: noqa: RUF001

import pytest

from polyphony.domain.matching.address import Address, address
from polyphony.domain.matching.birth_date import birth_date, one_edit, turned
from polyphony.domain.matching.company_number import company_number
from polyphony.domain.matching.mailbox import mail_key
from polyphony.domain.matching.national_number import NationalNumber, national_number
from polyphony.domain.matching.phone_number import PhoneNumber, Sort, phone_number, tail


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Jan.Novak+obchod@Gmail.com", "jannovak@gmail.com"),
        ("jannovak@googlemail.com", "jannovak@gmail.com"),
        ("Jan.Novak+x@Seznam.cz", "jan.novak@seznam.cz"),
        ("eva@příklad.cz", "eva@xn--pklad-zsa96e.cz"),
        ("ｅｖａ@example.org", "eva@example.org"),
        ("eva", None),
        ("eva@home", None),
        ("+@gmail.com", None),
        ("a b@example.org", None),
    ],
)
def test_a_mailbox_has_one_key(text, key):
    assert mail_key(text) == key


@pytest.mark.parametrize(
    ("text", "region", "read"),
    [
        ("+420777123456", None, PhoneNumber("+420777123456")),
        ("00420 777 123 456", None, PhoneNumber("+420777123456")),
        ("777 123 456", "CZ", PhoneNumber("+420777123456")),
        ("(22) 123-45-67 wew. 12", "PL", PhoneNumber("+48221234567", "12")),
        ("8 (912) 345-67-89", "RU", PhoneNumber("+79123456789")),
        ("900 123 456", "CZ", PhoneNumber("+420900123456", sort=Sort.PREMIUM)),
        ("112", "CZ", PhoneNumber("112", sort=Sort.SHORT)),
        ("777 123 456", None, None),
        ("call me", "CZ", None),
    ],
)
def test_a_number_is_read_in_its_country(text, region, read):
    assert phone_number(text, region) == read


def test_the_tail_is_the_same_with_and_without_the_country():
    assert tail("+420777123456") == tail("777123456") == "777123456"


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("12. 3. 1984", "1984-03-12"),
        ("1984-03-12", "1984-03-12"),
        ("19840312", "1984-03-12"),
        ("3/12/1984", "1984-12-03"),
        ("12/31/1984", "1984-12-31"),
        ("31.02.1984", None),
        ("12. 3. 1784", None),
        ("yesterday", None),
    ],
)
def test_a_birth_date_is_read_day_first(text, date):
    assert birth_date(text) == date


def test_slips_of_a_date_are_told_apart():
    assert turned("1984-03-12", "1984-12-03")
    assert not turned("1984-03-12", "1985-12-03")
    assert one_edit("1984-03-12", "1984-03-21")
    assert one_edit("1984-03-12", "1994-03-12")
    assert not one_edit("1984-03-12", "1994-03-13")


@pytest.mark.parametrize(
    ("text", "country", "read"),
    [
        ("710319/2745", "CZ", NationalNumber("CZ", "7103192745", "1971-03-19", "m")),
        ("44051401359", "PL", NationalNumber("PL", "44051401359", "1944-05-14", "m")),
        ("1759013776", "UA", NationalNumber("UA", "1759013776", "1948-02-28", "m")),
        ("500100732259", "RU", NationalNumber("RU", "500100732259")),
    ],
)
def test_a_number_of_a_person_is_checked_and_tells_what_it_knows(text, country, read):
    assert national_number(text, country) == read
    digits = read.digits
    for place in (2, 5, len(digits) - 1):
        wrong = digits[:place] + str((int(digits[place]) + 1) % 10) + digits[place + 1 :]
        assert national_number(wrong, country) is None


@pytest.mark.parametrize(
    ("text", "country", "number"),
    [
        ("000 06 947", "CZ", "CZ:00006947"),
        ("45274649", "CZ", "CZ:45274649"),
        ("CZ 27082440", "CZ", "CZ:27082440"),
        ("35 763 469", "SK", "SK:35763469"),
        ("526-02-50-274", "PL", "PL:5260250274"),
        ("14360570", "UA", "UA:14360570"),
        ("32855961", "UA", "UA:32855961"),
        ("7707083893", "RU", "RU:7707083893"),
        ("7736050003", "RU", "RU:7736050003"),
        ("1027700132195", "RU", "RU:1027700132195"),
    ],
)
def test_a_number_of_a_company_is_checked(text, country, number):
    assert company_number(text, country) == number
    digits = number.partition(":")[2]
    wrong = digits[:-1] + str((int(digits[-1]) + 1) % 10)
    assert company_number(wrong, country) is None


@pytest.mark.parametrize(
    ("given", "read"),
    [
        (("ul. Szkolna 12/4", "", "00-950", "Warszawa"), ("szkolna", ("12", "4"), "", "00950")),
        (("Dlouhá", "1234/5", "110 00", "Praha 1"), ("dlouhá", ("1234", "5"), "", "11000")),
        (("nám. Míru 7a", "", "120 00", "Praha"), ("míru", ("7a",), "", "12000")),
        (("ул. Ленина, д. 5, кв. 12", "", "101000", "Москва"), ("ленина", ("5",), "12", "101000")),
        (("", "", "", ""), ("", (), "", "")),
        (("17. listopadu 5", "", "", ""), ("17. listopadu", ("5",), "", "")),
    ],
)
def test_an_address_is_taken_apart(given, read):
    street, houses, flat, postcode = read
    city = given[3].casefold()
    assert address(*given) == Address(street, houses, flat, postcode, city)

"""Passwords and codes: what is good enough, what matches, which code counts once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyphony.domain import password
from polyphony.domain.errors import Invalid

SECRET = b"12345678901234567890"  # the key of RFC 6238, appendix B


@pytest.mark.parametrize(
    ("epoch", "code"),
    [
        (59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"),
        (2000000000, "279037"), (20000000000, "353130"),
    ],
)  # fmt: skip
def test_codes_are_those_of_the_standard(epoch: int, code: str) -> None:
    assert password.code_at(SECRET, epoch // 30) == code


def test_a_code_counts_one_step_early_or_late_but_never_twice() -> None:
    now = 1_000_000_020
    step = now // 30
    for near in (step - 1, step, step + 1):
        assert password.step_of(SECRET, password.code_at(SECRET, near), now, None) == near
    assert password.step_of(SECRET, password.code_at(SECRET, step), now, step) is None
    assert password.step_of(SECRET, password.code_at(SECRET, step + 2), now, None) is None


@given(st.text(max_size=12))
def test_odd_codes_are_just_wrong(given_: str) -> None:
    assert password.step_of(SECRET, given_, 59, 10**6) is None


@pytest.mark.parametrize(
    "word",
    ["short", "aaaaaaaaaaaaa", "abababababab", "password12!", "Heslo123456", "0123456789",
     "qwertzuiop", "jana.novakova1", "polyphony2026", "9876543210!!",
     "\u043f\u0430\u0440\u043e\u043b\u044c1"],
)  # fmt: skip
def test_guessable_passwords_are_refused(word: str) -> None:
    with pytest.raises(Invalid):
        password.check(word, "jana.novakova@desk.example", "Jana Nováková")


@pytest.mark.parametrize("word", ["a horse that nobody guesses", "x7$Kq!!93mZz", "žluťoučký kůň"])
def test_good_passwords_pass_whatever_their_letters(word: str) -> None:
    password.check(word, "jana@desk.example", "Jana")


def test_a_digest_matches_its_password_only() -> None:
    stored = password.digest("a horse that nobody guesses", b"0" * 16)
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert password.matches(stored, "a horse that nobody guesses")
    assert not password.matches(stored, "a horse that nobody guessed")


def test_a_word_a_machine_drew_is_digested_at_once_and_matches_like_any_other() -> None:
    stored = password.digest_of_secret("8f14e45fceea167a5a36dedd4bea2543", b"0" * 16)
    assert password.matches(stored, "8f14e45fceea167a5a36dedd4bea2543")
    assert not password.matches(stored, "8f14e45fceea167a5a36dedd4bea2544")


def test_no_digest_and_broken_digests_never_match() -> None:
    assert not password.matches(None, "")
    assert not password.matches("not a digest", "x")


def test_the_address_for_the_app_names_issuer_and_account() -> None:
    uri = password.totp_uri(SECRET, "jana@desk.example")
    assert uri.startswith("otpauth://totp/Polyphony%3Ajana%40desk.example?secret=GEZDGNBV")

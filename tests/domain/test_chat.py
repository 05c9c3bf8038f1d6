"""What a visitor may send, who he is, and when he is away."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyphony.domain import chat
from polyphony.domain.chat import Absence, Then
from polyphony.domain.errors import Invalid, NotAuthenticated

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CID = str(uuid4())


def test_a_line_is_taken_with_its_text_made_plain() -> None:
    line = chat.said({"cid": CID, "text": " Ahoj\x00 sve\u030cte ", "files": []})
    assert line == chat.Said(UUID(CID), "Ahoj sv\u011bte", ())


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (None, "chat.body"),
        ([], "chat.body"),
        ({"cid": CID}, "chat.empty"),
        ({"cid": CID, "text": "  "}, "chat.empty"),
        ({"cid": CID, "text": 7}, "chat.text"),
        ({"cid": "x", "text": "a"}, "chat.cid"),
        ({"text": "a"}, "chat.cid"),
        ({"cid": 7, "text": "a"}, "chat.cid"),
        ({"cid": CID, "text": "a" * 10_001}, "chat.text_too_long"),
        ({"cid": CID, "files": "abc"}, "chat.files"),
        ({"cid": CID, "files": [1]}, "chat.files"),
        ({"cid": CID, "files": [CID] * 21}, "chat.files"),
    ],
)
def test_a_malformed_line_is_refused_with_the_field_that_is_wrong(body: object, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        chat.said(body)
    assert refused.value.code == code


def test_a_line_of_exactly_ten_thousand_characters_is_taken() -> None:
    assert len(chat.said({"cid": CID, "text": "ž" * 10_000}).text) == 10_000


def test_an_address_is_normalised_and_a_wrong_one_refused() -> None:
    assert chat.address("  Jana.Nova@Example.ORG ") == "jana.nova@example.org"
    for wrong in ("", "a", "a@b", "a b@c.cz", "a@b..cz", "a@-b.cz", "a@b.cz\nBcc: x@y.cz", None, 5):
        with pytest.raises(Invalid):
            chat.address(wrong)


def test_a_name_is_one_printable_line() -> None:
    assert chat.label("Eva\r\nBcc: x\x1b[2J") == "Eva Bcc: x [2J"
    assert chat.label("x" * 5000) == "x" * 200
    assert chat.label({"a": 1}) == ""


@pytest.mark.parametrize(
    "name", ["none", "None", "HS384", "RS512", "ES256", "", None, 5, ["HS256"]]
)
def test_only_two_algorithms_are_ever_accepted(name: object) -> None:
    with pytest.raises(NotAuthenticated):
        chat.algorithm({"alg": name}, ["HS256", "RS256"])


def test_an_algorithm_without_a_key_of_its_own_is_refused() -> None:
    assert chat.algorithm({"alg": "RS256"}, ["RS256"]) == "RS256"
    with pytest.raises(NotAuthenticated):
        chat.algorithm({"alg": "HS256"}, ["RS256"])


def test_an_enforcing_account_lets_no_unproved_name_in_and_if_set_nobody() -> None:
    anonymous = chat.Visitor("", chat.How.ANONYMOUS, 0)
    chat.admit(anonymous, chat.Enforce.OFF, named=True)
    chat.admit(anonymous, chat.Enforce.IDENTIFIED, named=False)
    with pytest.raises(NotAuthenticated):
        chat.admit(anonymous, chat.Enforce.IDENTIFIED, named=True)
    with pytest.raises(NotAuthenticated):
        chat.admit(anonymous, chat.Enforce.ALL, named=False)


moments = st.integers(0, 3600).map(lambda s: NOW + timedelta(seconds=s))
facts = st.builds(
    Absence,
    unread_since=st.none() | moments,
    seen_at=moments,
    proved=st.booleans(),
    typed=st.booleans(),
    asked=st.booleans(),
)


@given(facts, moments)
def test_nothing_is_mailed_to_somebody_who_may_still_be_there(f: Absence, at: datetime) -> None:
    then, until = chat.absence(f, at)
    if then in (Then.MAIL, Then.ASK):
        assert f.unread_since is not None
        assert at - f.seen_at >= chat.ABSENT
        assert at - f.unread_since >= chat.ABSENT
    assert (until is not None) == (then is Then.WAIT)


@given(facts, moments)
def test_content_goes_to_a_proved_address_only_and_a_code_only_once(
    f: Absence, at: datetime
) -> None:
    then, _ = chat.absence(f, at)
    assert then is not Then.MAIL or f.proved
    assert then is not Then.ASK or (f.typed and not f.asked and not f.proved)


@given(facts, moments)
def test_waiting_ends_in_a_decision_at_the_moment_it_names(f: Absence, at: datetime) -> None:
    then, until = chat.absence(f, at)
    if until is not None:
        assert until > at
        assert chat.absence(f, until)[0] not in (Then.WAIT, Then.NOTHING)
    assert (then is Then.NOTHING) == (f.unread_since is None)


@given(facts, moments, st.integers(1, 600))
def test_a_sign_of_life_only_ever_puts_the_mail_off(f: Absence, at: datetime, later: int) -> None:
    alive = Absence(
        f.unread_since, f.seen_at + timedelta(seconds=later), f.proved, f.typed, f.asked
    )
    mailed = (Then.MAIL, Then.ASK)
    if chat.absence(alive, at)[0] in mailed:
        assert chat.absence(f, at)[0] in mailed


@given(st.none() | moments, st.none() | moments)
def test_a_chat_never_goes_idle_while_the_customer_waits_for_us(
    last_in: datetime | None, last_out: datetime | None
) -> None:
    idle = chat.idle_at(last_in, last_out)
    waits = last_out is None or (last_in is not None and last_in > last_out)
    assert (idle is None) == waits
    assert idle is None or idle - chat.IDLE == last_out


def test_a_code_counts_three_times_ten_minutes_and_once() -> None:
    ends = NOW + chat.CODE_LIFE
    assert chat.code_refusal(2, ends, None, NOW) == ""
    assert chat.code_refusal(3, ends, None, NOW) == "locked"
    assert chat.code_refusal(0, ends, None, ends) == "expired"
    assert chat.code_refusal(0, ends, NOW, NOW) == "used"


def test_an_article_is_looked_for_by_the_stems_of_long_words() -> None:
    assert chat.sought("Jak odečíst ELEKTROMĚR, prosím? Jak 100 %") == [
        "odeci",
        "elektrom",
        "pros",
    ]
    assert chat.sought("a je to") == []
    assert len(chat.sought(" ".join(f"slovo{letter * 3}" for letter in "abcdefghijkl"))) == 8

"""From a read mail to our envelopes: keys, tokens, levels, automation, receipts."""
# ruff: noqa: E501 - mails of the world are quoted as they are written

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from polyphony.channels.email.parse import arrival_key, read_arrival
from polyphony.domain.channel import ChannelKind
from polyphony.domain.message import Automated, Inbound, Receipt
from polyphony.ports import Account, Raw

MAILS = Path(__file__).parent / "mails"
DELIVERY = UUID("0198f3a2-0000-7000-8000-000000000001")
TOKEN = "abcdefghijklmnop"


def arrival(body: bytes, **settings: object) -> Raw:
    account = Account(uuid4(), ChannelKind.EMAIL, "Support", "help@desk.example", settings)
    ours = frozenset({"help@desk.example", "b@desk.example"})
    return Raw(uuid4(), account, arrival_key(body), body, datetime(2026, 3, 30, tzinfo=UTC), ours)


def inbound(body: bytes, **settings: object) -> Inbound:
    (found,) = read_arrival(arrival(body, **settings))
    assert isinstance(found, Inbound)
    return found


def captured(name: str) -> bytes:
    return (MAILS / f"{name}.eml").read_bytes()


def test_a_persons_mail_becomes_one_inbound() -> None:
    found = inbound(captured("gmail-ru"))
    assert found.sender.value == "anna.petrova@gmail.example"
    assert found.sender_name == "Анна Петрова"
    assert found.recipient == "help@desk.example"
    assert found.text == "Спасибо, буду ждать."
    assert found.sent_at == datetime.fromisoformat("2026-03-31T14:02:11+03:00")
    assert [(part.name, part.data, part.size) for part in found.parts] == [
        ("счёт.pdf", b"%PDF-1.4\n%%EOF\n", 15)
    ]
    assert found.automated is Automated.NO
    assert found.extra["message_id"] == "CAJx+y=7Zz@mail.gmail.example"


def test_own_thread_tokens_are_collected_in_the_order_of_trust() -> None:
    body = (
        b"From: a@b.example\nTo: b+tokenfromtheaddress1@desk.example\n"
        b"Delivered-To: help+tokenfromdelivery12@desk.example\n"
        b"In-Reply-To: <0198f3a2-0000-7000-8000-000000000001.tokenfromreply123@desk.example>\n"
        b"References: <0198f3a2-0000-7000-8000-000000000002.tokenofthefirst12@desk.example>\n"
        b" <0198f3a2-0000-7000-8000-000000000003.tokenofthesecond1@desk.example>\n\nx"
    )
    assert inbound(body).tokens == (
        "tokenfromdelivery12",
        "tokenfromtheaddress1",
        "tokenfromreply123",
        "tokenofthesecond1",
        "tokenofthefirst12",
    )


def test_short_or_strange_plus_addresses_are_no_tokens() -> None:
    assert (
        inbound(b"From: a@b.example\nTo: help+shop@desk.example, x+a!b@y.example\n\nx").tokens == ()
    )


def test_the_mails_it_answers_come_best_first() -> None:
    body = b"From: a@b.example\nIn-Reply-To: <2@x.example>\nReferences: <1@x.example> <2@x.example>\n\nx"
    found = inbound(body)
    assert found.continues == ("2@x.example", "1@x.example")
    assert found.thread == "1@x.example"


@pytest.mark.parametrize(
    ("verdicts", "level"),
    [
        (["mx.desk.example; dmarc=pass header.from=b.example"], 2),
        (["mx.desk.example; dkim=pass header.d=b.example header.s=x"], 2),
        (["mx.desk.example; dkim=pass (2048 bit) header.i=@b.example"], 2),
        (["mx.desk.example; dkim=pass header.d=other.example"], 1),
        (["mx.desk.example; dkim=fail header.d=b.example"], 1),
        (["mx.desk.example; spf=pass smtp.mailfrom=b.example"], 1),
        (["mx.evil.example; dmarc=pass header.from=b.example"], 1),
        (["mx.desk.example; dmarc=fail", "mx.desk.example; dmarc=pass header.from=b.example"], 1),
        ([], 1),
    ],
)
def test_only_our_own_servers_topmost_verdict_raises_the_level(
    verdicts: list[str], level: int
) -> None:
    head = "".join(f"Authentication-Results: {one}\n" for one in verdicts)
    found = inbound(f"{head}From: a@b.example\n\nx".encode(), authserv_id="mx.desk.example")
    assert found.level == level
    assert found.claims["email"].level == level


def test_without_a_named_server_no_verdict_counts() -> None:
    body = b"Authentication-Results: mx; dmarc=pass header.from=b.example\nFrom: a@b.example\n\nx"
    assert inbound(body).level == 1


def test_two_authors_prove_nothing() -> None:
    body = b"Authentication-Results: mx; dmarc=pass header.from=b.example\nFrom: a@b.example, c@b.example\n\nx"
    assert inbound(body, authserv_id="mx").level == 1


def test_the_name_is_only_a_claim() -> None:
    assert inbound(captured("gmail-ru"), authserv_id="mx.desk.example").claims["name"].level == 0
    assert inbound(captured("gmail-ru"), authserv_id="mx.desk.example").level == 2


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ("From: help@desk.example", Automated.LOOP),
        ("From: a@b.example\nAuto-Submitted: auto-replied", Automated.AUTO_REPLY),
        ("From: a@b.example\nList-Id: <x>", Automated.BULK),
        ("From: noreply@b.example", Automated.BULK),
        ("From: a@b.example", Automated.NO),
    ],
)
def test_machines_are_marked(headers: str, kind: Automated) -> None:
    assert inbound(f"{headers}\nSubject: x\n\nx".encode()).automated is kind


def test_a_bounce_becomes_a_receipt_for_our_delivery() -> None:
    (found,) = read_arrival(arrival(captured("postfix-dsn")))
    assert isinstance(found, Receipt)
    assert found.delivery == DELIVERY
    assert (found.state, found.hard, found.reason) == ("failed", True, "unknown_recipient")
    assert (found.status, found.recipient) == ("5.1.1", "nobody@customer.example")


def test_a_bounce_without_the_original_keeps_the_token_of_its_envelope() -> None:
    body = captured("postfix-dsn").split(
        b"--4Zz.1774851360/mx.shop.example\nContent-Description: Undelivered"
    )[0]
    (found,) = read_arrival(arrival(body))
    assert isinstance(found, Receipt)
    assert found.delivery is None
    assert found.provider_id == TOKEN


def test_a_delay_changes_no_delivery() -> None:
    body = (
        captured("postfix-dsn")
        .replace(b"Action: failed", b"Action: delayed")
        .replace(b"5.1.1", b"4.4.1")
    )
    (found,) = read_arrival(arrival(body))
    assert isinstance(found, Receipt)
    assert (found.state, found.hard) == ("sent", False)


def test_every_recipient_of_a_report_gets_a_receipt_with_its_own_key() -> None:
    more = (
        b"Final-Recipient: rfc822; second@customer.example\nAction: failed\nStatus: 5.2.2\n"
        b"Diagnostic-Code: smtp; 552 5.2.2 full\n\n--4Zz.1774851360/mx.shop.example\nContent-Description: Und"
    )
    body = captured("postfix-dsn").replace(
        b"--4Zz.1774851360/mx.shop.example\nContent-Description: Und", more
    )
    found = read_arrival(arrival(body))
    assert [one.recipient for one in found] == [
        "nobody@customer.example",
        "second@customer.example",
    ]
    assert len({one.key for one in found}) == 2


def test_an_out_of_office_note_is_a_message_of_a_machine() -> None:
    found = inbound(captured("vacation-cs"))
    assert found.automated is Automated.AUTO_REPLY
    assert found.tokens == (TOKEN,)


def test_the_key_is_the_same_for_a_second_fetch_and_differs_for_another_body() -> None:
    raw = captured("gmail-ru")
    fetched_again = b"X-Spam: no\n" + raw
    assert arrival_key(raw) == arrival_key(fetched_again)
    assert arrival_key(raw) != arrival_key(raw + b"more")
    assert len(arrival_key(raw)) == 64
    without = raw.replace(b"Message-ID", b"X-Id")
    assert arrival_key(without) != arrival_key(b"X-Spam: no\n" + without)


def test_the_size_limit_of_the_account_is_obeyed() -> None:
    found = inbound(captured("gmail-ru"), size_limit=1000)
    assert "too_big" in found.defects
    assert found.parts == ()
    assert found.subject


def test_a_mail_without_from_names_its_envelope_sender() -> None:
    assert inbound(b"Return-Path: <x@y.example>\nSubject: z\n\nbody").sender.value == "x@y.example"
    assert inbound(b"Subject: z\n\nbody").sender.value == ""


def test_the_address_of_ours_they_wrote_to_is_the_recipient() -> None:
    raw = arrival(b"From: a@b.example\nTo: other@x.example, SALES+tag@Desk.example\n\nx")
    raw = replace(raw, ours=raw.ours | {"sales@desk.example"})
    (found,) = read_arrival(raw)
    assert found.recipient == "sales@desk.example"

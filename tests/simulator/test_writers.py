"""Customers who write e-mail, against the pretended provider's real SMTP and mailbox."""

import asyncio
import email
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP, default

import aiosmtplib
import pytest

from polyphony.simulator.draws import Draws
from polyphony.simulator.ends.email import MailEnd
from polyphony.simulator.pace import Pace
from polyphony.simulator.writers import Writers

DESK = "care@lumen.example"
NOON = datetime(2026, 3, 29, 12, tzinfo=UTC)


@pytest.fixture
async def provider():
    async with MailEnd({DESK: "word"}) as end:
        yield end


@pytest.fixture
async def writers(provider):
    async def submit(sender, recipient, body):
        await aiosmtplib.send(
            body, sender=sender, recipients=[recipient], hostname="127.0.0.1",
            port=provider.smtp_port, start_tls=False,
            username=DESK, password="word",
        )  # fmt: skip

    made = Writers(Draws("seed"), Pace(60.0), submit, lambda: NOON)
    yield made
    await made.close()


def _mails(provider):
    box = provider.mailboxes[DESK]
    return [email.message_from_bytes(mail.body, policy=default) for mail in box.mails.values()]


def _answer_to(mail, text="We look into it."):
    answer = EmailMessage(policy=SMTP)
    answer["From"], answer["To"] = f"Lumen <{DESK}>", mail["From"]
    answer["Subject"] = f"Re: {mail['Subject']}"
    answer["Message-ID"] = f"<answer.{mail['Message-ID'].strip('<>')}>"
    answer["In-Reply-To"] = answer["References"] = str(mail["Message-ID"])
    answer.set_content(text)
    return answer.as_bytes()


async def test_a_customer_writes_in_his_language_and_the_mail_lands_in_our_mailbox(
    provider, writers
):
    for number in range(6):
        await writers.write(number, DESK)
    mails = _mails(provider)
    assert len(mails) == 6
    assert len({str(mail["Message-ID"]) for mail in mails}) == 6
    assert all(str(mail["Subject"]) for mail in mails)


async def test_an_answered_customer_writes_again_in_the_same_thread_with_a_quote(provider, writers):
    await writers.write(1, DESK)
    first = _mails(provider)[0]
    await writers.received(_answer_to(first))
    for _ in range(200):
        if len(_mails(provider)) == 2:
            break
        await asyncio.sleep(0.05)
    second = _mails(provider)[1]
    assert second["In-Reply-To"].startswith("<answer.")
    raw = list(provider.mailboxes[DESK].mails.values())[1].body
    assert b"In-Reply-To: <answer." in raw, "no mail client writes an encoded Message-ID"
    assert str(first["Message-ID"]) in str(second["References"])
    assert "> We look into it." in second.get_body(("plain",)).get_content()


async def test_a_machine_is_not_answered(provider, writers):
    await writers.write(2, DESK)
    raw = _answer_to(_mails(provider)[0]).replace(
        b"From:", b"Auto-Submitted: auto-replied\nFrom:", 1
    )
    await writers.received(raw)
    assert writers.answered_count == 0

"""The receiver takes what is ours, says 250 only after the commit, and relays nothing."""

import asyncio
import smtplib

import aiosmtplib
import pytest
from tests.peers.kit import certificates, mail, until

from polyphony.channels.email.client import listen as listen_module
from polyphony.channels.email.client.listen import belongs, listen
from polyphony.domain.errors import Invalid, NotFound

OURS = {"support@desk.example", "Sales@desk.example", "info@other.example"}


class Kept:
    """A store that remembers, can be down and can be slow."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, bytes]] = []
        self.down = False
        self.gate = asyncio.Event()
        self.gate.set()

    async def keep(self, recipient: str, body: bytes) -> None:
        await self.gate.wait()
        if self.down:
            raise OSError("the database is away, canary@secret.example")
        if recipient.startswith("sales"):
            raise NotFound("account")
        self.mails.append((recipient, body))

    async def knows(self, recipient: str) -> bool:
        return belongs(recipient, OURS) is not None


@pytest.fixture
def kept():
    return Kept()


async def send(port: int, *recipients: str, body: bytes | None = None, sender: str = "a@b.example"):
    async with aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False) as client:
        return await client.sendmail(sender, list(recipients), body or mail(1))


@pytest.mark.parametrize(
    ("recipient", "account"),
    [
        ("support@desk.example", "support@desk.example"),
        ("SUPPORT@Desk.Example", "support@desk.example"),
        ("sales@desk.example", "Sales@desk.example"),
        ("support+tok-1@desk.example", "support@desk.example"),
        ("b+tok-1@desk.example", "Sales@desk.example"),
        ("b+tok-1@other.example", "info@other.example"),
        ("b@desk.example", None),
        ("stranger@desk.example", None),
        ("stranger+x@desk.example", None),
        ("support@elsewhere.example", None),
        ("b+tok@elsewhere.example", None),
        ("support", None),
        ("", None),
        ("support%elsewhere.example@desk.example", None),
        ("@desk.example:support@elsewhere.example", None),
    ],
)
def test_an_address_belongs_to_an_account_or_to_nobody(recipient, account):
    assert belongs(recipient, OURS) == account


async def test_a_mail_is_kept_with_its_envelope_and_its_bytes(kept):
    async with listen("127.0.0.1:0", kept.keep, kept.knows) as door:
        await send(door.port, "support+tok@desk.example", body=mail(1) + b"\xff\x00.\r\n")
    recipient, body = kept.mails[0]
    assert recipient == "support+tok@desk.example"
    trace = b"Return-Path: <a@b.example>\r\nDelivered-To: support+tok@desk.example\r\n"
    assert body == trace + mail(1) + b"\xff\x00.\r\n"


async def test_a_bounce_with_the_empty_sender_is_taken(kept):
    async with listen("smtp://127.0.0.1:0", kept.keep, kept.knows) as door:
        await send(door.port, "b+tok@desk.example", sender="")
    assert kept.mails[0][1].startswith(b"Return-Path: <>\r\n")


async def test_strangers_are_refused_and_nothing_is_relayed(kept):
    async with listen("smtp://127.0.0.1:0", kept.keep, kept.knows) as door:
        for recipient in (
            "stranger@desk.example",
            "victim@elsewhere.example",
            "support%elsewhere.example@desk.example",
            '"support@desk.example"@elsewhere.example',
        ):
            with pytest.raises(aiosmtplib.SMTPRecipientsRefused) as refused:
                await send(door.port, recipient)
            assert refused.value.recipients[0].code == 550
            assert refused.value.recipients[0].message.startswith("5.1.1")
    assert kept.mails == []


async def test_the_answer_waits_for_the_commit(kept):
    kept.gate.clear()
    async with listen("smtp://127.0.0.1:0", kept.keep, kept.knows) as door:
        sending = asyncio.ensure_future(send(door.port, "support@desk.example"))
        await asyncio.sleep(0.3)
        assert not sending.done()
        kept.gate.set()
        _, said = await sending
        assert said.startswith("2.0.0")
        assert len(kept.mails) == 1


async def test_a_database_that_is_down_means_come_again_and_tells_nothing(kept, caplog):
    kept.down = True
    async with listen("smtp://127.0.0.1:0", kept.keep, kept.knows) as door:
        with pytest.raises(aiosmtplib.SMTPDataError) as later:
            await send(door.port, "support@desk.example")
        assert later.value.code == 451
        assert "canary" not in later.value.message
        kept.down = False
        await send(door.port, "support@desk.example")
    assert len(kept.mails) == 1
    assert "canary" not in caplog.text
    assert "desk.example" not in caplog.text


async def test_a_lookup_that_fails_means_come_again(kept):
    async def broken(_recipient):
        raise OSError("away")

    async with listen("smtp://127.0.0.1:0", kept.keep, broken) as door:
        with pytest.raises(aiosmtplib.SMTPRecipientsRefused) as later:
            await send(door.port, "support@desk.example")
    assert later.value.recipients[0].code == 451


async def test_a_mail_above_the_size_is_refused_announced_or_not(kept):
    async with listen("smtp://127.0.0.1:0", kept.keep, kept.knows, size_limit=5000) as door:
        with pytest.raises(aiosmtplib.SMTPResponseException) as announced:
            await send(door.port, "support@desk.example", body=mail(1, size=6000))
        assert announced.value.code == 552
        async with aiosmtplib.SMTP(hostname="127.0.0.1", port=door.port, start_tls=False) as client:
            await client.mail("a@b.example")
            await client.rcpt("support@desk.example")
            with pytest.raises(aiosmtplib.SMTPDataError) as silent:
                await client.data(mail(1, size=200) + b"\r\n" + b"line\r\n" * 1000)
            assert silent.value.code == 552
            await client.sendmail("a@b.example", ["support@desk.example"], mail(2))
    assert len(kept.mails) == 1


async def test_lines_far_longer_than_the_standard_are_kept_whole(kept):
    async with listen("smtp://127.0.0.1:0", kept.keep, kept.knows) as door:
        body = mail(1) + b"y" * 200_000 + b"\r\n"
        await send(door.port, "support@desk.example", body=body)
    assert kept.mails[0][1].endswith(body)


async def test_lmtp_answers_for_each_recipient(kept):
    async with listen("lmtp://127.0.0.1:0", kept.keep, kept.knows, size_limit=5000) as door:

        def talk():
            with smtplib.LMTP("127.0.0.1", door.port) as client:
                client.ehlo()
                results = []
                for size in (0, 6000):
                    client.mail("a@b.example")
                    taken = [
                        client.rcpt(one)[0]
                        for one in (
                            "support@desk.example",
                            "sales@desk.example",
                            "nobody@desk.example",
                            "info@other.example",
                        )
                    ]
                    client.putcmd("data")
                    client.getreply()
                    client.send(mail(1, size=size).replace(b"x" * 6000, b"x\r\n" * 2000))
                    client.send(b"\r\n.\r\n")
                    results.append((taken, [client.getreply()[0] for _ in range(3)]))
                return results

        results = await asyncio.to_thread(talk)
    assert results == [
        ([250, 250, 550, 250], [250, 550, 250]),
        ([250, 250, 550, 250], [552, 552, 552]),
    ]
    assert [recipient for recipient, _ in kept.mails] == [
        "support@desk.example",
        "info@other.example",
    ]


async def test_a_client_that_hangs_up_in_the_middle_leaves_nothing_behind(kept):
    async with listen("smtp://127.0.0.1:0", kept.keep, kept.knows) as door:
        reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
        for line in (
            b"EHLO x\r\n",
            b"MAIL FROM:<a@b.example>\r\n",
            b"RCPT TO:<support@desk.example>\r\n",
            b"DATA\r\n",
        ):
            writer.write(line)
            await asyncio.sleep(0.05)
        writer.write(b"Subject: half\r\n\r\nno end")
        writer.close()
        await writer.wait_closed()
        del reader
        await asyncio.sleep(0.1)
        await send(door.port, "support@desk.example")
    assert len(kept.mails) == 1


async def test_one_connection_too_many_is_sent_away_and_later_ones_are_welcome(kept, monkeypatch):
    monkeypatch.setattr(listen_module, "CONNECTIONS_MAX", 2)
    async with listen("smtp://127.0.0.1:0", kept.keep, kept.knows) as door:
        open_now = [await asyncio.open_connection("127.0.0.1", door.port) for _ in range(3)]
        greetings = [(await reader.readline())[:3] for reader, _ in open_now]
        assert greetings == [b"220", b"220", b"421"]
        for _, writer in open_now:
            writer.close()
            await writer.wait_closed()
        await asyncio.sleep(0.1)
        await send(door.port, "support@desk.example")
    assert len(kept.mails) == 1


async def test_a_smuggled_second_mail_stays_part_of_the_first(kept):
    smuggled = (
        mail(1) + b"\n.\nMAIL FROM:<x@y>\nRCPT TO:<support@desk.example>\nDATA\nSubject: 2\n\nx\n"
    )
    async with listen("smtp://127.0.0.1:0", kept.keep, kept.knows) as door:
        reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
        writer.write(
            b"EHLO x\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<support@desk.example>\r\nDATA\r\n"
        )
        await asyncio.sleep(0.1)
        writer.write(smuggled + b"\r\n.\r\nQUIT\r\n")
        await until(lambda: kept.mails)
        await reader.read()
        writer.close()
        await writer.wait_closed()
    assert len(kept.mails) == 1
    assert b"Subject: 2" in kept.mails[0][1]


async def test_starttls_is_offered_when_a_certificate_is_given(kept, tmp_path):
    certs = certificates(tmp_path)
    async with (
        listen("smtp://127.0.0.1:0", kept.keep, kept.knows, tls=certs.server()) as door,
        aiosmtplib.SMTP(
            hostname="127.0.0.1", port=door.port, start_tls=True, validate_certs=False
        ) as client,
    ):
        await client.ehlo()
        assert not client.supports_extension("auth")
        await client.sendmail("a@b.example", ["support@desk.example"], mail(1))
    assert len(kept.mails) == 1


@pytest.mark.parametrize(
    "url", ["", "127.0.0.1", "http://127.0.0.1:25", "smtp://", "smtp://x", "smtp://x:no"]
)
async def test_an_address_that_is_none_is_refused(kept, url):
    with pytest.raises(Invalid, match="malformed"):
        async with listen(url, kept.keep, kept.knows):
            pass

"""Our mail through Postfix and Dovecot: out by submission, in by relay, bounces and doubts."""

import asyncio
import email
import email.policy
import smtplib
import subprocess
import time
from contextlib import asynccontextmanager
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from tests.peers.daemons import Postfix
from tests.peers.kit import LOOPBACK, CuttingProxy, Taken, account, mail, until

from polyphony.channels.email.client import EmailDoor
from polyphony.channels.email.client.listen import belongs, listen
from polyphony.domain.channel import Address, ChannelKind
from polyphony.domain.failure import AccountBroken, Permanent, Uncertain
from polyphony.domain.message import Outbound, Part

pytestmark = pytest.mark.peer

OURS = {"support@lmtp.example", "support@smtp.example"}


def ours(postfix: Postfix, address: str = "support@box.example", **settings):
    """An account whose mail goes out by authenticated submission and comes in from Dovecot."""
    said = {
        "imap_user": address,
        "smtp_host": "localhost",
        "smtp_security": "starttls",
        "ca": postfix.dovecot.certs.ca,
    }
    made = account(postfix.dovecot.imap, postfix.submission, **(said | settings))
    return replace(made, address=address, id=uuid4())


def answer(to: str, token: str = "tok", **more) -> Outbound:
    return Outbound(
        uuid4(), UUID(int=7), Address(ChannelKind.EMAIL, to), "Dobrý den,\n.\nkonec\n",
        subject="Re: Žádost", to_name="Jan, Novák", token=token, **more,
    )  # fmt: skip


def someone() -> str:
    return f"u{time.monotonic_ns()}@novak.example"


@pytest.fixture
async def door():
    made = EmailDoor(LOOPBACK)
    yield made
    await made.close()
    await asyncio.sleep(0.02)  # closed sockets leave the loop


class Kept:
    """What a receiver of ours kept; it can be down."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, bytes]] = []
        self.down = False
        self.tries = 0

    async def keep(self, recipient: str, body: bytes) -> None:
        self.tries += 1
        if self.down:
            raise OSError("away")
        self.mails.append((recipient, body))

    async def knows(self, recipient: str) -> bool:
        return belongs(recipient, OURS) is not None

    @asynccontextmanager
    async def listening(self, postfix: Postfix):
        lmtp, smtp = postfix.our_lmtp, postfix.our_smtp
        async with (
            listen(f"lmtp://127.0.0.1:{lmtp}", self.keep, self.knows),
            listen(f"smtp://127.0.0.1:{smtp}", self.keep, self.knows),
        ):
            yield


async def relay(postfix: Postfix, recipient: str, body: bytes, sender: str = "jan@novak.example"):
    def talk() -> None:
        with smtplib.SMTP("127.0.0.1", postfix.relay) as client:
            client.sendmail(sender, [recipient], body)

    await asyncio.to_thread(talk)


async def test_an_answer_goes_through_submission_into_a_mailbox_and_back(postfix, door):
    to, support = someone(), f"s{time.monotonic_ns()}@box.example"
    mine = ours(postfix, support)
    outbound = answer(
        to, html="<p>Dobrý <b>den</b></p>", parts=(Part("text/plain", "č.txt", b"x\n", size=2),)
    )
    rendered = door.render(outbound, mine)
    sent = await door.send(mine, rendered, outbound.id)
    assert sent.provider_id == f"<{outbound.id}.tok@box.example>"
    customer = Taken(door.collect(ours(postfix, to), {}))
    await until(lambda: customer.bodies)
    await customer.stop()
    seen = email.message_from_bytes(customer.bodies[0], policy=email.policy.default)
    assert seen["Message-ID"] == sent.provider_id
    assert seen["Return-Path"] == "<b+tok@box.example>"
    assert seen["To"].addresses[0].display_name == "Jan, Novák"
    assert seen["Subject"] == "Re: Žádost"
    text = seen.get_body(("plain",)).get_content().replace("\r\n", "\n")
    assert text.strip() == outbound.text.strip()
    reply = (
        f"From: {to}\r\nTo: {support}\r\nSubject: Re: Re\r\nMessage-ID: <r1@novak.example>\r\n"
        f"In-Reply-To: {sent.provider_id}\r\n\r\nd\xc4\x9bkuji\r\n"
    ).encode("latin-1")
    taken = Taken(door.collect(mine, {}))
    await relay(postfix, support, reply, to)
    await until(lambda: taken.bodies)
    await taken.stop()
    assert sent.provider_id.encode() in taken.bodies[0]
    assert taken.bodies[0].endswith(b"d\xc4\x9bkuji\r\n")


async def test_check_signs_in_on_both_sides(postfix, door):
    assert (await door.check(ours(postfix))).state == "working"
    wrong = replace(
        ours(postfix), secrets={"imap_password": "secret", "smtp_password": "wrong-canary"}
    )
    health = await door.check(wrong)
    assert (health.state, health.code) == ("broken", "sign_in_refused")
    assert "canary" not in health.detail


async def test_a_wrong_password_breaks_the_account(postfix, door):
    wrong = replace(ours(postfix), secrets={"smtp_password": "wrong"})
    outbound = answer(someone())
    with pytest.raises(AccountBroken, match="sign_in_refused"):
        await door.send(wrong, door.render(outbound, wrong), outbound.id)


async def test_a_mail_beyond_the_servers_size_is_refused_for_good(postfix, door):
    mine = ours(postfix)
    outbound = answer(someone(), parts=(Part("a/b", "big.bin", b"\xff" * 200_000, size=200_000),))
    with pytest.raises(Permanent, match="too_big"):
        await door.send(mine, door.render(outbound, mine), outbound.id)


async def test_a_cut_after_the_final_dot_is_uncertain_and_a_repeat_is_recognisable(postfix, door):
    to = someone()
    plain = {"smtp_security": "none", "smtp_host": "127.0.0.1", "smtp_user": ""}
    cuts = iter([True])
    async with CuttingProxy(
        postfix.relay, lambda event: event == "dot" and next(cuts, False)
    ) as proxy:  # fmt: skip
        mine = ours(postfix, **plain, smtp_port=proxy.port)
        outbound = answer(to)
        rendered = door.render(outbound, mine)
        with pytest.raises(Uncertain):
            await door.send(mine, rendered, outbound.id)
        customer = Taken(door.collect(ours(postfix, to), {}))
        await until(lambda: customer.bodies)
        await door.send(mine, rendered, outbound.id)
        await until(lambda: len(customer.bodies) == 2)
        await customer.stop()
        await door.close()
    ids = {email.message_from_bytes(body)["Message-ID"] for body in customer.bodies}
    assert ids == {rendered.envelope["message_id"]}


@pytest.mark.parametrize("way", ["lmtp", "smtp"])
async def test_a_foreign_server_hands_mail_to_our_receiver(postfix, way):
    kept = Kept()
    async with kept.listening(postfix):
        await relay(postfix, f"support+x@{way}.example", mail(1))
        await relay(postfix, f"support@{way}.example", mail(2) + b"8bit \xc4\x8d\r\n")
        await until(lambda: len(kept.mails) == 2)
    assert {recipient for recipient, _ in kept.mails} == {
        f"support+x@{way}.example", f"support@{way}.example",
    }  # fmt: skip
    assert all(b"Return-Path: <jan@novak.example>\r\n" in body for _, body in kept.mails)
    assert any(body.endswith(b"8bit \xc4\x8d\r\n") for _, body in kept.mails)


@pytest.mark.parametrize("way", ["lmtp", "smtp"])
async def test_a_stranger_at_our_door_makes_the_other_server_bounce(postfix, door, way):
    sender = someone()
    kept = Kept()
    async with kept.listening(postfix):
        await relay(postfix, f"nobody@{way}.example", mail(1), sender)
        customer = Taken(door.collect(ours(postfix, sender), {}))
        await until(lambda: customer.bodies)
        await customer.stop()
    assert b"5.1.1" in customer.bodies[0]
    assert b"multipart/report" in customer.bodies[0]
    assert kept.mails == []


async def test_while_the_database_is_down_the_other_server_waits_and_brings_it_once(postfix):
    kept = Kept()
    kept.down = True
    async with kept.listening(postfix):
        await relay(postfix, "support@lmtp.example", mail(1))
        await until(lambda: kept.tries)
        assert kept.mails == []
        kept.down = False
        await asyncio.to_thread(
            subprocess.run,
            ["/usr/sbin/postqueue", "-c", str(postfix.folder / "etc"), "-f"],
            check=False,
            capture_output=True,
        )
        await until(lambda: kept.mails, seconds=20)
        await asyncio.sleep(0.5)
    assert len(kept.mails) == 1


async def test_an_address_the_server_knows_to_be_dead_is_told_at_once(postfix, door):
    mine = ours(postfix)
    outbound = answer("jan@gone.example")
    with pytest.raises(Permanent, match="address_unknown") as failure:
        await door.send(mine, door.render(outbound, mine), outbound.id)
    assert failure.value.address_bad


async def test_a_bounce_comes_back_to_the_return_path_of_its_delivery(postfix, door):
    kept = Kept()
    mine = ours(postfix, "support@lmtp.example", imap_user="support@box.example")
    outbound = answer("nobody@smtp.example", token="tok-77")
    async with kept.listening(postfix):
        await door.send(mine, door.render(outbound, mine), outbound.id)
        await until(lambda: kept.mails)
    recipient, body = kept.mails[0]
    assert recipient == "b+tok-77@lmtp.example"
    assert body.startswith(b"Return-Path: <>\r\nDelivered-To: b+tok-77@lmtp.example\r\n")
    assert b"multipart/report" in body
    assert str(outbound.id).encode() in body

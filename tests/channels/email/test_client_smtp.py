"""What is handed over arrives once and byte for byte, and every failure gets its true class."""

import asyncio
import email
import email.policy
import os
from uuid import UUID, uuid4

import pytest
from tests.channels.email.test_render import naughty
from tests.peers.kit import ADDRESS, KEY, LOOPBACK, CuttingProxy, account, certificates, rendered

from polyphony.channels.email.client import EmailDoor
from polyphony.channels.email.client import smtp as smtp_module
from polyphony.domain.channel import Address, ChannelKind
from polyphony.domain.errors import Invalid
from polyphony.domain.failure import AccountBroken, Permanent, Temporary, TooFast, Uncertain
from polyphony.domain.message import Outbound
from polyphony.integrations.outgoing import Outgoing
from polyphony.ports import Rendered
from polyphony.simulator.ends.email import MailEnd


@pytest.fixture
async def end():
    async with MailEnd({ADDRESS: "secret"}) as running:
        yield running


@pytest.fixture
async def door():
    made = EmailDoor(LOOPBACK)
    yield made
    await made.close()
    await asyncio.sleep(0.02)  # closed sockets leave the loop


@pytest.fixture(scope="module")
def trusted(tmp_path_factory):
    return certificates(tmp_path_factory.mktemp("tls"))


async def test_a_mail_arrives_byte_for_byte_with_its_envelope(end, door):
    answer = rendered()
    sent = await door.send(account(0, end.smtp_port), answer, KEY)
    assert sent.provider_id == answer.envelope["message_id"]
    assert sent.detail.startswith("250")
    assert [(one.sender, one.recipients, one.body) for one in end.sent] == [
        ("b+tok@desk.example", ("jan@novak.example",), answer.body)
    ]


async def test_bodies_without_clean_line_ends_arrive_with_clean_ones(end, door):
    await door.send(account(0, end.smtp_port), rendered(b"A: b\n\n.x\r.\n.\ny"), KEY)
    assert end.sent[0].body == b"A: b\r\n\r\n.x\r\n.\r\n.\r\ny\r\n"


async def test_a_mail_rendered_for_another_delivery_is_not_sent(end, door):
    with pytest.raises(ValueError, match="another delivery"):
        await door.send(account(0, end.smtp_port), rendered(), uuid4())
    assert end.sent == []


async def test_lines_are_reused_and_never_more_than_four(end, door):
    async with CuttingProxy(end.smtp_port, lambda _event: False) as proxy:
        ours = account(0, proxy.port)
        for _ in range(3):
            await door.send(ours, rendered(), KEY)
        assert proxy.connections == 1
        await asyncio.gather(*(door.send(ours, rendered(), KEY) for _ in range(20)))
        assert proxy.connections <= 4
        await door.close()
    assert len(end.sent) == 23


async def test_a_line_the_server_closed_meanwhile_is_replaced(end, door):
    ours = account(0, end.smtp_port)
    await door.send(ours, rendered(), KEY)
    await end.hang_up()
    await door.send(ours, rendered(), KEY)
    assert len(end.sent) == 2


ANSWERS = [
    ("MAIL", "451 4.3.0 later", Temporary, "smtp_later"),
    ("MAIL", "421 4.7.0 too many connections", TooFast, "too_fast"),
    ("MAIL", "530 5.7.0 must authenticate", AccountBroken, "sign_in_refused"),
    ("MAIL", "550 5.7.60 not allowed to send as this sender", AccountBroken, "sender_refused"),
    ("MAIL", "553 5.1.8 sender has no domain", Permanent, "sender_refused"),
    ("MAIL", "552 5.3.4 too big", Permanent, "too_big"),
    ("RCPT", "450 4.2.1 greylisted", Temporary, "smtp_later"),
    ("RCPT", "450 4.7.1 rate limit, try again in 5 minutes", TooFast, "too_fast"),
    ("RCPT", "452 4.2.2 mailbox full", Temporary, "smtp_later"),
    ("RCPT", "550 5.1.1 no such user", Permanent, "address_unknown"),
    ("RCPT", "550 5.1.10 recipient not found", Permanent, "address_unknown"),
    ("RCPT", "550 User unknown", Permanent, "address_unknown"),
    ("RCPT", "550 5.2.2 mailbox full", Temporary, "mailbox_full"),
    ("RCPT", "552 over quota", Temporary, "mailbox_full"),
    ("RCPT", "550 5.7.1 blocked by policy", Permanent, "refused_by_policy"),
    ("RCPT", "550 no", Permanent, "refused"),
    ("DATA", "451 4.3.0 later", Temporary, "smtp_later"),
    ("DATA", "552 5.3.4 too big", Permanent, "too_big"),
    ("DATA", "554 5.7.1 spam", Permanent, "refused_by_policy"),
    ("DATA", "554 transaction failed", Permanent, "refused"),
]


@pytest.mark.parametrize(("stage", "said", "kind", "code"), ANSWERS)
async def test_each_answer_of_a_server_has_its_class(end, door, stage, said, kind, code):
    end.script = lambda at, _address: said if at == stage else None
    with pytest.raises(kind) as failure:
        await door.send(account(0, end.smtp_port), rendered(), KEY)
    assert failure.value.code == code
    assert said.split()[0] in failure.value.detail
    if isinstance(failure.value, Permanent):
        assert failure.value.address_bad == (code == "address_unknown")
    if isinstance(failure.value, TooFast):
        assert failure.value.after_s == (300 if "5 minutes" in said else 60)
    end.script = lambda _at, _address: None
    await door.send(account(0, end.smtp_port), rendered(), KEY)
    assert len(end.sent) == 1


SENDS = 1000 if os.environ.get("FULL") == "1" else 100
CUTS = ["answer:220", "answer:250", "answer:354", "body"]


@pytest.mark.parametrize("where", CUTS)
async def test_a_cut_before_the_final_dot_is_temporary(end, door, where):
    async with CuttingProxy(end.smtp_port, lambda event: event == where) as proxy:
        large = rendered(b"A: b\r\n\r\n" + (b"x" * 998 + b"\r\n") * 12_000)
        with pytest.raises(Temporary):
            await door.send(account(0, proxy.port), large, KEY)
    assert end.sent == []


async def test_a_cut_after_the_final_dot_is_uncertain(end, door):
    async with CuttingProxy(end.smtp_port, lambda event: event == "dot") as proxy:
        with pytest.raises(Uncertain):
            await door.send(account(0, proxy.port), rendered(), KEY)
    assert len(end.sent) == 1


async def test_silence_after_the_final_dot_is_uncertain(end, door, monkeypatch):
    monkeypatch.setattr(smtp_module, "TOTAL_S", 0.5)

    async def slow(*_args):
        await asyncio.sleep(2)
        return "250 late"

    end.handle_DATA = slow
    with pytest.raises(Uncertain):
        await door.send(account(0, end.smtp_port), rendered(), KEY)


async def test_of_many_sends_with_a_fifth_cut_none_is_lost_and_none_comes_thrice(end, door):
    cuts = iter(number % 5 == 0 for number in range(10_000))
    async with CuttingProxy(
        end.smtp_port, lambda event: event == "dot" and next(cuts)
    ) as proxy:  # fmt: skip
        ours = account(0, proxy.port)
        uncertain = 0
        for number in range(SENDS):
            key = UUID(int=number + 1)
            message_id = f"<{key}.t@desk.example>"
            mail = Rendered(
                f"Message-ID: {message_id}\r\n\r\nx\r\n".encode(),
                "jan@novak.example",
                {"from": "b+t@desk.example", "message_id": message_id},
            )
            try:
                await door.send(ours, mail, key)
            except Uncertain:
                uncertain += 1
                await door.send(ours, mail, key)
        await door.close()
    counts: dict[bytes, int] = {}
    for one in end.sent:
        counts[one.body] = counts.get(one.body, 0) + 1
    assert len(counts) == SENDS
    assert max(counts.values()) <= 2
    assert uncertain >= SENDS / 5


async def test_a_refused_sign_in_breaks_the_account_and_hides_the_password(end, door):
    ours = account(0, end.smtp_port, secrets={"smtp_password": "wrong-canary"})
    with pytest.raises(AccountBroken, match="sign_in_refused") as failure:
        await door.send(ours, rendered(), KEY)
    assert "canary" not in failure.value.detail


async def test_nobody_there_is_temporary(door):
    async with CuttingProxy(1, lambda _event: False) as proxy:
        port = proxy.port
    with pytest.raises(Temporary, match="smtp_unreachable"):
        await door.send(account(0, port), rendered(), KEY)


async def test_an_unconfigured_account_is_broken(door):
    with pytest.raises(AccountBroken, match="smtp_not_configured"):
        await door.send(account(), rendered(), KEY)


async def test_a_mail_beyond_the_servers_size_is_not_even_begun(door):
    async with MailEnd({ADDRESS: "secret"}, size_limit=2000) as end:
        with pytest.raises(Permanent, match="too_big"):
            await door.send(account(0, end.smtp_port), rendered(b"A: b\r\n\r\n" + b"x" * 3000), KEY)
        assert end.sent == []


async def test_starttls_is_used_and_the_certificate_checked(door, trusted):
    async with MailEnd({ADDRESS: "secret"}, tls=trusted.server()) as end:
        ours = account(
            0, end.smtp_port, smtp_host="localhost", smtp_security="starttls", ca=trusted.ca
        )
        await door.send(ours, rendered(), KEY)
        assert len(end.sent) == 1
        stranger = account(0, end.smtp_port, smtp_host="localhost", smtp_security="starttls")
        with pytest.raises(Temporary, match="tls_failed"):
            await door.send(stranger, rendered(), KEY)
        plain = account(0, end.smtp_port)
        with pytest.raises(AccountBroken):
            await door.send(plain, rendered(), KEY)
        await door.close()
    assert len(end.sent) == 1


async def test_a_server_without_starttls_gets_no_password(end, door):
    ours = account(0, end.smtp_port, smtp_host="localhost", smtp_security="starttls")
    with pytest.raises(AccountBroken, match="starttls_not_offered"):
        await door.send(ours, rendered(), KEY)
    assert end.sign_ins == 0


async def test_hostile_names_reach_exactly_the_one_recipient(end, door):
    ours = account(0, end.smtp_port)
    expected = 0
    for number, text in enumerate(naughty()):
        to = f"c{number}@novak.example"
        outbound = Outbound(
            UUID(int=number + 1), ours.id, Address(ChannelKind.EMAIL, to), "x",
            to_name=text, subject=text, from_name=text, token="t",
        )  # fmt: skip
        try:
            mail = door.render(outbound, ours)
        except Invalid:
            continue
        await door.send(ours, mail, outbound.id)
        expected += 1
        assert end.sent[-1].recipients == (to,)
        seen = email.message_from_bytes(end.sent[-1].body, policy=email.policy.default)
        assert [one.addr_spec for one in seen["To"].addresses] == [to]
        assert seen["Cc"] is seen["Bcc"] is None
    assert len(end.sent) == expected


async def test_check_tells_working_degraded_and_broken_without_sending(end, door):
    both = account(end.imap_port, end.smtp_port)
    assert (await door.check(both)).state == "working"
    wrong = account(end.imap_port, end.smtp_port, secrets={"imap_password": "secret"})
    health = await door.check(wrong)
    assert (health.state, health.code) == ("broken", "sign_in_refused")
    assert (await door.check(account(end.imap_port))).code == "smtp_not_configured"
    await end.stop()
    assert (await door.check(both)).state in {"degraded", "broken"}
    assert end.sent == []
    await end.start()
    assert (await door.check(both)).state == "working"


async def test_check_tells_closed_and_unknown_hosts_apart_in_nothing():
    async def unknown(_host):
        raise OSError("no such host")

    async def private(_host):
        return ["10.0.0.5"]

    ours = account(143, 25, imap_host="mail.x.example", smtp_host="mail.x.example")
    seen = {
        (health.state, health.code, health.detail)
        for lookup in (unknown, private)
        for health in [await EmailDoor(Outgoing(lookup=lookup)).check(ours)]
    }
    assert len(seen) == 1

"""Mail comes in by IMAP once, survives restarts of either side, and the thread ends with us."""

import asyncio
import ipaddress
import socket
import threading

import pytest
from tests.peers.kit import ADDRESS, LOOPBACK, Taken, account, mail, until

from polyphony.channels.email.client import EmailDoor
from polyphony.channels.email.client import imap as imap_module
from polyphony.domain.failure import AccountBroken, Temporary
from polyphony.integrations.outgoing import Outgoing
from polyphony.simulator.ends.email import MailEnd
from polyphony.simulator.ends.imap import Talk


@pytest.fixture
async def end():
    async with MailEnd({ADDRESS: "secret"}) as running:
        yield running


def mailbox_threads() -> list[threading.Thread]:
    return [one for one in threading.enumerate() if one.name == "mailbox"]


async def first(door: EmailDoor, ours, mark=None):
    batches = door.collect(ours, mark or {})
    try:
        async with asyncio.timeout(30):
            return await anext(batches)
    finally:
        await batches.aclose()


async def test_what_lies_there_and_what_arrives_later_is_brought_in_order(end):
    for number in range(3):
        end.deliver(ADDRESS, mail(number))
    taken = Taken(EmailDoor(LOOPBACK).collect(account(end.imap_port), {}))
    await until(lambda: len(taken.bodies) == 3)
    end.deliver(ADDRESS, mail(3))
    await until(lambda: len(taken.bodies) == 4, seconds=2)
    await taken.stop()
    assert taken.bodies == [mail(number) for number in range(4)]
    assert taken.mark["uid"] == 4
    assert mailbox_threads() == []


async def test_a_restart_goes_on_behind_the_mark(end):
    for number in range(5):
        end.deliver(ADDRESS, mail(number))
    ours, door = account(end.imap_port), EmailDoor(LOOPBACK)
    batch = await first(door, ours)
    assert len(batch.bodies) == 5
    end.deliver(ADDRESS, mail(5))
    again = await first(door, ours, batch.mark)
    assert list(again.bodies) == [mail(5)]


async def test_nothing_new_is_noticed_without_a_search(end):
    end.deliver(ADDRESS, mail(0))
    ours, door = account(end.imap_port), EmailDoor(LOOPBACK)
    mark = (await first(door, ours)).mark
    taken = Taken(door.collect(ours, mark))
    await asyncio.sleep(0.3)
    end.deliver(ADDRESS, mail(1))
    await until(lambda: taken.bodies == [mail(1)])
    await taken.stop()


async def test_a_new_uidvalidity_reads_everything_again(end):
    for number in range(4):
        end.deliver(ADDRESS, mail(number))
    ours, door = account(end.imap_port), EmailDoor(LOOPBACK)
    mark = (await first(door, ours)).mark
    end.mailboxes[ADDRESS].renumber(77)
    again = await first(door, ours, mark)
    assert len(again.bodies) == 4
    assert again.mark["uidvalidity"] == 77


@pytest.mark.parametrize("after", ["seen", "move"])
async def test_only_an_acknowledged_batch_is_marked_in_the_mailbox(end, after):
    end.deliver(ADDRESS, mail(0))
    box = end.mailboxes[ADDRESS]
    ours = account(end.imap_port, after_read=after, move_to="Done")
    batches = EmailDoor(LOOPBACK).collect(ours, {})
    batch = await anext(batches)
    await asyncio.sleep(0.2)
    assert box.mails[1].flags == set()
    waiting = asyncio.ensure_future(anext(batches))
    if after == "seen":
        await until(lambda: box.mails[1].flags == {"\\Seen"})
    else:
        await until(lambda: not box.mails)
        assert [one.body for one in box.shelf["Done"]] == [mail(0)]
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    await batches.aclose()
    assert batch.bodies == [mail(0)]


@pytest.mark.parametrize("after", ["seen", "move"])
async def test_a_death_between_keeping_and_marking_is_made_good_at_the_next_start(end, after):
    end.deliver(ADDRESS, mail(0))
    box = end.mailboxes[ADDRESS]
    ours, door = account(end.imap_port, after_read=after, move_to="Done"), EmailDoor(LOOPBACK)
    mark = (await first(door, ours)).mark  # kept, but never acknowledged
    assert box.mails[1].flags == set()
    taken = Taken(door.collect(ours, mark))
    if after == "seen":
        await until(lambda: box.mails[1].flags == {"\\Seen"})
    else:
        await until(lambda: [one.body for one in box.shelf["Done"]] == [mail(0)])
    await taken.stop()
    assert taken.bodies == []


async def test_a_server_without_push_is_asked_again_and_again(end, monkeypatch):
    monkeypatch.setattr("polyphony.simulator.ends.imap.CAPABILITIES", "IMAP4rev1")
    ours = account(end.imap_port, poll_s=1, after_read="move", move_to="Done")
    taken = Taken(EmailDoor(LOOPBACK).collect(ours, {}))
    await asyncio.sleep(0.3)
    end.deliver(ADDRESS, mail(0))
    await until(lambda: taken.bodies == [mail(0)], seconds=5)
    box = end.mailboxes[ADDRESS]
    await until(lambda: [one.body for one in box.shelf["Done"]] == [mail(0)])
    await until(lambda: box.mails[1].flags == {"\\Deleted"})
    await taken.stop()


async def test_waiting_for_a_push_is_renewed_before_a_network_forgets_it(end, monkeypatch):
    monkeypatch.setattr(imap_module, "IDLE_RENEW_S", 0.1)
    asked = []
    idle = Talk._do_idle

    async def counted(talk, tag, args):
        asked.append(tag)
        return await idle(talk, tag, args)

    monkeypatch.setattr(Talk, "_do_idle", counted)
    taken = Taken(EmailDoor(LOOPBACK).collect(account(end.imap_port), {}))
    await until(lambda: len(asked) >= 4)
    end.deliver(ADDRESS, mail(0))
    await until(lambda: taken.bodies)
    await taken.stop()
    assert taken.bodies == [mail(0)]


async def test_batches_are_cut_by_number_and_by_bytes(end, monkeypatch):
    monkeypatch.setattr(imap_module, "BATCH_MAILS", 10)
    monkeypatch.setattr(imap_module, "BATCH_BYTES", 100_000)
    for number in range(25):
        end.deliver(ADDRESS, mail(number))
    for number in range(25, 28):
        end.deliver(ADDRESS, mail(number, size=60_000))
    taken = Taken(EmailDoor(LOOPBACK).collect(account(end.imap_port), {}))
    await until(lambda: len(taken.bodies) == 28)
    await taken.stop()
    assert taken.batches == 5
    assert taken.bodies[25:] == [mail(number, size=60_000) for number in range(25, 28)]


async def test_a_mail_beyond_the_hard_cap_comes_as_its_headers_and_says_so(end, monkeypatch):
    monkeypatch.setattr(imap_module.Plan.__init__, "__defaults__", (
        "", "INBOX", "keep", "Polyphony", 60.0, 1000,
    ))  # fmt: skip
    end.deliver(ADDRESS, mail(0))
    end.deliver(ADDRESS, mail(1, size=2000))
    end.deliver(ADDRESS, mail(2))
    taken = Taken(EmailDoor(LOOPBACK).collect(account(end.imap_port), {}))
    await until(lambda: len(taken.bodies) == 3)
    await taken.stop()
    assert taken.bodies[0] == mail(0)
    assert taken.bodies[2] == mail(2)
    headers = mail(1).partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    size = len(mail(1, size=2000))
    assert taken.bodies[1] == b"X-Polyphony-Incomplete: too-big; size=%d\r\n" % size + headers


async def test_a_lost_connection_is_temporary_and_the_thread_is_gone(end):
    taken = Taken(EmailDoor(LOOPBACK).collect(account(end.imap_port), {}))
    end.deliver(ADDRESS, mail(0))
    await until(lambda: taken.bodies)
    await end.stop()
    await until(lambda: taken.failure)
    assert isinstance(taken.failure, Temporary)
    assert mailbox_threads() == []


async def test_a_wrong_password_breaks_the_account_and_is_in_no_message(end):
    ours = account(end.imap_port, secrets={"imap_password": "wrong-canary"})
    with pytest.raises(AccountBroken) as failure:
        await first(EmailDoor(LOOPBACK), ours)
    assert failure.value.code == "imap_sign_in_refused"
    assert "canary" not in failure.value.detail
    assert "canary" not in repr(ours)


async def test_a_password_beyond_ascii_signs_in():
    async with MailEnd({ADDRESS: "tajné-heslo"}) as end:
        end.deliver(ADDRESS, mail(0))
        ours = account(end.imap_port, secrets={"imap_password": "tajné-heslo"})
        assert list((await first(EmailDoor(LOOPBACK), ours)).bodies) == [mail(0)]
        wrong = account(end.imap_port, secrets={"imap_password": "špatné"})
        with pytest.raises(AccountBroken, match="imap_sign_in_refused"):
            await first(EmailDoor(LOOPBACK), wrong)


async def test_a_missing_folder_breaks_the_account(end):
    with pytest.raises(AccountBroken, match="imap_folder_missing"):
        await first(EmailDoor(LOOPBACK), account(end.imap_port, folder="Nowhere"))


async def test_a_host_closed_to_us_is_never_dialled(end):
    with pytest.raises(AccountBroken, match="imap_unreachable"):
        await first(EmailDoor(Outgoing()), account(end.imap_port))


async def test_plain_text_leaves_this_machine_never():
    async def lookup(_host):
        return ["192.0.2.1"]

    outgoing = Outgoing(allow=LOOPBACK.allow, loopback=True, lookup=lookup)
    open_net = Outgoing(allow=(ipaddress.ip_network("192.0.2.0/24"),), lookup=lookup)
    ours = account(143, imap_host="mail.desk.example")
    for one in (outgoing, open_net):
        with pytest.raises(AccountBroken):
            await first(EmailDoor(one), ours)


async def test_cancelling_ends_the_thread_even_when_the_server_is_silent():
    silent = socket.create_server(("127.0.0.1", 0))  # the kernel accepts, nobody ever speaks
    port = silent.getsockname()[1]
    taken = Taken(EmailDoor(LOOPBACK).collect(account(port), {}))
    await asyncio.sleep(0.2)
    assert len(mailbox_threads()) == 1
    async with asyncio.timeout(15):
        await taken.stop()
    assert mailbox_threads() == []
    silent.close()


async def test_an_account_without_incoming_server_has_nothing_to_collect():
    assert [batch async for batch in EmailDoor(LOOPBACK).collect(account(), {})] == []


async def test_mails_come_byte_for_byte_whatever_is_in_them(end):
    nasty = [
        b"\x00\xff\xfe no headers at all",
        b"Subject: {5}\r\n\r\n{3}\r\n)\r\n* 1 FETCH (\r\nA1 OK\r\n",
        b"Subject: 8bit \xc4\x8d\r\n\r\n\xc4\x8d\n bare LF\r bare CR\r\n",
        b"\r\n",
    ]
    for body in nasty:
        end.deliver(ADDRESS, body)
    taken = Taken(EmailDoor(LOOPBACK).collect(account(end.imap_port), {}))
    await until(lambda: len(taken.bodies) == len(nasty))
    await taken.stop()
    assert taken.bodies == nasty

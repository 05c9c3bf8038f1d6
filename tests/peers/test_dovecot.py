"""Our collector against Dovecot: push, flags, folders, new numbers, death and return."""

import asyncio
import os
import signal
import smtplib
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from tests.jobs.test_collectors import Store
from tests.peers.daemons import Dovecot
from tests.peers.kit import LOOPBACK, Taken, account, mail, until

from polyphony.channels.email.client import EmailDoor
from polyphony.channels.registry import channels
from polyphony.domain.failure import AccountBroken, Temporary
from polyphony.jobs import collectors as collectors_module
from polyphony.jobs.collectors import Collectors

pytestmark = pytest.mark.peer

FULL = os.environ.get("FULL") == "1"


@pytest.fixture
def user(request) -> str:
    """A mailbox of its own for every test."""
    return f"{request.node.name.partition('[')[0][-40:]}{time.monotonic_ns()}@box.example"


def ours(dovecot: Dovecot, user: str, **settings):
    return replace(account(dovecot.imap, imap_user=user, **settings), address=user)


async def deliver(dovecot: Dovecot, user: str, *bodies: bytes) -> None:
    def talk() -> None:
        with smtplib.LMTP("127.0.0.1", dovecot.lmtp) as client:
            for body in bodies:
                client.sendmail("jan@novak.example", [user], body)

    await asyncio.to_thread(talk)


def texts(taken: Taken) -> list[bytes]:
    """The bodies without what Dovecot's LMTP adds on top."""
    return [b"From: Jan" + body.partition(b"From: Jan")[2] for body in taken.bodies]


async def test_push_brings_a_mail_long_before_the_next_look(dovecot, user):
    taken = Taken(EmailDoor(LOOPBACK).collect(ours(dovecot, user), {}))
    await deliver(dovecot, user, mail(0))
    await until(lambda: taken.bodies)
    waits = []
    for number in range(1, 6):
        await asyncio.sleep(0.1)
        begun = time.monotonic()
        await deliver(dovecot, user, mail(number))
        await until(lambda wanted=number: len(taken.bodies) == wanted + 1)
        waits.append(time.monotonic() - begun)
    await taken.stop()
    assert texts(taken) == [mail(number) for number in range(6)]
    assert sorted(waits)[2] < 10, waits  # unasked it looks once a minute; a second on an idle core


async def test_mails_arriving_in_a_storm_are_all_seen(dovecot, user):
    taken = Taken(EmailDoor(LOOPBACK).collect(ours(dovecot, user), {}))
    for number in range(0, 60, 3):
        await deliver(dovecot, user, *(mail(number + more) for more in range(3)))
    await until(lambda: len(taken.bodies) == 60, seconds=20)
    await taken.stop()
    assert sorted(texts(taken)) == sorted(mail(number) for number in range(60))


@pytest.mark.parametrize("after", ["seen", "move"])
async def test_taken_mails_are_marked_or_moved(dovecot, user, after):
    settings = {"after_read": after, "move_to": "Převzaté"}
    taken = Taken(EmailDoor(LOOPBACK).collect(ours(dovecot, user, **settings), {}))
    await deliver(dovecot, user, mail(0), mail(1))
    await until(lambda: len(taken.bodies) == 2)
    await asyncio.sleep(0.3)
    await taken.stop()
    folder = "Převzaté" if after == "move" else "INBOX"
    again = Taken(EmailDoor(LOOPBACK).collect(ours(dovecot, user, folder=folder), {}))
    await until(lambda: len(again.bodies) == 2)
    await again.stop()
    box = dovecot.folder / "mail" / user
    if after == "seen":
        assert all(path.name.endswith(":2,S") for path in (box / "cur").iterdir())
    else:
        assert list((box / "cur").iterdir()) == []


async def test_new_numbers_mean_reading_again_and_keys_keep_it_once(dovecot, user):
    count = 10_000 if FULL else 500
    dovecot.put(user, [mail(number) for number in range(count)])
    store = Store(ours(dovecot, user))
    running = Collectors(channels(LOOPBACK), store.memory())
    stop = asyncio.Event()
    task = asyncio.ensure_future(running.run(stop))
    await until(lambda: len(store.kept) == count, seconds=110)
    first = next(iter(store.marks.values()))
    stop.set()
    await task
    await asyncio.to_thread(dovecot.set_uidvalidity, user, 4711)
    keeps, stop = store.keeps, asyncio.Event()
    task = asyncio.ensure_future(Collectors(channels(LOOPBACK), store.memory()).run(stop))
    await until(lambda: next(iter(store.marks.values())).get("uidvalidity") == 4711, seconds=20)
    await until(lambda: next(iter(store.marks.values()))["uid"] == first["uid"], seconds=110)
    stop.set()
    await task
    assert first["uidvalidity"] != 4711
    assert store.keeps > keeps
    assert len(store.kept) == len(set(store.kept)) == count


async def test_a_restart_with_the_mark_brings_nothing_twice(dovecot, user):
    await deliver(dovecot, user, mail(0))
    taken = Taken(EmailDoor(LOOPBACK).collect(ours(dovecot, user), {}))
    await until(lambda: taken.bodies)
    await taken.stop()
    again = Taken(EmailDoor(LOOPBACK).collect(ours(dovecot, user), taken.mark))
    await asyncio.sleep(0.3)
    await deliver(dovecot, user, mail(1))
    await until(lambda: again.bodies)
    await again.stop()
    assert texts(again) == [mail(1)]


async def test_a_killed_server_is_found_again_and_nothing_is_lost_or_doubled(
    dovecot, user, monkeypatch
):
    monkeypatch.setattr(collectors_module, "BACK_OFF_S", 0.1)
    monkeypatch.setattr(collectors_module, "BACK_OFF_MAX_S", 0.5)
    store = Store(ours(dovecot, user, after_read="seen"))
    stop = asyncio.Event()
    task = asyncio.ensure_future(Collectors(channels(LOOPBACK), store.memory()).run(stop))
    await deliver(dovecot, user, mail(0))
    await until(lambda: store.kept)
    await asyncio.to_thread(dovecot.stop, signal.SIGKILL)
    await until(lambda: "imap_connection_lost" in store.states[user])
    await asyncio.to_thread(dovecot.start)
    await deliver(dovecot, user, mail(1))
    await until(lambda: len(store.kept) == 2, seconds=15)
    stop.set()
    await task
    assert [b"body %d" % number in body for number, (_, body) in enumerate(store.kept)] == [
        True
    ] * 2


async def test_tls_and_starttls_check_the_certificate(dovecot, user):
    await deliver(dovecot, user, mail(0))
    for security, port in (("tls", dovecot.imaps), ("starttls", dovecot.imap)):
        secure = {"imap_host": "localhost", "imap_port": port, "imap_security": security}
        taken = Taken(
            EmailDoor(LOOPBACK).collect(ours(dovecot, user, ca=dovecot.certs.ca, **secure), {})
        )
        await until(lambda: taken.bodies)  # noqa: B023 - awaited at once
        await taken.stop()
        stranger = Taken(EmailDoor(LOOPBACK).collect(ours(dovecot, user, **secure), {}))
        await until(lambda: stranger.failure)  # noqa: B023 - awaited at once
        assert isinstance(stranger.failure, Temporary)
        assert stranger.failure.code == "imap_tls_failed"


async def test_push_is_seen_through_tls(dovecot, user):
    secure = {"imap_host": "localhost", "imap_port": dovecot.imaps, "imap_security": "tls"}
    taken = Taken(
        EmailDoor(LOOPBACK).collect(ours(dovecot, user, ca=dovecot.certs.ca, **secure), {})
    )
    for number in range(5):
        await deliver(dovecot, user, mail(number))
        await until(lambda wanted=number: len(taken.bodies) == wanted + 1, seconds=5)
    await taken.stop()


async def test_a_wrong_password_and_a_missing_folder_break_the_account(dovecot, user):
    wrong = replace(ours(dovecot, user), secrets={"imap_password": "wrong-canary"})
    for one, code in (
        (wrong, "imap_sign_in_refused"),
        (ours(dovecot, user, folder="Nowhere"), "imap_folder_missing"),
    ):
        taken = Taken(EmailDoor(LOOPBACK).collect(one, {}))
        await until(lambda: taken.failure)  # noqa: B023 - awaited at once
        assert isinstance(taken.failure, AccountBroken)
        assert taken.failure.code == code
        assert "canary" not in taken.failure.detail


async def test_cancelling_while_the_server_is_frozen_ends_the_thread(dovecot, user):
    taken = Taken(EmailDoor(LOOPBACK).collect(ours(dovecot, user), {}))
    await deliver(dovecot, user, mail(0))
    await until(lambda: taken.bodies)
    frozen = [
        pid
        for pid in dovecot.everybody()
        if b"imap" in Path(f"/proc/{pid}/cmdline").read_bytes()  # noqa: ASYNC240 - procfs
    ]
    for pid in frozen:
        os.kill(pid, signal.SIGSTOP)
    try:
        begun = time.monotonic()
        await taken.stop()
        assert time.monotonic() - begun < 30
    finally:
        for pid in frozen:
            os.kill(pid, signal.SIGCONT)
    assert [one for one in threading.enumerate() if one.name == "mailbox"] == []

"""What strangers try by mail, at the real door: SMTP in, the worker reads, what leaves is seen."""

import asyncio
import contextlib
import email
import email.policy
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiosmtplib
import pytest
from tests.make.account import account
from tests.make.chat import ring
from tests.make.department import department
from tests.make.desk import free_port
from tests.make.door import ScriptedDoor

from polyphony.app import clock, worker
from polyphony.app.mailbox import Mailbox
from polyphony.domain import reference
from polyphony.domain.channel import ChannelKind
from polyphony.integrations.storage import FilesOnDisk
from polyphony.ports import Outside
from polyphony.settings import Settings
from polyphony.store.database import Database

DESK = "support@desk.example"
VICTIM = "victim@customer.example"


@dataclass
class Mails:
    """One worker with its receiver; what it would hand to the provider stands in ``door``."""

    database: Database
    door: ScriptedDoor
    port: int
    handed: int = 0

    async def hand_in(self, *mails: bytes, sender: str = "a@b.example", to: str = DESK) -> None:
        for _ in range(100):
            try:
                client = aiosmtplib.SMTP(hostname="127.0.0.1", port=self.port, start_tls=False)
                await client.connect()
                break
            except aiosmtplib.SMTPConnectError:
                await asyncio.sleep(0.05)
        async with client:
            for one in mails:
                await client.sendmail(sender, [to], one)
        self.handed += len(mails)
        await self.read()

    async def read(self) -> None:
        """Wait until everything is read and everything promised has left."""
        for _ in range(400):
            done = await self.rows("SELECT 1 FROM arrival WHERE state IN ('read', 'quarantined')")
            open_ = await self.rows("SELECT 1 FROM delivery WHERE state IN ('queued', 'sending')")
            if len(done) == self.handed and not open_:
                return
            await asyncio.sleep(0.05)
        raise AssertionError(await self.rows("SELECT state, error FROM arrival"))

    async def rows(self, query: str, *values: Any) -> list[Any]:
        async with self.database.reads() as session:
            return await (await session.execute(query, values or None)).fetchall()


@asynccontextmanager
async def receiving(database: Database, folder: Path) -> AsyncIterator[Mails]:
    port, door = free_port(), ScriptedDoor()
    settings = Settings(home=folder, mail_listen=f"smtp://127.0.0.1:{port}")
    async with worker._reader() as reader:
        files = FilesOnDisk(settings.files_path)
        outside = Outside({ChannelKind.EMAIL: door}, reader, files, ring(), clock.now)
        async with database.transaction() as session:
            where = await department(session)
            box = {"auto_ack": True}
            await account(session, where.id, address=DESK, settings=box, queue=where.triage)
        mailbox = Mailbox(database, outside, "threats")
        task = asyncio.create_task(worker.serve(settings, database, outside, mailbox))
        try:
            yield Mails(database, door, port)
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task


@pytest.fixture
async def mails(database: Database, tmp_path: Path) -> AsyncIterator[Mails]:
    async with receiving(database, tmp_path) as made:
        yield made


def letter(who: str, key: str, subject: str = "Parcel", more: str = "", text: str = "Hi") -> bytes:
    head = f"From: {who}\r\nTo: {DESK}\r\nSubject: {subject}\r\nMessage-ID: <{key}>\r\n"
    return f"{head}Date: Sun, 22 Nov 2026 06:00:00 +0000\r\n{more}\r\n{text}\r\n".encode()


async def test_t08_forged_threads_references_and_tokens_enter_nobodys_case(mails: Mails) -> None:
    await mails.hand_in(letter(VICTIM, "root@customer.example", text="my card ends with 4711"))
    [(case, number, version)] = await mails.rows("SELECT id, reference, version FROM case_")
    shown, root = f"Re: [{reference.shown(number)}]", "In-Reply-To: <root@customer.example>\r\n"
    asked = mails.door.sent[0][1].envelope["message_id"].strip("<>")
    forged = [
        letter("evil@evil.example", "1@evil.example", shown, root),
        letter("evil@evil.example", "2@evil.example", shown, f"References: <{asked}>\r\n"),
        letter(f'"{VICTIM}" <evil@evil.example>', "3@evil.example", shown, root),
        letter(VICTIM, "4@evil.example", shown, root, "forged: no proof that it is she"),
        letter("evil@evil.example", "5@evil.example", shown, f"Reply-To: {VICTIM}\r\n{root}"),
        letter("evil@evil.example", "6@evil.example", shown, f"Sender: {VICTIM}\r\n{root}"),
    ]
    await mails.hand_in(*forged, sender="evil@evil.example")
    await mails.hand_in(
        letter("evil@evil.example", "7@evil.example", shown, root),
        to="support+AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA@desk.example",
    )
    inside = "SELECT m.text FROM message m JOIN interaction i ON i.id = m.interaction_id"
    said = await mails.rows(f"{inside} WHERE i.case_id = %s AND m.kind = 'in'", case)
    assert [one[0].strip() for one in said] == ["my card ends with 4711"]
    assert await mails.rows("SELECT version FROM case_ WHERE id = %s", case) == [(version,)]
    assert all(b"4711" not in one.body for _, one in mails.door.sent)


MACHINES = (
    "Auto-Submitted: auto-replied\r\n",
    "Auto-Submitted: auto-generated\r\n",
    "Precedence: bulk\r\n",
    "List-Id: <x.list.example>\r\nList-Unsubscribe: <mailto:x@list.example>\r\n",
    "X-Auto-Response-Suppress: All\r\n",
)


async def test_t13_machines_get_no_answer_and_a_person_gets_one(mails: Mails) -> None:
    for n, more in enumerate(MACHINES):
        await mails.hand_in(letter(f"robot{n}@x.example", f"{n}@x.example", "Out of office", more))
    await mails.hand_in(letter("MAILER-DAEMON@x.example", "b@x.example", "Undelivered"), sender="")
    assert mails.door.sent == []
    await mails.hand_in(letter(VICTIM, "p@customer.example"))
    assert [one.recipient for _, one in mails.door.sent] == [VICTIM]
    answer = email.message_from_bytes(mails.door.sent[0][1].body, policy=email.policy.SMTP)
    assert answer["Auto-Submitted"] == "auto-replied"
    echo = mails.door.sent[0][1].body.replace(b"\n", b"\r\n").replace(b"\r\r", b"\r")
    await mails.hand_in(echo, sender=DESK)  # it comes back to us: a loop of our own making
    assert len(mails.door.sent) == 1


async def test_t14_nobody_is_flooded_through_us_nor_sent_a_strangers_words(mails: Mails) -> None:
    bait = "BUY PILLS http://evil.example"
    await mails.hand_in(  # the stranger's own name for the victim is a word of his too
        *(letter(f'"{bait}" <{VICTIM}>', f"{n}@x.example", bait, text=bait) for n in range(40))
    )
    assert 1 <= len(mails.door.sent) <= 5
    for _, one in mails.door.sent:
        assert one.recipient == VICTIM
        assert b"PILLS" not in one.body
        assert b"evil.example" not in one.body


async def test_t15_no_header_and_no_recipient_comes_from_a_mail(mails: Mails) -> None:
    inject = "=?utf-8?q?x=0D=0ABcc=3A_evil=40evil=2Eexample?="
    tricks = (
        letter(f"{inject} <one@x.example>", "1@x.example", inject),
        letter("two@x.example", "2@x.example", "a\r\n Bcc: evil@evil.example"),
        letter("three@x.example", "3@x.example", more="Reply-To: evil@evil.example\r\n"),
        letter("four@x.example", "4@x.example", more="Cc: evil@evil.example\r\n"),
        letter("five@x.example", "5@x.example>\r\n Bcc: evil@evil.example", inject),
        letter('"a@x.example, evil@evil.example" <six@x.example>', "6@x.example"),
    )
    await mails.hand_in(*tricks, sender="evil@evil.example")
    names = {"one", "two", "three", "four", "five", "six"}
    assert {one.recipient for _, one in mails.door.sent} <= {f"{name}@x.example" for name in names}
    assert len(mails.door.sent) >= 5
    for _, one in mails.door.sent:
        answer = email.message_from_bytes(one.body, policy=email.policy.SMTP)
        assert answer["Bcc"] is None
        assert answer["Cc"] is None
        assert [to.addr_spec for to in answer["To"].addresses] == [one.recipient]
        assert not any("\n" in str(value) for value in answer.values())

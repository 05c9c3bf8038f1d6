"""The reading child: answers in order, survives poison, is replaced when it dies or overstays."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from polyphony.app import reader_child, wire
from polyphony.app.reader import Child, ChildReader, show
from polyphony.channels.email.parse import arrival_key, read_arrival
from polyphony.domain.channel import ChannelKind
from polyphony.domain.failure import Unreadable
from polyphony.domain.message import Inbound
from polyphony.ports import Account, Raw

MAILS = Path(__file__).parents[1] / "channels/email/parse/mails"


def arrival(body: bytes, kind: ChannelKind = ChannelKind.EMAIL) -> Raw:
    account = Account(uuid4(), kind, "Support", "help@desk.example")
    key = arrival_key(body)
    return Raw(uuid4(), account, key, body, datetime(2026, 3, 30, tzinfo=UTC))


def letter(subject: str, more: bytes = b"") -> Raw:
    return arrival(b"From: a@b.example\nSubject: " + subject.encode() + b"\n\nHello\n" + more)


def subjects(answers: object) -> list[str]:
    assert isinstance(answers, list)
    return [one.code if isinstance(one, Unreadable) else one[0].subject for one in answers]


@pytest.fixture
async def reader() -> AsyncIterator[ChildReader]:
    made = ChildReader()
    yield made
    await made.close()


async def test_the_child_is_at_hand_before_the_first_question(reader: ChildReader) -> None:
    await reader.start()
    first = reader.pid
    assert first is not None
    assert subjects(await reader.read([letter("first")])) == ["first"]
    assert reader.pid == first


async def test_a_batch_is_answered_in_order(reader: ChildReader) -> None:
    batch = [letter(f"mail {number}") for number in range(150)]
    assert subjects(await reader.read(batch)) == [f"mail {number}" for number in range(150)]


async def test_the_answer_is_the_one_of_the_reader_itself(reader: ChildReader) -> None:
    for path in sorted(MAILS.glob("*.eml")):
        raw = arrival(path.read_bytes())
        (found,) = await reader.read([raw])
        assert found == read_arrival(raw), path.name


async def test_large_mails_are_handed_over_as_files(reader: ChildReader) -> None:
    raw = letter("large", b"word " * 200_000)
    answers = await reader.read([letter("first"), raw, letter("last")])
    assert subjects(answers) == ["first", "large", "last"]
    large = answers[1]
    assert not isinstance(large, Unreadable)
    assert isinstance(large[0], Inbound)
    assert len(large[0].text_full) > 900_000


async def test_other_channels_are_not_for_this_reader(reader: ChildReader) -> None:
    answers = await reader.read([arrival(b"x", ChannelKind.CHAT), letter("mail")])
    assert subjects(answers) == ["kind", "mail"]


async def test_a_child_killed_from_outside_is_replaced(reader: ChildReader) -> None:
    await reader.read([letter("one")])
    pid = reader.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    answers = await reader.read([letter("two"), letter("three")])
    assert subjects(answers) == ["two", "three"]
    assert reader.pid != pid


async def test_a_stopped_child_is_replaced_after_its_time() -> None:
    reader = ChildReader(wall_s=8.0)
    try:
        await reader.read([letter("one")])
        assert reader.pid is not None
        os.kill(reader.pid, signal.SIGSTOP)
        answers = await asyncio.wait_for(reader.read([letter("two")]), 60)
        assert subjects(answers) == ["limits"]
        assert subjects(await reader.read([letter("three")])) == ["three"]
    finally:
        await reader.close()


async def test_closing_leaves_no_process_behind() -> None:
    reader = ChildReader()
    await reader.read([letter("one")])
    pid = reader.pid
    assert pid is not None
    await reader.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert subjects(await reader.read([letter("late")])) == ["limits"]


class _Dying(Child):
    """A child whose process is killed while it reads the mails that carry a mark."""

    def __init__(self, deaths: int, signal_: signal.Signals) -> None:
        super().__init__()
        self.deaths = deaths
        self.signal = signal_

    def ask(self, items: Sequence[dict[str, object]], bodies: Sequence[bytes]) -> None:
        super().ask(items, bodies)
        if b"poison" in bodies[0] and self.deaths and self.pid:
            self.deaths -= 1
            os.kill(self.pid, signal.SIGSTOP)
            os.kill(self.pid, self.signal)
            os.kill(self.pid, signal.SIGCONT)


@pytest.mark.parametrize(
    ("deaths", "how", "answered"),
    [
        (1, signal.SIGPROF, ["limits", "after"]),
        (1, signal.SIGKILL, ["poison", "after"]),
        (2, signal.SIGKILL, ["limits", "after"]),
    ],
)
async def test_only_a_guilty_mail_goes_without_an_answer(
    deaths: int, how: signal.Signals, answered: list[str]
) -> None:
    reader = ChildReader()
    reader._child = _Dying(deaths, how)
    try:
        slow = letter("poison", b"poison word " * 20_000)
        assert subjects(await reader.read([slow, letter("after")])) == answered
    finally:
        await reader.close()


def test_the_budget_of_cpu_ends_the_process() -> None:
    pid = os.fork()
    if pid == 0:
        with reader_child.budget(0.2):
            while True:
                pass
    _, status = os.waitpid(pid, 0)
    assert os.WIFSIGNALED(status)
    assert os.WTERMSIG(status) == signal.SIGPROF


def test_the_budget_of_memory_is_an_error_inside_the_child() -> None:
    pid = os.fork()
    if pid == 0:
        reader_child.limit_memory(64 * 1024 * 1024)
        try:
            bytearray(200 * 1024 * 1024)
        except MemoryError:
            os._exit(7)
        os._exit(0)
    _, status = os.waitpid(pid, 0)
    assert os.waitstatus_to_exitcode(status) == 7


def test_fifty_megabytes_fit_into_the_memory_of_the_child(tmp_path: Path) -> None:
    line = b"A" * 76 + b"\r\n"
    path = tmp_path / "large.eml"
    path.write_bytes(
        b"From: a@b.example\r\nContent-Type: application/pdf; name=x.pdf\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\n" + line * (49 * 1024 * 1024 // len(line))
    )
    out = tmp_path / "out"
    out.mkdir()
    (found,) = show([("large.eml", str(path))], out=str(out))
    assert found["defects"] == ["message_id_missing", "date_missing"]
    (file,) = found["attachments"]  # type: ignore[misc]
    assert (out / file["sha256"]).stat().st_size == file["size"] > 37_000_000


def test_events_travel_unchanged() -> None:
    for path in sorted(MAILS.glob("*.eml")):
        parsed = read_arrival(arrival(path.read_bytes()))
        head, blobs = wire.pack(parsed)
        import orjson  # noqa: PLC0415 - only here

        assert wire.unpack(orjson.loads(head), b"".join(blobs)) == parsed


def test_files_are_shown_in_order_and_missing_ones_are_named(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(b"Subject: a\n\nx")
    found = list(show([("a.eml", str(tmp_path / "a.eml")), ("b.eml", str(tmp_path / "b.eml"))]))
    assert found[0]["subject"] == "a"
    assert found[1] == {"file": "b.eml", "error": "cannot open"}

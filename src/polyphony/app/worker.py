"""Role worker: collectors, the mail receiver, hot tables, timers, the schedule, the counters."""

import asyncio
import contextlib
import gc
import os
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

import structlog

from polyphony.app import clock
from polyphony.app import outside as outsides
from polyphony.app.home import NoDatabase
from polyphony.app.mailbox import Mailbox
from polyphony.app.reader import ChildReader
from polyphony.channels.chat.parse import parse as parse_chat
from polyphony.channels.email.client.listen import listen
from polyphony.channels.loopback.parse import parse as parse_loopback
from polyphony.domain.channel import ChannelKind
from polyphony.domain.failure import Unreadable
from polyphony.integrations.storage import FilesOnDisk
from polyphony.jobs import board, digest, follow, hooks, hot, push, schedule, seal, worker
from polyphony.jobs.collectors import Collectors
from polyphony.ports import Outside, Parsed, Raw
from polyphony.settings import Settings
from polyphony.store.database import Database, Limits, Unavailable

_log = structlog.stdlib.get_logger("polyphony.worker")

_PARSERS: dict[ChannelKind, Callable[[Raw], Parsed]] = {
    ChannelKind.CHAT: parse_chat,
    ChannelKind.LOOPBACK: parse_loopback,
}


@dataclass(slots=True)
class DoorReader:
    """The port Reader: mails are read by the child, lines of our own making on the spot."""

    mails: ChildReader

    async def read(self, batch: Sequence[Raw]) -> Sequence[Parsed | Unreadable]:
        """Read a batch; what cannot be read is answered with Unreadable, never raised."""
        answers: dict[UUID, Parsed | Unreadable] = {}
        mails = [one for one in batch if one.account.kind is ChannelKind.EMAIL]
        if mails:
            found = await self.mails.read(mails)
            answers |= {one.arrival: said for one, said in zip(mails, found, strict=True)}
        for one in batch:
            if one.arrival not in answers:
                answers[one.arrival] = _line(one)
        return [answers[one.arrival] for one in batch]


def _line(raw: Raw) -> Parsed | Unreadable:
    parse = _PARSERS.get(raw.account.kind)
    if parse is None:
        return Unreadable("kind", raw.account.kind.value)
    try:
        return parse(raw)
    except Unreadable as strange:
        return strange
    except Exception as bug:  # noqa: BLE001 - one line must not stop the others
        return Unreadable("parse", repr(bug)[:200])


async def run(settings: Settings) -> None:
    """Work until cancelled; then finish what is under way and give the rest back."""
    if settings.database_url is None:
        raise NoDatabase
    database = Database(
        settings.database_url,
        direct_url=settings.database_direct_url,
        size=settings.database_pool,
        limits=Limits(statement=30_000, generic_plans=True),
        name="polyphony worker",
    )
    # What is loaded now stays: looking through it at every collection costs more than the work.
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    async with database, _reader() as reader:
        boxes: list[Mailbox] = []

        def rotated(account: UUID, token: str) -> None:
            boxes[0].rotated(account, token)

        outside = outsides.build(settings, reader, rotated)
        name = f"{socket.gethostname()}:{os.getpid()}"
        boxes.append(Mailbox(database, outside, name))
        await serve(settings, database, outside, boxes[0])


@asynccontextmanager
async def _reader() -> AsyncIterator[DoorReader]:
    mails = ChildReader()
    await mails.start()
    try:
        yield DoorReader(mails)
    finally:
        await mails.close()


async def serve(settings: Settings, database: Database, outside: Outside, mailbox: Mailbox) -> None:
    """Run everything of one worker until cancelled, then drain."""
    await _prepared(database)
    stop = asyncio.Event()
    sending = hot.Sending(database, outside)
    scheduled = schedule.loops(database, outside, _dropper(settings))
    scheduled += push.loops(database, outside)
    scheduled += follow.loops(database, outside)
    scheduled += seal.loops(database)
    scheduled += hooks.loops(database, outside)
    scheduled += digest.loops(database, outside, settings.address)
    loops = hot.loops(database, outside, sending, scheduled)
    collectors = Collectors(outside.channels, mailbox.memory())
    async with AsyncExitStack() as stack:
        if settings.mail_listen:
            url = settings.mail_listen
            url = url if "://" in url else f"smtp://{url}"
            heard = await stack.enter_async_context(listen(url, mailbox.take, mailbox.knows))
            _log.info("receiving", host=heard.host, port=heard.port)
        running = [
            asyncio.create_task(worker.run(database, loops, stop)),
            asyncio.create_task(collectors.run(stop)),
        ]
        counting = asyncio.create_task(board.run(database, clock.now))
        try:
            await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stop.set()
            counting.cancel()
            await asyncio.gather(*running, counting, return_exceptions=True)
            await sending.drain()
    for task in running:
        task.result()


async def _prepared(database: Database) -> None:
    """Wait for the database, then see to the log before anything is accepted."""
    while True:
        try:
            await schedule.prepare(database)
        except Unavailable as away:
            _log.warning("database away", error=type(away).__name__)
            await asyncio.sleep(0.5)
        else:
            return


def _dropper(settings: Settings) -> schedule.Drop:
    store = FilesOnDisk(settings.files_path)

    async def drop(names: Sequence[str]) -> None:
        for one in names:
            with contextlib.suppress(OSError):
                await asyncio.to_thread(store.remove, one)

    return drop

"""Mails read in a child process under limits; one that dies or overstays is replaced."""

import asyncio
import os
import select
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path

import orjson

import polyphony
from polyphony.app import wire
from polyphony.domain.channel import ChannelKind
from polyphony.domain.failure import Unreadable
from polyphony.ports import Parsed, Raw

HEAD = struct.Struct("<IQ")
INLINE = 256 * 1024
BATCH = 64
WALL_S = 60.0
PAUSE_S = 0.003
"""Answers of a batch come one by one; to wake up for each would cost more than reading it."""

Item = dict[str, object]
Answer = tuple[bytes, bytes]


class Gone(Exception):
    """The child died or overstayed before it answered; ``guilty`` = by the mail it was reading."""

    def __init__(self, *, guilty: bool = False) -> None:
        super().__init__()
        self.guilty = guilty


class Child:
    """One reading process and its two pipes; ask a batch, then take its answers in order."""

    def __init__(self, wall_s: float = WALL_S) -> None:
        self._wall_s = wall_s
        self._process: subprocess.Popen[bytes] | None = None
        self._closed = False
        self._heard = bytearray()
        self._first = True

    @property
    def pid(self) -> int | None:
        """Return the process id of the living child, None when there is none."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Have the process at hand before the first question; do nothing when it lives."""
        with suppress(Gone):
            self._started()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._closed:
            raise Gone(guilty=True)
        if self._process is not None and self._process.poll() is not None:
            self.stop()  # it died while nobody asked anything
        if self._process is None:
            self._heard.clear()
            root = str(Path(polyphony.__file__).parents[1])
            known = os.environ.get("PYTHONPATH")
            self._process = subprocess.Popen(
                [sys.executable, "-m", "polyphony.app.reader_child"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, (root, known)))},
                close_fds=True,
            )
        return self._process

    def ask(self, items: Sequence[Item], bodies: Sequence[bytes]) -> None:
        """Send one batch; raise Gone when the child cannot take it."""
        process = self._started()
        head = orjson.dumps(list(items))
        self._first = True
        try:
            if process.stdin is None:
                raise Gone
            process.stdin.write(HEAD.pack(len(head), sum(map(len, bodies))) + head)
            for body in bodies:
                process.stdin.write(body)
            process.stdin.flush()
        except (BrokenPipeError, OSError, ValueError) as error:
            self.stop()
            raise Gone from error

    def take(self) -> Answer:
        """Wait for the next answer; raise Gone when none comes in time or the child died."""
        size, rest = HEAD.unpack(self._exactly(HEAD.size))
        return self._exactly(size), self._exactly(rest)

    def _exactly(self, size: int) -> bytes:
        until = time.monotonic() + self._wall_s
        while len(self._heard) < size:
            self._hear(until)
        out = bytes(self._heard[:size])
        del self._heard[:size]
        return out

    def _hear(self, until: float) -> None:
        """Take what the child has said meanwhile; raise Gone when it says nothing in time."""
        process = self._process
        if process is None or process.stdout is None:
            raise Gone(guilty=self._closed)
        if not self._first:
            time.sleep(PAUSE_S)
        self._first = False
        handle = process.stdout.fileno()
        ready = select.poll()
        ready.register(handle, select.POLLIN)
        left = until - time.monotonic()
        if left <= 0 or not ready.poll(left * 1000):
            self.stop()
            raise Gone(guilty=True)
        piece = os.read(handle, 1 << 20)
        if not piece:
            raise Gone(guilty=self._ended_by_budget())
        self._heard += piece

    def _ended_by_budget(self) -> bool:
        """Bury a dead child; tell whether it was the CPU budget of a mail that ended it."""
        process = self._process
        if process is None:
            return self._closed
        code = process.wait()
        self.stop()
        return code == -signal.SIGPROF

    def stop(self) -> None:
        """End the process; the next batch starts a new one."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    continue

    def close(self) -> None:
        """End the process for good."""
        self._closed = True
        self.stop()


def answers(
    child: Child, items: Sequence[Item], bodies: Sequence[bytes]
) -> Iterator[Answer | None]:
    """Yield one answer for each item; None for the one that cost a child its life.

    A child that dies without a sign of guilt (killed from outside, out of memory of the host)
    costs the mail a second try, not its answer.
    """
    done = 0
    tried = -1
    while done < len(items):
        try:
            child.ask(items[done:], bodies[done:])
            for answer in _taken(child, len(items) - done):
                done += 1
                yield answer
        except Gone as gone:
            if not gone.guilty and tried < done:
                tried = done
                continue
            done += 1
            yield None


def _taken(child: Child, count: int) -> Iterator[Answer]:
    for _ in range(count):
        yield child.take()


class ChildReader:
    """The port Reader: understands arrivals in a child, one answer for each, in order."""

    def __init__(self, wall_s: float = WALL_S) -> None:
        self._child = Child(wall_s)
        self._turn = asyncio.Lock()
        self._busy = threading.Lock()

    @property
    def pid(self) -> int | None:
        """Return the process id of the living child, None when there is none."""
        return self._child.pid

    async def start(self) -> None:
        """Start the child, so that the first mail does not wait for it."""
        await asyncio.to_thread(self._child.start)

    async def read(self, batch: Sequence[Raw]) -> Sequence[Parsed | Unreadable]:
        """Read a batch; what cannot be read is answered with Unreadable, never raised."""
        async with self._turn:
            return await asyncio.to_thread(self._read, batch)

    async def close(self) -> None:
        """End the child; a batch under way is answered with Unreadable."""
        await asyncio.to_thread(self._child.close)

    def _read(self, batch: Sequence[Raw]) -> list[Parsed | Unreadable]:
        out: list[Parsed | Unreadable] = []
        with self._busy, tempfile.TemporaryDirectory(prefix="polyphony-read-") as folder:
            for start in range(0, len(batch), BATCH):
                part = batch[start : start + BATCH]
                items, bodies = _items(part, Path(folder))
                found = answers(self._child, items, bodies)
                out.extend(_understood(raw, one) for raw, one in zip(part, found, strict=True))
        return out


class RareReader:
    """The port Reader where mails are read once in a while: a child for each batch, then none."""

    async def read(self, batch: Sequence[Raw]) -> Sequence[Parsed | Unreadable]:
        """Read a batch; what cannot be read is answered with Unreadable, never raised."""
        once = ChildReader()
        try:
            return await once.read(batch)
        finally:
            await once.close()


def _items(batch: Sequence[Raw], folder: Path) -> tuple[list[Item], list[bytes]]:
    """Describe the arrivals; large bodies are handed over as files."""
    items: list[Item] = []
    bodies: list[bytes] = []
    for number, raw in enumerate(batch):
        item: Item = {
            "arrival": str(raw.arrival),
            "account": str(raw.account.id),
            "address": raw.account.address,
            "settings": {
                name: raw.account.settings[name]
                for name in ("authserv_id", "size_limit")
                if name in raw.account.settings
            },
            "key": raw.key,
            "received_at": raw.received_at.isoformat(),
            "ours": sorted(raw.ours),
            "size": len(raw.body),
        }
        body = raw.body
        if len(body) > INLINE:
            path = folder / str(number)
            path.write_bytes(body)
            item |= {"path": str(path), "size": 0}
            body = b""
        items.append(item)
        bodies.append(body)
    return items, bodies


def _understood(raw: Raw, answer: Answer | None) -> Parsed | Unreadable:
    if raw.account.kind is not ChannelKind.EMAIL:
        return Unreadable("kind", raw.account.kind.value)
    if answer is None:
        return Unreadable("limits", "the reader broke its limits of CPU or memory")
    head = orjson.loads(answer[0])
    if "unreadable" in head:
        return Unreadable(head["unreadable"], "the mail could not be understood")
    return wire.unpack(head, answer[1])


def show(
    files: Iterable[tuple[str, str]],
    *,
    limited: bool = True,
    own: frozenset[str] = frozenset(),
    out: str | None = None,
    explain: bool = False,
) -> Iterator[dict[str, object]]:
    """Read files for `polyphony read email`: (name shown, path) in, JSON objects out, in order."""
    common: Item = {
        "limited": limited,
        "own": sorted(one.lower() for one in own),
        "out": out,
        "explain": explain,
    }
    child = Child(WALL_S if limited else 24 * 3600.0)
    rest = iter(files)
    try:
        while part := list(islice(rest, BATCH)):
            items: list[Item] = [{"file": name, "path": path, **common} for name, path in part]
            found = answers(child, items, [b""] * len(items))
            for item, answer in zip(items, found, strict=True):
                yield orjson.loads(answer[0]) if answer else _lost(str(item["file"]))
    finally:
        child.close()


def _lost(file: str) -> dict[str, object]:
    from polyphony.channels.email.parse.shape import unreadable  # noqa: PLC0415 - rarely needed

    return unreadable(file).to_json()

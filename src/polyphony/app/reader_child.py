"""The child process that reads mails: batches in by a pipe, one answer for each out by another."""

import contextlib
import gc
import os
import resource
import signal
import struct
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

import orjson

from polyphony.app import wire
from polyphony.channels.email.parse import Limits, read_arrival, unreadable
from polyphony.channels.email.parse.explain import explain
from polyphony.channels.email.parse.read import Reading
from polyphony.domain.channel import ChannelKind
from polyphony.ports import Account, Raw

HEAD = struct.Struct("<IQ")
MEMORY = 256 * 1024 * 1024
CPU_S = 2.0
Item = dict[str, object]


class _Broken(Exception):
    """The pipe ended inside a frame: the parent is gone."""


def receive(pipe: BinaryIO) -> tuple[list[Item], list[bytes]] | None:
    """Read one batch wholly: its items and the bytes that came with them; None at the end."""
    head = pipe.read(HEAD.size)
    if len(head) < HEAD.size:
        return None
    size, rest = HEAD.unpack(head)
    items: list[Item] = orjson.loads(_exactly(pipe, size))
    block = _exactly(pipe, rest)
    bodies: list[bytes] = []
    at = 0
    for item in items:
        length = int(str(item.get("size") or 0))
        bodies.append(block[at : at + length])
        at += length
    return items, bodies


def _exactly(pipe: BinaryIO, size: int) -> bytes:
    data = pipe.read(size)
    if len(data) != size:
        raise _Broken
    return data


def answer(pipe: BinaryIO, head: bytes, blobs: Iterable[bytes] = ()) -> None:
    """Write one answer: JSON first, then the bytes of its files in order."""
    blobs = list(blobs)
    pipe.write(HEAD.pack(len(head), sum(map(len, blobs))))
    pipe.write(head)
    pipe.writelines(blobs)
    pipe.flush()


@contextlib.contextmanager
def budget(seconds: float) -> Iterator[None]:
    """End this process by SIGPROF when one mail takes more CPU than it may."""
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def limit_memory(more: int) -> None:
    """Let the address space grow by so many bytes from here and no further."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    ceiling = pages * resource.getpagesize() + more
    resource.setrlimit(resource.RLIMIT_AS, (ceiling, ceiling))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def understand(item: Item, body: bytes) -> tuple[bytes, list[bytes]]:
    """Read an arrival for intake; the answer carries its events and the bytes of their parts."""
    path = item.get("path")
    data = Path(str(path)).read_bytes() if path else body
    settings = item["settings"]
    raw = Raw(
        arrival=UUID(str(item["arrival"])),
        account=Account(
            id=UUID(str(item["account"])),
            kind=ChannelKind.EMAIL,
            name="",
            address=str(item["address"]),
            settings=settings if isinstance(settings, dict) else {},
        ),
        key=str(item["key"]),
        body=data,
        received_at=datetime.fromisoformat(str(item["received_at"])),
        ours=frozenset(map(str, item["ours"] if isinstance(item["ours"], list) else ())),
    )
    return wire.pack(read_arrival(raw))


def show(item: Item) -> bytes:
    """Read a file for `polyphony read email`: the public JSON object."""
    limits = Limits() if item.get("limited") else Limits.none()
    try:
        with Path(os.fsdecode(str(item["path"]).encode("latin-1"))).open("rb") as file:
            too_big = os.fstat(file.fileno()).st_size > limits.size
            raw = file.read(limits.header_block * 2 if too_big else -1)
    except OSError:
        return orjson.dumps({"file": item["file"], "error": "cannot open"})
    own = item.get("own")
    out = item.get("out")
    reading = Reading(raw, limits, frozenset(own if isinstance(own, list) else ()), too_big=too_big)
    mail = reading.finish(keep=bool(out), file=str(item["file"]))
    found = mail.to_json()
    if item.get("explain"):
        found["why"] = explain(reading, mail)
    if out:
        for one in mail.attachments:
            _keep(Path(str(out)) / one.sha256, one.data)
    return orjson.dumps(found)


def _keep(path: Path, data: bytes) -> None:
    with contextlib.suppress(FileExistsError):
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(data)


def _one(item: Item, body: bytes) -> tuple[bytes, list[bytes]]:
    if "arrival" in item:
        return understand(item, body)
    return show(item), []


def _minimal(item: Item) -> bytes:
    if "arrival" in item:
        return orjson.dumps({"unreadable": "limits"})
    return orjson.dumps(unreadable(str(item["file"])).to_json())


def main() -> int:
    """Serve batches until the parent closes the pipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    take, give = sys.stdin.buffer, os.fdopen(os.dup(1), "wb", buffering=1 << 16)
    os.dup2(2, 1)  # whatever prints must not spoil the answers
    limit_memory(MEMORY)
    # What is loaded now stays: looking through it at every collection costs more than the mails.
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    with contextlib.suppress(_Broken, BrokenPipeError):
        while (batch := receive(take)) is not None:
            for item, body in zip(*batch, strict=True):
                if not _serve(give, item, body):
                    return 0
    return 0


def _serve(give: BinaryIO, item: Item, body: bytes) -> bool:
    """Answer one mail; False when this process should be replaced."""
    unlimited = "limited" in item and not item["limited"]
    try:
        with budget(0 if unlimited else CPU_S):
            head, blobs = _one(item, body)
    except MemoryError:
        answer(give, _minimal(item))
        return False
    except Exception:  # noqa: BLE001 - one answer for every file, whatever its bytes
        head, blobs = _minimal(item), []
    answer(give, head, blobs)
    return True


if __name__ == "__main__":
    sys.exit(main())

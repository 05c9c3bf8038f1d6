"""The sockets of the stream bench, a process of its own: dial, listen, check the chain."""

import asyncio
import base64
import json
import re
import resource
import secrets
import sys
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from websockets.asyncio.server import ServerConnection, serve

from polyphony.app.clock import now

DIALS = 40
SLOW_SHARE = 10
SLOW_S = 0.5
ECHOES, ECHO_BYTES = 5_000, 280
SETTLE_S = 30.0
_STEP = re.compile(rb'"prev":"([0-9.]+)","cursor":"([0-9.]+)"')
_SENT = re.compile(rb'"sent_at":\s*([0-9.]+)')


TEXT, PING, PONG = 1, 9, 10


def masked(text: bytes, opcode: int = TEXT) -> bytes:
    """Return a frame of a client."""
    first, size = 0x80 | opcode, len(text)
    head = bytes((first, 0x80 | size)) if size < 126 else bytes((first, 0xFE)) + size.to_bytes(2)
    return head + b"\0\0\0\0" + text


class Line(asyncio.Protocol):
    """One socket: handshake, frames, the chain of cursors; everything else costs too much here."""

    def __init__(self, world: "World", number: int) -> None:
        self.world, self.number = world, number
        self.cursor = b""
        self.live = False
        self.synced = asyncio.Event()
        self.transport: Any = None
        self._buffer = bytearray()
        self._up = False
        self._slow = number % SLOW_SHARE == 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the upgrade."""
        self.transport = transport
        cookie, _ = self.world.cookie(self.number)
        parts = urlsplit(self.world.base)
        self.transport.write(
            f"GET /v1/stream HTTP/1.1\r\nHost: {parts.netloc}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nOrigin: {self.world.base}\r\n"
            f"Sec-WebSocket-Key: {base64.b64encode(secrets.token_bytes(16)).decode()}\r\n"
            f"Cookie: {cookie}\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        """Cut into frames."""
        self._buffer += data
        if not self._up:
            end = self._buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            del self._buffer[: end + 4]
            self._up = True
            self._hello()
        while (found := self._next()) is not None:
            opcode, frame = found
            if opcode == TEXT:
                self._hear(frame)
            elif opcode == PING:
                self.transport.write(masked(frame, PONG))
        if self._slow and self.live:
            self.transport.pause_reading()
            asyncio.get_running_loop().call_later(SLOW_S, self._again)

    def _next(self) -> tuple[int, bytes] | None:
        """Take one whole frame off what has come; None when there is none."""
        if len(self._buffer) < 2:
            return None
        size, start = self._buffer[1], 2
        if size >= 126:
            start = 4 if size == 126 else 10
            size = int.from_bytes(self._buffer[2:start])
        if len(self._buffer) < start + size:
            return None
        opcode, frame = self._buffer[0] & 15, bytes(self._buffer[start : start + size])
        del self._buffer[: start + size]
        return opcode, frame

    def _again(self) -> None:
        if not self.transport.is_closing():
            self.transport.resume_reading()

    def _hello(self) -> None:
        hello = {"t": "hello", "ticket": self.world.tickets.pop(self.number), "schema": 1,
                 "topics": [], "cursor": self.cursor.decode()}  # fmt: skip
        self.transport.write(masked(json.dumps(hello).encode()))

    def _hear(self, frame: bytes) -> None:
        if frame.startswith((b'{"t":"ev"', b'{"t":"hb"')):
            step = _STEP.search(frame)
            if step is None or step[1] != self.cursor:
                self.world.faults += 1
            if step is not None:
                self.cursor = step[2]
            if self.live and not self._slow:
                at = now().timestamp()
                self.world.ages += [at - float(sent) for sent in _SENT.findall(frame)]
            self.world.delivered += frame.count(b'"notice.changed"')
            self.synced.set()
        elif frame.startswith(b'{"t":"welcome"'):
            self.cursor = str(json.loads(frame)["cursor"]).encode()
            self.live = True
            self.synced.set()
        elif frame.startswith((b'{"t":"bye"', b'{"t":"reset"')):
            self.world.faults += 1

    def connection_lost(self, exc: Exception | None) -> None:
        """Count who is left."""
        del exc
        self.live = False


@dataclass
class World:
    """All sockets and what they saw."""

    base: str
    cookies: list[tuple[str, str]]
    sockets: int
    each: int
    lines: list[Line] = field(default_factory=list)
    tickets: dict[int, str] = field(default_factory=dict)
    delivered: int = 0
    faults: int = 0
    ages: list[float] = field(default_factory=list)

    def cookie(self, number: int) -> tuple[str, str]:
        """Whose socket this is."""
        return self.cookies[number // self.each]

    async def dial(self, number: int, cursor: bytes = b"") -> Line:
        """Get a ticket, open, wait until welcome."""
        parts = urlsplit(self.base)
        host, port = parts.hostname or "127.0.0.1", parts.port or 80
        reader, writer = await asyncio.open_connection(host, port)
        cookie, csrf = self.cookie(number)
        writer.write(
            f"POST /v1/stream/ticket HTTP/1.1\r\nHost: {parts.netloc}\r\nOrigin: {self.base}\r\n"
            f"Cookie: {cookie}\r\nX-Polyphony-CSRF: {csrf}\r\nConnection: close\r\n"
            "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}".encode()
        )
        answer = await reader.read()
        writer.close()
        self.tickets[number] = json.loads(answer.partition(b"\r\n\r\n")[2])["ticket"]
        line = Line(self, number)
        line.cursor = cursor
        await asyncio.get_running_loop().create_connection(lambda: line, host, port)
        await asyncio.wait_for(line.synced.wait(), SETTLE_S)
        return line

    async def dial_all(self, numbers: list[int], cursors: dict[int, bytes]) -> list[Line]:
        """Dial many, some at once."""
        gate = asyncio.Semaphore(DIALS)

        async def one(number: int) -> Line:
            async with gate:
                return await self.dial(number, cursors.get(number, b""))

        return list(await asyncio.gather(*(one(number) for number in numbers)))


async def act(world: World, told: dict[str, Any]) -> dict[str, Any]:
    """Do one thing and say what was found."""
    if told["do"] == "echo":
        return {"echo_us": await echo_us()}
    if told["do"] == "dial":
        start, stop = len(world.lines), int(world.sockets * told["part"])
        world.lines += await world.dial_all(list(range(start, stop)), {})
        return {}
    if told["do"] == "settle":
        end = time.monotonic() + SETTLE_S
        while world.delivered < told["expect"] and time.monotonic() < end:  # noqa: ASYNC110 - every socket counts
            await asyncio.sleep(0.05)
        alive = sum(line.live for line in world.lines)
        return {"delivered": world.delivered, "open": alive, "faults": world.faults,
                "ages_s": world.ages}  # fmt: skip
    return await storm(world, int(told["count"]))


async def storm(world: World, count: int) -> dict[str, Any]:
    """Break many sockets at once and dial them all again, each from where it stood."""
    cursors = {line.number: line.cursor for line in world.lines[:count]}
    for line in world.lines[:count]:
        line.transport.abort()
    before, began = world.faults, time.monotonic()
    again = await world.dial_all(list(cursors), cursors)
    settled = time.monotonic() - began
    return {"settled_s": settled, "synced": sum(line.live for line in again),
            "faults": world.faults - before}  # fmt: skip


async def echo_us() -> float:
    """Measure the CPU of one echo of 280 bytes on one socket, both ends, halved: one delivery."""

    async def repeat(socket: ServerConnection) -> None:
        async for raw in socket:
            await socket.send(raw)

    async with serve(repeat, "127.0.0.1", 0, compression=None) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        from websockets.asyncio.client import connect  # noqa: PLC0415 - only for the floor

        async with connect(f"ws://127.0.0.1:{port}", compression=None) as socket:
            began = time.process_time()
            for _ in range(ECHOES):
                await socket.send("x" * ECHO_BYTES)
                await socket.recv()
            return (time.process_time() - began) / ECHOES / 2 * 1e6


async def run() -> None:
    """Read what to do, a line each; answer a line each."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    loop = asyncio.get_running_loop()
    first = json.loads(await loop.run_in_executor(None, sys.stdin.readline))
    cookies = [(one, csrf) for one, csrf in first["cookies"]]
    world = World(first["base"], cookies, first["sockets"], first["each"])
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        sys.stdout.write(json.dumps(await act(world, json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(run())

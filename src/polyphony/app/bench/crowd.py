"""The load generator of chat benches, a process of its own: visitors post, agents listen."""

import asyncio
import json
import sys
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from uuid import uuid4

from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.typing import Origin

CONNECTIONS = 64


@dataclass(frozen=True, slots=True)
class Load:
    """What to do: open-loop rate per second for so many seconds; ``cookies`` one per agent.

    With ``expect`` nothing is posted: listen until so many different messages were pushed.
    """

    base: str
    tokens: Sequence[str]
    cookies: Sequence[tuple[str, str]]
    rate: float
    seconds: float
    expect: int = 0


@dataclass(slots=True)
class Seen:
    """What the generator saw: seconds from the due time; ``acknowledged`` are cids.

    ``wall_s`` ends with the last answer, ``settled_s`` with the last push.
    """

    answered_s: list[float] = field(default_factory=list)
    pushed_s: list[float] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)
    errors: dict[str, int] = field(default_factory=dict)
    due: dict[str, float] = field(default_factory=dict)
    heard: set[str] = field(default_factory=set)
    frames: deque[str | bytes] = field(default_factory=lambda: deque(maxlen=16))
    wall_s: float = 0.0
    settled_s: float = 0.0
    echo_ms: float = 0.0


class Line:
    """One keep-alive HTTP/1.1 connection: post, read the whole answer, nothing else."""

    def __init__(self, base: str) -> None:
        parts = urlsplit(base)
        self._host, self._port = parts.hostname or "127.0.0.1", parts.port or 80
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def post(self, path: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, bytes]:
        """Post once; a broken connection is opened again by the next call."""
        if self._writer is None or self._reader is None:
            self._reader, self._writer = await asyncio.open_connection(self._host, self._port)
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        request = (
            f"POST {path} HTTP/1.1\r\nHost: {self._host}:{self._port}\r\n{head}"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        try:
            self._writer.write(request.encode() + body)
            raw = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
            length = int(raw.partition("content-length:")[2].partition("\r\n")[0] or 0)
            return int(raw.split(" ", 2)[1]), await self._reader.readexactly(length)
        except (OSError, asyncio.IncompleteReadError, ValueError):
            self.close()
            raise

    def close(self) -> None:
        """Close the connection."""
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None


async def run(load: Load) -> Seen:
    """Listen with all agents, post at the due times, wait until the last push came (≤ 20 s)."""
    seen = Seen()
    ready = [asyncio.Event() for _ in load.cookies]
    listeners = [
        asyncio.create_task(_listen(load, cookie, seen, event))
        for cookie, event in zip(load.cookies, ready, strict=True)
    ]
    await asyncio.gather(*(asyncio.wait_for(event.wait(), 30) for event in ready))
    began = time.monotonic()
    if load.expect:
        await _hear_all(load, seen)
    else:
        await _post_all(load, seen)
    seen.wall_s = time.monotonic() - began
    if load.cookies and not load.expect:
        await _last_pushes(seen)
    seen.settled_s = time.monotonic() - began
    for task in listeners:
        task.cancel()
    await asyncio.gather(*listeners, return_exceptions=True)
    if load.cookies:
        seen.echo_ms = await echo_ms()
    return seen


async def _hear_all(load: Load, seen: Seen) -> None:
    for _ in range(int(load.seconds / 0.05)):
        if len(seen.heard) >= load.expect:
            return
        await asyncio.sleep(0.05)


async def _last_pushes(seen: Seen) -> None:
    for _ in range(400):
        if len(seen.pushed_s) >= len(seen.acknowledged):
            return
        await asyncio.sleep(0.05)


async def echo_ms() -> float:
    """Measure one WebSocket echo on the loopback (280 bytes, p50 of 300), in milliseconds."""

    async def repeat(socket: ServerConnection) -> None:
        async for raw in socket:
            await socket.send(raw)

    took = []
    async with serve(repeat, "127.0.0.1", 0) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        async with connect(f"ws://127.0.0.1:{port}") as socket:
            for _ in range(300):
                began = time.monotonic()
                await socket.send("x" * 280)
                await socket.recv()
                took.append((time.monotonic() - began) * 1000)
    return sorted(took)[150]


async def _post_all(load: Load, seen: Seen) -> None:
    free: asyncio.Queue[Line] = asyncio.Queue()
    for _ in range(CONNECTIONS):
        free.put_nowait(Line(load.base))
    began, total = time.monotonic() + 0.1, int(load.rate * load.seconds)
    tasks = set()
    for number in range(total):
        due = began + number / load.rate
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        token = load.tokens[number % len(load.tokens)]
        task = asyncio.create_task(_post(free, token, due, seen))
        tasks.add(task)
        task.add_done_callback(tasks.discard)
    await asyncio.gather(*tasks)
    while not free.empty():
        free.get_nowait().close()


async def _post(free: asyncio.Queue[Line], token: str, due: float, seen: Seen) -> None:
    cid = str(uuid4())
    seen.due[cid] = due
    line = await free.get()
    try:
        status, _ = await line.post(
            "/v1/chat/messages",
            json.dumps({"cid": cid, "text": f"measured {cid}"}).encode(),
            {"Authorization": f"Bearer {token}", "Idempotency-Key": cid},
        )
    except (OSError, asyncio.IncompleteReadError, ValueError) as broken:
        seen.errors[type(broken).__name__] = seen.errors.get(type(broken).__name__, 0) + 1
        return
    finally:
        free.put_nowait(line)
    if status == 201:
        seen.answered_s.append(time.monotonic() - due)
        seen.acknowledged.append(cid)
    else:
        seen.errors[str(status)] = seen.errors.get(str(status), 0) + 1


async def _listen(load: Load, cookie: tuple[str, str], seen: Seen, ready: asyncio.Event) -> None:
    line = Line(load.base)
    headers = {"Cookie": cookie[0], "X-Polyphony-CSRF": cookie[1], "Origin": load.base}
    _, body = await line.post("/v1/stream/ticket", b"{}", headers)
    line.close()
    url = load.base.replace("http", "ws", 1) + "/v1/stream"
    async with connect(
        url, additional_headers={"Cookie": cookie[0]}, origin=Origin(load.base), max_size=2**22
    ) as socket:
        hello = {"t": "hello", "ticket": json.loads(body)["ticket"], "schema": 1, "topics": []}
        await socket.send(json.dumps(hello))
        async for raw in socket:
            at = time.monotonic()
            if raw in seen.frames:
                continue  # another agent had the very same first: only the first one is timed
            frame = json.loads(raw)
            if frame["t"] == "welcome":
                ready.set()
            elif frame["t"] == "ping":
                await socket.send(json.dumps({"t": "pong", "n": frame["n"]}))
            elif frame["t"] in {"ev", "early"}:
                seen.frames.append(raw)
                _note(frame["events"], at, seen)


def _note(events: Sequence[Mapping[str, object]], at: float, seen: Seen) -> None:
    for event in events:
        data = event.get("data")
        if event["entity"] == "message":
            seen.heard.add(str(event["id"]))
        if event["entity"] == "message" and isinstance(data, dict):
            cid = str(data.get("text", "")).removeprefix("measured ")
            due = seen.due.pop(cid, None)
            if due is not None:
                seen.pushed_s.append(at - due)


def main() -> None:
    """Read a Load as JSON from standard input, write what was seen to standard output."""
    raw = json.load(sys.stdin)
    load = Load(raw["base"], raw["tokens"], [tuple(c) for c in raw["cookies"]], raw["rate"],
                raw["seconds"], raw.get("expect", 0))  # fmt: skip
    seen = asyncio.run(run(load))
    json.dump(
        {
            "answered_s": seen.answered_s,
            "pushed_s": seen.pushed_s,
            "acknowledged": seen.acknowledged,
            "errors": seen.errors,
            "wall_s": seen.wall_s,
            "settled_s": seen.settled_s,
            "heard": len(seen.heard),
            "echo_ms": seen.echo_ms,
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()

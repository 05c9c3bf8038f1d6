"""Pouring: an answer that does not end; a line's frames as server-sent events."""

import asyncio
import contextlib
import re
from collections.abc import Awaitable, Callable

import orjson
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from polyphony.live.line import Line

SEND_S = 10.0
_STEP = re.compile(rb'^\{"t":"(?:ev|hb)","prev":"[0-9.]+","cursor":"([0-9.]+)"')
_HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}


class Pouring(Response):
    """Sends what waits in the line until either side ends it; then ``leave`` is called."""

    media_type = "text/event-stream"

    def __init__(self, line: Line, leave: Callable[[], Awaitable[None]]) -> None:
        """Take over an open line."""
        super().__init__(b"", headers=_HEADERS)
        del self.headers["content-length"]
        self._line = line
        self._leave = leave

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve it."""
        del scope
        tasks = [asyncio.create_task(self._pour(send)), asyncio.create_task(_gone(receive))]
        try:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await asyncio.shield(self._leave())
        with contextlib.suppress(OSError, RuntimeError):
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _pour(self, send: Send) -> None:
        line = self._line
        while True:
            data = line.take()
            if data is None:
                if line.closing is not None:
                    return
                await line.ready.wait()
                continue
            try:
                async with asyncio.timeout(SEND_S if line.closing is None else 1.0):
                    await send(
                        {"type": "http.response.body", "body": event(data), "more_body": True}
                    )
            except (TimeoutError, OSError, RuntimeError):
                return


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def event(data: bytes) -> bytes:
    """Wrap one frame; those that move the cursor carry it as their id."""
    found = _STEP.match(data)
    id_ = b"id: " + found[1] + b"\n" if found else b""
    return id_ + b"event: frame\ndata: " + data + b"\n\n"


def problem(status: int, code: str, detail: str) -> Response:
    """Refuse in the form of all refusals."""
    headers = {"cache-control": "no-store"} | ({"retry-after": "1"} if status == 503 else {})
    body = orjson.dumps({"status": status, "code": code, "title": code, "detail": detail})
    return Response(body, status, headers, media_type="application/problem+json")

"""Envelope: around every request; its number, limits of size and time, safety headers, last net."""

import asyncio
import contextlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import structlog
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from polyphony.api.errors import INTERNAL, UNAVAILABLE, Problem, body_of, language_of
from polyphony.domain.errors import Invalid
from polyphony.store.database import Unavailable

BODY_MAX = 1024 * 1024
UPLOAD_MAX = 25 * 1024 * 1024 + 64 * 1024
BODY_S, UPLOAD_S = 30.0, 300.0
DRAIN_S, DRAIN_MAX = 2.0, 64 * 1024 * 1024
UPLOADS = ("/v1/files", "/v1/chat/uploads")

API_CSP = "default-src 'none'; frame-ancestors 'none'"
PERMISSIONS = "camera=(self), microphone=(self), display-capture=(self), geolocation=()"

_log = structlog.stdlib.get_logger("polyphony.api")


@dataclass(frozen=True, slots=True)
class Headers:
    """What is put on every answer unless the handler has said otherwise."""

    secure: bool

    def put(self, headers: MutableHeaders, path: str, request_id: str) -> None:
        """Complete the headers of one answer."""
        fixed = {
            "x-content-type-options": "nosniff",
            "referrer-policy": "no-referrer",
            "cross-origin-opener-policy": "same-origin",
            "cross-origin-resource-policy": "same-origin",
            "permissions-policy": PERMISSIONS,
            "content-security-policy": API_CSP,
        }
        if self.secure:
            fixed["strict-transport-security"] = "max-age=31536000"
        if path.startswith(("/v1/", "/content/", "/in/", "/demo")):
            fixed["cache-control"] = "no-store"
        for name, value in fixed.items():
            headers.setdefault(name, value)
        if path.startswith(("/v1/", "/content/")):
            headers.add_vary_header("Cookie")
            headers.add_vary_header("Authorization")
        headers["request-id"] = request_id


class TooLarge(Invalid):
    """The body is over the limit of its address."""


class Envelope:
    """Pure ASGI: no task per request, no buffering."""

    def __init__(
        self, app: ASGIApp, headers: Headers, count: Callable[[str, int, float], None]
    ) -> None:
        """Wrap the application; ``count`` hears method, status and seconds of every answer."""
        self._app = app
        self._headers = headers
        self._count = count

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path: str = scope["path"]
        request_id = secrets.token_hex(8)
        scope.setdefault("state", {})["request_id"] = request_id
        began = asyncio.get_running_loop().time()
        status, done = [0], [False]

        async def out(message: Message) -> None:
            if message["type"] == "http.response.start":
                status[0] = message["status"]
                self._headers.put(MutableHeaders(scope=message), path, request_id)
            done[0] = message["type"] == "http.response.body" and not message.get("more_body")
            await send(message)

        limited = _Limited(receive, _limit(path), UPLOAD_S if path in UPLOADS else BODY_S)
        try:
            limited.check(scope)
            await self._app(scope, limited, out)
        except Exception as error:
            if not status[0]:
                if isinstance(error, TooLarge):
                    await limited.drain()
                await _sorry(scope, error, request_id, out)
            elif done[0]:
                _tell(error, request_id, path)  # answered already; it must not be lost
            else:
                raise
        seconds = asyncio.get_running_loop().time() - began
        self._count(str(scope["method"]), status[0], seconds)


def _limit(path: str) -> int:
    return UPLOAD_MAX if path in UPLOADS else BODY_MAX


class _Limited:
    """Receives the body, counting bytes and seconds."""

    def __init__(self, receive: Receive, limit: int, seconds: float) -> None:
        self._receive = receive
        self._limit = limit
        self._seconds = seconds
        self._got = 0
        self._done = False

    def check(self, scope: Scope) -> None:
        """Refuse at once what says itself that it is too large."""
        for name, value in scope["headers"]:
            if name == b"content-length" and value.isdigit() and int(value) > self._limit:
                raise TooLarge("body.too_large", {"limit": self._limit})

    async def drain(self) -> None:
        """Read on for a moment: who is still writing would not hear our answer."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(DRAIN_S):
                more = True
                while more and self._got < DRAIN_MAX:
                    message = await self._receive()
                    self._got += len(message.get("body", b""))
                    more = message.get("more_body", False)

    async def __call__(self) -> Message:
        if self._done:
            return await self._receive()
        try:
            async with asyncio.timeout(self._seconds):
                message = await self._receive()
        except TimeoutError as late:
            raise Invalid("body.too_slow", {"seconds": self._seconds}) from late
        self._got += len(message.get("body", b""))
        self._done = not message.get("more_body", False)
        if self._got > self._limit:
            raise TooLarge("body.too_large", {"limit": self._limit})
        return message


def _tell(error: Exception, request_id: str, path: str) -> None:
    _log.error(
        "unhandled", request=request_id, path=path, error=type(error).__name__, exc_info=error
    )


async def _sorry(scope: Scope, error: Exception, request_id: str, send: Send) -> None:
    if isinstance(error, Unavailable):
        problem: Problem = UNAVAILABLE
    elif isinstance(error, Invalid):
        slug = "too-slow" if error.code == "body.too_slow" else "too-large"
        problem = Problem(slug, error.code, error.facts, {"Connection": "close"})
    else:
        problem = INTERNAL
        _log.error(
            "unhandled", request=request_id, path=scope["path"], error=type(error).__name__,
            exc_info=error,
        )  # fmt: skip
    language = language_of(Request(scope).headers.get("accept-language"))
    headers: Mapping[str, str] = {
        "content-type": "application/problem+json",
        "content-language": language,
        **{name.lower(): value for name, value in problem.headers.items()},
    }
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": problem.status, "headers": raw})
    body = body_of(problem, language, request_id)
    await send({"type": "http.response.body", "body": body})

"""The quick way in: a line of a visitor this process knows goes past all routes to the intake."""

import asyncio
import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from starlette.requests import Request
from starlette.responses import Response

from polyphony.api.widget import Desk
from polyphony.api.widget_door import JSON_BYTES, JSON_S, Visit

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

PATH: Final = "/v1/chat/messages"
_NO_BODY: Final = b""
_HEADERS: Final = (
    (b"content-type", b"application/json"),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"vary", b"Origin, Authorization"),
)


class Gone(Exception):
    """The caller hung up before his line was whole."""


class Quick:
    """Wraps the whole application; everything but a plain line of a known visitor goes on."""

    def __init__(
        self, app: "ASGIApp", desk: Desk, count: Callable[[str, int, float], None]
    ) -> None:
        """``count`` hears method, status and seconds of every answer given here."""
        self._app = app
        self._desk = desk
        self._count = count

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Serve one request."""
        if scope["type"] == "http" and scope["path"] == PATH and scope["method"] == "POST":
            headers: dict[bytes, bytes] = dict(scope["headers"])
            visit = self._visit(headers)
            if visit is not None:
                await self._post(scope, headers, visit, receive, send)
                return
        await self._app(scope, receive, send)

    def _visit(self, headers: dict[bytes, bytes]) -> Visit | None:
        """Return the visit when everything is as usual: known bearer, own page, small body."""
        length = headers.get(b"content-length", b"")
        if not length.isdigit() or len(length) > 9 or int(length) > JSON_BYTES:
            return None
        authorization = headers.get(b"authorization", b"")
        return self._desk.door.known(authorization, headers.get(b"origin", b""), self._desk.now())

    async def _post(
        self,
        scope: "Scope",
        headers: dict[bytes, bytes],
        visit: Visit,
        receive: "Receive",
        send: "Send",
    ) -> None:
        clock = asyncio.get_running_loop().time
        began, status = clock(), 201
        given = headers.get(b"idempotency-key")
        repeat = None if given is None else given.decode("latin-1")
        try:
            raw = await _body(receive)
            body = await self._desk.say(visit, raw, repeat)
        except Gone:
            return
        except Exception as error:  # noqa: BLE001 - told as the slow way tells it
            status = await self._tell(scope, receive, send, error)
        else:
            origin = headers.get(b"origin")
            told = [*_HEADERS, (b"content-length", b"%d" % len(body))]
            told.append((b"request-id", secrets.token_hex(8).encode()))
            if origin:
                told.append((b"access-control-allow-origin", origin))
            await send({"type": "http.response.start", "status": 201, "headers": told})
            await send({"type": "http.response.body", "body": body})
        self._count("POST", status, clock() - began)

    async def _tell(
        self, scope: "Scope", receive: "Receive", send: "Send", error: Exception
    ) -> int:
        async def again() -> Response:
            raise error

        response = await self._desk.door.shielded(Request(scope), again)
        await response(scope, receive, send)
        return response.status_code


async def _body(receive: "Receive") -> bytes:
    """Read a body whose length is known to be small."""
    whole: bytes = _NO_BODY
    async with asyncio.timeout(JSON_S):
        while True:
            message = await receive()
            if message["type"] != "http.request":
                raise Gone
            piece: bytes = message.get("body", _NO_BODY)
            whole = whole + piece if whole else piece
            if not message.get("more_body", False):
                return whole

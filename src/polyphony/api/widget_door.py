"""The door of the widget: who may come in, how much he may bring, and what he hears when not."""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import orjson
import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from polyphony.api.widget_problems import problem, refused
from polyphony.domain.chat import MESSAGES_PER_MINUTE
from polyphony.domain.errors import Invalid, NotAuthenticated, RateLimited, Refusal
from polyphony.flows import greet
from polyphony.store import chat as chats
from polyphony.store.chat import ChatAccount, ChatSession
from polyphony.store.database import Database, Unavailable

JSON_BYTES = 128 * 1024
JSON_S = 10.0
UPLOAD_S = 120.0
KNOWN_FOR = timedelta(seconds=20)
KNOWN_MOST = 50_000
TALKS_MOST = 50
MINUTE = timedelta(minutes=1)
_ALLOWED = "Authorization, Content-Type, Idempotency-Key, X-File-Name"

_log = structlog.stdlib.get_logger("polyphony.api.widget")


class TooLarge(Exception):
    """The body is larger than this route takes."""


@dataclass(slots=True)
class Visit:
    """A session as this process knows it until a moment; ``said`` lines since ``minute``.

    ``talks`` are open Interactions by Case (None: the newest) as seen at a moment, ``cases`` the
    visitor's own.
    """

    who: ChatSession
    account: ChatAccount
    until: datetime
    minute: datetime
    said: int = 0
    talks: dict[UUID | None, tuple[datetime, UUID | None]] = field(default_factory=dict)
    cases: set[UUID] = field(default_factory=set)


Handler = Callable[[Request, Visit], Awaitable[Response]]
Opening = Callable[[Request], Awaitable[Response]]


def packed(body: object) -> bytes:
    """Encode an answer."""
    return orjson.dumps(body, option=orjson.OPT_UTC_Z)


def answer(body: object, status: int = 200) -> Response:
    """Answer with JSON that no cache keeps."""
    return answer_raw(packed(body), status)


def answer_raw(body: bytes, status: int) -> Response:
    """Answer with encoded JSON that no cache keeps."""
    return Response(body, status, {"Cache-Control": "no-store"}, media_type="application/json")


async def read_body(request: Request, most: int, seconds: float) -> bytes:
    """Read a body within size and time; raise TooLarge, or TimeoutError when it drips."""
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > most:
        raise TooLarge
    pieces: list[bytes] = []
    size = 0
    async with asyncio.timeout(seconds):
        async for piece in request.stream():
            size += len(piece)
            if size > most:
                raise TooLarge
            pieces.append(piece)
    return b"".join(pieces)


async def read_json(request: Request) -> object:
    """Read a small JSON body; raise Invalid when it is none."""
    return json_of(await read_body(request, JSON_BYTES, JSON_S))


def json_of(raw: bytes) -> object:
    """Decode JSON; raise Invalid when it is none."""
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise Invalid("chat.json", {"detail": str(error)[:200]}) from None


class Door:
    """Knows the sessions of the last seconds and the origins that may call."""

    def __init__(
        self,
        database: Database,
        now: Callable[[], datetime],
        own: Callable[[], frozenset[str]],
    ) -> None:
        """Begin knowing nobody; ``own`` are our own origins."""
        self._database, self._now, self._own = database, now, own
        self._visits: OrderedDict[bytes, Visit] = OrderedDict()
        self._tokens: dict[UUID, bytes] = {}
        self._origins: frozenset[str] = frozenset()
        self._origins_until: datetime | None = None

    def opened(self, handler: Opening) -> Opening:
        """Wrap a handler that needs no session."""

        async def handle(request: Request) -> Response:
            return await self.shielded(request, lambda: handler(request))

        return handle

    def guarded(self, handler: Handler) -> Opening:
        """Wrap a handler that needs a session: bearer and origin are checked."""

        async def handle(request: Request) -> Response:
            async def inside() -> Response:
                return await handler(request, await self.visit(request))

            return await self.shielded(request, inside)

        return handle

    async def shielded(
        self, request: Request, inside: Callable[[], Awaitable[Response]]
    ) -> Response:
        """Turn whatever goes wrong into a problem a page of the account may read."""
        try:
            response = await inside()
        except Refusal as refusal:
            response = refused(request, refusal)
        except TooLarge:
            response = problem(request, "too-large", 413, "chat.too_large")
        except TimeoutError:
            response = problem(request, "timeout", 408, "chat.too_slow")
            response.headers["Connection"] = "close"
        except Unavailable:
            facts = {"after_s": 1}
            response = problem(request, "database-unavailable", 503, "database.unavailable", facts)
        except ClientDisconnect:
            return Response(status_code=400)
        await self._admit(request, response)
        return response

    async def visit(self, request: Request) -> Visit:
        """Return the visit of a bearer; raise NotAuthenticated without one or from elsewhere."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise NotAuthenticated("chat.session")
        held = greet.hashed(token)
        at = self._now()
        visit = self._visits.get(held)
        if visit is None or visit.until <= at or visit.who.expires_at <= at:
            visit = await self._look_up(token, held, visit, at)
        origin = request.headers.get("origin")
        if origin and not greet.admitted(visit.account, origin, self._own()):
            raise NotAuthenticated("chat.origin")
        return visit

    def known(self, authorization: bytes, origin: bytes, at: datetime) -> Visit | None:
        """Return the visit of a bearer seen lately, when its page may call; None = ask properly."""
        if authorization[:7].lower() != b"bearer ":
            return None
        visit = self._visits.get(hashlib.sha256(authorization[7:]).digest())
        if visit is None or visit.until <= at or visit.who.expires_at <= at:
            return None
        page = origin.decode("latin-1")
        return visit if greet.admitted(visit.account, page, self._own()) else None

    async def _look_up(self, token: str, held: bytes, known: Visit | None, at: datetime) -> Visit:
        async with self._database.reads() as session:
            who = await greet.session_of(session, token, at)
            account = await chats.account_by_id(session, who.account_id)
        if account is None or account.state == "paused":
            raise NotAuthenticated("chat.session")
        if not greet.still_admitted(account, who):
            raise NotAuthenticated("chat.proof_needed")
        visit = known or Visit(who, account, at, at)
        visit.who, visit.account, visit.until = who, account, at + KNOWN_FOR
        self._visits[held] = visit
        self._visits.move_to_end(held)
        self._tokens[who.id] = held
        while len(self._visits) > KNOWN_MOST:
            _, gone = self._visits.popitem(last=False)
            self._tokens.pop(gone.who.id, None)
        return visit

    def forget(self, session_id: UUID) -> None:
        """Look a session up again next time: something about it changed."""
        held = self._tokens.get(session_id)
        if held is not None and held in self._visits:
            self._visits[held].until = datetime.min.replace(tzinfo=self._now().tzinfo)

    def pace(self, visit: Visit, at: datetime) -> None:
        """Count one more line; raise RateLimited beyond so many a minute."""
        if at - visit.minute >= MINUTE:
            visit.minute, visit.said = at, 0
        given = visit.account.settings.get("messages_per_minute")
        most = given if isinstance(given, int) and given > 0 else MESSAGES_PER_MINUTE
        if visit.said >= most:
            after = (visit.minute + MINUTE - at).total_seconds()
            raise RateLimited("chat.too_many_messages", {"after_s": max(1, round(after))})
        visit.said += 1

    async def interaction(self, visit: Visit, case: UUID | None, at: datetime) -> UUID | None:
        """Return the visitor's open Interaction (of a Case), asked at most every few seconds."""
        seen = visit.talks.get(case)
        if seen is None or at - seen[0] > timedelta(seconds=5):
            async with self._database.reads() as session:
                _, found, _ = await chats.agent_of(session, visit.who, case)
            if len(visit.talks) > TALKS_MOST:
                visit.talks.clear()
            seen = visit.talks[case] = (at, found)
        return seen[1]

    async def preflight(self, request: Request) -> Response:
        """Answer what a browser asks before it dares to call."""
        response = Response(status_code=204)
        if not await self._admit(request, response):
            return Response(status_code=403)
        response.headers["Access-Control-Allow-Methods"] = "GET, POST, DELETE"
        response.headers["Access-Control-Allow-Headers"] = _ALLOWED
        response.headers["Access-Control-Max-Age"] = "600"
        return response

    async def _admit(self, request: Request, response: Response) -> bool:
        """Let the page read the answer when its origin is one of some account's."""
        origin = request.headers.get("origin")
        if not origin:
            return False
        response.headers["Vary"] = "Origin"
        if origin not in self._own() and origin not in await self._known_origins():
            return False
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Expose-Headers"] = "Retry-After"
        return True

    async def _known_origins(self) -> frozenset[str]:
        at = self._now()
        if self._origins_until is None or self._origins_until <= at:
            try:
                async with self._database.reads() as session:
                    self._origins = await chats.origins(session)
                self._origins_until = at + KNOWN_FOR
            except Unavailable:
                _log.warning("origins not refreshed")
        return self._origins

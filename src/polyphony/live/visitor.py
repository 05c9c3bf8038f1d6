"""Visitor: how a customer's widget opens a line, hears who types, and is known to be there."""

import asyncio
import contextlib
from collections.abc import Callable, Collection, Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

import orjson
import structlog
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.websockets import WebSocket

from polyphony.domain.errors import Invalid, NotAuthenticated
from polyphony.domain.ids import IdentityId
from polyphony.domain.permission import Scope
from polyphony.flows import expect, greet
from polyphony.flows.expect import Place
from polyphony.live.entry import Door, Guest, House
from polyphony.live.line import ENDED, Line, frame
from polyphony.live.socket import serve
from polyphony.store import chat as chats
from polyphony.store.chat import ChatSession
from polyphony.store.database import Session, Unavailable
from polyphony.store.feed import Cursor, Ticket

PER_SESSION = 8
LIFE_S = 10.0
PRESENT_S = 45.0
PLACES_S = 3.0
WAIT_S = 5.0
POLL_MAX_S = 25.0
ORIGINS_FOR = timedelta(seconds=20)

_log = structlog.stdlib.get_logger("polyphony.live.visitor")


def tag(identity: UUID) -> str:
    """Return the audience of a customer's own screens."""
    return f"cust:{identity}"


@dataclass
class Visitors:
    """The customers' door of one process; ``own`` are our own origins."""

    house: House
    own: Callable[[], frozenset[str]]
    _origins: frozenset[str] = frozenset()
    _cases: dict[UUID, set[UUID]] = field(default_factory=dict)
    _places: dict[tuple[UUID, UUID], Place] = field(default_factory=dict)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def begin(self) -> None:
        """Start to note signs of life, and to listen who types."""
        self.house.fleeting.ears.append(self.hear)
        for period, act in (
            (LIFE_S, self.note_life),
            (PLACES_S, self.find_places),
            (WAIT_S, self.tell_places),
            (ORIGINS_FOR.total_seconds(), self.find_origins),
        ):
            self._tasks.append(asyncio.create_task(_every(period, act)))

    async def end(self) -> None:
        """Stop; the lines themselves are closed by whoever drains the house."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    # ── coming in ───────────────────────────────────────────────────────────────────────────────

    async def stream(self, websocket: WebSocket) -> None:
        """Serve one socket of /v1/chat/stream."""
        origin = websocket.headers.get("origin")
        if origin is not None and origin not in self.own() and origin not in self._origins:
            with contextlib.suppress(Unavailable):
                await self.find_origins()
        await serve(websocket, self.house, self.door())

    def door(self) -> Door:
        """Return the door as the socket uses it: no frame of a customer reaches anybody."""
        return Door(
            self.admit,
            _topics,
            lambda origin: origin is not None and (origin in self.own() or origin in self._origins),
            pinged=False,
            says=(),
            limit=PER_SESSION,
        )

    async def admit(
        self, session: Session, ticket: Ticket, connection: HTTPConnection
    ) -> Guest | None:
        """Let in who holds a ticket of a living chat session, from a page of its account."""
        kind, _, _ = ticket.principal.partition(":")
        if kind != "chat":
            return None
        who = await chats.by_id(session, ticket.session_id, self.house.now())
        if who is None or not await self._admitted(session, who, connection.headers.get("origin")):
            return None
        mine = [
            line
            for line in self.house.fan.hearers([tag(who.identity_id)])
            if line.session_id == who.id
        ]
        for old in sorted(mine, key=lambda one: one.born)[: max(0, len(mine) - PER_SESSION + 1)]:
            old.close(4009, "replaced")
        return Guest(scope_of(who), frozenset({tag(who.identity_id)}), who.id, "")

    async def _admitted(self, session: Session, who: ChatSession, origin: str | None) -> bool:
        account = await chats.account_by_id(session, who.account_id)
        return (
            account is not None
            and account.state != "paused"
            and greet.still_admitted(account, who)
            and greet.admitted(account, origin or "", self.own())
        )

    # ── the last resort: long poll ──────────────────────────────────────────────────────────────

    async def poll(self, request: Request) -> Response:
        """GET /v1/chat/poll: the frames since a cursor, waiting up to 25 s for the first."""
        origin = request.headers.get("origin", "")
        try:
            who = await self._bearer(request, origin)
            cursor = Cursor.parse(request.query_params.get("cursor", ""))
            frames = await self._gather(who, cursor, _wait_of(request))
        except NotAuthenticated as refusal:
            return _json({"status": 401, "code": refusal.code}, 401, origin)
        except Invalid as refusal:
            return _json({"status": 422, "code": refusal.code}, 422, origin)
        except (Unavailable, TimeoutError):
            return _json({"status": 503, "code": "database.unavailable"}, 503, origin)
        return _json({"frames": frames}, 200, origin)

    async def _bearer(self, request: Request, origin: str) -> ChatSession:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            raise NotAuthenticated("chat.session")
        async with self.house.database.reads() as session:
            who = await greet.session_of(session, token, self.house.now())
            if not await self._admitted(session, who, origin):
                raise NotAuthenticated("chat.origin")
        async with self.house.database.transaction() as session:
            await chats.seen(session, [who.id], self.house.now())
        return who

    async def _gather(self, who: ChatSession, cursor: Cursor, wait_s: float) -> list[object]:
        async with self.house.database.reads() as session:
            reset = await self.house.feed.check(session, cursor)
        place = cursor if reset is None else self.house.feed.position
        tags = frozenset({tag(who.identity_id)})
        line = Line(scope_of(who), place, tags, who.id)
        line.topics = {tag(who.identity_id)}
        line.heard_at = asyncio.get_running_loop().time()
        try:
            reset = await asyncio.wait_for(self.house.feed.join(line), 10.0) or reset
            if reset is not None:
                line.reset("all", reset.reason)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(line.ready.wait(), wait_s)
        finally:
            self.house.fan.remove(line)
        frames: list[object] = []
        while (data := line.take()) is not None:
            frames.append(orjson.loads(data))
        if not frames:
            line.heartbeat(line.cursor, self.house.now().isoformat(), 0)
            frames.append(orjson.loads(line.take() or b"{}"))
        return frames

    # ── being there ─────────────────────────────────────────────────────────────────────────────

    def _lines(self) -> list[Line]:
        return [line for line in self.house.fan.lines if line.scope.kind == "customer"]

    async def note_life(self) -> None:
        """Note who gave a sign of life lately (a hidden page gives none); end what is over."""
        lines = self._lines()
        if not lines:
            return
        now = asyncio.get_running_loop().time()
        alive = {line.session_id for line in lines if now - line.heard_at <= PRESENT_S}
        everybody = sorted({line.session_id for line in lines})
        async with self.house.database.transaction() as session:
            await chats.seen(session, sorted(alive), self.house.now())
            over = await chats.over(session, everybody, self.house.now())
        for line in lines:
            if line.session_id in over:
                line.close(ENDED, "session ended")
                self.house.fan.remove(line)

    async def find_places(self) -> None:
        """Find out which Cases the customers of this process talk in: their typing is shown."""
        wanted = {line.scope.identity for line in self._lines() if line.scope.identity}
        if not wanted:
            self._cases = {}
            return
        async with self.house.database.reads() as session:
            found = await chats.cases_of(session, sorted(wanted))
        places: dict[UUID, set[UUID]] = {}
        for case_id, identity in found:
            places.setdefault(case_id, set()).add(identity)
        self._cases = places

    async def find_origins(self) -> None:
        """Read again which origins the accounts admit."""
        async with self.house.database.reads() as session:
            self._origins = await chats.origins(session)

    def hear(self, topic: str, kind: str, who: str, data: object) -> None:
        """Pass an agent's typing on to his customer: that somebody types, and nothing else."""
        if kind != "typing" or not topic.startswith("case:") or not who.startswith("person:"):
            return
        if not isinstance(data, dict) or data.get("mode") not in (None, "reply"):
            return
        try:
            identities = self._cases.get(UUID(topic.removeprefix("case:")), set())
        except ValueError:
            return
        on = data.get("typing", data.get("on", True)) is not False
        case = topic.removeprefix("case:")
        for identity in identities:
            self._tell(identity, "typing", {"typing": on, "case_id": case})

    def _tell(self, identity: UUID, kind: str, data: Mapping[str, object]) -> None:
        told = frame(t="eph", topic=tag(identity), kind=kind, data=data, **{"from": "agent"})
        for line in self.house.fan.hearers([tag(identity)]):
            line.put(told, fleeting=True)

    async def tell_places(self) -> None:
        """Tell visitors who wait how many are before them, whenever that has changed."""
        here = {line.scope.identity for line in self._lines() if line.scope.identity}
        now: dict[tuple[UUID, UUID], Place] = {}
        if here:
            at = self.house.now()
            async with self.house.database.reads() as session:
                stands = await expect.waits(session, sorted(here), at)
            if expect.news(stands):  # what is told is kept first: it never gets worse again
                async with self.house.database.transaction() as session:
                    await expect.keep(session, stands, at)
            now = {key: one.place for key, one in stands.items()}
        before, self._places = self._places, now
        for (identity, case), place in now.items():
            if before.get((identity, case)) != place:
                self._tell(identity, "wait", {"case_id": case, "wait": place.shown()})
        for identity, case in before.keys() - now.keys():
            if identity in here:
                self._tell(identity, "wait", {"case_id": case, "wait": None})


def scope_of(who: ChatSession) -> Scope:
    """Return the rights of a customer: his own chats, nothing else."""
    return Scope("customer", id=who.id, identity=IdentityId(who.identity_id), session_id=who.id)


async def _topics(session: Session, scope: Scope, wanted: Collection[str]) -> Collection[str]:
    del session, wanted
    return [tag(scope.identity)] if scope.identity else []


def _wait_of(request: Request) -> float:
    text = request.query_params.get("wait", "25")
    return min(float(text), POLL_MAX_S) if text.isascii() and text.isdecimal() else POLL_MAX_S


def _json(body: object, status: int, origin: str) -> Response:
    headers = {"Cache-Control": "no-store", "Vary": "Origin"}
    if origin and status != 401:
        headers["Access-Control-Allow-Origin"] = origin
    if status == 503:
        headers["Retry-After"] = "1"
    kind = "application/json" if status == 200 else "application/problem+json"
    return Response(orjson.dumps(body), status, headers, media_type=kind)


async def _every(period: float, act: Callable[[], Coroutine[None, None, None]]) -> None:
    while True:
        try:
            await act()
        except Unavailable:
            _log.warning("visitors not noted: database away")
        await asyncio.sleep(period)

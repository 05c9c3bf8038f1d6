"""Socket: ticket, origin, hello; then frames out, fleeting news in; for staff and for customers."""

import asyncio
import contextlib
import hashlib
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import orjson
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from polyphony.domain.errors import Invalid
from polyphony.domain.permission import Scope
from polyphony.live.fan import Fan
from polyphony.live.feed import Feed, Reset
from polyphony.live.fleeting import DATA_BYTES, Fleeting
from polyphony.live.line import (
    BAD_FRAME,
    ENDED,
    FLOOD,
    NO_HELLO,
    REFUSED,
    REPLACED,
    RESTART,
    Line,
    frame,
)
from polyphony.live.wire import EXTENSION
from polyphony.store import feed as log
from polyphony.store.database import Database, Session, Unavailable
from polyphony.store.feed import Cursor, Ticket

HELLO_S = 5.0
HEARTBEAT_S = 20
SLOW_S = 5.0
SEND_S = 10.0
PER_PERSON = 8
FLOOD_FRAMES = 100  # more than 20 a second for 5 seconds
FLOOD_S = 5.0
FLEETING_PER_S = 5
FRAME_MAX = 16 * 1024
TICKET_LIFE = timedelta(seconds=30)
SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Guest:
    """Who opened the line: his rights, his audiences, and a hash of both."""

    scope: Scope
    tags: frozenset[str]
    session_id: UUID
    grants: str


@dataclass(frozen=True, slots=True)
class Hello:
    """The client's first frame, read."""

    ticket: str
    cursor: Cursor | None
    grants: str
    schema: int
    topics: tuple[str, ...]


class Refused(Exception):
    """The handshake failed; ``code`` closes the socket."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


@dataclass
class House:
    """What all sockets of this process share."""

    database: Database
    fan: Fan
    feed: Feed
    fleeting: Fleeting
    now: Callable[[], datetime]
    build: str
    origins: Collection[str]
    cookie: str
    draining: bool = False
    opened: Callable[[Line], Awaitable[None]] | None = None
    closed: Callable[[Line], Awaitable[None]] | None = None
    pong: Callable[[Line], None] | None = None


@dataclass
class Door:
    """How one kind of guest comes in.

    ``admit`` turns a ticket into a Guest (None = refused). ``topics`` decides which topics a guest
    may hold; those that begin with ``case:`` also become audiences.
    """

    admit: Callable[[Session, Ticket, WebSocket], Awaitable[Guest | None]]
    topics: Callable[[Session, Scope, Collection[str]], Awaitable[Collection[str]]]
    origin: Callable[[str | None], bool]
    pinged: bool = True
    says: Collection[str] = ("viewing", "typing", "draft")
    limit: int = PER_PERSON


@dataclass
class _Pace:
    """How fast a client talks."""

    started: float = 0.0
    frames: int = 0
    fleeting: list[float] = field(default_factory=list)

    def flooded(self, now: float) -> bool:
        if now - self.started > FLOOD_S:
            self.started, self.frames = now, 0
        self.frames += 1
        return self.frames > FLOOD_FRAMES

    def chatty(self, now: float) -> bool:
        self.fleeting = [at for at in self.fleeting if now - at < 1.0]
        self.fleeting.append(now)
        return len(self.fleeting) > FLEETING_PER_S


async def serve(websocket: WebSocket, house: House, door: Door) -> None:
    """Run one socket from handshake to the end."""
    if not door.origin(websocket.headers.get("origin")):
        await websocket.close(REFUSED)  # before accept: the browser sees 403
        return
    await websocket.accept()
    line: Line | None = None
    try:
        line = await _enter(websocket, house, door)
        if house.opened is not None:
            await house.opened(line)
        await _live(websocket, house, door, line)
    except Refused as refused:
        await _goodbye(websocket, refused.code, refused.reason)
    except (Unavailable, WebSocketDisconnect):
        await _goodbye(websocket, RESTART, "unavailable")
    finally:
        if line is not None:
            house.fan.remove(line)
            if house.closed is not None:
                await asyncio.shield(house.closed(line))


async def _goodbye(websocket: WebSocket, code: int, reason: str) -> None:
    if websocket.application_state is not WebSocketState.CONNECTED:
        return
    with contextlib.suppress(RuntimeError, WebSocketDisconnect, OSError):
        await websocket.send_text(frame(t="bye", code=code, reason=reason).decode())
        await websocket.close(code, reason)


async def _enter(websocket: WebSocket, house: House, door: Door) -> Line:
    """Check hello, admit, join the feed; everything before the first event."""
    if house.draining or not house.feed.alive:
        raise Refused(RESTART, "not ready")
    hello = await _hello(websocket)
    async with house.database.transaction() as session:
        ticket = await log.take_ticket(session, _hash(hello.ticket), house.now())
    if ticket is None:
        raise Refused(REFUSED, "ticket")
    async with house.database.reads() as session:
        guest = await door.admit(session, ticket, websocket)
        if guest is None:
            raise Refused(ENDED, "session")
        topics = set(await door.topics(session, guest.scope, hello.topics[:50]))
        reset = await _judge(session, house, hello, guest)
    cursor = hello.cursor if hello.cursor and reset is None else house.feed.position
    line = Line(guest.scope, cursor, guest.tags, guest.session_id, guest.grants)
    line.topics = topics
    line.opened = {topic for topic in topics if topic.startswith("case:")}
    _make_room(house, line, door.limit)
    line.wire = websocket.scope.get("extensions", {}).get(EXTENSION)
    line.put(_welcome(house, line))
    try:
        reset = await asyncio.wait_for(house.feed.join(line), SEND_S) or reset
    except TimeoutError as late:
        raise Refused(RESTART, "behind") from late
    if reset is not None:
        line.reset("all", reset.reason)
    return line


def _welcome(house: House, line: Line) -> bytes:
    return frame(
        t="welcome",
        cursor=str(line.cursor),
        grants=line.grants,
        schema=SCHEMA,
        build=house.build,
        now=house.now(),
        hb=HEARTBEAT_S,
    )


async def _judge(session: Session, house: House, hello: Hello, guest: Guest) -> Reset | None:
    if hello.schema != SCHEMA:
        return Reset("schema")
    if hello.cursor is None:
        return None
    found = await house.feed.check(session, hello.cursor)
    if found is None and hello.grants and hello.grants != guest.grants:
        return Reset("grants")
    return found


async def _hello(websocket: WebSocket) -> Hello:
    try:
        text = await asyncio.wait_for(websocket.receive_text(), HELLO_S)
    except TimeoutError as late:
        raise Refused(NO_HELLO, "no hello") from late
    except KeyError as binary:
        raise Refused(BAD_FRAME, "text frames only") from binary
    told = _read(text)
    if told.get("t") != "hello":
        raise Refused(BAD_FRAME, "hello first")
    cursor, topics = told.get("cursor"), told.get("topics") or []
    try:
        place = Cursor.parse(cursor) if isinstance(cursor, str) and cursor else None
    except Invalid as malformed:
        raise Refused(BAD_FRAME, "cursor") from malformed
    if not isinstance(topics, list) or not all(isinstance(one, str) for one in topics):
        raise Refused(BAD_FRAME, "topics")
    schema = told.get("schema", SCHEMA)
    return Hello(
        str(told.get("ticket", "")),
        place,
        str(told.get("grants") or ""),
        schema if isinstance(schema, int) else -1,
        tuple(topics),
    )


def _read(text: str) -> Mapping[str, object]:
    if len(text) > FRAME_MAX:
        raise Refused(BAD_FRAME, "too long")
    try:
        told = orjson.loads(text)
    except orjson.JSONDecodeError as broken:
        raise Refused(BAD_FRAME, "not JSON") from broken
    if not isinstance(told, dict):
        raise Refused(BAD_FRAME, "not an object")
    return told


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


def _make_room(house: House, line: Line, limit: int) -> None:
    """Close the oldest lines of the same person when there are too many."""
    if line.scope.id is None:
        return
    mine = sorted(house.fan.of(line.scope.id), key=lambda one: one.born)
    for old in mine[: max(0, len(mine) - limit + 1)]:
        old.close(REPLACED, "replaced")


async def _live(websocket: WebSocket, house: House, door: Door, line: Line) -> None:
    """Read and write until one of them ends."""
    tasks = [
        asyncio.create_task(_write(websocket, line)),
        asyncio.create_task(_listen(websocket, house, door, line)),
    ]
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    await asyncio.gather(*pending, return_exceptions=True)
    for task in done:
        task.result()
    if line.closing is not None and websocket.application_state is WebSocketState.CONNECTED:
        with contextlib.suppress(RuntimeError, WebSocketDisconnect, OSError):
            await websocket.close(line.closing)


async def _write(websocket: WebSocket, line: Line) -> None:
    while True:
        data = line.take()
        if data is None:
            if line.closing is not None:
                return
            await line.ready.wait()
            continue
        try:
            # A reader that takes nothing for so long is gone or too slow: the line ends.
            async with asyncio.timeout(SEND_S if line.closing is None else 1.0):
                await websocket.send_text(data.decode())
        except (TimeoutError, OSError, RuntimeError, WebSocketDisconnect):
            return


async def _listen(websocket: WebSocket, house: House, door: Door, line: Line) -> None:
    pace = _Pace()
    clock = asyncio.get_running_loop().time
    while True:
        try:
            told = _read(await websocket.receive_text())
        except (WebSocketDisconnect, RuntimeError):
            return
        except KeyError as binary:
            raise Refused(BAD_FRAME, "text frames only") from binary
        if pace.flooded(clock()):
            raise Refused(FLOOD, "flood")
        line.heard_at = clock()
        await _act(told, house, door, line, dropped=_dropped(told, pace, clock()))


def _dropped(told: Mapping[str, object], pace: _Pace, now: float) -> bool:
    return told.get("t") == "eph" and pace.chatty(now)


async def _act(
    told: Mapping[str, object], house: House, door: Door, line: Line, *, dropped: bool
) -> None:
    match told.get("t"):
        case "pong":
            if house.pong is not None:
                house.pong(line)
        case "sub" | "unsub":
            await _subscribe(told, house, door, line)
        case "eph":
            if not dropped:
                _fleeting(told, house, door, line)
        case "ack":
            pass
        case _:
            raise Refused(BAD_FRAME, "unknown frame")


async def _subscribe(told: Mapping[str, object], house: House, door: Door, line: Line) -> None:
    wanted = told.get("topics")
    if not isinstance(wanted, list) or not all(isinstance(one, str) for one in wanted):
        raise Refused(BAD_FRAME, "topics")
    if told["t"] == "unsub":
        line.topics -= set(wanted)
        house.fan.retag(line, opened=line.opened - set(wanted))
        return
    async with house.database.reads() as session:
        allowed = set(await door.topics(session, line.scope, wanted[:50]))
    line.topics |= allowed
    cases = {topic for topic in allowed if topic.startswith("case:")}
    house.fan.retag(line, opened=line.opened | cases)
    for topic in wanted:
        kind = "subscribed" if topic in allowed else "denied"
        line.put(frame(t="eph", topic=topic, kind=kind, data=None, **{"from": "server"}))


def _fleeting(told: Mapping[str, object], house: House, door: Door, line: Line) -> None:
    topic, kind, data = told.get("topic"), told.get("kind"), told.get("data")
    if not isinstance(topic, str) or topic not in line.topics or kind not in door.says:
        line.put(frame(t="eph", topic=topic, kind="denied", data=None, **{"from": "server"}))
        return
    if len(orjson.dumps(data)) > DATA_BYTES:
        raise Refused(BAD_FRAME, "eph too long")
    who = f"{line.scope.kind}:{line.scope.id}"
    house.fleeting.say(topic, str(kind), who, data, by=line)


def origin_in(origins: Collection[str]) -> Callable[[str | None], bool]:
    """Accept exactly the listed origins; nothing that merely looks like one."""
    return lambda origin: origin is not None and origin in origins

"""Entry: what every way to the stream shares; who comes in, where he stands, what he missed."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import orjson
from starlette.requests import HTTPConnection

from polyphony.domain.errors import Invalid
from polyphony.domain.permission import Scope
from polyphony.live.fan import TOPICS_MAX, Fan
from polyphony.live.feed import Feed, Reset
from polyphony.live.fleeting import Fleeting
from polyphony.live.line import BAD_FRAME, ENDED, REPLACED, RESTART, Line, frame
from polyphony.store.database import Database, Session
from polyphony.store.feed import Cursor, Ticket

HEARTBEAT_S = 20
JOIN_S = 10.0
PER_PERSON = 8
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
    """Where the client stands and what it wants to hear of."""

    cursor: Cursor | None
    grants: str
    schema: int
    topics: tuple[str, ...] = ()
    build: str = ""


class Refused(Exception):
    """The handshake failed, or a frame was wrong; ``code`` closes the line."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


@dataclass
class House:
    """What all lines of this process share."""

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
    joined: Callable[[Line, Collection[str]], None] | None = None


@dataclass
class Door:
    """How one kind of guest comes in.

    ``admit`` turns a ticket into a Guest (None = refused). ``topics`` decides which topics a guest
    may hold; those that begin with ``case:`` also become audiences.
    """

    admit: Callable[[Session, Ticket, HTTPConnection], Awaitable[Guest | None]]
    topics: Callable[[Session, Scope, Collection[str]], Awaitable[Collection[str]]]
    origin: Callable[[str | None], bool]
    pinged: bool = True
    says: Collection[str] = ("viewing", "typing", "draft")
    limit: int = PER_PERSON


def hello_of(told: Mapping[str, object]) -> Hello:
    """Read a hello; raises Refused when it is malformed."""
    cursor, topics = told.get("cursor"), told.get("topics") or []
    try:
        place = Cursor.parse(cursor) if isinstance(cursor, str) and cursor else None
    except Invalid as malformed:
        raise Refused(BAD_FRAME, "cursor") from malformed
    if not isinstance(topics, list) or not all(isinstance(one, str) for one in topics):
        raise Refused(BAD_FRAME, "topics")
    schema = told.get("schema", SCHEMA)
    return Hello(
        place,
        str(told.get("grants") or ""),
        schema if isinstance(schema, int) else -1,
        tuple(topics),
        str(told.get("build") or ""),
    )


def read(text: str | bytes) -> Mapping[str, object]:
    """Read one frame of the client; raises Refused when it is none."""
    if len(text) > FRAME_MAX:
        raise Refused(BAD_FRAME, "too long")
    try:
        told = orjson.loads(text)
    except orjson.JSONDecodeError as broken:
        raise Refused(BAD_FRAME, "not JSON") from broken
    if not isinstance(told, dict):
        raise Refused(BAD_FRAME, "not an object")
    return told


def ready(house: House) -> None:
    """Raise Refused while this process drains, or does not hear the log."""
    if house.draining or not house.feed.alive:
        raise Refused(RESTART, "not ready")


async def enter(
    house: House,
    door: Door,
    hello: Hello,
    admit: Callable[[Session], Awaitable[Guest | None]],
    dress: Callable[[Line], None] = lambda _: None,
) -> Line:
    """Admit, make room, welcome, replay what was missed: everything before the first new event.

    ``dress`` completes the line before its welcome is sent.
    """
    async with house.database.reads() as session:
        guest = await admit(session)
        if guest is None:
            raise Refused(ENDED, "session")
        topics = set(await door.topics(session, guest.scope, hello.topics[:TOPICS_MAX]))
        reset = await _judge(session, house, hello, guest)
    cursor = hello.cursor if hello.cursor and reset is None else house.feed.position
    line = Line(guest.scope, cursor, guest.tags, guest.session_id, guest.grants)
    line.topics = topics
    line.opened = {topic for topic in topics if topic.startswith("case:")}
    _make_room(house, line, door.limit)
    dress(line)
    line.put(_welcome(house, line))
    try:
        reset = await asyncio.wait_for(house.feed.join(line), JOIN_S) or reset
    except TimeoutError as late:
        raise Refused(RESTART, "behind") from late
    if reset is not None:
        house.fan.tally[f'resets_total{{reason="{reset.reason}"}}'] += 1
        line.reset("all", reset.reason)
    elif hello.cursor is not None:
        house.fan.tally["resumes_total"] += 1
    if house.joined is not None and topics:
        house.joined(line, topics)
    if hello.build and hello.build != house.build:
        line.reset("none", "build")
    return line


def _welcome(house: House, line: Line) -> bytes:
    name = {"line": line.name} if line.name else {}
    return frame(
        t="welcome",
        cursor=str(line.cursor),
        grants=line.grants,
        schema=SCHEMA,
        build=house.build,
        now=house.now(),
        hb=HEARTBEAT_S,
        **name,
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


def _make_room(house: House, line: Line, limit: int) -> None:
    """Close the oldest lines of the same person when there are too many."""
    if line.scope.id is None:
        return
    mine = sorted(house.fan.of(line.scope.id), key=lambda one: one.born)
    for old in mine[: max(0, len(mine) - limit + 1)]:
        old.close(REPLACED, "replaced")


def origin_in(origins: Collection[str]) -> Callable[[str | None], bool]:
    """Accept exactly the listed origins; nothing that merely looks like one."""
    return lambda origin: origin is not None and origin in origins

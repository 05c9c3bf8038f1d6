"""Boards: wallboards as they are set up, and the links that show them without a sign-in."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import LiteralString
from uuid import UUID

from psycopg.types.json import Jsonb

from polyphony.store.database import Session, row, rows

LINK_LIMIT = 50
BOARD_LIMIT = 200


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A board; without a department it shows the house. ``seconds`` of one page on a screen."""

    id: UUID
    name: str
    department_id: UUID | None
    pages: list[Mapping[str, object]]
    thresholds: dict[str, dict[str, int]]
    seconds: int
    language: str
    version: int


_COLUMNS: LiteralString = (
    "b.id, b.name, b.department_id, b.pages, b.thresholds, b.seconds, b.language, b.version"
)


async def all_of(session: Session) -> list[BoardRow]:
    """Return all boards by name."""
    query: LiteralString = f"SELECT {_COLUMNS} FROM board b ORDER BY b.name, b.id LIMIT 200"
    return await rows(session, query, None, BoardRow)


async def one(session: Session, id_: UUID, *, lock: bool = False) -> BoardRow | None:
    """Return a board; locked until the end of the transaction when it is to be changed."""
    query: LiteralString = f"SELECT {_COLUMNS} FROM board b WHERE b.id = %s"
    if lock:
        query = query + " FOR UPDATE"
    return await row(session, query, [id_], BoardRow)


async def count(session: Session) -> int:
    """Return how many boards there are."""
    found = await (await session.execute("SELECT count(*) FROM board")).fetchone()
    return int(found[0]) if found else 0


async def add(session: Session, board: BoardRow) -> None:
    """Keep a new board."""
    await session.execute(
        "INSERT INTO board (id, name, department_id, pages, thresholds, seconds, language)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s)",
        [
            *(board.id, board.name, board.department_id, Jsonb(board.pages)),
            *(Jsonb(board.thresholds), board.seconds, board.language),
        ],
    )


async def change(session: Session, board: BoardRow) -> None:
    """Replace what a board shows; its version rises."""
    await session.execute(
        "UPDATE board SET name = %s, pages = %s, thresholds = %s, seconds = %s, language = %s,"
        " version = version + 1 WHERE id = %s",
        [
            *(board.name, Jsonb(board.pages), Jsonb(board.thresholds)),
            *(board.seconds, board.language, board.id),
        ],
    )


async def remove(session: Session, id_: UUID) -> None:
    """Take a board away, with its links."""
    await session.execute("DELETE FROM board WHERE id = %s", [id_])


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link to make; of token and PIN only what proves them is kept."""

    id: UUID
    board_id: UUID
    name: str
    token_hash: bytes
    pin_mac: bytes
    expires_at: datetime | None
    by_id: UUID


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A link as its board's page lists it."""

    id: UUID
    name: str
    expires_at: datetime | None
    seen_at: datetime | None
    locked_until: datetime | None
    created_at: datetime


async def links(session: Session, board: UUID) -> list[LinkRow]:
    """Return the links of a board, oldest first."""
    return await rows(
        session,
        "SELECT id, name, expires_at, seen_at, locked_until, created_at FROM board_link"
        " WHERE board_id = %s ORDER BY created_at, id",
        [board],
        LinkRow,
    )


async def add_link(session: Session, link: NewLink) -> None:
    """Keep a new link."""
    await session.execute(
        "INSERT INTO board_link (id, board_id, name, token_hash, pin_mac, expires_at, by_id)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s)",
        [link.id, link.board_id, link.name, link.token_hash, link.pin_mac, link.expires_at,
         link.by_id],
    )  # fmt: skip


async def remove_link(session: Session, board: UUID, link: UUID) -> bool:
    """Take a link away; tell whether it was there."""
    found = await session.execute(
        "DELETE FROM board_link WHERE id = %s AND board_id = %s RETURNING id", [link, board]
    )
    return await found.fetchone() is not None


@dataclass(frozen=True, slots=True)
class Knocked:
    """A link somebody holds the token of, as it is checked."""

    id: UUID
    board_id: UUID
    pin_mac: bytes
    tries: int
    locked_until: datetime | None
    expires_at: datetime | None


async def knock(session: Session, token_hash: bytes) -> Knocked | None:
    """Return the link of a token, locked: tries of one link follow each other."""
    return await row(
        session,
        "SELECT id, board_id, pin_mac, tries, locked_until, expires_at FROM board_link"
        " WHERE token_hash = %s FOR UPDATE",
        [token_hash],
        Knocked,
    )


async def tried(session: Session, link: UUID, tries: int, locked_until: datetime | None) -> None:
    """Note wrong tries (0 = the right one) and until when no more are heard."""
    await session.execute(
        "UPDATE board_link SET tries = %s, locked_until = %s WHERE id = %s",
        [tries, locked_until, link],
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """What a screen that holds a link shows."""

    id: UUID
    board_id: UUID
    department_id: UUID | None
    version: int


async def shown(session: Session, links: Collection[UUID], at: datetime) -> dict[UUID, Shown]:
    """Return which of these links still hold, and what they show."""
    found = await rows(
        session,
        "SELECT l.id, b.id AS board_id, b.department_id, b.version FROM board_link l"
        " JOIN board b ON b.id = l.board_id"
        " WHERE l.id = ANY(%s) AND (l.expires_at IS NULL OR l.expires_at > %s)",
        [sorted(links), at],
        Shown,
    )
    return {one.id: one for one in found}


async def seen(session: Session, links: Collection[UUID], at: datetime) -> None:
    """Note that screens show these links; once a minute is enough."""
    await session.execute(
        "UPDATE board_link SET seen_at = %s WHERE id = ANY(%s)"
        " AND (seen_at IS NULL OR seen_at < %s)",
        [at, sorted(links), at - timedelta(minutes=1)],
    )


@dataclass(frozen=True, slots=True)
class Named:
    """A Queue by name, for screens that know no set-up."""

    id: UUID
    name: str
    department_id: UUID


async def queue_names(session: Session, department: UUID | None) -> list[Named]:
    """Return the Queues of a department, or of all open ones."""
    return await rows(
        session,
        """SELECT q.id, q.name, q.department_id FROM queue q
             JOIN department d ON d.id = q.department_id
            WHERE CASE WHEN %(department)s::uuid IS NULL THEN d.visibility = 'open'
                       ELSE q.department_id = %(department)s END
            ORDER BY q.name, q.id""",
        {"department": department},
        Named,
    )


async def places(session: Session, queues: Sequence[UUID]) -> dict[UUID, UUID]:
    """Return the department of each of these Queues."""
    found = await session.execute(
        "SELECT id, department_id FROM queue WHERE id = ANY(%s)", [list(queues)]
    )
    return dict(await found.fetchall())

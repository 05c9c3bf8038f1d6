"""Readers: how far durable readers of the log have come; one process at a time goes on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from psycopg import errors

from polyphony.store import feed
from polyphony.store.database import Session
from polyphony.store.feed import Cursor


@dataclass(frozen=True, slots=True)
class Happened:
    """One event behind the cursor; ``payload`` None: it was too large to travel."""

    xid: int
    id: int
    at: datetime
    type: str
    entity: str | None
    entity_id: UUID | None
    case_id: UUID
    cid: UUID | None
    payload: dict[str, object] | None


@dataclass(frozen=True, slots=True)
class Taken:
    """A reader's turn: where it stands; nobody else reads for it until the transaction ends."""

    cursor: Cursor
    at: datetime


async def take(session: Session, name: str, at: datetime) -> Taken | None:
    """Take a reader's turn; None while another process has it. A new one begins at the horizon."""
    found = await session.execute(
        "SELECT epoch, xid, id, at FROM reader_place WHERE name = %s FOR UPDATE SKIP LOCKED",
        [name],
    )
    row = await found.fetchone()
    edge = await feed.horizon(session)
    if row is not None:
        here = Cursor(row[0], row[1], row[2])
        # Another history of the cluster: what lies behind is not this log's.
        return Taken(here if here.epoch == edge.epoch else edge.cursor, row[3])
    await session.execute(
        "INSERT INTO reader_place (name, epoch, xid, id, at) VALUES (%s, %s, %s, 0, %s)"
        " ON CONFLICT DO NOTHING",
        [name, edge.epoch, edge.xmin, at],
    )
    return None


async def keep(session: Session, name: str, cursor: Cursor, at: datetime) -> None:
    """Note how far a reader has come; it commits with what the events caused."""
    await session.execute(
        "UPDATE reader_place SET epoch = %s, xid = %s, id = %s, at = %s WHERE name = %s",
        [cursor.epoch, cursor.xid, cursor.id, at, name],
    )


_READ: LiteralString = """
SELECT e.xid::text::bigint, e.id, e.at, e.type, e.entity, e.entity_id, e.case_id, e.cid, e.payload
  FROM event e
 WHERE e.epoch = %(epoch)s AND (e.xid, e.id) > (%(xid)s::text::xid8, %(id)s)
   AND e.xid < %(below)s::text::xid8
   AND e.at >= date_trunc('day', %(since)s::timestamptz - interval '1 day', 'UTC')
   AND e.type = ANY(%(types)s) AND e.case_id IS NOT NULL
 ORDER BY e.xid, e.id LIMIT %(limit)s"""


async def read(
    session: Session, taken: Taken, types: Sequence[str], limit: int
) -> tuple[list[Happened], Cursor, bool]:
    """Return settled events of some types behind the cursor, the cursor after them, and if more.

    Without any the cursor moves to the horizon: nothing before it will ever come.
    """
    edge = await feed.horizon(session)
    if not types:
        return [], edge.cursor, False
    found = await session.execute(
        _READ,
        {
            "epoch": edge.epoch,
            "xid": str(taken.cursor.xid),
            "id": taken.cursor.id,
            "below": str(edge.xmin),
            "since": taken.at,
            "types": list(types),
            "limit": limit,
        },
    )
    page = [Happened(*one) for one in await found.fetchall()]
    if len(page) < limit:
        return page, edge.cursor, False
    return page, Cursor(edge.epoch, page[-1].xid, page[-1].id), True


def passes(error: Exception) -> bool:
    """Tell whether an error is the moment's (locks, a broken line): then all is tried again."""
    return isinstance(error, errors.OperationalError)

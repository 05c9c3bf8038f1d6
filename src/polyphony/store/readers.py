"""Readers: how far durable readers of the log have come; one process at a time goes on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString, NamedTuple
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


class Named(NamedTuple):
    """What an event behind the cursor was about, and what kind of event it was."""

    xid: int
    id: int
    at: datetime
    type: str
    entity: str
    entity_id: UUID
    case_id: UUID | None


_NAMES: LiteralString = """
SELECT e.xid::text::bigint, e.id, e.at, e.type, e.entity, e.entity_id, e.case_id
  FROM event e
 WHERE e.epoch = %(epoch)s AND (e.xid, e.id) > (%(xid)s::text::xid8, %(id)s)
   AND (%(below)s::text IS NULL OR e.xid < %(below)s::text::xid8)
   AND e.at >= date_trunc('day', %(since)s::timestamptz - interval '1 day', 'UTC')
   AND e.entity = ANY(%(entities)s) AND e.entity_id IS NOT NULL
 ORDER BY e.xid, e.id LIMIT %(limit)s"""


async def resume(session: Session, name: str, at: datetime) -> Taken | None:
    """Take a reader's turn as ``take``, in the epoch it stopped in: nothing is left out.

    The turn is held by an advisory lock, which takes no transaction id: a page is read and worked
    out before the transaction holds up the horizon of others. A new reader begins at the horizon.
    """
    found = await session.execute(
        """SELECT pg_try_advisory_xact_lock(7065645, hashtext(%(name)s)),
                  p.epoch, p.xid, p.id, p.at
             FROM (VALUES (1)) one LEFT JOIN reader_place p ON p.name = %(name)s""",
        {"name": name},
    )
    row = await found.fetchone()
    if row is None or not row[0]:
        return None
    if row[1] is None:
        return await take(session, name, at)
    # Who waited for the lock may have read the place before its holder moved it.
    found = await session.execute(
        "SELECT epoch, xid, id, at FROM reader_place WHERE name = %s", [name]
    )
    row = await found.fetchone()
    return Taken(Cursor(row[0], row[1], row[2]), row[3]) if row else None


async def names(
    session: Session, taken: Taken, entities: Sequence[str], limit: int
) -> tuple[list[Named], Cursor, bool]:
    """Return what settled events behind the cursor were about, the cursor after them, if more.

    What is left of an epoch that is over is read without the horizon: nobody writes it any more.
    Then the cursor moves to the next epoch.
    """
    edge = await feed.horizon(session)
    here = taken.cursor
    over = here.epoch < edge.epoch
    found = await session.execute(
        _NAMES,
        {"epoch": here.epoch, "xid": str(here.xid), "id": here.id, "since": taken.at,
         "below": None if over else str(edge.xmin), "entities": list(entities), "limit": limit},
    )  # fmt: skip
    page = [Named(*one) for one in await found.fetchall()]
    if len(page) == limit:
        return page, Cursor(here.epoch, page[-1].xid, page[-1].id), True
    if over:
        return page, Cursor(here.epoch + 1, 0, 0), True
    return page, edge.cursor, False


async def unread(session: Session, name: str, entities: Sequence[str]) -> datetime | None:
    """Return when the oldest event happened that a reader has not seen; None: he saw all.

    Also events that are not settled yet count. A reader that never began has seen nothing new.
    """
    found = await session.execute(
        """SELECT e.at FROM reader_place p JOIN event e
               ON e.epoch = p.epoch AND (e.xid, e.id) > (p.xid::text::xid8, p.id)
              AND e.at >= date_trunc('day', p.at - interval '1 day', 'UTC')
            WHERE p.name = %s AND e.entity = ANY(%s)
            ORDER BY e.xid, e.id LIMIT 1""",
        [name, list(entities)],
    )
    row = await found.fetchone()
    return row[0] if row else None


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

"""Feed: reads the event log by the horizon rule; cursors, replay, early rows, stream tickets."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString, NamedTuple, Self
from uuid import UUID

from polyphony.domain.errors import Invalid
from polyphony.store import wake
from polyphony.store.database import Session, row, rows

PAGE = 500
FLEETING = "polyphony_fleeting"
"""The channel of NOTIFY on which web processes tell each other who types and looks."""
BOARD = "polyphony_board"
"""The channel on which the counters of the boards come to the web processes."""

_COLUMNS: LiteralString = """e.xid::text::bigint AS xid, e.id, e.at, e.type, e.op, e.entity,
    e.entity_id, e.version, e.aud, e.aud_was, e.case_id, e.actor_id, e.cid,
    e.payload::text AS payload"""


class Cursor(NamedTuple):
    """A place in the log: everything at or before it has been seen."""

    epoch: int
    xid: int
    id: int

    def __str__(self) -> str:
        """Return the opaque text clients hold."""
        return f"{self.epoch}.{self.xid}.{self.id}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the text again; raise Invalid when it is none of ours."""
        parts = text.split(".")
        if len(parts) != 3 or not all(p.isascii() and p.isdigit() and len(p) < 19 for p in parts):
            raise Invalid("cursor.malformed")
        return cls(*(int(part) for part in parts))


class Row(NamedTuple):
    """One event as stored; ``payload`` is JSON text, encoded once for all readers."""

    xid: int
    id: int
    at: datetime
    type: str
    op: int
    entity: str | None
    entity_id: UUID | None
    version: int | None
    aud: list[str]
    aud_was: list[str] | None
    case_id: UUID | None
    actor_id: UUID | None
    cid: UUID | None
    payload: str | None


@dataclass(frozen=True, slots=True)
class Horizon:
    """The edges of now: all below ``xmin`` is settled, all from ``xmax`` on is still to come."""

    epoch: int
    xmin: int
    xmax: int
    now: datetime

    @property
    def cursor(self) -> Cursor:
        """The cursor of a snapshot taken now, before any data is read."""
        return Cursor(self.epoch, self.xmin, 0)


async def horizon(session: Session) -> Horizon:
    """Take the edges; inside REPEATABLE READ it must be the first statement."""
    found = await row(
        session,
        """SELECT (SELECT max(epoch) FROM log_epoch) AS epoch,
                  pg_snapshot_xmin(s)::text::bigint AS xmin,
                  pg_snapshot_xmax(s)::text::bigint AS xmax, clock_timestamp() AS now
             FROM pg_current_snapshot() AS s""",
        None,
        Horizon,
    )
    if found is None:  # pragma: no cover - a SELECT without FROM has one row
        raise RuntimeError
    return found


@dataclass(frozen=True, slots=True)
class Page:
    """One reading of the log: its edges, what is settled, and whether more is committed beyond."""

    edge: Horizon
    rows: list[Row]
    held: bool


_EDGE: LiteralString = """(SELECT (SELECT max(epoch) FROM log_epoch) AS epoch,
            pg_snapshot_xmin(s) AS xmin, pg_snapshot_xmax(s) AS xmax, clock_timestamp() AS now
       FROM pg_current_snapshot() AS s) AS edge"""
_EDGES: LiteralString = "edge.epoch, edge.xmin::text::bigint, edge.xmax::text::bigint, edge.now"
_BEHIND: LiteralString = """e.epoch = %(epoch)s
           AND e.at >= date_trunc('day', %(since)s::timestamptz, 'UTC')
           AND (e.xid, e.id) > (%(xid)s::text::xid8, %(id)s)"""

# Materialised: whether more is committed beyond is asked once, not for every row that is read.
_READ: LiteralString = f"""
WITH edge AS MATERIALIZED (
    SELECT edge.*, EXISTS (
               SELECT FROM event b WHERE b.epoch = %(epoch)s AND b.xid >= edge.xmin
                  AND b.at >= date_trunc('day', %(since)s::timestamptz, 'UTC')) AS held
      FROM {_EDGE})
SELECT {_EDGES}, edge.held, e.*
  FROM edge LEFT JOIN LATERAL (
       SELECT {_COLUMNS} FROM event e WHERE {_BEHIND} AND e.xid < edge.xmin
        ORDER BY e.xid, e.id LIMIT %(limit)s) AS e ON true
 ORDER BY e.xid, e.id"""


async def read(session: Session, cursor: Cursor, since: datetime, limit: int = PAGE) -> Page:
    """Read settled events behind the cursor together with the edges, in one statement.

    ``since`` only prunes day partitions: it is rounded down to a border. One row more than
    ``limit`` comes when there are more.
    """
    found = await session.execute(_READ, _place(cursor, since, limit + 1))
    all_ = await found.fetchall()
    first = all_[0]
    settled = [] if first[5] is None else [Row._make(one[5:]) for one in all_]
    return Page(Horizon(*first[:4]), settled, first[4])


class Name(NamedTuple):
    """What an event was about, and nothing it carries."""

    xid: int
    id: int
    entity: str
    entity_id: UUID | None
    version: int | None


_NAMES: LiteralString = f"""
SELECT {_EDGES}, e.*
  FROM {_EDGE} LEFT JOIN LATERAL (
       SELECT e.xid::text::bigint, e.id, e.entity, e.entity_id, e.version
         FROM event e
        WHERE {_BEHIND} AND e.entity = ANY(%(about)s)
        ORDER BY e.xid, e.id LIMIT %(limit)s) AS e ON true"""


async def names(
    session: Session, cursor: Cursor, since: datetime, about: frozenset[str], limit: int
) -> tuple[Horizon, list[Name]]:
    """Return what was changed behind the cursor, also what is not settled yet, in log order.

    One name more than ``limit`` comes when there are more. What lies at or beyond the horizon
    comes again next time.
    """
    found = await session.execute(
        _NAMES, {**_place(cursor, since, limit + 1), "about": sorted(about)}
    )
    all_ = await found.fetchall()
    first = all_[0]
    named = [] if first[4] is None else sorted(Name._make(one[4:]) for one in all_)
    return Horizon(*first[:4]), named


def _place(cursor: Cursor, since: datetime, limit: int) -> dict[str, object]:
    return {"epoch": cursor.epoch, "since": since, "xid": str(cursor.xid), "id": cursor.id,
            "limit": limit}  # fmt: skip


async def after(
    session: Session, cursor: Cursor, below: int, since: datetime, limit: int = PAGE
) -> list[Row]:
    """Return settled events behind the cursor, in log order, with xid below ``below``.

    ``since`` and ``limit`` as in ``read``.
    """
    return await rows(
        session,
        f"""SELECT {_COLUMNS} FROM event e
             WHERE {_BEHIND} AND e.xid < %(below)s::text::xid8
             ORDER BY e.xid, e.id LIMIT %(limit)s""",
        {**_place(cursor, since, limit + 1), "below": str(below)},
        Row,
    )


async def beyond(session: Session, edge: Horizon, limit: int = PAGE) -> list[Row]:
    """Return committed events at or beyond the horizon: early news that do not move a cursor."""
    return await rows(
        session,
        f"""SELECT {_COLUMNS} FROM event e
             WHERE e.epoch = %(epoch)s
               AND e.at >= date_trunc('day', %(now)s::timestamptz - interval '1 day', 'UTC')
               AND e.xid >= %(xmin)s::text::xid8
             ORDER BY e.xid, e.id LIMIT %(limit)s""",
        {"epoch": edge.epoch, "now": edge.now, "xmin": str(edge.xmin), "limit": limit},
        Row,
    )


async def lost(session: Session, cursor: Cursor, since: datetime) -> bool:
    """Tell whether events behind the cursor lie before the replay window (day of ``since``)."""
    found = await session.execute(
        """SELECT EXISTS (SELECT FROM event WHERE epoch = %(epoch)s
              AND at < date_trunc('day', %(since)s::timestamptz, 'UTC')
              AND (xid, id) > (%(xid)s::text::xid8, %(id)s))""",
        {"epoch": cursor.epoch, "since": since, "xid": str(cursor.xid), "id": cursor.id},
    )
    return bool((await found.fetchone() or (False,))[0])


async def steady(session: Session) -> None:
    """Keep one plan for the reading of the log: planning over all its days costs more than it."""
    await session.execute("SET plan_cache_mode = force_generic_plan")


async def chatter(session: Session) -> AsyncIterator[tuple[str, str]]:
    """Listen for hints and fleeting news on a direct connection: (channel, payload), for ever."""
    await session.execute("LISTEN polyphony")
    await session.execute("LISTEN " + FLEETING)
    await session.execute("LISTEN " + BOARD)
    async for heard in wake.notices(session):
        for one in heard:
            yield one


async def tell(session: Session, payload: str) -> None:
    """Send fleeting news to the other web processes (at most 8,000 bytes)."""
    await session.execute("SELECT pg_notify(%s, %s)", [FLEETING, payload])


# ── tickets and beats ───────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Ticket:
    """Who may open a socket: person:<id> or chat:<id>, by which session."""

    principal: str
    session_id: UUID


async def add_ticket(
    session: Session, hash_: bytes, ticket: Ticket, at: datetime, until: datetime
) -> None:
    """Keep a ticket; late ones of everybody are swept along."""
    await session.execute(
        """WITH swept AS (DELETE FROM stream_ticket WHERE hash IN (
               SELECT hash FROM stream_ticket WHERE expires_at < %(at)s
                ORDER BY hash LIMIT 100 FOR UPDATE SKIP LOCKED))
           INSERT INTO stream_ticket (hash, principal, session_id, expires_at)
           VALUES (%(hash)s, %(principal)s, %(session)s, %(until)s)""",
        {"hash": hash_, "principal": ticket.principal, "session": ticket.session_id,
         "until": until, "at": at},
    )  # fmt: skip


async def take_ticket(session: Session, hash_: bytes, at: datetime) -> Ticket | None:
    """Use a ticket up; None when it is unknown, late, or was used before."""
    return await row(
        session,
        """WITH gone AS (DELETE FROM stream_ticket WHERE hash = %s
                         RETURNING principal, session_id, expires_at)
           SELECT principal, session_id FROM gone WHERE expires_at > %s""",
        [hash_, at],
        Ticket,
    )


async def beat(session: Session, process: str) -> None:
    """Say that this web process lives, by the clock of the database; forget long dead ones."""
    await session.execute(
        """WITH swept AS (DELETE FROM web_process WHERE beat_at < now() - interval '1 day')
           INSERT INTO web_process (name, beat_at) VALUES (%s, now())
           ON CONFLICT (name) DO UPDATE SET beat_at = now()""",
        [process],
    )


def with_links(message: dict[str, object]) -> dict[str, object]:
    """Fill in where the files and the HTML of a message are opened (checked when it happens)."""
    files = message.get("files")
    if isinstance(files, list):
        for file in files:
            file["url"] = f"/v1/files/{file['id']}/content"
    if message.get("has_html"):
        message["html_url"] = f"/v1/messages/{message['id']}/html"
    return message


def has_links(payload: str) -> bool:
    """Tell cheaply whether ``with_links`` would change the JSON text of a message."""
    return '"files": []' not in payload or '"has_html": true' in payload


async def unseen(session: Session, people: Sequence[UUID], process: str) -> None:
    """Note which web process holds the sockets of these agents."""
    await session.execute(
        """UPDATE agent_presence p SET process = %s, heartbeat_at = now()
             FROM (SELECT agent_id FROM agent_presence WHERE agent_id = ANY(%s)
                    ORDER BY agent_id FOR UPDATE) AS x
            WHERE p.agent_id = x.agent_id""",
        [process, list(people)],
    )


async def attended(session: Session, people: Sequence[UUID], process: str) -> set[UUID]:
    """Return those of the agents whose sockets were last held by this process."""
    found = await session.execute(
        "SELECT agent_id FROM agent_presence"
        " WHERE agent_id = ANY(%s) AND (process IS NULL OR process = %s)",
        [list(people), process],
    )
    return {UUID(str(one)) for (one,) in await found.fetchall()}

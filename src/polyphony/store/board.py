"""Board: what the reader of the counters takes from the tables, where it stands, what it tells."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from psycopg.types.json import Jsonb

from polyphony.store.database import Session, rows
from polyphony.store.feed import BOARD, Cursor

_LOCK = 70_656_432
NAME = "board"


async def try_lock(connection: Session) -> bool:
    """Try to become the one who counts, on a dedicated connection; it goes with the connection."""
    found = await connection.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
    one = await found.fetchone()
    return bool(one and one[0])


@dataclass(frozen=True, slots=True)
class Kept:
    """Where the reader stood, and when."""

    cursor: Cursor
    at: datetime


async def kept(session: Session) -> Kept | None:
    """Return where the reader stood; None when nobody has ever read."""
    found = await session.execute("SELECT cursor, at FROM board_state WHERE name = %s", [NAME])
    one = await found.fetchone()
    return Kept(Cursor.parse(one[0]), one[1]) if one else None


async def keep(session: Session, cursor: Cursor, at: datetime) -> None:
    """Move the cursor, in the transaction of what was read up to it."""
    await session.execute(
        "INSERT INTO board_state (name, cursor, at) VALUES (%s, %s, %s)"
        " ON CONFLICT (name) DO UPDATE SET cursor = excluded.cursor, at = excluded.at",
        [NAME, str(cursor), at],
    )


async def one_moment(session: Session) -> None:
    """Let all that follows in this transaction be read of one and the same moment."""
    await session.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


async def note(session: Session, body: object) -> None:
    """Keep what the last reconciliation found."""
    await session.execute("UPDATE board_state SET body = %s WHERE name = %s", [Jsonb(body), NAME])


async def noted(session: Session) -> object:
    """Return what the last reconciliation found."""
    found = await session.execute("SELECT body FROM board_state WHERE name = %s", [NAME])
    one = await found.fetchone()
    return one[0] if one else None


async def tell(session: Session, payloads: Sequence[str]) -> None:
    """Send the counters to the web processes (each payload at most 8,000 bytes)."""
    await session.execute(
        "SELECT pg_notify(%s, x) FROM unnest(%s::text[]) WITH ORDINALITY AS p (x, n) ORDER BY n",
        [BOARD, list(payloads)],
    )


# ── the rows that are counted ───────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class ItemRow:
    """A WorkItem as it is counted."""

    id: UUID
    version: int
    queue_id: UUID
    home_id: UUID
    department_id: UUID
    sealed: bool
    channel_kind: str
    kind: str
    state: str
    waiting_since: datetime
    due_at: datetime | None
    answered: bool


_ITEMS: LiteralString = """
SELECT w.id, w.version, w.queue_id, q.department_id AS home_id, c.department_id,
       c.visibility = 'sealed' OR d.visibility = 'sealed' AS sealed,
       w.channel_kind, w.kind, w.state, w.waiting_since, w.due_at,
       w.state IN ('in_work', 'suspended') AND w.due_at IS NOT NULL AND EXISTS (
           SELECT FROM message m WHERE m.interaction_id = w.interaction_id AND m.kind = 'out'
              AND m.author_kind = 'person' AND m.at >= w.waiting_since) AS answered
  FROM work_item w
  JOIN queue q ON q.id = w.queue_id
  JOIN case_ c ON c.id = w.case_id
  JOIN department d ON d.id = c.department_id"""


async def items(session: Session, ids: Sequence[UUID]) -> list[ItemRow]:
    """Return these WorkItems, ended ones too."""
    return await rows(session, _ITEMS + " WHERE w.id = ANY(%(ids)s)", {"ids": list(ids)}, ItemRow)


async def open_items(session: Session) -> list[ItemRow]:
    """Return all work that is not ended."""
    query: LiteralString = _ITEMS + " WHERE w.state NOT IN ('done', 'cancelled')"
    return await rows(session, query, None, ItemRow)


async def items_of_cases(session: Session, cases: Sequence[UUID]) -> list[UUID]:
    """Return the work of these Cases that is open, or ended since yesterday."""
    found = await session.execute(
        "SELECT id FROM work_item WHERE case_id = ANY(%s) AND (state NOT IN ('done', 'cancelled')"
        " OR state_since > now() - interval '26 hours')",
        [list(cases)],
    )
    return [one[0] for one in await found.fetchall()]


async def items_since(session: Session, since: datetime, after: UUID, limit: int) -> list[UUID]:
    """Return, in order of their ids, open work and work that had a stay since a moment."""
    found = await session.execute(
        "SELECT w.id FROM work_item w WHERE w.id > %s AND (w.state NOT IN ('done', 'cancelled')"
        "    OR w.state_since >= %s) ORDER BY w.id LIMIT %s",
        [after, since, limit],
    )
    return [one[0] for one in await found.fetchall()]


@dataclass(frozen=True, slots=True)
class QueueRow:
    """What the counters must know of a Queue."""

    id: UUID
    department_id: UUID
    calendar_id: UUID
    zone: str


async def queues(session: Session) -> list[QueueRow]:
    """Return all Queues with the zone their days end in."""
    return await rows(
        session,
        """SELECT q.id, q.department_id, k.id AS calendar_id, k.zone
             FROM queue q JOIN department d ON d.id = q.department_id
             JOIN calendar k ON k.id = coalesce(q.calendar_id, d.calendar_id)""",
        None,
        QueueRow,
    )


async def departments(session: Session) -> dict[UUID, bool]:
    """Return all Departments: True when others may see that they have work."""
    found = await session.execute("SELECT id, visibility = 'open' FROM department")
    return dict(await found.fetchall())


@dataclass(frozen=True, slots=True)
class RoomRow:
    """Home and room of an Agent; the version rises with whatever of him is counted."""

    id: UUID
    department_id: UUID
    used: int
    version: int


async def rooms(session: Session, ids: Sequence[UUID] | None) -> dict[UUID, RoomRow]:
    """Return home and room of Agents; of all without ``ids``."""
    found = await rows(
        session,
        """SELECT a.person_id AS id, a.department_id, l.routed_units + l.manual_units AS used,
                  p.version + l.version + a.version AS version
             FROM agent a JOIN agent_presence p ON p.agent_id = a.person_id
             JOIN agent_load l ON l.agent_id = a.person_id
            WHERE %(ids)s::uuid[] IS NULL OR a.person_id = ANY(%(ids)s)""",
        {"ids": None if ids is None else list(ids)},
        RoomRow,
    )
    return {one.id: one for one in found}

"""Interactions: one stretch on one channel each, and the thread ids providers know them by."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from polyphony.store import columns
from polyphony.store.database import Session, rows


@dataclass(slots=True)
class InteractionRow:
    """An Interaction as a flow works on it, with its WorkItem that is not final (or None).

    ``called_back``: its customer left the line and is called or written to.
    """

    id: UUID
    case_id: UUID
    channel_kind: str
    account_id: UUID
    identity_id: UUID
    record_id: UUID
    thread_key: str
    direction: str
    mode: str
    state: str
    language: str | None
    subject: str
    agent_id: UUID | None
    opened_at: datetime
    last_in_at: datetime | None
    last_out_at: datetime | None
    first_human_reply_at: datetime | None
    ended_at: datetime | None
    ended_by: str | None
    came_case_id: UUID | None = None
    version: int = 1
    work_id: UUID | None = None
    work_state: str | None = None
    work_agent: UUID | None = None
    work_version: int | None = None
    work_queue: UUID | None = None
    called_back: bool = False


_COLUMNS: LiteralString = (
    "i.id, i.case_id, i.channel_kind, i.account_id, i.identity_id, i.record_id, i.thread_key,"
    " i.direction, i.mode, i.state, i.language, i.subject, i.agent_id, i.opened_at, i.last_in_at,"
    " i.last_out_at, i.first_human_reply_at, i.ended_at, i.ended_by, i.came_case_id, i.version,"
    " w.id AS work_id, w.state AS work_state, w.agent_id AS work_agent,"
    " w.version AS work_version, w.queue_id AS work_queue,"
    " i.channel_kind = 'chat' AND EXISTS (SELECT FROM callback b WHERE b.interaction_id = i.id"
    " AND b.state = 'open') AS called_back"
)
_FROM: LiteralString = (
    " FROM interaction i LEFT JOIN work_item w ON w.interaction_id = i.id"
    " AND w.state NOT IN ('done', 'cancelled') "
)

_NEW: columns.Shape = {
    "id": "uuid",
    "case_id": "uuid",
    "came_case_id": "uuid",
    "channel_kind": "text",
    "account_id": "uuid",
    "identity_id": "uuid",
    "record_id": "uuid",
    "thread_key": "text",
    "direction": "text",
    "mode": "text",
    "state": "text",
    "language": "text",
    "subject": "text",
    "agent_id": "uuid",
    "opened_at": "timestamptz",
    "last_in_at": "timestamptz",
    "last_out_at": "timestamptz",
}
_ADD = columns.insert("interaction", _NEW)

_SAVED: columns.Shape = {
    "id": "uuid",
    "version": "bigint",
    "case_id": "uuid",
    "came_case_id": "uuid",
    "mode": "text",
    "state": "text",
    "language": "text",
    "agent_id": "uuid",
    "last_in_at": "timestamptz",
    "last_out_at": "timestamptz",
    "first_human_reply_at": "timestamptz",
    "ended_at": "timestamptz",
    "ended_by": "text",
}
_SET: LiteralString = ", ".join(
    f"{name} = n.{name}" for name in _SAVED if name not in {"id", "version"}
)
_SAVE: LiteralString = f"""
UPDATE interaction i SET version = i.version + 1, {_SET}
  FROM {columns.source(_SAVED)}
 WHERE i.id = n.id AND i.version = n.version
RETURNING i.id"""


async def of_cases(session: Session, cases: Sequence[UUID]) -> dict[UUID, InteractionRow]:
    """Return all Interactions of Cases."""
    query: LiteralString = (
        f"SELECT {_COLUMNS}{_FROM} WHERE i.case_id = ANY(%s) ORDER BY i.opened_at, i.id"
    )
    return {one.id: one for one in await rows(session, query, [list(cases)], InteractionRow)}


async def by_ids(session: Session, ids: Sequence[UUID]) -> dict[UUID, InteractionRow]:
    """Return Interactions by id."""
    query: LiteralString = f"SELECT {_COLUMNS}{_FROM} WHERE i.id = ANY(%s)"
    return {one.id: one for one in await rows(session, query, [list(ids)], InteractionRow)}


async def add(session: Session, batch: Sequence[InteractionRow]) -> None:
    """Add new Interactions."""
    await columns.add(session, _ADD, _NEW, batch)


async def save(session: Session, batch: Sequence[InteractionRow]) -> set[UUID]:
    """Write changed Interactions, each version one up; return those whose version was as read."""
    if not batch:
        return set()
    found = await session.execute(_SAVE, columns.params(_SAVED, batch))
    return {row[0] for row in await found.fetchall()}


async def heard(session: Session, batch: Sequence[InteractionRow]) -> None:
    """Note when the customer last wrote; nothing screens show changes, so no version either."""
    if batch:
        await session.execute(
            "UPDATE interaction i SET last_in_at = n.at"
            " FROM unnest(%s::uuid[], %s::timestamptz[]) AS n (id, at) WHERE i.id = n.id",
            [[one.id for one in batch], [one.last_in_at for one in batch]],
        )


@dataclass(frozen=True, slots=True)
class ThreadId:
    """A message id a provider (or we) gave, and the Interaction it belongs to."""

    account_id: UUID
    provider_id: str
    interaction_id: UUID


_THREAD: columns.Shape = {"account_id": "uuid", "provider_id": "text", "interaction_id": "uuid"}
_ADD_THREAD = columns.insert("thread_id", _THREAD, "ON CONFLICT DO NOTHING")


async def know(session: Session, batch: Sequence[ThreadId]) -> None:
    """Remember message ids; the first Interaction an id was seen in keeps it."""
    await columns.add(session, _ADD_THREAD, _THREAD, batch)


@dataclass(frozen=True, slots=True)
class Proposed:
    """An Interaction found by a message id or by an open chat, and its Case."""

    key: str
    account_id: UUID
    interaction_id: UUID
    case_id: UUID


async def by_thread(session: Session, wanted: Sequence[tuple[UUID, str]]) -> list[Proposed]:
    """Return Interactions by (account, message id)."""
    if not wanted:
        return []
    query: LiteralString = """
SELECT t.provider_id AS key, t.account_id, t.interaction_id, i.case_id
  FROM unnest(%s::uuid[], %s::text[]) AS w (account, id)
  JOIN thread_id t ON t.account_id = w.account AND t.provider_id = w.id
  JOIN interaction i ON i.id = t.interaction_id"""
    lists = [[one[0] for one in wanted], [one[1] for one in wanted]]
    return await rows(session, query, lists, Proposed)


async def open_of(session: Session, wanted: Sequence[tuple[UUID, UUID]]) -> list[Proposed]:
    """Return the newest Interaction of each (account, identity) that has not ended."""
    if not wanted:
        return []
    query: LiteralString = """
SELECT DISTINCT ON (i.account_id, i.identity_id)
       i.identity_id::text AS key, i.account_id, i.id AS interaction_id, i.case_id
  FROM unnest(%s::uuid[], %s::uuid[]) AS w (account, identity)
  JOIN interaction i ON i.account_id = w.account AND i.identity_id = w.identity
 WHERE i.state <> 'ended'
 ORDER BY i.account_id, i.identity_id, i.opened_at DESC, i.id DESC"""
    lists = [[one[0] for one in wanted], [one[1] for one in wanted]]
    return await rows(session, query, lists, Proposed)


async def by_matter(session: Session, wanted: Sequence[tuple[UUID, UUID, str]]) -> list[Proposed]:
    """Return the newest Interaction of each (account, identity, thread key), ended ones too.

    The key of each is the identity's id and the thread key behind it.
    """
    if not wanted:
        return []
    query: LiteralString = """
SELECT DISTINCT ON (i.account_id, i.identity_id, i.thread_key)
       i.identity_id::text || i.thread_key AS key, i.account_id, i.id AS interaction_id, i.case_id
  FROM unnest(%s::uuid[], %s::uuid[], %s::text[]) AS w (account, identity, thread)
  JOIN interaction i ON i.identity_id = w.identity AND i.channel_kind = 'chat'
   AND i.account_id = w.account AND i.thread_key = w.thread
 ORDER BY i.account_id, i.identity_id, i.thread_key, i.opened_at DESC, i.id DESC"""
    lists = [[one[n] for one in wanted] for n in range(3)]
    return await rows(session, query, lists, Proposed)


async def idle(session: Session, before: datetime, limit: int) -> list[UUID]:
    """Return quiet Interactions in which nothing was said since a moment."""
    found = await session.execute(
        "SELECT id FROM interaction WHERE state = 'quiet'"
        " AND greatest(opened_at, last_in_at, last_out_at) < %s LIMIT %s",
        [before, limit],
    )
    return [row[0] for row in await found.fetchall()]

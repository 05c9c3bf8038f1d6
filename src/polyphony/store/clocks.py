"""Clocks: the running targets of Cases and Interactions, and the calendars they count by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from polyphony.store import columns
from polyphony.store.database import Session, rows


@dataclass(slots=True)
class ClockRow:
    """One SlaClock as kept."""

    id: UUID
    case_id: UUID
    interaction_id: UUID | None
    type: str
    state: str
    calendar_id: UUID
    target_ms: int
    consumed_ms: int = 0
    running_since: datetime | None = None
    warn_at: datetime | None = None
    due_at: datetime | None = None
    done_at: datetime | None = None
    version: int = 1


_COLUMNS: LiteralString = (
    "id, case_id, interaction_id, type, state, calendar_id, target_ms, consumed_ms,"
    " running_since, warn_at, due_at, done_at, version"
)
_NEW: columns.Shape = {
    "id": "uuid",
    "case_id": "uuid",
    "interaction_id": "uuid",
    "type": "text",
    "state": "text",
    "calendar_id": "uuid",
    "target_ms": "bigint",
    "consumed_ms": "bigint",
    "running_since": "timestamptz",
    "warn_at": "timestamptz",
    "due_at": "timestamptz",
}
_ADD = columns.insert("sla_clock", _NEW)
_SAVED: columns.Shape = {
    "id": "uuid",
    "version": "bigint",
    "case_id": "uuid",
    "state": "text",
    "target_ms": "bigint",
    "consumed_ms": "bigint",
    "running_since": "timestamptz",
    "warn_at": "timestamptz",
    "due_at": "timestamptz",
    "done_at": "timestamptz",
}
_SET: LiteralString = ", ".join(
    f"{name} = n.{name}" for name in _SAVED if name not in {"id", "version"}
)
_SAVE: LiteralString = f"""
UPDATE sla_clock c SET version = c.version + 1, {_SET}
  FROM {columns.source(_SAVED)} WHERE c.id = n.id AND c.version = n.version RETURNING c.id"""


async def of_cases(session: Session, cases: Sequence[UUID]) -> list[ClockRow]:
    """Return the clocks of Cases, oldest first."""
    query: LiteralString = f"SELECT {_COLUMNS} FROM sla_clock WHERE case_id = ANY(%s) ORDER BY id"
    return await rows(session, query, [list(cases)], ClockRow)


async def add(session: Session, batch: Sequence[ClockRow]) -> None:
    """Add new clocks."""
    await columns.add(session, _ADD, _NEW, batch)


async def save(session: Session, batch: Sequence[ClockRow]) -> set[UUID]:
    """Write changed clocks, each version one up; return those whose version was as read."""
    if not batch:
        return set()
    found = await session.execute(_SAVE, columns.params(_SAVED, batch))
    return {row[0] for row in await found.fetchall()}


@dataclass(frozen=True, slots=True)
class Passed:
    """A clock that has just passed a mark."""

    id: UUID
    case_id: UUID
    type: str


_WARN: LiteralString = """
UPDATE sla_clock c SET warned = true, version = c.version + 1
  FROM (SELECT id FROM sla_clock
         WHERE state = 'running' AND NOT warned AND warn_at <= %s
         ORDER BY warn_at LIMIT %s FOR UPDATE SKIP LOCKED) n
 WHERE c.id = n.id RETURNING c.id, c.case_id, c.type"""
_BREACH: LiteralString = """
UPDATE sla_clock c SET state = 'breached', warned = true, version = c.version + 1
  FROM (SELECT id FROM sla_clock
         WHERE state = 'running' AND due_at <= %s
         ORDER BY due_at LIMIT %s FOR UPDATE SKIP LOCKED) n
 WHERE c.id = n.id RETURNING c.id, c.case_id, c.type"""


async def warn(session: Session, at: datetime, limit: int) -> list[Passed]:
    """Mark running clocks whose warning moment has come, each once."""
    return await rows(session, _WARN, [at, limit], Passed)


async def breach(session: Session, at: datetime, limit: int) -> list[Passed]:
    """Mark running clocks whose deadline has passed; they go on counting."""
    return await rows(session, _BREACH, [at, limit], Passed)


@dataclass(frozen=True, slots=True)
class CalendarRow:
    """The working time of a Queue (its own or its Department's) and its targets."""

    queue_id: UUID
    department_id: UUID
    calendar_id: UUID
    version: int
    zone: str
    always: bool
    frames: Mapping[str, list[list[str]]]
    exceptions: Mapping[str, list[list[str]]]
    country: str | None
    worked: list[str]
    targets: Mapping[str, Mapping[str, int]]
    requirements: list[Mapping[str, object]]
    sealed: bool


async def of_queues(session: Session, queues: Sequence[UUID]) -> dict[UUID, CalendarRow]:
    """Return calendar and targets by Queue."""
    found = await rows(
        session,
        "SELECT q.id AS queue_id, q.department_id, k.id AS calendar_id, k.version, k.zone,"
        " k.always, k.frames, k.exceptions, k.country, k.worked, q.targets, q.requirements,"
        " d.visibility = 'sealed' AS sealed"
        " FROM queue q JOIN department d ON d.id = q.department_id"
        " JOIN calendar k ON k.id = coalesce(q.calendar_id, d.calendar_id) WHERE q.id = ANY(%s)",
        [list(queues)],
        CalendarRow,
    )
    return {one.queue_id: one for one in found}


async def calendars(session: Session, ids: Sequence[UUID]) -> dict[UUID, CalendarRow]:
    """Return calendars by their own id (queue and targets are empty)."""
    found = await rows(
        session,
        "SELECT k.id AS queue_id, k.id AS department_id, k.id AS calendar_id, k.version, k.zone,"
        " k.always, k.frames, k.exceptions, k.country, k.worked,"
        " '{}'::jsonb AS targets, '[]'::jsonb AS requirements, false AS sealed"
        " FROM calendar k WHERE k.id = ANY(%s)",
        [list(ids)],
        CalendarRow,
    )
    return {one.calendar_id: one for one in found}

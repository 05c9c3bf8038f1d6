"""Clocks: the running targets of Cases and Interactions, and the calendars they count by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from polyphony.domain.sla import PAUSING, WARN_PCT
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
    step_id: UUID | None = None
    policy_id: UUID | None = None
    level: str = "usual"
    warn_pct: int = WARN_PCT
    pauses: list[str] = field(default_factory=lambda: sorted(PAUSING))
    losers: list[Mapping[str, object]] = field(default_factory=list)
    escalation_id: UUID | None = None
    rung: int = 0
    round: int = 0
    rung_ms: int | None = None
    escalate_at: datetime | None = None


_COLUMNS: LiteralString = (
    "id, case_id, interaction_id, type, state, calendar_id, target_ms, consumed_ms,"
    " running_since, warn_at, due_at, done_at, version, step_id, policy_id, level, warn_pct,"
    " pauses, losers, escalation_id, rung, round, rung_ms, escalate_at"
)
_OF_POLICY: columns.Shape = {
    "policy_id": "uuid",
    "level": "text",
    "warn_pct": "int",
    "pauses": "words",
    "losers": "jsonb",
    "escalation_id": "uuid",
    "rung": "int",
    "round": "int",
    "rung_ms": "bigint",
    "escalate_at": "timestamptz",
}
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
    "step_id": "uuid",
    **_OF_POLICY,
}
_ADD = columns.insert("sla_clock", _NEW)
_SAVED: columns.Shape = {
    "id": "uuid",
    "version": "bigint",
    "case_id": "uuid",
    "state": "text",
    "calendar_id": "uuid",
    "target_ms": "bigint",
    "consumed_ms": "bigint",
    "running_since": "timestamptz",
    "warn_at": "timestamptz",
    "due_at": "timestamptz",
    "done_at": "timestamptz",
    **_OF_POLICY,
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


_STRUCK: LiteralString = """
SELECT id FROM case_ WHERE id IN (
    SELECT case_id FROM (
        (SELECT case_id FROM sla_clock WHERE state = 'running' AND NOT warned AND warn_at <= %(at)s
          ORDER BY warn_at LIMIT %(n)s)
        UNION ALL
        (SELECT case_id FROM sla_clock WHERE state = 'running' AND due_at <= %(at)s
          ORDER BY due_at LIMIT %(n)s)
        UNION ALL
        (SELECT case_id FROM sla_clock
          WHERE escalate_at <= %(at)s AND state IN ('running', 'breached')
          ORDER BY escalate_at LIMIT %(n)s)) x)
 ORDER BY id LIMIT %(n)s FOR UPDATE SKIP LOCKED"""
_WARN: LiteralString = """
UPDATE sla_clock SET warned = true, version = version + 1
 WHERE state = 'running' AND NOT warned AND warn_at <= %s AND case_id = ANY(%s)
RETURNING id, case_id, type"""
_BREACH: LiteralString = """
UPDATE sla_clock SET state = 'breached', warned = true, version = version + 1
 WHERE state = 'running' AND due_at <= %s AND case_id = ANY(%s)
RETURNING id, case_id, type"""


async def struck(session: Session, at: datetime, limit: int) -> list[UUID]:
    """Lock the Cases in which a clock has passed a mark; those somebody has locked are left."""
    found = await session.execute(_STRUCK, {"at": at, "n": limit})
    return sorted(one[0] for one in await found.fetchall())


async def warn(session: Session, at: datetime, cases: Sequence[UUID]) -> list[Passed]:
    """Mark running clocks of Cases (locked) whose warning moment has come, each once."""
    return await rows(session, _WARN, [at, list(cases)], Passed)


async def climbing(session: Session, at: datetime, cases: Sequence[UUID]) -> list[UUID]:
    """Return which of these Cases have a clock at the next rung of its ladder."""
    found = await session.execute(
        "SELECT DISTINCT case_id FROM sla_clock WHERE escalate_at <= %s"
        " AND state IN ('running', 'breached') AND case_id = ANY(%s)",
        [at, list(cases)],
    )
    return sorted(one[0] for one in await found.fetchall())


async def breach(session: Session, at: datetime, cases: Sequence[UUID]) -> list[Passed]:
    """Mark running clocks of Cases (locked) whose deadline has passed; they go on counting."""
    return await rows(session, _BREACH, [at, list(cases)], Passed)


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
    channels: list[str]
    sealed: bool
    imported: Mapping[str, str]
    overflow_before: list[Mapping[str, object]] = field(default_factory=list)
    max_waiting: int | None = None


async def of_queues(session: Session, queues: Sequence[UUID]) -> dict[UUID, CalendarRow]:
    """Return calendar and targets by Queue."""
    found = await rows(
        session,
        "SELECT q.id AS queue_id, q.department_id, k.id AS calendar_id, k.version, k.zone,"
        " k.always, k.frames, k.exceptions, k.country, k.worked, q.targets, q.requirements,"
        " q.channels, d.visibility = 'sealed' AS sealed, k.imported, q.overflow_before,"
        " q.max_waiting"
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
        " '{}'::jsonb AS targets, '[]'::jsonb AS requirements, '{}'::text[] AS channels,"
        " false AS sealed, k.imported"
        " FROM calendar k WHERE k.id = ANY(%s)",
        [list(ids)],
        CalendarRow,
    )
    return {one.calendar_id: one for one in found}


async def of_departments(session: Session, departments: Sequence[UUID]) -> dict[UUID, UUID]:
    """Return the calendar of each Department."""
    found = await session.execute(
        "SELECT id, calendar_id FROM department WHERE id = ANY(%s)", [list(departments)]
    )
    return dict(await found.fetchall())

"""Cases: one matter each; facts under lock, new ones, changes, links, participants."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from polyphony.store import columns
from polyphony.store.database import Session, rows


@dataclass(slots=True)
class CaseRow:
    """A Case as a flow works on it; what a flow changes it writes back with ``save``."""

    id: UUID
    reference: str
    record_id: UUID
    department_id: UUID
    title: str
    preview: str
    state: str
    state_since: datetime
    state_was: str | None
    due_at: datetime | None
    priority: str
    language: str | None
    visibility: str
    owner_id: UUID | None
    opened_via: str
    opened_at: datetime
    first_solved_at: datetime | None
    solved_at: datetime | None
    closed_at: datetime | None
    reopen_until: datetime | None
    merged_into: UUID | None
    last_item: int
    last_customer: int
    last_staff: int
    last_at: datetime
    demo: bool
    version: int = 1
    tags: list[str] = field(default_factory=list)
    kind: str = "request"
    sla_policy_id: UUID | None = None


_COLUMNS: LiteralString = (
    "c.id, c.reference, c.record_id, c.department_id, c.title, c.preview, c.state, c.state_since,"
    " c.state_was, c.due_at, c.priority, c.language, c.visibility, c.owner_id, c.opened_via,"
    " c.opened_at, c.first_solved_at, c.solved_at, c.closed_at, c.reopen_until, c.merged_into,"
    " c.last_item, c.last_customer, c.last_staff, c.last_at, c.demo, c.version, c.tags,"
    " c.kind, c.sla_policy_id"
)

_NEW: columns.Shape = {
    "id": "uuid",
    "reference": "text",
    "record_id": "uuid",
    "department_id": "uuid",
    "title": "text",
    "preview": "text",
    "state": "text",
    "state_since": "timestamptz",
    "priority": "text",
    "language": "text",
    "visibility": "text",
    "opened_via": "text",
    "opened_at": "timestamptz",
    "first_solved_at": "timestamptz",
    "solved_at": "timestamptz",
    "reopen_until": "timestamptz",
    "last_item": "bigint",
    "last_customer": "bigint",
    "last_staff": "bigint",
    "last_at": "timestamptz",
    "demo": "bool",
}
_ADD = columns.insert("case_", _NEW)

_SAVED: columns.Shape = {
    "id": "uuid",
    "version": "bigint",
    "record_id": "uuid",
    "department_id": "uuid",
    "title": "text",
    "preview": "text",
    "state": "text",
    "state_since": "timestamptz",
    "state_was": "text",
    "due_at": "timestamptz",
    "priority": "text",
    "language": "text",
    "owner_id": "uuid",
    "first_solved_at": "timestamptz",
    "solved_at": "timestamptz",
    "closed_at": "timestamptz",
    "reopen_until": "timestamptz",
    "merged_into": "uuid",
    "last_item": "bigint",
    "last_customer": "bigint",
    "last_staff": "bigint",
    "last_at": "timestamptz",
    "tags": "jsonb",
}
_SET: LiteralString = ", ".join(
    f"{name} = n.{name}" for name in _SAVED if name not in {"id", "version", "tags"}
)
_SAVE: LiteralString = f"""
UPDATE case_ c SET version = c.version + 1, {_SET},
       tags = ARRAY(SELECT jsonb_array_elements_text(n.tags))
  FROM {columns.source(_SAVED)}
 WHERE c.id = n.id AND c.version = n.version
RETURNING c.id"""


async def locked(session: Session, ids: Sequence[UUID]) -> dict[UUID, CaseRow]:
    """Return Cases under their row locks, taken in the order of the ids.

    Cases that took a named one over by a merge come along.
    """
    if not ids:
        return {}
    query: LiteralString = f"""
WITH RECURSIVE w (id, target, depth) AS (
    SELECT id, merged_into, 0 FROM case_ WHERE id = ANY(%s)
    UNION
    SELECT t.id, t.merged_into, w.depth + 1 FROM w JOIN case_ t ON t.id = w.target
     WHERE w.depth < 20)
SELECT {_COLUMNS} FROM case_ c WHERE c.id IN (SELECT id FROM w) ORDER BY c.id FOR UPDATE"""
    return {one.id: one for one in await rows(session, query, [list(ids)], CaseRow)}


async def by_ids(session: Session, ids: Sequence[UUID]) -> dict[UUID, CaseRow]:
    """Return Cases without locking them."""
    query: LiteralString = f"SELECT {_COLUMNS} FROM case_ c WHERE c.id = ANY(%s)"
    return {one.id: one for one in await rows(session, query, [list(ids)], CaseRow)}


async def by_references(session: Session, references: Sequence[str]) -> dict[str, UUID]:
    """Return ids by bare reference digits."""
    found = await session.execute(
        "SELECT reference, id FROM case_ WHERE reference = ANY(%s)", [list(references)]
    )
    return dict(await found.fetchall())


async def numbers(session: Session, n: int) -> list[int]:
    """Take the next ``n`` numbers for references."""
    found = await session.execute(
        "SELECT nextval('case_reference_seq') FROM generate_series(1, %s)", [n]
    )
    return [row[0] for row in await found.fetchall()]


async def add(session: Session, batch: Sequence[CaseRow]) -> None:
    """Add new Cases."""
    await columns.add(session, _ADD, _NEW, batch)


async def save(session: Session, batch: Sequence[CaseRow]) -> set[UUID]:
    """Write changed Cases, each version one up; return those whose version was as read."""
    if not batch:
        return set()
    found = await session.execute(_SAVE, columns.params(_SAVED, batch))
    return {row[0] for row in await found.fetchall()}


@dataclass(frozen=True, slots=True)
class Link:
    """A link from a Case to another one, with who made it."""

    case_id: UUID
    other_id: UUID
    kind: str
    at: datetime
    by_kind: str
    by_id: UUID | None = None


_LINK: columns.Shape = {
    "case_id": "uuid",
    "other_id": "uuid",
    "kind": "text",
    "at": "timestamptz",
    "by_kind": "text",
    "by_id": "uuid",
}
_ADD_LINK = columns.insert("case_link", _LINK, "ON CONFLICT DO NOTHING")


async def link(session: Session, batch: Sequence[Link]) -> None:
    """Add links; one that exists stays."""
    await columns.add(session, _ADD_LINK, _LINK, batch)


async def unlink(session: Session, case: UUID, other: UUID, kind: str) -> None:
    """Remove one link."""
    await session.execute(
        "DELETE FROM case_link WHERE case_id = %s AND other_id = %s AND kind = %s",
        [case, other, kind],
    )


@dataclass(frozen=True, slots=True)
class Participant:
    """An Identity that may go on with a Case, and how it came to that."""

    case_id: UUID
    identity_id: UUID
    how: str
    at: datetime


_PART: columns.Shape = {
    "case_id": "uuid",
    "identity_id": "uuid",
    "how": "text",
    "at": "timestamptz",
}
_ADD_PART = columns.insert("participant", _PART, "ON CONFLICT DO NOTHING")


async def admit(session: Session, batch: Sequence[Participant]) -> None:
    """Add participants; one who is already stays as he came."""
    await columns.add(session, _ADD_PART, _PART, batch)


async def participants(
    session: Session, cases: Sequence[UUID], identities: Sequence[UUID]
) -> set[tuple[UUID, UUID]]:
    """Return which of these Identities are participants of which of these Cases."""
    found = await session.execute(
        "SELECT case_id, identity_id FROM participant"
        " WHERE case_id = ANY(%s) AND identity_id = ANY(%s)",
        [list(cases), list(identities)],
    )
    return {(case, identity) for case, identity in await found.fetchall()}


async def take_over_participants(session: Session, source: UUID, target: UUID) -> None:
    """Let everybody who takes part in one Case take part in another."""
    await session.execute(
        "INSERT INTO participant (case_id, identity_id, how, at)"
        " SELECT %s, identity_id, how, at FROM participant WHERE case_id = %s"
        " ON CONFLICT DO NOTHING",
        [target, source],
    )


async def to_close(session: Session, at: datetime, limit: int) -> list[UUID]:
    """Return solved Cases whose time to be taken up again is over."""
    found = await session.execute(
        "SELECT id FROM case_ c WHERE state = 'solved' AND reopen_until <= %s"
        " AND NOT EXISTS (SELECT FROM work_item w WHERE w.case_id = c.id AND w.disposition_due)"
        " ORDER BY reopen_until LIMIT %s",
        [at, limit],
    )
    return [row[0] for row in await found.fetchall()]


async def due(session: Session, at: datetime, limit: int) -> list[UUID]:
    """Return waiting Cases whose date has come."""
    found = await session.execute(
        "SELECT id FROM case_ WHERE state IN ('wait_customer', 'wait_third_party')"
        " AND due_at <= %s ORDER BY due_at LIMIT %s",
        [at, limit],
    )
    return [row[0] for row in await found.fetchall()]


async def touch(session: Session, ids: Sequence[UUID]) -> list[UUID]:
    """Raise the version of Cases something around them changed; return them in order."""
    if not ids:
        return []
    found = await session.execute(
        "UPDATE case_ SET version = version + 1 WHERE id IN"
        " (SELECT id FROM case_ WHERE id = ANY(%s) ORDER BY id FOR UPDATE) RETURNING id",
        [sorted(ids)],
    )
    return sorted(row[0] for row in await found.fetchall())


async def kind_of(session: Session, case: UUID) -> UUID | None:
    """Return the kind a Case is of; None for a plain request."""
    found = await session.execute("SELECT kind_id FROM case_ WHERE id = %s", [case])
    row = await found.fetchone()
    return row[0] if row else None

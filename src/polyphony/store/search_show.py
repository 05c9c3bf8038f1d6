"""Search show: what results say of Messages, Cases and customers; what filters name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from polyphony.store.database import Session, rows

TEXT_MAX = 60_000


@dataclass(frozen=True, slots=True)
class Shown:
    """One Message or Case of a result with the Case it belongs to; ``kind`` in, out, note, case."""

    id: UUID
    kind: str
    author: str
    channel: str
    subject: str
    text: str
    files: list[str]
    position: int | None
    case_id: UUID
    reference: str
    title: str
    state: str
    department_id: UUID
    customer_id: UUID
    customer: str


async def shown(
    session: Session, messages: Sequence[UUID], cases: Sequence[UUID]
) -> dict[UUID, Shown]:
    """Return results by id. Whoever asks has made sure that they may be seen."""
    found = await rows(
        session,
        f"""WITH hit AS (
              SELECT m.id, i.case_id, m.kind, m.author_name AS author, i.channel_kind AS channel,
                     CASE WHEN m.subject <> '' THEN m.subject ELSE i.subject END AS subject,
                     left(m.text, {TEXT_MAX}) AS text, m.position,
                     ARRAY(SELECT f.name FROM message_file f
                            WHERE f.message_id = m.id AND NOT f.inline
                            ORDER BY f.ordinal LIMIT 50) AS files
                FROM message m JOIN interaction i ON i.id = m.interaction_id
               WHERE m.id = ANY(%(messages)s)
              UNION ALL
              SELECT c.id, c.id, 'case', '', c.opened_via, '', '', NULL, '{{}}'
                FROM case_ c WHERE c.id = ANY(%(cases)s))
            SELECT h.id, h.kind, h.author, h.channel, h.subject, h.text, h.files, h.position,
                   c.id AS case_id, c.reference, c.title, c.state, c.department_id,
                   k.id AS customer_id, k.name AS customer
              FROM hit h JOIN case_ c ON c.id = h.case_id
              JOIN record r ON r.id = c.record_id JOIN customer k ON k.id = r.customer_id""",
        {"messages": list(messages), "cases": list(cases)},
        Shown,
    )
    return {one.id: one for one in found}


@dataclass(frozen=True, slots=True)
class Person:
    """A customer of a result."""

    id: UUID
    name: str
    tier: str
    language: str | None
    addresses: list[str]
    since: datetime


async def people(session: Session, ids: Sequence[UUID]) -> dict[UUID, Person]:
    """Return customers by id. Whoever asks has made sure that they may be seen."""
    found = await rows(
        session,
        """SELECT k.id, k.name, k.tier, k.language, k.created_at AS since,
                  ARRAY(SELECT DISTINCT n.address FROM record r
                          JOIN identity_use u ON u.record_id = r.id AND u.role = 'uses'
                          JOIN identity n ON n.id = u.identity_id AND n.kind <> 'chat'
                         WHERE r.customer_id = k.id ORDER BY n.address LIMIT 5) AS addresses
             FROM customer k WHERE k.id = ANY(%s)""",
        [list(ids)],
        Person,
    )
    return {one.id: one for one in found}


# ── what filters name ───────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Name:
    """Something a filter can name, and the department it belongs to (a department: itself)."""

    id: UUID
    name: str
    also: str = ""
    department_id: UUID | None = None


async def departments(session: Session) -> list[Name]:
    """Return all departments."""
    return await rows(
        session, "SELECT id, name, '' AS also, id AS department_id FROM department", [], Name
    )


async def queues(session: Session) -> list[Name]:
    """Return all Queues."""
    return await rows(
        session, "SELECT id, name, '' AS also, department_id FROM queue ORDER BY id", [], Name
    )


async def colleagues(session: Session) -> list[Name]:
    """Return everybody who works here or did, by name and address."""
    return await rows(
        session,
        "SELECT id, name, email AS also, NULL::uuid AS department_id FROM person ORDER BY id",
        [],
        Name,
    )


async def records_of(session: Session, customers: Sequence[UUID]) -> list[UUID]:
    """Return the Records of customers."""
    found = await session.execute(
        "SELECT id FROM record WHERE customer_id = ANY(%s) ORDER BY id LIMIT 500",
        [list(customers)],
    )
    return [one for (one,) in await found.fetchall()]


async def zone_of(session: Session, person: UUID) -> str:
    """Return the zone somebody's days are counted in."""
    found = await session.execute("SELECT zone FROM person WHERE id = %s", [person])
    row = await found.fetchone()
    return str(row[0]) if row else "UTC"

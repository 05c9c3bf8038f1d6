"""Audit: who did what to which thing, when, from where; rows are only ever added."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from uuid import UUID

from psycopg.types.json import Jsonb

from polyphony.store.database import Session, rows


@dataclass(frozen=True, slots=True)
class Entry:
    """One line; ``facts`` hold codes, ids and names of fields, never content."""

    id: UUID
    actor_kind: str
    actor_id: UUID | None
    act: str
    entity: str | None = None
    entity_id: UUID | None = None
    facts: dict[str, object] = field(default_factory=dict)
    request_id: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line as the auditor reads it."""

    id: UUID
    at: datetime
    actor_kind: str
    actor_id: UUID | None
    actor_name: str | None
    act: str
    entity: str | None
    entity_id: UUID | None
    facts: dict[str, object]
    request_id: str | None
    address: str | None


async def add(session: Session, entries: Sequence[Entry]) -> None:
    """Add lines in one statement."""
    await session.execute(
        """INSERT INTO audit (id, actor_kind, actor_id, act, entity, entity_id, facts, request_id,
                              address)
           SELECT * FROM unnest(%s::uuid[], %s::text[], %s::uuid[], %s::text[], %s::text[],
                                %s::uuid[], %s::jsonb[], %s::text[], %s::text[])""",
        [
            [one.id for one in entries],
            [one.actor_kind for one in entries],
            [one.actor_id for one in entries],
            [one.act for one in entries],
            [one.entity for one in entries],
            [one.entity_id for one in entries],
            [Jsonb(one.facts) for one in entries],
            [one.request_id for one in entries],
            [one.address for one in entries],
        ],
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines: of an actor, of things, whose act begins with a word, not after a moment."""

    actor: UUID | None = None
    entities: Sequence[UUID] | None = None
    act: str = ""
    until: datetime | None = None


async def about(session: Session, customer: UUID) -> list[UUID]:
    """Return a customer and all his matters: whoever saw one of them saw something of him."""
    found = await session.execute(
        """SELECT c.id FROM case_ c JOIN record r ON r.id = c.record_id WHERE r.customer_id = %s
           ORDER BY c.opened_at DESC LIMIT 5000""",
        [customer],
    )
    return [customer, *(one for (one,) in await found.fetchall())]


async def page(
    session: Session,
    wanted: Wanted,
    *,
    before: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[Line]:
    """Return the wanted lines, newest first."""
    at, last = before or (None, None)
    return await rows(
        session,
        """SELECT a.id, a.at, a.actor_kind, a.actor_id, p.name AS actor_name, a.act, a.entity,
                  a.entity_id, a.facts, a.request_id, a.address
             FROM audit a LEFT JOIN person p ON p.id = a.actor_id
            WHERE (%(actor)s::uuid IS NULL OR a.actor_id = %(actor)s)
              AND (%(entities)s::uuid[] IS NULL OR a.entity_id = ANY(%(entities)s))
              AND (%(act)s = '' OR starts_with(a.act, %(act)s))
              AND (%(until)s::timestamptz IS NULL OR a.at <= %(until)s)
              AND (%(at)s::timestamptz IS NULL OR (a.at, a.id) < (%(at)s, %(last)s))
            ORDER BY a.at DESC, a.id DESC LIMIT %(limit)s""",
        {
            **asdict(wanted),
            "entities": None if wanted.entities is None else list(wanted.entities),
            "at": at,
            "last": last,
            "limit": limit,
        },
        Line,
    )

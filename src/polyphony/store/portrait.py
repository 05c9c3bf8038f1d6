"""Portrait: what is known of one customer; his addresses, Cases and timeline, visible ones only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from polyphony.domain.errors import NotFound
from polyphony.domain.permission import Scope
from polyphony.store.database import Session, row, rows
from polyphony.store.search import customer_seen
from polyphony.store.visibility import visible_to

PAGE = 50
_TOUCHED = PAGE + 10
"""Cases looked at for the first page; some more than lines, for some end in unseen ones."""
_MOMENT = """m.id AS message_id, c.id AS case_id,
                   substr(c.reference, 1, 2) || ' ' || substr(c.reference, 3, 4) || ' '
                     || substr(c.reference, 7) AS reference,
                   i.channel_kind, m.kind, m.at, left(m.text, 200) AS preview, c.department_id,
                   m.author_name AS author"""
_AT = 5
_SHOWN = "m.kind IN ('in', 'out', 'note') AND NOT m.hidden"


@dataclass(frozen=True, slots=True)
class Customer:
    """Who we talk to."""

    id: UUID
    version: int
    state: str
    name: str
    language: str | None
    tier: str
    attrs: dict[str, object]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Address:
    """One of his addresses, and how sure we are of it."""

    id: UUID
    kind: str
    address: str
    state: str
    state_why: str | None
    role: str
    level: int
    method: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Moment:
    """One message in his timeline."""

    message_id: UUID
    case_id: UUID
    reference: str
    channel_kind: str
    kind: str
    at: datetime
    preview: str
    department_id: UUID
    author: str


async def one(session: Session, scope: Scope, customer: UUID) -> Customer:
    """Return a customer the actor may know; raise NotFound."""
    condition, params = customer_seen(scope)
    found = await row(
        session,
        f"""SELECT k.id, k.version, k.state, k.name, k.language, k.tier, k.attrs, k.created_at
              FROM customer k WHERE k.id = %(id)s AND {condition}""",
        {"id": customer, **params},
        Customer,
    )
    if found is None:
        raise NotFound("customer")
    return found


async def addresses(session: Session, customer: UUID) -> list[Address]:
    """Return his addresses: used ones before claimed ones."""
    return await rows(
        session,
        """SELECT DISTINCT ON (u.role, n.id) n.id, n.kind, n.address, n.state, n.state_why, u.role,
                  u.level, u.method, u.since
             FROM record r JOIN identity_use u ON u.record_id = r.id AND u.until IS NULL
             JOIN identity n ON n.id = u.identity_id
            WHERE r.customer_id = %s ORDER BY u.role DESC, n.id, u.level DESC""",
        [customer],
        Address,
    )


async def cases(session: Session, scope: Scope, customer: UUID) -> list[UUID]:
    """Return his visible Cases, newest first."""
    condition, params = visible_to(scope)
    found = await session.execute(
        f"""SELECT c.id FROM case_ c JOIN record r ON r.id = c.record_id
             WHERE r.customer_id = %(id)s AND {condition}
             ORDER BY c.last_at DESC, c.id LIMIT 100""",
        {"id": customer, **params},
    )
    return [one[0] for one in await found.fetchall()]


async def timeline(
    session: Session, scope: Scope, customer: UUID, before: tuple[datetime, UUID] | None
) -> list[Moment]:
    """Return his visible messages over all channels, newest first, one more than a page.

    The first page comes from the Cases last touched, where they settle it; the whole past is read
    only when they do not (many of them end in lines nobody sees), and for older pages.
    """
    condition, params = visible_to(scope)
    if before is None:
        found = await _newest(session, customer, condition, params)
        if found is not None:
            return found
    at, last = before or (None, None)
    return await rows(
        session,
        f"""SELECT {_MOMENT}
              FROM record r JOIN case_ c ON c.record_id = r.id
              JOIN interaction i ON i.case_id = c.id
              JOIN message m ON m.interaction_id = i.id
             WHERE r.customer_id = %(id)s AND {_SHOWN} AND {condition}
               AND (%(at)s::timestamptz IS NULL OR (m.at, m.id) < (%(at)s, %(last)s))
             ORDER BY m.at DESC, m.id DESC LIMIT {PAGE + 1}""",
        {"id": customer, "at": at, "last": last, **params},
        Moment,
    )


async def _newest(
    session: Session, customer: UUID, condition: LiteralString, params: Mapping[str, object]
) -> list[Moment] | None:
    """Read the first page from the Cases last touched; None when an older one may belong to it.

    Nothing shown in a Case is later than its ``last_at``. So the page is whole if all Cases were
    read, or if its last line is later than the first Case that was not.
    """
    cursor = await session.execute(
        f"""WITH touched AS MATERIALIZED (
                 SELECT c.id, c.reference, c.department_id, c.last_at
                   FROM record r JOIN case_ c ON c.record_id = r.id
                  WHERE r.customer_id = %(id)s AND {condition}
                  ORDER BY c.last_at DESC, c.id LIMIT {_TOUCHED + 1}),
              edge AS (SELECT last_at FROM touched ORDER BY last_at DESC, id OFFSET {_TOUCHED})
            SELECT {_MOMENT}, (SELECT last_at FROM edge) AS edge
              FROM touched c JOIN interaction i ON i.case_id = c.id
              JOIN message m ON m.interaction_id = i.id
             WHERE {_SHOWN}
             ORDER BY m.at DESC, m.id DESC LIMIT {PAGE + 1}""",
        {"id": customer, **params},
    )
    found = await cursor.fetchall()
    if not found:
        return None
    edge = found[-1][-1]
    whole = edge is None or (len(found) > PAGE and found[-1][_AT] > edge)
    return [Moment(*line[:-1]) for line in found] if whole else None


async def change(
    session: Session, customer: UUID, values: Mapping[str, object], version: int | None
) -> tuple[int | None, list[UUID]]:
    """Change name, tier, language; return the new version (None = moved on) and touched Cases."""
    found = await session.execute(
        """UPDATE customer SET name = coalesce(%(name)s, name), tier = coalesce(%(tier)s, tier),
                  language = coalesce(%(language)s, language), version = version + 1
            WHERE id = %(id)s AND (%(version)s::bigint IS NULL OR version = %(version)s)
            RETURNING version""",
        {
            **{name: values.get(name) for name in ("name", "tier", "language")},
            "id": customer,
            "version": version,
        },
    )
    changed = await found.fetchone()
    if changed is None:
        return None, []
    touched = await session.execute(
        """UPDATE case_ SET version = version + 1 WHERE id IN (
               SELECT c.id FROM case_ c JOIN record r ON r.id = c.record_id
                WHERE r.customer_id = %s AND c.state IN
                      ('open', 'wait_customer', 'wait_third_party', 'solved')
                ORDER BY c.id FOR UPDATE OF c) RETURNING id""",
        [customer],
    )
    return int(changed[0]), [one[0] for one in await touched.fetchall()]

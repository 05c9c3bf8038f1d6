"""Portrait: what is known of one customer; his addresses, Cases and habits, visible ones only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg.types.json import Jsonb

from polyphony.domain.errors import NotFound
from polyphony.domain.permission import Scope
from polyphony.store.database import Session, row, rows
from polyphony.store.search import customer_seen
from polyphony.store.visibility import visible_to


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


@dataclass(frozen=True, slots=True)
class Summary:
    """What his visible matters add up to; times are of the first and the last thing said."""

    cases: int
    open_cases: int
    interactions: int
    first_at: datetime | None
    last_at: datetime | None


async def summary(session: Session, scope: Scope, customer: UUID) -> Summary:
    """Count what the actor may see of him."""
    condition, params = visible_to(scope)
    found = await row(
        session,
        f"""SELECT count(*) AS cases, count(*) FILTER (
                     WHERE c.state IN ('open', 'wait_customer', 'wait_third_party')) AS open_cases,
                   coalesce(sum(s.n), 0)::bigint AS interactions,
                   min(c.opened_at) AS first_at, max(c.last_at) AS last_at
              FROM record r JOIN case_ c ON c.record_id = r.id
              LEFT JOIN LATERAL (SELECT count(*) AS n FROM interaction i
                                  WHERE i.case_id = c.id) s ON true
             WHERE r.customer_id = %(id)s AND {condition}""",
        {"id": customer, **params},
        Summary,
    )
    return found or Summary(0, 0, 0, None, None)


async def contacts(session: Session, scope: Scope, customer: UUID) -> list[str]:
    """Return the channels of his last twenty contacts, the newest first."""
    condition, params = visible_to(scope)
    found = await session.execute(
        f"""SELECT i.channel_kind FROM record r JOIN case_ c ON c.record_id = r.id
              JOIN interaction i ON i.case_id = c.id
             WHERE r.customer_id = %(id)s AND i.direction = 'in' AND {condition}
             ORDER BY i.last_in_at DESC NULLS LAST, i.id DESC LIMIT 20""",
        {"id": customer, **params},
    )
    return [kind for (kind,) in await found.fetchall()]


async def change(
    session: Session, customer: UUID, values: Mapping[str, object], version: int | None
) -> tuple[int | None, list[UUID]]:
    """Change what is known; return the new version (None = moved on) and touched Cases.

    ``attrs`` are all of them as they shall be; an empty ``language`` is an unknown one.
    """
    found = await session.execute(
        """UPDATE customer SET name = coalesce(%(name)s, name), tier = coalesce(%(tier)s, tier),
                  language = nullif(coalesce(%(language)s, language), ''),
                  attrs = coalesce(%(attrs)s::jsonb, attrs), version = version + 1
            WHERE id = %(id)s AND (%(version)s::bigint IS NULL OR version = %(version)s)
            RETURNING version""",
        {
            **{name: values.get(name) for name in ("name", "tier", "language")},
            "attrs": Jsonb(values["attrs"]) if "attrs" in values else None,
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


@dataclass(frozen=True, slots=True)
class Attributes:
    """A customer and everything that is noted of him."""

    id: UUID
    attrs: dict[str, object]


async def customer_of(session: Session, case: UUID) -> Attributes | None:
    """Return whose matter a Case is."""
    return await row(
        session,
        "SELECT k.id, k.attrs FROM case_ c JOIN record r ON r.id = c.record_id"
        " JOIN customer k ON k.id = r.customer_id WHERE c.id = %s",
        [case],
        Attributes,
    )

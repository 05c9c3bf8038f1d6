"""Portrait: what is known of one customer; his addresses, Cases and habits, visible ones only."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

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
    """Return the customer an id means now, if the actor may know him; raise NotFound."""
    condition, params = customer_seen(scope)
    found = await row(
        session,
        f"""SELECT k.id, k.version, k.state, k.name, k.language, k.tier, k.attrs, k.created_at
              FROM customer k WHERE k.id = (SELECT coalesce(o.merged_into, o.id) FROM customer o
                                             WHERE o.id = %(id)s) AND {condition}""",
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

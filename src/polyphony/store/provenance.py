"""Provenance: where what is known of a customer comes from; records, links, what they add up to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from polyphony.domain.permission import Scope
from polyphony.store.database import Session, row, rows
from polyphony.store.search import customer_seen
from polyphony.store.visibility import visible_to


@dataclass(frozen=True, slots=True)
class Source:
    """One Record in force: what it is, what it says, what hangs on it that the actor may see."""

    id: UUID
    source: str
    source_key: str
    name: str
    at: datetime
    trust: int
    payload: dict[str, object]
    by: str | None
    addresses: list[str]
    cases: int
    last_at: datetime | None


async def sources(session: Session, scope: Scope, customer: UUID) -> list[Source]:
    """Return the Records of a customer, oldest first; old versions are left out."""
    visible, params = visible_to(scope)
    return await rows(
        session,
        f"""SELECT r.id, r.source, r.source_key, r.name, r.at, r.trust, r.payload,
                   (SELECT p.name FROM link l JOIN person p ON p.id = l.actor_id
                     WHERE r.source = 'desk' AND l.b = r.id ORDER BY l.at LIMIT 1) AS by,
                   ARRAY(SELECT n.address FROM identity_use u JOIN identity n
                             ON n.id = u.identity_id AND n.kind = 'email'
                          WHERE u.record_id = r.id AND u.until IS NULL
                          ORDER BY u.role DESC, n.address) AS addresses,
                   s.n AS cases, s.last_at
              FROM record r LEFT JOIN LATERAL (
                   SELECT count(*) AS n, max(c.last_at) AS last_at FROM case_ c
                    WHERE c.record_id = r.id AND {visible}) s ON true
             WHERE r.customer_id = %(id)s AND r.superseded_by IS NULL ORDER BY r.at, r.id""",
        {"id": customer, **params},
        Source,
    )


@dataclass(frozen=True, slots=True)
class Decision:
    """A Link as people read it; ``other`` is the customer at its far end when that is not him."""

    id: UUID
    a: UUID
    b: UUID
    verdict: str
    tier: str
    bits: float | None
    p: float | None
    reason: str
    at: datetime
    by: str | None
    revoked_at: datetime | None
    revoked_by: str | None
    revoked_why: str
    other_id: UUID | None
    other: str | None


async def decisions(session: Session, scope: Scope, customer: UUID) -> list[Decision]:
    """Return what was decided about a customer's Records, newest first, taken back or not.

    What needs no decision (a version and the next) is left out, and so is who is at the far end
    when the actor may not know him.
    """
    seen, params = customer_seen(scope)
    return await rows(
        session,
        f"""SELECT l.id, l.a, l.b, l.verdict, l.tier, l.bits, l.p, l.reason, l.at, p.name AS by,
                   l.revoked_at, q.name AS revoked_by, l.revoked_why,
                   k.id AS other_id, k.name AS other
              FROM link l
              JOIN record ra ON ra.id = l.a JOIN record rb ON rb.id = l.b
              LEFT JOIN person p ON p.id = l.actor_id LEFT JOIN person q ON q.id = l.revoked_by
              LEFT JOIN customer k ON k.id <> %(id)s AND k.id IN (ra.customer_id, rb.customer_id)
             WHERE (l.a IN (SELECT id FROM record WHERE customer_id = %(id)s)
                    OR l.b IN (SELECT id FROM record WHERE customer_id = %(id)s))
               AND l.tier <> 'source' AND (k.id IS NULL OR {seen})
             ORDER BY l.at DESC, l.id DESC LIMIT 200""",
        {"id": customer, **params},
        Decision,
    )


@dataclass(frozen=True, slots=True)
class Sight:
    """What one customer brings from one department into a timeline they share.

    ``members_only`` when none but members of the department will see it there.
    """

    customer_id: UUID
    department_id: UUID
    department: str
    members_only: bool
    interactions: int
    open_cases: int


async def sights(session: Session, scope: Scope, customers: Sequence[UUID]) -> list[Sight]:
    """Count what becomes visible beside the other's, as far as the actor may see it himself."""
    visible, params = visible_to(scope)
    return await rows(
        session,
        f"""SELECT r.customer_id, c.department_id, d.name AS department,
                   (c.visibility = 'sealed' OR d.visibility = 'sealed') AS members_only,
                   sum((SELECT count(*) FROM interaction i WHERE i.case_id = c.id))::bigint
                     AS interactions,
                   count(*) FILTER (WHERE c.state IN
                         ('open', 'wait_customer', 'wait_third_party')) AS open_cases
              FROM record r JOIN case_ c ON c.record_id = r.id
              JOIN department d ON d.id = c.department_id
             WHERE r.customer_id = ANY(%(ids)s) AND {visible}
             GROUP BY 1, 2, 3, 4 ORDER BY 5 DESC, 3""",
        {"ids": list(customers), **params},
        Sight,
    )


async def seen(session: Session, scope: Scope, link: UUID) -> bool:
    """Tell whether the actor may know everybody a Link is about."""
    condition, params = customer_seen(scope)
    found = await row(
        session,
        f"""SELECT count(*) AS n, count(*) FILTER (WHERE {condition}) AS known
              FROM link l JOIN record r ON r.id IN (l.a, l.b)
              JOIN customer k ON k.id = r.customer_id WHERE l.id = %(id)s""",
        {"id": link, **params},
        _Known,
    )
    return found is not None and found.n > 0 and found.n == found.known


@dataclass(frozen=True, slots=True)
class _Known:
    n: int
    known: int

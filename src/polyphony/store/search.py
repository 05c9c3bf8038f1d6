"""Search while somebody types: Cases and customers by a part of title, name, reference, address.

Visible ones, as they are this moment; all of history is searched by ``search_hits``.
"""

from dataclasses import dataclass
from typing import LiteralString
from uuid import UUID

from polyphony.domain.permission import Scope
from polyphony.store.database import Session, rows
from polyphony.store.inbox import escaped
from polyphony.store.visibility import Condition, visible_to

LIMIT = 20


def customer_seen(scope: Scope, customer: LiteralString = "k") -> Condition:
    """Return the condition under which a customer is known to the actor.

    He is hidden when all he ever wrote is hidden; who has no Case yet is seen by all staff.
    """
    condition, params = visible_to(scope)
    if scope.kind not in ("person", "system"):
        return "FALSE", {}
    text: LiteralString = (
        f"(EXISTS (SELECT FROM case_ c JOIN record r ON r.id = c.record_id"
        f" WHERE r.customer_id = {customer}.id AND {condition})"
        f" OR NOT EXISTS (SELECT FROM case_ c JOIN record r ON r.id = c.record_id"
        f" WHERE r.customer_id = {customer}.id))"
    )
    return text, params


async def cases(session: Session, scope: Scope, words: str) -> list[UUID]:
    """Return visible Cases: by reference first, then by title, customer, address; newest first."""
    condition, params = visible_to(scope)
    digits = "".join(char for char in words if char.isdigit())
    found = await session.execute(
        f"""WITH hit AS (
              SELECT id, 0 AS rank FROM case_ WHERE %(digits)s <> '' AND reference = %(digits)s
              UNION ALL
              SELECT id, 1 FROM case_ WHERE plain(title) LIKE plain(%(like)s)
              UNION ALL
              SELECT c.id, 2 FROM customer k JOIN record r ON r.customer_id = k.id
                JOIN case_ c ON c.record_id = r.id WHERE plain(k.name) LIKE plain(%(like)s)
              UNION ALL
              SELECT i.case_id, 3 FROM identity n JOIN interaction i ON i.identity_id = n.id
               WHERE n.address LIKE lower(%(like)s))
            SELECT c.id FROM (SELECT id, min(rank) AS rank FROM hit GROUP BY id) h
              JOIN case_ c ON c.id = h.id WHERE {condition}
             ORDER BY h.rank, c.last_at DESC, c.id LIMIT {LIMIT}""",
        {**params, "digits": digits if len(digits) >= 6 else "", "like": f"%{escaped(words)}%"},
    )
    return [row[0] for row in await found.fetchall()]


@dataclass(frozen=True, slots=True)
class Found:
    """A customer in a list of results."""

    id: UUID
    name: str
    tier: str
    language: str | None
    addresses: list[str]


async def customers(session: Session, scope: Scope, words: str) -> list[Found]:
    """Return customers by name or address."""
    condition, params = customer_seen(scope)
    return await rows(
        session,
        f"""SELECT k.id, k.name, k.tier, k.language,
                   ARRAY(SELECT DISTINCT n.address FROM record r
                           JOIN identity_use u ON u.record_id = r.id AND u.role = 'uses'
                           JOIN identity n ON n.id = u.identity_id AND n.kind = 'email'
                          WHERE r.customer_id = k.id ORDER BY n.address LIMIT 5) AS addresses
              FROM customer k
             WHERE k.state = 'live' AND {condition}
               AND (plain(k.name) LIKE plain(%(like)s) OR k.id IN (
                    SELECT r.customer_id FROM identity n
                      JOIN identity_use u ON u.identity_id = n.id
                      JOIN record r ON r.id = u.record_id
                     WHERE n.address LIKE lower(%(like)s)))
             ORDER BY k.name, k.id LIMIT {LIMIT}""",
        {**params, "like": f"%{escaped(words)}%"},
        Found,
    )


async def named(session: Session, scope: Scope, value: str) -> list[Found]:
    """Return the customer of an id, else those of a name or address; only known ones."""
    try:
        id_ = UUID(value)
    except ValueError:
        return await customers(session, scope, value)
    condition, params = customer_seen(scope)
    return await rows(
        session,
        f"""SELECT k.id, k.name, k.tier, k.language, '{{}}'::text[] AS addresses
              FROM customer k JOIN customer g ON k.id = coalesce(g.merged_into, g.id)
             WHERE g.id = %(id)s AND k.state = 'live' AND {condition}""",
        {"id": id_, **params},
        Found,
    )

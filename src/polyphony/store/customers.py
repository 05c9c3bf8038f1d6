"""Customers: the list of them, found without diacritics, walked in one of three orders."""

from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from polyphony.domain.permission import Scope
from polyphony.store.database import Session, rows
from polyphony.store.inbox import escaped
from polyphony.store.search import customer_seen
from polyphony.store.visibility import visible_to

ORDERS = ("recent", "name", "first")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which customers, in which order.

    ``order``: recent (newest matter first; who has none is not in it), name, first (known last
    first). ``after`` is the place the page before ended at: its sort value and its id.
    """

    order: str = "recent"
    words: str = ""
    tier: str | None = None
    language: str | None = None
    after: tuple[str, UUID] | None = None
    limit: int = 50

    def params(self) -> dict[str, object]:
        """Return the parameters of the conditions."""
        value, last = self.after or (None, None)
        like = f"%{escaped(self.words)}%" if self.words else None
        return {
            "like": like,
            "tier": self.tier,
            "language": self.language,
            "value": value,
            "last": last,
        }


@dataclass(frozen=True, slots=True)
class Listed:
    """A customer in the list; what is counted are his visible Cases.

    ``addresses`` are up to three he can be reached at; ``place`` and ``mark`` are where he stands
    in the order.
    """

    id: UUID
    name: str
    tier: str
    language: str | None
    first_seen: datetime
    last_seen: datetime | None
    cases: int
    open_cases: int
    channels: list[str]
    addresses: list[str]
    place: str
    mark: UUID


_MATCH: LiteralString = """k.state = 'live'
     AND (%(tier)s::text IS NULL OR k.tier = %(tier)s)
     AND (%(language)s::text IS NULL OR k.language = %(language)s)"""
_HIT: LiteralString = """
hit AS MATERIALIZED (
    SELECT id FROM customer WHERE plain(name) LIKE plain(%(like)s)
    UNION
    SELECT r.customer_id FROM identity n JOIN identity_use u ON u.identity_id = n.id
      JOIN record r ON r.id = u.record_id WHERE n.address LIKE lower(%(like)s)),"""


async def page(session: Session, scope: Scope, wanted: Wanted) -> list[Listed]:
    """Return one customer more than a page, those only the actor may know."""
    chosen, params = _chosen(scope, wanted)
    hits = _HIT if wanted.words else ""
    visible, more = visible_to(scope)
    return await rows(
        session,
        f"""WITH {hits} chosen AS MATERIALIZED ({chosen})
            SELECT k.id, k.name, k.tier, k.language, k.created_at AS first_seen,
                   s.last_at AS last_seen, coalesce(s.n, 0) AS cases,
                   coalesce(s.open, 0) AS open_cases,
                   ARRAY(SELECT DISTINCT i.channel_kind FROM record r
                           JOIN case_ c ON c.record_id = r.id AND {visible}
                           JOIN interaction i ON i.case_id = c.id
                          WHERE r.customer_id = k.id ORDER BY 1) AS channels,
                   ARRAY(SELECT DISTINCT n.address FROM record r
                           JOIN identity_use u ON u.record_id = r.id AND u.role = 'uses'
                           JOIN identity n ON n.id = u.identity_id AND n.kind = 'email'
                          WHERE r.customer_id = k.id ORDER BY n.address LIMIT 3) AS addresses,
                   x.place, x.mark
              FROM chosen x JOIN customer k ON k.id = x.id
              LEFT JOIN LATERAL (
                   SELECT count(*) AS n, max(c.last_at) AS last_at, count(*) FILTER (
                          WHERE c.state IN ('open', 'wait_customer', 'wait_third_party')) AS open
                     FROM record r JOIN case_ c ON c.record_id = r.id
                    WHERE r.customer_id = k.id AND {visible}) s ON true
             ORDER BY x.n""",
        {**params, **more, **wanted.params()},
        Listed,
    )


def _chosen(scope: Scope, wanted: Wanted) -> tuple[LiteralString, dict[str, object]]:
    """Return the statement that walks the customers in their order, with its parameters."""
    match: LiteralString = _MATCH
    if wanted.words:
        match = match + " AND k.id IN (SELECT id FROM hit)"
    if wanted.order == "recent":
        return _recent(scope, match, wanted.limit + 1)
    seen, params = customer_seen(scope)
    params["n"] = wanted.limit + 1
    if wanted.order == "name":
        return (
            f"""SELECT k.id, k.id AS mark, plain(k.name) AS place,
                       row_number() OVER (ORDER BY plain(k.name), k.id) AS n FROM customer k
                 WHERE {match} AND {seen}
                   AND (%(value)s::text IS NULL OR (plain(k.name), k.id) > (%(value)s, %(last)s))
                 ORDER BY plain(k.name), k.id LIMIT %(n)s""",
            params,
        )
    return (
        f"""SELECT k.id, k.id AS mark, k.created_at::text AS place,
                   row_number() OVER (ORDER BY k.created_at DESC, k.id) AS n FROM customer k
             WHERE {match} AND {seen}
               AND (%(value)s::timestamptz IS NULL OR k.created_at < %(value)s::timestamptz
                    OR (k.created_at = %(value)s::timestamptz AND k.id > %(last)s))
             ORDER BY k.created_at DESC, k.id LIMIT %(n)s""",
        params,
    )


def _recent(
    scope: Scope, match: LiteralString, limit: int
) -> tuple[LiteralString, dict[str, object]]:
    """Walk the Cases from the newest; a customer stands where his newest visible one does."""
    visible, params = visible_to(scope)
    newer, _ = visible_to(scope, "c2")
    text: LiteralString = f"""
        SELECT k.id, c.id AS mark, c.last_at::text AS place,
               row_number() OVER (ORDER BY c.last_at DESC, c.id) AS n
          FROM case_ c JOIN record r ON r.id = c.record_id JOIN customer k ON k.id = r.customer_id
         WHERE {match} AND {visible}
           AND NOT EXISTS (SELECT FROM record r2 JOIN case_ c2 ON c2.record_id = r2.id
                            WHERE r2.customer_id = k.id AND {newer}
                              AND (c2.last_at > c.last_at
                                   OR (c2.last_at = c.last_at AND c2.id < c.id)))
           AND (%(value)s::timestamptz IS NULL OR c.last_at < %(value)s::timestamptz
                OR (c.last_at = %(value)s::timestamptz AND c.id > %(last)s))
         ORDER BY c.last_at DESC, c.id LIMIT %(n)s"""
    return text, {**params, "n": limit}

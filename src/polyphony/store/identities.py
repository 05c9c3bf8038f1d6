"""Identities: addresses on channels, who uses them, how sure that is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from polyphony.store import columns
from polyphony.store.database import Session, rows

Key = tuple[str, str, str]
"""(kind, scope, address): unique for ever."""


@dataclass(frozen=True, slots=True)
class Known:
    """An Identity and the one who uses it."""

    id: UUID
    kind: str
    scope: str
    address: str
    state: str
    record_id: UUID
    customer_id: UUID
    level: int
    tier: str
    name: str
    language: str | None
    record_name: str = ""


_FIND: LiteralString = """
SELECT i.id, i.kind, i.scope, i.address, i.state, u.record_id, r.customer_id, u.level, k.tier,
       k.name, k.language, r.name AS record_name
  FROM unnest(%s::text[], %s::text[], %s::text[]) AS w (kind, scope, address)
  JOIN identity i ON i.kind = w.kind AND i.scope = w.scope AND i.address = w.address
  JOIN LATERAL (SELECT record_id, level FROM identity_use
                 WHERE identity_id = i.id AND role = 'uses' AND until IS NULL
                 ORDER BY level DESC, since, record_id LIMIT 1) u ON true
  JOIN record r ON r.id = u.record_id
  JOIN customer k ON k.id = r.customer_id"""


async def find(session: Session, keys: Sequence[Key]) -> dict[Key, Known]:
    """Return the known ones by exact address."""
    lists = [[key[part] for key in keys] for part in range(3)]
    found = await rows(session, _FIND, lists, Known)
    return {(one.kind, one.scope, one.address): one for one in found}


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody nobody has seen: Identity, Record and Customer at once."""

    identity_id: UUID
    record_id: UUID
    customer_id: UUID
    kind: str
    scope: str
    address: str
    raw: str
    state: str
    name: str
    language: str | None
    level: int
    method: str
    at: datetime


_SHAPE: columns.Shape = {
    "identity_id": "uuid",
    "record_id": "uuid",
    "customer_id": "uuid",
    "kind": "text",
    "scope": "text",
    "address": "text",
    "raw": "text",
    "state": "text",
    "name": "text",
    "language": "text",
    "level": "smallint",
    "method": "text",
    "at": "timestamptz",
}
_ADD: LiteralString = f"""
WITH n AS MATERIALIZED (SELECT * FROM {columns.source(_SHAPE)}),
     k AS (INSERT INTO customer (id, name, language, created_at)
           SELECT customer_id, name, language, at FROM n),
     r AS (INSERT INTO record (id, customer_id, source, source_key, name, at, payload)
           SELECT record_id, customer_id, kind, address, name, at,
                  jsonb_strip_nulls(jsonb_build_object('language', language)) FROM n),
     i AS (INSERT INTO identity (id, kind, scope, address, raw, state, first_seen)
           SELECT identity_id, kind, scope, address, raw, state, at FROM n
           ON CONFLICT (id) DO NOTHING)
INSERT INTO identity_use (identity_id, record_id, role, level, method, since)
SELECT identity_id, record_id, 'uses', level, method, at FROM n"""


async def add(session: Session, batch: Sequence[Newcomer]) -> None:
    """Add newcomers; the caller holds the locks of their addresses."""
    await columns.add(session, _ADD, _SHAPE, batch)


async def unused(session: Session, keys: Sequence[Key]) -> dict[Key, UUID]:
    """Return by exact address the Identities nobody uses yet (a visitor who has not written)."""
    if not keys:
        return {}
    found = await session.execute(
        "SELECT i.kind, i.scope, i.address, i.id"
        "  FROM unnest(%s::text[], %s::text[], %s::text[]) AS w (kind, scope, address)"
        "  JOIN identity i ON i.kind = w.kind AND i.scope = w.scope AND i.address = w.address",
        [[key[part] for key in keys] for part in range(3)],
    )
    return {(kind, scope, address): id_ for kind, scope, address, id_ in await found.fetchall()}


@dataclass(frozen=True, slots=True)
class Claimed:
    """An address somebody gave beside his own: level 0 typed, 3 proved now (code, signed token)."""

    fresh_id: UUID
    record_id: UUID
    address: str
    level: int
    method: str
    at: datetime


async def note_claims(session: Session, batch: Sequence[Claimed]) -> None:
    """Note addresses given in chats; a proved one is used unless somebody uses it already."""
    if not batch:
        return
    await session.execute(
        """
WITH n AS MATERIALIZED (
       SELECT * FROM unnest(%(fresh_id)s::uuid[], %(record_id)s::uuid[], %(address)s::text[],
                            %(level)s::int[], %(method)s::text[], %(at)s::timestamptz[])
                     AS n (fresh_id, record_id, address, level, method, at)),
     i AS (INSERT INTO identity (id, kind, scope, address, raw, first_seen)
           SELECT DISTINCT ON (address) fresh_id, 'email', '', address, address, at
             FROM n ORDER BY address, fresh_id
           ON CONFLICT (kind, scope, address) DO UPDATE SET raw = identity.raw
           RETURNING id, address)
INSERT INTO identity_use (identity_id, record_id, role, level, method, since)
SELECT i.id, n.record_id, CASE WHEN n.level > 0 AND NOT EXISTS (
           SELECT FROM identity_use o WHERE o.identity_id = i.id AND o.role = 'uses'
              AND o.record_id <> n.record_id) THEN 'uses' ELSE 'claims' END,
       max(n.level), min(n.method), min(n.at)
  FROM n JOIN i ON i.address = n.address
 GROUP BY i.id, n.record_id, 3
ON CONFLICT (identity_id, record_id, role) DO UPDATE
   SET level = greatest(identity_use.level, excluded.level)""",
        {
            name: [getattr(one, name) for one in batch]
            for name in ("fresh_id", "record_id", "address", "level", "method", "at")
        },
    )


async def lock(session: Session, keys: Sequence[Key]) -> None:
    """Take the transaction's locks on addresses, in one order for everybody."""
    names = sorted({"\x1f".join(key) for key in keys})
    await session.execute(
        "SELECT count(pg_advisory_xact_lock(h)) FROM (SELECT hashtextextended(n, 7065644) AS h"
        " FROM unnest(%s::text[]) AS n ORDER BY h OFFSET 0) s",
        [names],
    )


async def raise_levels(session: Session, levels: Sequence[tuple[UUID, UUID, int, str]]) -> None:
    """Raise (never lower) what is proved about (identity, record) to a level by a method."""
    if not levels:
        return
    await session.execute(
        "UPDATE identity_use u SET level = n.level, method = n.method"
        " FROM unnest(%s::uuid[], %s::uuid[], %s::int[], %s::text[])"
        "      AS n (identity, record, level, method)"
        " WHERE u.identity_id = n.identity AND u.record_id = n.record AND u.role = 'uses'"
        " AND u.level < n.level",
        [[one[part] for one in levels] for part in range(4)],
    )


async def bounced(session: Session, ids: Sequence[UUID], why: str) -> set[UUID]:
    """Count a hard bounce; the second makes the address invalid. Return those that are now."""
    found = await session.execute(
        "UPDATE identity SET bounce_count = bounce_count + 1,"
        " state = CASE WHEN bounce_count + 1 >= 2 AND state = 'good' THEN 'invalid' ELSE state END,"
        " state_why = CASE WHEN bounce_count + 1 >= 2 AND state = 'good' THEN %s"
        "                  ELSE state_why END"
        " WHERE id = ANY(%s) RETURNING id, state",
        [why[:200], sorted(ids)],
    )
    return {id_ for id_, state in await found.fetchall() if state == "invalid"}


async def answered(session: Session, ids: Sequence[UUID]) -> None:
    """Forget bounces of addresses that wrote to us: they work."""
    await session.execute(
        "UPDATE identity SET bounce_count = 0, state = 'good', state_why = NULL"
        " WHERE id = ANY(%s) AND state = 'invalid' AND address <> ''",
        [sorted(ids)],
    )


async def by_id(session: Session, id_: UUID) -> Known:
    """Return one Identity and who uses it; every Identity has somebody."""
    query: LiteralString = """
SELECT i.id, i.kind, i.scope, i.address, i.state, u.record_id, r.customer_id, u.level, k.tier,
       k.name, k.language, r.name AS record_name
  FROM identity i
  JOIN LATERAL (SELECT record_id, level FROM identity_use
                 WHERE identity_id = i.id AND role = 'uses' AND until IS NULL
                 ORDER BY level DESC, since, record_id LIMIT 1) u ON true
  JOIN record r ON r.id = u.record_id
  JOIN customer k ON k.id = r.customer_id
 WHERE i.id = %s"""
    return (await rows(session, query, [id_], Known))[0]

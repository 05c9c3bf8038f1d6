"""Lineage: which id means which customer now, and the log of merges and splits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg.types.json import Jsonb

from polyphony.domain.event import Actor
from polyphony.domain.permission import Scope
from polyphony.domain.profile import Profile
from polyphony.store.database import Session, rows
from polyphony.store.feed import Cursor
from polyphony.store.search import customer_seen


@dataclass(frozen=True, slots=True)
class Head:
    """A customer's id with what is shown under it; of a merged one nothing is shown."""

    id: UUID
    state: str
    merged_into: UUID | None
    founder_id: UUID | None
    name: str
    language: str | None
    tier: str
    attrs: dict[str, str]
    version: int
    created_at: datetime

    @property
    def profile(self) -> Profile:
        """What is shown of the customer."""
        return Profile(self.name, self.language, self.tier, self.attrs)


async def canonical(session: Session, ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """Return by id the customer it means now; unknown ids are missing."""
    found = await session.execute(
        "SELECT id, coalesce(merged_into, id) FROM customer WHERE id = ANY(%s)", [list(ids)]
    )
    return dict(await found.fetchall())


async def lock(session: Session, customers: Sequence[UUID]) -> None:
    """Take the transaction's locks on customers, in one order for everybody."""
    await session.execute(
        "SELECT count(pg_advisory_xact_lock(h)) FROM (SELECT hashtextextended(n::text, 7065647)"
        " AS h FROM unnest(%s::uuid[]) AS n ORDER BY h OFFSET 0) s",
        [sorted(set(customers))],
    )


async def heads(session: Session, customers: Sequence[UUID]) -> list[Head]:
    """Return customers and every id that means one of them."""
    return await rows(
        session,
        """SELECT id, state, merged_into, founder_id, name, language, tier, attrs, version,
                  created_at FROM customer
            WHERE id = ANY(%(ids)s) OR merged_into = ANY(%(ids)s) ORDER BY created_at, id""",
        {"ids": list(customers)},
        Head,
    )


async def write(session: Session, batch: Sequence[Head]) -> dict[UUID, int]:
    """Write customers as they are now (new ones too); return their new versions."""
    if not batch:
        return {}
    rows_ = sorted(batch, key=lambda one: one.id)
    found = await session.execute(
        """INSERT INTO customer AS k (id, state, merged_into, founder_id, name, language, tier,
                  attrs, created_at)
           SELECT * FROM unnest(%s::uuid[], %s::text[], %s::uuid[], %s::uuid[], %s::text[],
                  %s::text[], %s::text[], %s::jsonb[], %s::timestamptz[])
           ON CONFLICT (id) DO UPDATE SET state = excluded.state, name = excluded.name,
                  merged_into = excluded.merged_into, founder_id = excluded.founder_id,
                  language = excluded.language, tier = excluded.tier, attrs = excluded.attrs,
                  version = k.version + 1
           RETURNING id, version""",
        [
            [one.id for one in rows_], [one.state for one in rows_],
            [one.merged_into for one in rows_], [one.founder_id for one in rows_],
            [one.name for one in rows_], [one.language for one in rows_],
            [one.tier for one in rows_], [Jsonb(one.attrs) for one in rows_],
            [one.created_at for one in rows_],
        ],
    )  # fmt: skip
    return dict(await found.fetchall())


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the log of customers: who had which records before and after."""

    id: UUID
    kind: str
    before: Mapping[str, Sequence[str]]
    after: Mapping[str, Sequence[str]]
    cause: UUID | None
    at: datetime


async def note(session: Session, change: Change, actor: Actor) -> None:
    """Write a change down; a split by a revoked Link marks the merge it takes back."""
    await session.execute(
        """INSERT INTO customer_change (id, epoch, kind, before, after, cause, actor_kind,
                  actor_id, at)
           VALUES (%s, (SELECT max(epoch) FROM log_epoch), %s, %s, %s, %s, %s, %s, %s)""",
        [
            *(change.id, change.kind, Jsonb(change.before), Jsonb(change.after), change.cause),
            *(actor.kind, actor.id, change.at),
        ],
    )
    if change.kind == "split":
        await session.execute(
            "UPDATE customer_change SET undone_by = %s"
            " WHERE cause = %s AND kind = 'merge' AND undone_by IS NULL",
            [change.id, change.cause],
        )


@dataclass(frozen=True, slots=True)
class Told:
    """A change as readers of the feed get it."""

    epoch: int
    xid: int
    no: int
    id: UUID
    kind: str
    before: dict[str, list[str]]
    after: dict[str, list[str]]
    cause: UUID | None
    actor_kind: str
    actor_id: UUID | None
    at: datetime
    undone_by: UUID | None


async def changes(session: Session, scope: Scope, after: Cursor, limit: int) -> list[Told]:
    """Return what became of customers behind a place in the log, in the order of commits.

    Only settled transactions are told (the horizon rule of the event log), so that a reader who
    keeps the place of the last line never misses one; and only customers the actor may know.
    """
    seen, params = customer_seen(scope)
    return await rows(
        session,
        f"""SELECT c.epoch, c.xid::text::bigint AS xid, c.no, c.id, c.kind, c.before, c.after,
                   c.cause, c.actor_kind, c.actor_id, c.at, c.undone_by
              FROM customer_change c
             WHERE (c.epoch, c.xid, c.no)
                   > (%(epoch)s::int, (%(xid)s::bigint)::text::xid8, %(no)s::bigint)
               AND (c.xid < pg_snapshot_xmin(pg_current_snapshot())
                    OR c.epoch < (SELECT max(epoch) FROM log_epoch))
               AND (c.kind = 'erase' OR EXISTS (
                    SELECT FROM customer k
                     WHERE k.id IN (SELECT coalesce(o.merged_into, o.id) FROM customer o
                             WHERE o.id IN (SELECT x::uuid FROM jsonb_object_keys(c.after) x))
                       AND {seen}))
             ORDER BY c.epoch, c.xid, c.no LIMIT %(limit)s""",
        {"epoch": after.epoch, "xid": after.xid, "no": after.id, "limit": limit, **params},
        Told,
    )

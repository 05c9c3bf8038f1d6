"""Hooks: other systems that are told, the calls to them, and what became of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import LiteralString
from uuid import UUID

from polyphony.store import columns, wake
from polyphony.store.configuration import Noun
from polyphony.store.database import Session, rows

HOOK = Noun(
    "hook",
    "hook",
    {"name": "text", "url": "text", "active": "boolean"},
    hidden=("secret", "old_secret", "old_until"),
)
OVERLAP = timedelta(hours=24)
"""So long an old secret signs beside the new one."""
LEASE = timedelta(seconds=60)
AT_ONCE = 4
"""So many calls to one system are under way at once: a slow one delays nobody else."""


@dataclass(frozen=True, slots=True)
class NewCall:
    """A call to be made; ``body`` are its very words."""

    id: UUID
    hook_id: UUID
    case_id: UUID | None
    type: str
    body: str


_NEW: columns.Shape = {
    "id": "uuid",
    "hook_id": "uuid",
    "case_id": "uuid",
    "type": "text",
    "body": "text",
}


async def names(session: Session, ids: Sequence[UUID]) -> dict[UUID, str]:
    """Return the names of those that are in use."""
    found = await session.execute(
        "SELECT id, name FROM hook WHERE id = ANY(%s) AND active", [list(ids)]
    )
    return dict(await found.fetchall())


async def set_secret(session: Session, id_: UUID, sealed: bytes, at: datetime) -> None:
    """Give a system a new secret; the old one signs beside it for a day."""
    await session.execute(
        """UPDATE hook SET old_secret = secret, secret = %s, version = version + 1,
                  old_until = CASE WHEN secret IS NOT NULL THEN %s::timestamptz END
            WHERE id = %s""",
        [sealed, at + OVERLAP, id_],
    )


async def add(session: Session, batch: Sequence[NewCall], at: datetime) -> None:
    """Promise calls, in the transaction of what they tell."""
    if not batch:
        return
    await session.execute(
        f"""INSERT INTO hook_call (id, hook_id, case_id, type, body, not_before, created_at)
            SELECT n.id, n.hook_id, n.case_id, n.type, n.body, %(at)s, %(at)s
              FROM {columns.source(_NEW)}""",
        {**columns.params(_NEW, batch), "at": at},
    )
    wake.mark(session, "hooks")


@dataclass(frozen=True, slots=True)
class Due:
    """A call to be made now; ``tries`` counts this one. Secrets are sealed."""

    id: UUID
    hook_id: UUID
    url: str
    body: str
    tries: int
    secret: bytes | None
    old_secret: bytes | None


# A lease that ran out is due again: who died while sending has told nobody what became of it.
_CLAIM: LiteralString = """
WITH due AS MATERIALIZED (
     SELECT c.id FROM hook h CROSS JOIN LATERAL (
            SELECT c.id FROM hook_call c
             WHERE c.hook_id = h.id AND c.state IN ('queued', 'sending') AND c.not_before <= %(at)s
             ORDER BY c.not_before, c.id LIMIT %(each)s FOR UPDATE SKIP LOCKED) c
      WHERE h.active)
UPDATE hook_call c SET state = 'sending', tries = c.tries + 1, not_before = %(lease)s
  FROM due JOIN hook h ON true
 WHERE c.id = due.id AND h.id = c.hook_id
RETURNING c.id, c.hook_id, h.url, c.body, c.tries::int, h.secret,
          CASE WHEN h.old_until > %(at)s THEN h.old_secret END AS old_secret"""


async def claim(session: Session, at: datetime) -> list[Due]:
    """Take calls that are due, a few of each system; commit before any is made."""
    params = {"at": at, "lease": at + LEASE, "each": AT_ONCE}
    return await rows(session, _CLAIM, params, Due)


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a try."""

    id: UUID
    state: str
    not_before: datetime
    status: int | None
    why: str | None


_SETTLED: columns.Shape = {
    "id": "uuid",
    "state": "text",
    "not_before": "timestamptz",
    "status": "smallint",
    "why": "text",
}


async def settle(session: Session, batch: Sequence[Settled], at: datetime) -> None:
    """Write what became of tries; a system that says it is gone is told nothing any more."""
    if not batch:
        return
    await session.execute(
        f"""WITH n AS MATERIALIZED (SELECT * FROM {columns.source(_SETTLED)}),
                 u AS (UPDATE hook_call c
                          SET state = n.state, not_before = n.not_before, status = n.status,
                              why = n.why,
                              settled_at = CASE WHEN n.state <> 'queued' THEN %(at)s END
                         FROM n WHERE c.id = n.id AND c.state = 'sending'
                     RETURNING c.hook_id, n.why)
            UPDATE hook h SET active = false, version = h.version + 1
              FROM u WHERE h.id = u.hook_id AND u.why = 'gone' AND h.active""",
        {**columns.params(_SETTLED, batch), "at": at},
    )


async def again(session: Session, id_: UUID, at: datetime) -> bool:
    """Let a call that gave up begin anew; False when it did not."""
    found = await session.execute(
        """UPDATE hook_call SET state = 'queued', tries = 0, not_before = %s, settled_at = NULL
            WHERE id = %s AND state = 'failed'""",
        [at, id_],
    )
    wake.mark(session, "hooks")
    return found.rowcount == 1


@dataclass(frozen=True, slots=True)
class CallRow:
    """A call as it is shown; never its words."""

    id: UUID
    type: str
    case_id: UUID | None
    state: str
    tries: int
    status: int | None
    why: str | None
    created_at: datetime
    settled_at: datetime | None


async def calls(session: Session, hook: UUID, limit: int) -> list[CallRow]:
    """Return the newest calls to a system."""
    return await rows(
        session,
        """SELECT id, type, case_id, state, tries::int, status::int, why, created_at, settled_at
             FROM hook_call WHERE hook_id = %s ORDER BY created_at DESC, id DESC LIMIT %s""",
        [hook, limit],
        CallRow,
    )


async def prune(session: Session, before: datetime) -> None:
    """Forget calls that were over long ago."""
    await session.execute("DELETE FROM hook_call WHERE settled_at < %s", [before])

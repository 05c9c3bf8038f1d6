"""Arrivals: what arrived, byte for byte, once per key; claimed under a lease, never lost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import LiteralString
from uuid import UUID

from psycopg.types.json import Jsonb

from polyphony.store import columns, wake
from polyphony.store.database import Session, row, rows

INLINE_BYTES = 256 * 1024
TRIES_MAX = 3


@dataclass(frozen=True, slots=True)
class NewArrival:
    """Raw bytes to keep: in the row (``body``) or already in the file store (``sha256``)."""

    id: UUID
    account_id: UUID
    key: str
    body: bytes | None
    sha256: str | None
    size: int
    received_at: datetime


_SHAPE: columns.Shape = {
    "id": "uuid",
    "account_id": "uuid",
    "key": "text",
    "body": "bytea",
    "sha256": "text",
    "size": "bigint",
    "received_at": "timestamptz",
}
_KEEP: LiteralString = columns.insert(
    "arrival",
    _SHAPE,
    "ORDER BY account_id, key ON CONFLICT (account_id, key) DO UPDATE SET seen = arrival.seen + 1"
    " RETURNING account_id, key, id, xmax = 0",
)


async def keep(
    session: Session, batch: Sequence[NewArrival]
) -> dict[tuple[UUID, str], tuple[UUID, bool]]:
    """Keep once per (account, key); return by key the id that is kept and whether it is new.

    The batch holds no key twice. A repeat only raises ``seen``.
    """
    if not batch:
        return {}
    found = await session.execute(_KEEP, columns.params(_SHAPE, batch))
    wake.mark(session, "arrivals")
    return {(account, key): (id_, new) for account, key, id_, new in await found.fetchall()}


async def set_mark(session: Session, account: UUID, mark: Mapping[str, object]) -> None:
    """Move the collector's watermark in the transaction of what it stands for."""
    await session.execute(
        "INSERT INTO collector (account_id, mark) VALUES (%s, %s)"
        " ON CONFLICT (account_id) DO UPDATE SET mark = excluded.mark",
        [account, Jsonb(dict(mark))],
    )


@dataclass(frozen=True, slots=True)
class Claimed:
    """An arrival under our lease; ``body`` is None when the bytes are in the file store."""

    id: UUID
    account_id: UUID
    key: str
    body: bytes | None
    sha256: str | None
    received_at: datetime
    tries: int


_CLAIM: LiteralString = """
UPDATE arrival a SET lease_until = %(until)s
  FROM (SELECT id FROM arrival
         WHERE state = 'new' AND (lease_until IS NULL OR lease_until < %(at)s)
         ORDER BY id LIMIT %(n)s FOR UPDATE SKIP LOCKED) c
 WHERE a.id = c.id
RETURNING a.id, a.account_id, a.key, a.body, a.sha256, a.received_at, a.tries"""


async def claim(session: Session, n: int, at: datetime, lease: timedelta) -> list[Claimed]:
    """Take up to ``n`` unread arrivals, oldest first; ours alone until the lease ends."""
    found = await rows(session, _CLAIM, {"n": n, "at": at, "until": at + lease}, Claimed)
    return sorted(found, key=lambda one: one.id)


async def mark_read(session: Session, ids: Sequence[UUID], at: datetime) -> set[UUID]:
    """Say that these are read; return those that were still ours (new, lease not over)."""
    found = await session.execute(
        "UPDATE arrival SET state = 'read', lease_until = NULL, error = NULL"
        " WHERE id = ANY(%s) AND state = 'new' AND lease_until >= %s RETURNING id",
        [list(ids), at],
    )
    return {one[0] for one in await found.fetchall()}


async def release(session: Session, ids: Sequence[UUID]) -> None:
    """Give unread arrivals back at once (graceful stop)."""
    await session.execute(
        "UPDATE arrival SET lease_until = NULL WHERE id = ANY(%s) AND state = 'new'", [list(ids)]
    )


@dataclass(frozen=True, slots=True)
class Failed:
    """An arrival that could not be read; ``final`` = no use to try again as things are."""

    id: UUID
    error: str
    retry_at: datetime
    final: bool = False


_FAIL: LiteralString = """
UPDATE arrival a SET tries = a.tries + 1, error = n.error,
       state = CASE WHEN n.final OR a.tries + 1 >= %(max)s THEN 'quarantined' ELSE 'new' END,
       lease_until = CASE WHEN n.final OR a.tries + 1 >= %(max)s THEN NULL ELSE n.retry_at END
  FROM unnest(%(id)s::uuid[], %(error)s::text[], %(retry_at)s::timestamptz[], %(final)s::bool[])
       AS n (id, error, retry_at, final)
 WHERE a.id = n.id AND a.state = 'new'
RETURNING a.id, a.account_id, a.state = 'quarantined' AS quarantined, a.tries, a.error"""


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of an arrival that failed."""

    id: UUID
    account_id: UUID
    quarantined: bool
    tries: int
    error: str


async def fail(session: Session, batch: Sequence[Failed]) -> list[Fate]:
    """Count a failed try each; the third one (or a final one) puts it into quarantine."""
    params = {
        "id": [one.id for one in batch],
        "error": [one.error[:500].replace("\x00", "") for one in batch],
        "retry_at": [one.retry_at for one in batch],
        "final": [one.final for one in batch],
        "max": TRIES_MAX,
    }
    return await rows(session, _FAIL, params, Fate)


async def read_again(session: Session, ids: Sequence[UUID]) -> set[UUID]:
    """Take arrivals out of quarantine with all tries before them; return those that were in it."""
    found = await session.execute(
        "UPDATE arrival SET state = 'new', tries = 0, lease_until = NULL"
        " WHERE id = ANY(%s) AND state = 'quarantined' RETURNING id",
        [list(ids)],
    )
    wake.mark(session, "arrivals")
    return {one[0] for one in await found.fetchall()}


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A line of the list of what could not be read."""

    id: UUID
    account_id: UUID
    account: str
    department_id: UUID
    kind: str
    size: int
    received_at: datetime
    tries: int
    error: str | None


async def quarantined(session: Session, limit: int = 200) -> list[Quarantined]:
    """Return what lies in quarantine, newest first."""
    return await rows(
        session,
        "SELECT a.id, a.account_id, c.address AS account, c.department_id, c.kind, a.size,"
        " a.received_at, a.tries, a.error FROM arrival a"
        " JOIN channel_account c ON c.id = a.account_id"
        " WHERE a.state = 'quarantined' ORDER BY a.received_at DESC LIMIT %s",
        [limit],
        Quarantined,
    )


@dataclass(frozen=True, slots=True)
class Kept:
    """The raw bytes of an arrival as kept, and whose they are."""

    id: UUID
    account_id: UUID
    body: bytes | None
    sha256: str | None
    size: int
    received_at: datetime


async def raw(session: Session, id_: UUID) -> Kept | None:
    """Return one arrival with its bytes (or the file that holds them)."""
    query: LiteralString = (
        "SELECT id, account_id, body, sha256, size, received_at FROM arrival WHERE id = %s"
    )
    return await row(session, query, [id_], Kept)


async def same_elsewhere(
    session: Session, accounts: Sequence[UUID], keys: Sequence[str], but: Sequence[UUID]
) -> dict[str, UUID]:
    """Return by arrival key the Message that came from another arrival with that key."""
    found = await session.execute(
        "SELECT a.key, m.id FROM arrival a JOIN message m ON m.arrival_id = a.id"
        " WHERE a.account_id = ANY(%s) AND a.key = ANY(%s) AND a.id <> ALL(%s)",
        [list(accounts), list(keys), list(but)],
    )
    return dict(await found.fetchall())


async def new_keys(
    session: Session, pairs: Sequence[tuple[UUID, str]], at: datetime
) -> set[tuple[UUID, str]]:
    """Note the keys of events inside arrivals; return those never seen before."""
    if not pairs:
        return set()
    found = await session.execute(
        "INSERT INTO seen_key (account_id, key, at)"
        " SELECT a, k, %s FROM unnest(%s::uuid[], %s::text[]) AS n (a, k) ORDER BY a, k"
        " ON CONFLICT DO NOTHING RETURNING account_id, key",
        [at, [one[0] for one in pairs], [one[1] for one in pairs]],
    )
    return {(account, key) for account, key in await found.fetchall()}

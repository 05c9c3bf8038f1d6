"""How the database is: what `doctor` looks at, and what a restore must set right."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from polyphony.store.database import Session, row, rows

EXTENSIONS = ("pg_trgm", "unaccent", "btree_gist")
DURABLE = ("fsync", "synchronous_commit", "full_page_writes")


@dataclass(frozen=True, slots=True)
class Server:
    """Facts of the server; ``lag_s`` = age of the oldest open transaction that writes."""

    version: int
    now: datetime
    role: str
    superuser: bool
    prepared: int
    lag_s: float
    lag_pid: int | None
    size: int


@dataclass(frozen=True, slots=True)
class Account:
    """How one of our ends of a channel is."""

    address: str
    kind: str
    state: str
    health: dict[str, object]


@dataclass(frozen=True, slots=True)
class Waiting:
    """What lies too long: arrivals not read, arrivals put aside, sends with an unknown fate."""

    unread_oldest_s: float
    quarantined: int
    uncertain: int
    held_broken: int


async def server(session: Session) -> Server:
    """Return the facts of the server."""
    found = await row(
        session,
        """SELECT current_setting('server_version_num')::int AS version, clock_timestamp() AS now,
                  current_user::text AS role,
                  (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS superuser,
                  (SELECT count(*) FROM pg_prepared_xacts)::int AS prepared,
                  coalesce(extract(epoch FROM now() - oldest.xact_start), 0)::float AS lag_s,
                  oldest.pid AS lag_pid, pg_database_size(current_database()) AS size
             FROM (VALUES (1)) AS one
             LEFT JOIN LATERAL (
                  SELECT pid, xact_start FROM pg_stat_activity
                   WHERE backend_xid IS NOT NULL AND pid <> pg_backend_pid()
                   ORDER BY xact_start LIMIT 1) AS oldest ON true""",
        None,
        Server,
    )
    if found is None:
        raise RuntimeError("a SELECT without FROM returns one row")
    return found


async def settings(session: Session) -> dict[str, str]:
    """Return the settings that decide whether a commit survives."""
    cursor = await session.execute(
        "SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(DURABLE)]
    )
    return {str(name): str(setting) for name, setting in await cursor.fetchall()}


async def missing_extensions(session: Session) -> Sequence[str]:
    """Return which of the required extensions are not there."""
    cursor = await session.execute("SELECT extname FROM pg_extension")
    there = {str(name) for (name,) in await cursor.fetchall()}
    return [name for name in EXTENSIONS if name not in there]


async def accounts(session: Session) -> Sequence[Account]:
    """Return the health of all channel accounts."""
    return await rows(
        session,
        "SELECT address, kind, state, health FROM channel_account ORDER BY kind, address",
        None,
        Account,
    )


async def waiting(session: Session) -> Waiting:
    """Return what lies too long."""
    found = await row(
        session,
        """SELECT coalesce(extract(epoch FROM now() - min(a.received_at)
                                    FILTER (WHERE a.state = 'new')), 0)::float AS unread_oldest_s,
                  count(*) FILTER (WHERE a.state = 'quarantined')::int AS quarantined,
                  (SELECT count(*) FROM delivery WHERE state = 'uncertain')::int AS uncertain,
                  (SELECT count(*) FROM delivery
                    WHERE state = 'held' AND why = 'account_broken')::int AS held_broken
             FROM arrival a WHERE a.state IN ('new', 'quarantined')""",
        None,
        Waiting,
    )
    return found or Waiting(0.0, 0, 0, 0)


async def after_restore(session: Session) -> tuple[int, int]:
    """Distrust what may have left after the backup: (became uncertain, became held).

    What was being sent may have arrived; what was queued waits until a person has looked.
    """
    uncertain = await session.execute(
        "UPDATE delivery SET state = 'uncertain', why = 'restored', lease_until = NULL,"
        " version = version + 1 WHERE state = 'sending'"
    )
    held = await session.execute(
        "UPDATE delivery SET state = 'held', why = 'restored', version = version + 1,"
        " not_before = now() + interval '100 years' WHERE state = 'queued'"
    )
    return uncertain.rowcount, held.rowcount


async def file_names(session: Session) -> Sequence[str]:
    """Return the digests of all files some row refers to."""
    cursor = await session.execute("SELECT sha256 FROM file ORDER BY sha256")
    return [str(name) for (name,) in await cursor.fetchall()]


async def counts(session: Session) -> dict[str, int]:
    """Return how many rows each table holds: what a restore is compared with."""
    cursor = await session.execute(
        "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition"
        " AND relnamespace = 'public'::regnamespace ORDER BY relname"
    )
    found = {}
    for (name,) in await cursor.fetchall():
        counted = await session.execute(_count(str(name)))
        number = await counted.fetchone()
        found[str(name)] = int(number[0]) if number else 0
    return found


def _count(table: str) -> bytes:
    quoted = table.replace('"', '""')
    return f'SELECT count(*) FROM "{quoted}"'.encode()

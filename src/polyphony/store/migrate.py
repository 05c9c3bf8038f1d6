"""Migrations: plain SQL files in order, once each, under an advisory lock, never edited later."""

import hashlib
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

FOLDER = Path(__file__).parent / "migrations"
APPEND_ONLY = ("event", "audit", "audit_block", "config_history", "routing_cycle")
"""Log, audit, histories of configuration and routing: the application adds and reads, no more."""

_NAME = re.compile(r"\d{4}_(pre|post)_[a-z0-9_]+\.sql")
_LOCK = 7_065_641
_PAUSE_S = 0.1
_OUTSIDE = re.compile(r"^-- no transaction\s*$", re.MULTILINE)
_QUOTE = re.compile(r"\$[a-z_]*\$")

Connection = psycopg.Connection[tuple[object, ...]]


class MigrationChanged(Exception):
    """A file that already ran says something else now: the database and the code have parted."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One file; ``outside`` = its statements run one by one outside a transaction."""

    name: str
    text: str

    @property
    def sha256(self) -> str:
        """Digest of the text, kept beside the name when it has run."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def outside(self) -> bool:
        """Tell whether the file holds the line ``-- no transaction``."""
        return bool(_OUTSIDE.search(self.text))


def known(folder: Path = FOLDER) -> Sequence[Migration]:
    """Return all migrations in the order of their numbers; raise ValueError for a strange name."""
    found = []
    for path in sorted(folder.glob("*.sql")):
        if not _NAME.fullmatch(path.name):
            raise ValueError(f"{path.name}: a migration is named 0001_pre_name.sql")
        found.append(Migration(path.stem, path.read_text(encoding="utf-8")))
    numbers = [migration.name[:4] for migration in found]
    if len(set(numbers)) != len(numbers):
        raise ValueError("two migrations have the same number")
    return found


def pending(url: str, folder: Path = FOLDER) -> Sequence[Migration]:
    """Return what ``migrate`` would run, in order; changes nothing."""
    with psycopg.connect(url, autocommit=True) as connection:
        return _pending(connection, known(folder))


def migrate(url: str, app_role: str | None = None, folder: Path = FOLDER) -> Sequence[str]:
    """Run what has not run yet as the owner; return the names.

    Whoever comes second waits for the first. ``app_role`` gets the rights of the application
    (no DDL; log and audit only INSERT and SELECT); None when both are one role. Raises
    MigrationChanged when a file that ran before was edited.
    """
    done = []
    with psycopg.connect(url, autocommit=True, options="-c lock_timeout=0") as connection:
        _lock(connection)
        connection.execute(
            'CREATE TABLE IF NOT EXISTS migration (name text COLLATE "C" PRIMARY KEY,'
            " sha256 text NOT NULL, at timestamptz NOT NULL DEFAULT now())"
        )
        for migration in _pending(connection, known(folder)):
            _run(connection, migration)
            done.append(migration.name)
        if app_role is not None:
            with connection.transaction():
                _grant(connection, app_role)
    return done


def empty(url: str) -> bool:
    """Tell whether the database holds no table at all yet."""
    with psycopg.connect(url, autocommit=True) as connection:
        found = connection.execute(
            "SELECT count(*) FROM pg_class"
            " WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
        ).fetchone()
    return found == (0,)


def ensure_log(url: str, *, new_epoch: bool = False) -> None:
    """Make the log ready to be written: partitions a week ahead, an epoch for this history."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT ensure_event_days((now() AT TIME ZONE 'UTC')::date - 1, 9)")
        connection.execute("SELECT ensure_log_epoch(%s)", [new_epoch])


def _pending(connection: Connection, migrations: Sequence[Migration]) -> list[Migration]:
    if connection.execute("SELECT to_regclass('migration')").fetchone() == (None,):
        return list(migrations)
    ran = {
        str(name): str(sha256)
        for name, sha256 in connection.execute("SELECT name, sha256 FROM migration").fetchall()
    }
    for migration in migrations:
        if migration.name in ran and ran[migration.name] != migration.sha256:
            raise MigrationChanged(
                f"{migration.name} was changed after it ran; write a new migration instead"
            )
    return [migration for migration in migrations if migration.name not in ran]


def _lock(connection: Connection) -> None:
    """Wait until nobody else migrates, asking again and again.

    Whoever waits inside a statement holds a snapshot, and an index that is built beside the
    running system waits for that.
    """
    while connection.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK]).fetchone() == (False,):
        time.sleep(_PAUSE_S)


def _run(connection: Connection, migration: Migration) -> None:
    note = "INSERT INTO migration (name, sha256) VALUES (%s, %s)"
    facts = (migration.name, migration.sha256)
    if migration.outside:
        for statement in statements(migration.text):
            connection.execute(statement.encode())
        connection.execute(note, facts)
        return
    with connection.transaction():
        connection.execute(migration.text.encode())
        connection.execute(note, facts)


def statements(text: str) -> Iterator[str]:
    """Split SQL at semicolons that end a line outside of dollar quotes."""
    part: list[str] = []
    quote: str | None = None
    for line in text.splitlines():
        for mark in _QUOTE.findall(line):
            quote = None if quote == mark else (quote or mark)
        part.append(line)
        if quote is None and line.split("--")[0].rstrip().endswith(";"):
            yield "\n".join(part)
            part = []
    if any(line.strip() and not line.lstrip().startswith("--") for line in part):
        yield "\n".join(part)


def _grant(connection: Connection, role: str) -> None:
    to = sql.Identifier(role)
    for rights in (
        "USAGE ON SCHEMA public",
        "SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public",
        "USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public",
        "EXECUTE ON ALL FUNCTIONS IN SCHEMA public",
    ):
        connection.execute(sql.SQL("GRANT " + rights + " TO {}").format(to))
    for table in _guarded(connection):
        connection.execute(
            sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE ON {} FROM {}").format(
                sql.Identifier(table), to
            )
        )
    connection.execute(sql.SQL("REVOKE INSERT, UPDATE, DELETE ON migration FROM {}").format(to))


def _guarded(connection: Connection) -> list[str]:
    found = connection.execute(
        "SELECT c.relname FROM pg_class c LEFT JOIN pg_inherits i ON i.inhrelid = c.oid"
        " LEFT JOIN pg_class parent ON parent.oid = i.inhparent"
        " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')"
        " AND (c.relname = ANY(%(names)s) OR parent.relname = ANY(%(names)s))",
        {"names": list(APPEND_ONLY)},
    )
    return [str(name) for (name,) in found.fetchall()]

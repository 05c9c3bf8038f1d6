"""Databases of tests: cloned from a migrated template, then emptied and lent again.

Cloning and dropping one copies and deletes more than a thousand files, half a second of a core;
emptying what a test wrote takes some hundredths. A database whose shape, statistics or size is
not what it was is dropped, so that no test sees what another left.
"""

from dataclasses import dataclass, field
from uuid import uuid4

import psycopg
from psycopg import sql

from polyphony.app.postgres import Postgres

TEMPLATE = "template_polyphony"
LARGEST = 8 << 20
"""Bytes a database may have grown by and be lent again; what is deleted stays in its files."""

_TABLES = """SELECT c.oid::regclass::text FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' ORDER BY 1"""
_SEQUENCES = """SELECT format('%I.%I', schemaname, sequencename), start_value, last_value
    FROM pg_sequences ORDER BY 1"""
_CHANGED = ("class", "attribute", "proc", "trigger", "constraint", "index", "namespace")
_SHAPE = f"""SELECT
    {", ".join(f"(SELECT max(xmin::text::bigint) FROM pg_{name})" for name in _CHANGED)},
    (SELECT row(count(*), sum(reltuples))::text FROM pg_class),
    (SELECT count(*) FROM pg_statistic), (SELECT count(*) FROM pg_db_role_setting)"""
_OTHERS_OUT = """SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()"""


@dataclass(frozen=True)
class Seed:
    """What the migrations put into the tables, and where the sequences stand."""

    tables: tuple[str, ...]
    rows: dict[str, bytes]
    sequences: tuple[tuple[str, int, int | None], ...]

    @classmethod
    def of(cls, link: psycopg.Connection) -> "Seed":
        """Read it in a database nobody has used yet."""
        tables = tuple(str(name) for (name,) in link.execute(_TABLES))
        rows = {}
        for table in tables:
            with link.cursor().copy(f"COPY {table} TO STDOUT") as copy:
                found = b"".join(bytes(part) for part in copy)
            if found:
                # Sorted: rows put back into pages that were used before come in another order.
                rows[table] = b"".join(sorted(found.splitlines(keepends=True)))
        return cls(tables, rows, tuple(link.execute(_SEQUENCES).fetchall()))

    def restore(self, link: psycopg.Connection) -> None:
        """Delete every row, put the seed back; triggers and foreign keys look away meanwhile."""
        with link.transaction():
            link.execute("SET LOCAL session_replication_role = replica")
            link.execute(";".join(f"DELETE FROM ONLY {name}" for name in self.tables))
            for table, rows in self.rows.items():
                with link.cursor().copy(f"COPY {table} FROM STDIN") as copy:
                    copy.write(rows)
            for name, start, last in self.sequences:
                at, called = (start, False) if last is None else (last, True)
                link.execute("SELECT setval(%s::regclass, %s, %s)", [name, at, called])


@dataclass
class Server:
    """The database server of this worker; ``clone`` makes one more migrated database."""

    postgres: Postgres
    _free: list[str] = field(default_factory=list)
    _new: dict[str, tuple[object, int]] = field(default_factory=dict)
    _seed: Seed | None = None

    def clone(self) -> str:
        """A database of its own for whoever drops it, or leaves it to the end of the run."""
        name = f"test_{uuid4().hex}"
        self.run(
            sql.SQL("CREATE DATABASE {} OWNER owner TEMPLATE {} STRATEGY wal_log").format(
                sql.Identifier(name), sql.Identifier(TEMPLATE)
            )
        )
        return name

    def drop(self, name: str) -> None:
        self.run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def lend(self) -> str:
        """A database as the migrations left it."""
        if self._free:
            return self._free.pop()
        name = self.clone()
        with self._root(name) as link:
            self._seed = self._seed or Seed.of(link)
            self._new[name] = _looks(link)
        return name

    def give_back(self, name: str) -> None:
        """Empty it for the next one, or drop it; whoever is still connected is put out."""
        shape, size = self._new[name]
        with self._root(name) as link:
            link.execute(_OTHERS_OUT)
            now, grown = _looks(link)
            good = now == shape and grown - size <= LARGEST and self._seed is not None
            if good and self._seed is not None:
                self._seed.restore(link)
        if good:
            self._free.append(name)
        else:
            self.drop(name)

    def run(self, statement: sql.Composable) -> None:
        with self._root("postgres") as root:
            root.execute(statement)

    def url(self, name: str, role: str = "app") -> str:
        return self.postgres.url(role, name)

    def _root(self, name: str) -> psycopg.Connection:
        return psycopg.connect(self.postgres.url("postgres", name), autocommit=True)


def _looks(link: psycopg.Connection) -> tuple[object, int]:
    """The shape of a database, and its size in bytes."""
    shape = link.execute(_SHAPE).fetchone()
    size = link.execute("SELECT pg_database_size(current_database())").fetchone()
    return shape, int(size[0]) if size else 0

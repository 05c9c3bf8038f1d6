"""What a cluster holds before the first migration: secrets, two roles, the database, extensions."""

import os
import secrets
import shutil
from pathlib import Path
from typing import LiteralString

import psycopg
from psycopg import sql

from polyphony.app.postgres.programs import Programs

DATABASE = "polyphony"
EXTENSIONS = ("pg_trgm", "unaccent", "btree_gist")
ROLES = ("owner", "app")


def secret(folder: Path, name: str) -> str:
    """Return the password kept for a role; make it once, file 0600, on disk before it is used."""
    path = folder / name
    if not path.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        aside = folder / f".{name}.part"
        aside.unlink(missing_ok=True)
        handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as stream:
            stream.write(secrets.token_urlsafe(24))
            stream.flush()
            os.fsync(stream.fileno())
        aside.rename(path)
    return path.read_text()


def initdb(programs: Programs, data: Path, password_file: Path) -> None:
    """Make the data folder aside and rename it: a half-made one is never taken for a whole one."""
    aside = data.with_name(data.name + ".part")
    if aside.exists():
        shutil.rmtree(aside)
    aside.mkdir(mode=0o700)
    programs.account.own(aside)
    handed = data.with_name(".initial")
    handed.unlink(missing_ok=True)
    handle = os.open(handed, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w") as stream:
            stream.write(password_file.read_text())
        programs.account.own(handed)
        programs.run(
            "initdb",
            f"--pgdata={aside}",
            "--username=postgres",
            f"--pwfile={handed}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--data-checksums",
            *_locale(programs.major),
        )
    finally:
        handed.unlink(missing_ok=True)
    aside.rename(data)


def _locale(major: int) -> tuple[str, ...]:
    if major >= 17:
        return ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")
    return ("--locale=C", "--lc-ctype=C.UTF-8")


def ensure_roles(superuser_url: str, passwords: dict[str, str]) -> None:
    """Make the two roles or renew their passwords; ``owner`` migrates, ``app`` works."""
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        for role, password in passwords.items():
            known = connection.execute(
                "SELECT 1 FROM pg_roles WHERE rolname = %s", [role]
            ).fetchone()
            verb: LiteralString = "ALTER" if known else "CREATE"
            connection.execute(
                sql.SQL(verb + " ROLE {} LOGIN NOSUPERUSER NOCREATEROLE {} PASSWORD {}").format(
                    sql.Identifier(role),
                    sql.SQL("CREATEDB" if role == "owner" else "NOCREATEDB"),
                    sql.Literal(password),
                )
            )
            # the doctor names the session that holds the log back, whosever it is
            connection.execute(
                sql.SQL("GRANT pg_read_all_stats TO {}").format(sql.Identifier(role))
            )


def ensure_database(superuser_url: str, name: str, *, log_in_as: str) -> None:
    """Make the database of role owner, with the extensions, closed to everybody but our roles."""
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if not known.fetchone():
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER owner TEMPLATE template0").format(
                    sql.Identifier(name)
                )
            )
    with psycopg.connect(log_in_as, autocommit=True) as connection:
        database = sql.Identifier(name)
        connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
        connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO app").format(database))
        connection.execute("ALTER SCHEMA public OWNER TO owner")
        connection.execute("GRANT USAGE ON SCHEMA public TO app")
        for extension in EXTENSIONS:
            connection.execute(
                sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension))
            )

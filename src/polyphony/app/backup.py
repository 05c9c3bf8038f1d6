"""Backup: database, then files, the sealed key ring, and a manifest that proves them."""

import asyncio
import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from psycopg.conninfo import conninfo_to_dict

from polyphony.app import home, progress
from polyphony.app.postgres import Postgres, programs
from polyphony.app.say import say
from polyphony.integrations import envelope, keyring
from polyphony.integrations.storage import FilesOnDisk
from polyphony.settings import Settings
from polyphony.store import condition

if TYPE_CHECKING:
    from polyphony.store.database import Session

DUMP, KEYS, MANIFEST, FILES = "database.dump", "keys.sealed", "manifest.json", "files"
SCHEMA = 1


class BackupRefused(Exception):
    """The backup or restore cannot be done like this; the text says why."""


def tools(settings: Settings, postgres: Postgres | None) -> Path:
    """Return the folder of pg_dump and pg_restore: those of the server we run, or the chosen."""
    if postgres is not None:
        return postgres.programs.folder
    return settings.pg_bin or programs.embedded_folder()


def call(folder: Path, name: str, url: str, *arguments: str) -> None:
    """Run a PostgreSQL tool on a database; the password never stands in its arguments."""
    known = conninfo_to_dict(url)
    names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD"}
    wanted = {names[key]: str(value) for key, value in known.items() if key in names}
    done = subprocess.run(  # noqa: S603 - our own program, arguments as a list
        [str(folder / name), f"--dbname={known['dbname']}", "--no-password", *arguments],
        env=programs.environment({**wanted, "PGSSLMODE": str(known.get("sslmode", "prefer"))}),
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        raise BackupRefused(f"{name}: {done.stderr.strip()[-2000:]}")


def backup(settings: Settings, to: Path, passphrase: str, at: datetime) -> Path:
    """Write one backup into a new folder below ``to``; return it once it is whole.

    Safe beside a running system. A broken-off backup stays under a name with ``.part``. Raises
    BackupRefused for whatever stands in its way, a full disk too.
    """
    folder = to / f"polyphony-{at:%Y%m%dT%H%M%SZ}"
    try:
        return _backup(settings, folder, passphrase, at)
    except OSError as error:
        raise BackupRefused(f"{error.filename or folder}: {error.strerror or error}") from error


def may_save(settings: Settings, to: Path) -> None:
    """Refuse, before anybody is asked for a passphrase, what cannot become a backup."""
    if not settings.keys_path.exists():
        raise BackupRefused(
            f"There is nothing to save: no key ring at {settings.keys_path}. POLYPHONY_HOME names "
            "the home of the deployment."
        )
    refused = home.refusal(to)
    if refused:
        raise BackupRefused(f"The folder {to} cannot be used: {refused}. Choose another --to.")


def _backup(settings: Settings, folder: Path, passphrase: str, at: datetime) -> Path:
    ring = settings.keys_path.read_bytes()
    keyring.load(settings.keys_path)
    try:
        sealed = envelope.close(ring, passphrase)
    except ValueError as short:
        raise BackupRefused(str(short)) from short
    if folder.exists():
        raise BackupRefused(f"{folder} exists already")
    aside = folder.with_name(folder.name + ".part")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(mode=0o700, parents=True)
    (aside / KEYS).write_bytes(sealed)
    with home.opened(settings, say, make=False) as postgres:
        owner, _ = home.urls(settings, postgres)
        say("saving the database")
        with progress.of_file(aside / DUMP, say):
            facts = asyncio.run(_dump(owner, tools(settings, postgres), aside / DUMP))
    say("saving the files")
    copied = _copy(settings.files_path, aside / FILES, facts)
    manifest = {
        "schema": SCHEMA,
        "at": at.isoformat(),
        **facts,
        "files": copied,
        "sha256": {name: digest(aside / name) for name in (DUMP, KEYS)},
    }
    (aside / MANIFEST).write_text(json.dumps(manifest, indent=1))
    _sync(aside)
    aside.rename(folder)
    return folder


async def _dump(url: str, folder: Path, target: Path) -> dict[str, object]:
    """Dump under a snapshot and count the rows of the same snapshot."""
    connection: Session
    async with await psycopg.AsyncConnection.connect(url) as connection:
        await connection.set_isolation_level(psycopg.IsolationLevel.REPEATABLE_READ)
        await connection.set_read_only(True)
        await connection.execute("SET idle_in_transaction_session_timeout = 0")
        found = await (await connection.execute("SELECT pg_export_snapshot()")).fetchone()
        snapshot = str(found[0]) if found else ""
        await asyncio.to_thread(
            call, folder, "pg_dump", url, "--format=custom", "--no-owner", "--no-privileges",
            "--no-comments", f"--snapshot={snapshot}", f"--file={target}",
        )  # fmt: skip
        server = await condition.server(connection)
        return {
            "server": server.version,
            "counts": await condition.counts(connection),
            "named": list(await condition.file_names(connection)),
        }


def _copy(source: Path, target: Path, facts: Mapping[str, object]) -> dict[str, int]:
    """Copy all files after the dump, so that every named one is there; return sizes by name."""
    store, copy = FilesOnDisk(source), FilesOnDisk(target)
    sizes = {}
    for name in progress.through(store.names(), "files saved", say):
        place = copy.path(name)
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.copyfile(store.path(name), place)
        if digest(place) != name:
            raise BackupRefused(f"file {name} is damaged on disk: its content has another digest")
        sizes[name] = place.stat().st_size
    named = facts["named"]
    lost = sorted(set(named) - set(sizes)) if isinstance(named, list) else []
    if lost:
        raise BackupRefused(f"{len(lost)} files the database names are missing, first {lost[0]}")
    return sizes


def digest(path: Path) -> str:
    """Return the SHA-256 of a file in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _sync(folder: Path) -> None:
    for path in (*folder.rglob("*"), folder):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

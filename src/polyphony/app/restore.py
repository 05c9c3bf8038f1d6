"""Restore: proves a backup, brings it back into an empty deployment, distrusts what was leaving."""

import asyncio
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from polyphony.app import home, progress
from polyphony.app.backup import (
    DUMP,
    FILES,
    KEYS,
    MANIFEST,
    SCHEMA,
    BackupRefused,
    call,
    digest,
    tools,
)
from polyphony.app.postgres import Postgres
from polyphony.app.say import say
from polyphony.integrations import envelope
from polyphony.integrations.storage import FilesOnDisk
from polyphony.settings import Settings
from polyphony.store import condition, migrate
from polyphony.store.database import Database


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back, and what needs a person's eye."""

    rows: int
    files: int
    uncertain: int
    held: int


def verify(settings: Settings, source: Path, passphrase: str) -> Restored:
    """Restore into a scratch deployment, compare counts and digests, throw it away."""
    scratch = Path(tempfile.mkdtemp(prefix="polyphony-verify-"))
    try:
        chosen = settings.model_copy(
            update={"home": scratch, "database_url": None, "keys_file": None}
        )
        return restore(chosen, source, passphrase)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def restore(settings: Settings, source: Path, passphrase: str) -> Restored:
    """Bring a backup back; raises BackupRefused for a damaged one or a deployment with data.

    A new epoch of the log begins; deliveries that were being sent become uncertain, queued ones
    are held until a person has looked: they may have left after the backup. Everything in the
    backup is proved by its digest before anything is written.
    """
    manifest = may_restore(settings, source)
    keys = envelope.open_((source / KEYS).read_bytes(), passphrase)
    try:
        return _restore(settings, source, manifest, keys)
    except OSError as error:
        place = error.filename or settings.home
        raise BackupRefused(f"{place}: {error.strerror or error}") from error


def may_restore(settings: Settings, source: Path, *, empty: bool = True) -> Mapping[str, object]:
    """Refuse, before anybody is asked for a passphrase, what cannot be restored; return manifest.

    ``empty``: the deployment of the settings must not exist yet.
    """
    if empty and settings.keys_path.exists():
        raise BackupRefused(
            f"{settings.keys_path} exists: a backup comes back into an empty deployment only. Name "
            "a new folder with POLYPHONY_HOME (and an empty database, if you run your own)."
        )
    return _proved(source)


def _restore(
    settings: Settings, source: Path, manifest: Mapping[str, object], keys: bytes
) -> Restored:
    sizes = manifest["files"]
    names = sorted(sizes) if isinstance(sizes, dict) else []
    _prove_files(source / FILES, names)
    with home.locked(settings.home), home.opened(settings, say) as postgres:
        owner, app = home.urls(settings, postgres)
        _must_be_empty(owner)
        say("restoring the database")
        call(
            tools(settings, postgres), "pg_restore", owner, "--schema=public", "--no-owner",
            "--no-privileges", "--exit-on-error", "--single-transaction", str(source / DUMP),
        )  # fmt: skip
        _compare(asyncio.run(_counts(owner)), manifest)
        migrate.migrate(owner, "app" if isinstance(postgres, Postgres) else None)
        migrate.ensure_log(app, new_epoch=True)
        uncertain, held = asyncio.run(_distrust(app))
    say("restoring the files")
    asyncio.run(_files(source / FILES, settings.files_path, names))
    _write_keys(settings.keys_path, keys)
    counts = manifest["counts"]
    rows = sum(counts.values()) if isinstance(counts, dict) else 0
    return Restored(rows, len(names), uncertain, held)


def _proved(source: Path) -> Mapping[str, object]:
    try:
        manifest: dict[str, object] = dict(json.loads((source / MANIFEST).read_text()))
    except (OSError, ValueError, TypeError) as error:
        raise BackupRefused(
            f"{source} is no backup: its {MANIFEST} cannot be read. A backup is a folder named "
            "polyphony-DATE; one that ends in .part was broken off."
        ) from error
    if manifest.get("schema") != SCHEMA:
        raise BackupRefused("this backup was made by a newer Polyphony; upgrade first")
    digests = manifest.get("sha256")
    for name in (DUMP, KEYS):
        known = digests.get(name) if isinstance(digests, dict) else None
        if not (source / name).exists() or digest(source / name) != known:
            raise BackupRefused(f"{name} is damaged: its digest is not that of the manifest")
    return manifest


def _must_be_empty(url: str) -> None:
    if not migrate.empty(url):
        raise BackupRefused(
            "This deployment already holds data: a backup comes back into an empty one only. Name "
            "a new folder with POLYPHONY_HOME, or an empty database. (A restore that was broken "
            "off is begun again in a fresh one too.)"
        )


async def _counts(url: str) -> dict[str, int]:
    async with Database(url, size=1) as database, database.reads() as session:
        return await condition.counts(session)


async def _distrust(url: str) -> tuple[int, int]:
    async with Database(url, size=1) as database, database.transaction() as session:
        return await condition.after_restore(session)


def _compare(found: Mapping[str, int], manifest: Mapping[str, object]) -> None:
    if found != manifest["counts"]:
        raise BackupRefused("the restored tables hold other numbers of rows than the backup says")


def _prove_files(held: Path, names: list[str]) -> None:
    """Refuse a backup whose files are not whole, before anything is written."""
    for name in progress.through(names, "files checked", say):
        path = FilesOnDisk(held).path(name)
        if not path.exists():
            raise BackupRefused(f"file {name} is missing in the backup")
        if digest(path) != name:
            raise BackupRefused(f"file {name} is damaged in the backup")


async def _files(source: Path, target: Path, names: list[str]) -> None:
    held, store = FilesOnDisk(source), FilesOnDisk(target)
    for name in progress.through(names, "files restored", say):
        await store.put(held.path(name).read_bytes())


def _write_keys(path: Path, body: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(body)
        stream.flush()
        os.fsync(stream.fileno())

"""What lies in the home folder before anything runs: its lock, the key ring, the database."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from polyphony.app import clock
from polyphony.app.postgres import NotRunning, Postgres
from polyphony.integrations import keyring
from polyphony.settings import Settings
from polyphony.store import migrate

Say = Callable[[str], None]


class HomeBusy(Exception):
    """Another process runs on this home; the text names it."""


class NoDatabase(Exception):
    """No database is named and none of ours runs; the text says what to do."""


@contextmanager
def locked(home: Path) -> Iterator[None]:
    """Hold the home for one supervisor; raise HomeBusy when another one lives."""
    home.mkdir(parents=True, exist_ok=True)
    handle = os.open(home / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as busy:
            holder = os.pread(handle, 32, 0).decode(errors="replace").strip() or "unknown"
            raise HomeBusy(
                f"Polyphony already runs on {home} (process {holder}). Stop it first, or set "
                "POLYPHONY_HOME and POLYPHONY_PORT to run a second one."
            ) from busy
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(handle)


def supervisor(settings: Settings, say: Say) -> Postgres:
    """Return the supervisor of the embedded server of this home, not yet started."""
    return Postgres(settings.home, folder=settings.pg_bin, say=say)


def _running(settings: Settings, say: Say) -> Postgres | None:
    if settings.database_url:
        return None
    postgres = supervisor(settings, say)
    try:
        postgres.attach()
    except NotRunning as missing:
        raise NoDatabase(
            "No database: start `polyphony up` first, or set POLYPHONY_DATABASE_URL."
        ) from missing
    return postgres


def known_urls(settings: Settings) -> tuple[str, str]:
    """Return the addresses for owner and application of a running database; raise NoDatabase."""
    return urls(settings, _running(settings, lambda _text: None))


def attached(settings: Settings, say: Say) -> Settings:
    """Return the settings for a role that runs alone, its database brought to this version.

    The database is the named one, or ours when `up` runs; raises NoDatabase when neither is.
    """
    postgres = _running(settings, say)
    if settings.migrate:
        return prepare(settings, postgres, say)
    return settings.model_copy(update={"database_url": urls(settings, postgres)[1]})


@contextmanager
def opened(settings: Settings, say: Say) -> Iterator[Postgres | None]:
    """Have a server for one command: the named one (None), ours if it runs, else ours meanwhile."""
    if settings.database_url:
        yield None
        return
    postgres = supervisor(settings, say)
    try:
        postgres.attach()
    except NotRunning:
        with postgres:
            yield postgres
    else:
        yield postgres


def urls(settings: Settings, postgres: Postgres | None) -> tuple[str, str]:
    """Return where the owner migrates and where the application works."""
    if postgres is not None:
        return postgres.url("owner"), postgres.url("app")
    if settings.database_url is None:
        raise NoDatabase("neither a server of ours nor POLYPHONY_DATABASE_URL")
    direct = settings.database_direct_url or settings.database_url
    return direct, settings.database_url


def prepare(settings: Settings, postgres: Postgres | None, say: Say) -> Settings:
    """Bring the database to this version, make the key ring; return settings with the database."""
    owner, app = urls(settings, postgres)
    if settings.migrate:
        for name in migrate.migrate(owner, "app" if postgres is not None else None):
            say(f"migrated: {name}")
    migrate.ensure_log(app)
    keyring.create(settings.keys_path, clock.now())
    return settings.model_copy(update={"database_url": app})

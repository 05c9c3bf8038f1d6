"""What lies in the home folder before anything runs: its lock, the key ring, the database."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

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


class HomeRefused(Exception):
    """The home cannot be written; the text says which folder and what to do."""


@contextmanager
def locked(home: Path) -> Iterator[None]:
    """Hold the home for one supervisor; raise HomeBusy when another one lives."""
    usable(home)
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


def refusal(folder: Path) -> str:
    """Make a folder unless it is there; say why it cannot be written, empty when it can."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        return error.strerror or str(error)
    return "" if os.access(folder, os.W_OK | os.X_OK) else "no right to write there"


def usable(home: Path) -> None:
    """Make the home unless it is there; raise HomeRefused when it cannot be written."""
    refused = refusal(home)
    if refused:
        raise HomeRefused(
            f"The home folder {home} cannot be used: {refused}. Choose one this account may write "
            "with POLYPHONY_HOME."
        )


def founded(settings: Settings) -> bool:
    """Tell whether a deployment was ever started here, without making anything."""
    return bool(settings.database_url) or settings.keys_path.exists()


def supervisor(settings: Settings, say: Say) -> Postgres:
    """Return the supervisor of the embedded server of this home, not yet started."""
    usable(settings.home)
    return Postgres(settings.home, folder=settings.pg_bin, say=say)


def _running(settings: Settings, say: Say) -> Postgres | None:
    if settings.database_url:
        return None
    missing = NoDatabase("No database: start `polyphony up` first, or set POLYPHONY_DATABASE_URL.")
    if not settings.home.is_dir():
        raise missing
    postgres = supervisor(settings, say)
    try:
        postgres.attach()
    except NotRunning as stopped:
        raise missing from stopped
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
def opened(settings: Settings, say: Say, *, make: bool = True) -> Iterator[Postgres | None]:
    """Have a server for one command: the named one (None), ours if it runs, else ours meanwhile.

    Without ``make`` nothing new is founded: NoDatabase where no deployment was ever started.
    """
    if not (make or founded(settings)):
        raise NoDatabase(
            f"There is no deployment in {settings.home} yet: start `polyphony up` first, or name "
            "another home with POLYPHONY_HOME."
        )
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
    for name, url in (("", settings.database_url), ("DIRECT_", direct)):
        _understood(name, url)
    return direct, settings.database_url


def _understood(name: str, url: str) -> None:
    """Refuse an address nobody could connect to; it holds a password, so it is not repeated."""
    try:
        conninfo_to_dict(url)
    except psycopg.ProgrammingError as wrong:
        raise NoDatabase(
            f"POLYPHONY_DATABASE_{name}URL is no address of a database: write "
            "postgresql://name:password@host:5432/database"
        ) from wrong


def prepare(settings: Settings, postgres: Postgres | None, say: Say) -> Settings:
    """Bring the database to this version, make the key ring; return settings with the database."""
    owner, app = urls(settings, postgres)
    if settings.migrate:
        for name in migrate.migrate(owner, "app" if postgres is not None else None):
            say(f"migrated: {name}")
    migrate.ensure_log(app)
    keyring.create(settings.keys_path, clock.now())
    return settings.model_copy(update={"database_url": app})

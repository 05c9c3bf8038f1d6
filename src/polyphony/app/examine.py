"""Looks at everything `doctor` reports: home, keys, disk, database, log, accounts, clock."""

import os
import shutil
import stat
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path

import polyphony
from polyphony.app import clock, home
from polyphony.cli.doctor import Check
from polyphony.integrations import keyring
from polyphony.settings import Settings
from polyphony.store import condition, migrate
from polyphony.store.database import Database, Unavailable

GIGABYTE = 1_000_000_000
LAG_WARN_S, LAG_FAIL_S = 2.0, 10.0
CLOCK_S = 2.0


async def everything(settings: Settings) -> Sequence[Check]:
    """Return all checks; what cannot be looked at is a failed check, never an exception."""
    checks = [*_home(settings), *_screens(), *_address(settings)]
    try:
        owner, app = home.known_urls(settings)
        database = Database(app, size=2, name="polyphony doctor")
        try:
            await database.open(wait_s=5)
            checks += [check async for check in _database(database, settings, owner)]
        finally:
            await database.close()
    except (home.NoDatabase, home.HomeRefused) as missing:
        advice = str(missing) if settings.database_url else "start it: polyphony up"
        checks.append(Check("database", "fail", "does not run", advice))
    except Unavailable as error:
        checks.append(
            Check(
                "database",
                "fail",
                f"does not answer: {error}",
                "see its log; is POLYPHONY_DATABASE_URL right?",
            )
        )
    return checks


def _home(settings: Settings) -> Iterator[Check]:
    folder = settings.home
    if not folder.exists():
        yield Check("home", "warn", f"{folder} does not exist yet", "start once: polyphony up")
        return
    if not (folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)):
        advice = "a folder this account may write, named by POLYPHONY_HOME"
        yield Check("home", "fail", f"{folder} cannot be used", advice)
        return
    yield Check("home", "ok", str(folder))
    free = shutil.disk_usage(folder).free
    yield Check(
        "disk",
        "ok" if free > 5 * GIGABYTE else "warn" if free > GIGABYTE else "fail",
        f"{free / GIGABYTE:.1f} GB free",
        "make room: below 1 GB new mail is refused soon",
    )
    yield _keys(settings.keys_path)


def _keys(path: Path) -> Check:
    if not path.exists():
        return Check("keys", "warn", f"no key ring at {path}", "start once: polyphony up")
    try:
        keyring.load(path)
    except keyring.KeysRefused as refused:
        return Check("keys", "fail", str(refused), "restore the key ring from a backup")
    return Check("keys", "ok", f"{path}, mode {stat.S_IMODE(path.stat().st_mode):o}")


def _screens() -> Iterator[Check]:
    built = Path(polyphony.__file__).parent / "static" / "agent" / "index.html"
    if built.exists():
        yield Check("screens", "ok", "built")
    else:
        yield Check("screens", "fail", "not built", "make setup")


def _address(settings: Settings) -> Iterator[Check]:
    if settings.insecure and not (settings.tls_certificate or settings.trusted_proxies):
        advice = "set POLYPHONY_TLS_CERTIFICATE and _KEY, or a proxy in POLYPHONY_TRUSTED_PROXIES"
        yield Check("address", "warn", f"{settings.address} without TLS: all can be read", advice)
    else:
        yield Check("address", "ok", settings.address)


async def _database(database: Database, settings: Settings, owner: str) -> AsyncIterator[Check]:
    async with database.reads() as session:
        server = await condition.server(session)
        durable = await condition.settings(session)
        missing = await condition.missing_extensions(session)
    yield _version(server.version)
    yield _role(server, settings)
    yield Check("size", "ok", f"{server.size / 1_000_000:.0f} MB")
    yield _extensions(missing)
    off = [name for name, value in durable.items() if value == "off"]
    yield Check(
        "durability",
        "fail" if off else "ok",
        f"{', '.join(off)} off" if off else "every commit is on disk",
        "switch it on: an acknowledged message could be lost",
    )
    yield _lag(server)
    yield Check(
        "prepared transactions",
        "warn" if server.prepared else "ok",
        str(server.prepared),
        "somebody else's two-phase commit holds the log back: finish or roll it back",
    )
    apart = abs((server.now - clock.now()).total_seconds())
    yield Check(
        "clock",
        "ok" if apart < CLOCK_S else "warn",
        f"{apart:.1f} s apart from the database",
        "synchronise both machines (NTP)",
    )
    pending = migrate.pending(owner)
    yield Check(
        "migrations",
        "warn" if pending else "ok",
        f"{len(pending)} to run" if pending else "up to date",
        "polyphony migrate",
    )
    if not pending:
        async for check in _work(database):
            yield check


async def _work(database: Database) -> AsyncIterator[Check]:
    async with database.reads() as session:
        accounts = await condition.accounts(session)
        waiting = await condition.waiting(session)
    for account in accounts:
        why = account.health.get("code") or account.health.get("detail") or ""
        yield Check(
            f"{account.kind} {account.address}",
            "fail" if account.state == "broken" else "ok" if account.state == "working" else "warn",
            f"{account.state} {why}".strip(),
            f"polyphony channel test {account.address}",
        )
    yield Check(
        "reading",
        "warn" if waiting.unread_oldest_s > 60 else "ok",
        f"oldest unread arrival {waiting.unread_oldest_s:.0f} s",
        "is the worker running?",
    )
    yield Check(
        "put aside",
        "warn" if waiting.quarantined else "ok",
        f"{waiting.quarantined} arrivals could not be read",
        "look at them in the workspace: they can be read again after an upgrade",
    )
    yield Check(
        "uncertain sends",
        "warn" if waiting.uncertain else "ok",
        str(waiting.uncertain),
        "a person decides in the workspace: they may have arrived",
    )


def _version(number: int) -> Check:
    text = f"PostgreSQL {number // 10000}.{number % 10000}"
    if number < 150_000:
        return Check("database", "fail", text, "PostgreSQL 15 or newer is needed")
    return Check("database", "ok", text)


def _role(server: condition.Server, settings: Settings) -> Check:
    if server.superuser:
        advice = "give Polyphony a role of its own"
        return Check("role", "warn", f"{server.role} is a superuser", advice)
    if settings.database_url:
        advice = "with one role the log is not protected from the application"
        return Check("role", "warn", f"{server.role} both migrates and works", advice)
    return Check("role", "ok", f"{server.role}, migrations by owner")


def _extensions(missing: Sequence[str]) -> Check:
    if missing:
        wanted = "; ".join(f"CREATE EXTENSION {name}" for name in missing)
        return Check("extensions", "fail", f"missing: {', '.join(missing)}", wanted)
    return Check("extensions", "ok", ", ".join(condition.EXTENSIONS))


def _lag(server: condition.Server) -> Check:
    text = f"{server.lag_s:.1f} s"
    if server.lag_pid is not None:
        text += f", held by process {server.lag_pid} of the database"
    return Check(
        "log lag",
        "ok" if server.lag_s < LAG_WARN_S else "warn" if server.lag_s < LAG_FAIL_S else "fail",
        text,
        f"SELECT pg_terminate_backend({server.lag_pid}) if nobody needs it",
    )

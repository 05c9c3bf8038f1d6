"""A backup comes back whole, or is refused; what may have left meanwhile is distrusted."""

import asyncio
import json
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from tests.conftest import postgres_programs
from tests.make.account import account
from tests.make.case import case
from tests.make.customer import customer
from tests.make.department import department

from polyphony.app import home
from polyphony.app.backup import BackupRefused, backup
from polyphony.app.restore import restore, verify
from polyphony.integrations import envelope, keyring
from polyphony.integrations.storage import FilesOnDisk
from polyphony.settings import Settings
from polyphony.store.database import Database

pytestmark = [pytest.mark.alone, pytest.mark.timeout(240)]

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
WORDS = "correct horse battery"


@pytest.fixture
def homes() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="polyphony-safe-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def settings_of(folder: Path) -> Settings:
    return Settings(home=folder, pg_bin=postgres_programs())


async def _live(chosen: Settings, url: str) -> None:
    """Forty matters of forty customers, a file, and a delivery in each state that matters."""
    async with Database(url, size=2) as database, database.transaction() as session:
        place = await department(session, "žluťoučký kůň")
        desk = await account(session, place.id)
        for number in range(40):
            who = await customer(session, name=f"Přemysl {number} Łódź")
            await case(session, place, desk, who, text="ё" * number, queue=place.triage)
        name = await FilesOnDisk(chosen.files_path).put(b"an attachment")
        await session.execute("INSERT INTO file (sha256, size) VALUES (%s, 13)", [name])
        await session.execute(
            "INSERT INTO event (type, op, aud) SELECT 'case.opened', 3, '{}'"
            " FROM generate_series(1, 300)"
        )
        await session.execute(
            """INSERT INTO delivery
                   (id, message_id, account_id, to_address, state, not_before, created_at)
               SELECT gen_random_uuid(), m.id, %s, 'x@example.org',
                      (ARRAY['sending', 'sending', 'queued', 'queued', 'queued', 'held',
                             'sent'])[m.n], now(), now()
                 FROM (SELECT id, row_number() OVER (ORDER BY id) AS n
                         FROM message LIMIT 7) AS m""",
            [desk],
        )


@pytest.fixture(scope="module")
def lived() -> Iterator[tuple[Path, Path]]:
    """A deployment with data in it (its home), and a backup of it."""
    folder = Path(tempfile.mkdtemp(prefix="polyphony-safe-"))
    folder.chmod(0o711)
    chosen = settings_of(folder / "first")
    with home.opened(chosen, print) as postgres:
        home.prepare(chosen, postgres, print)
        asyncio.run(_live(chosen, postgres.url("app")))
        kept = backup(chosen, folder / "kept", WORDS, AT)
    yield chosen.home, kept
    shutil.rmtree(folder, ignore_errors=True)


def look(chosen: Settings, query: str) -> list[tuple[object, ...]]:
    with home.opened(chosen, print) as postgres, psycopg.connect(postgres.url("app")) as link:
        return link.execute(query).fetchall()


def test_a_backup_of_a_running_system_comes_back_whole_and_distrusts_what_was_leaving(lived, homes):
    first, kept = lived
    before = look(settings_of(first), "SELECT state, count(*) FROM delivery GROUP BY 1 ORDER BY 1")
    epoch = look(settings_of(first), "SELECT max(epoch) FROM log_epoch")[0][0]
    other = settings_of(homes / "second")
    done = restore(other, kept, WORDS)
    assert (done.uncertain, done.held, done.files) == (2, 3, 1)
    states = dict(look(other, "SELECT state, count(*) FROM delivery GROUP BY 1"))
    was = dict(before)
    assert states["uncertain"] == was.get("uncertain", 0) + 2
    assert states["held"] == was.get("held", 0) + 3
    assert "sending" not in states
    assert "queued" not in states
    assert look(other, "SELECT max(epoch) FROM log_epoch")[0][0] == epoch + 1
    same = "SELECT md5(string_agg(t::text, '' ORDER BY id)) FROM {} t"
    for table in ("message", "case_", "identity", "person", "arrival"):
        query = same.format(table)
        assert look(settings_of(first), query) == look(other, query), table
    assert keyring.load(other.keys_path).deployment == keyring.load(first / "keys").deployment
    name = next(iter(FilesOnDisk(kept / "files").names()))
    assert asyncio.run(FilesOnDisk(other.files_path).get(name)) == b"an attachment"
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        look(other, "DELETE FROM event RETURNING id")
    with pytest.raises(BackupRefused, match="empty"):
        restore(other, kept, WORDS)


def test_a_backup_is_verified_without_touching_the_deployment(lived):
    first, kept = lived
    keys = (first / "keys").read_bytes()
    done = verify(settings_of(first), kept, WORDS)
    assert done.rows > 100
    assert (first / "keys").read_bytes() == keys


def test_the_backup_tells_no_secret(lived):
    first, kept = lived
    secret = json.loads((first / "keys").read_text())["keys"][0]["secret"].encode()
    bodies = [path.read_bytes() for path in kept.rglob("*") if path.is_file()]
    assert not any(secret in body for body in bodies)
    for role in ("owner", "app", "postgres"):
        password = (first / "pg" / "secrets" / role).read_bytes()
        assert not any(password in body for body in bodies)


def test_another_passphrase_opens_nothing(lived, homes):
    with pytest.raises(envelope.WrongPassphrase):
        restore(settings_of(homes / "x"), lived[1], WORDS + "!")
    assert not (homes / "x" / "keys").exists()


@pytest.mark.parametrize("part", ["database.dump", "keys.sealed", "manifest.json", "files"])
def test_a_damaged_backup_is_refused(lived, homes, part):
    broken = homes / "broken"
    shutil.copytree(lived[1], broken)
    path = broken / part
    if part == "files":
        path = next(found for found in path.rglob("*") if found.is_file())
    body = path.read_bytes()
    path.write_bytes(body[:-1] + bytes([body[-1] ^ 1]))
    with pytest.raises(BackupRefused):
        restore(settings_of(homes / "y"), broken, WORDS)


def test_a_file_that_rotted_on_disk_stops_the_backup(lived, homes):
    copy = homes / "rotten"
    store = FilesOnDisk(lived[0] / "files")
    name = next(iter(store.names()))
    chosen = settings_of(lived[0])
    body = store.path(name).read_bytes()
    store.path(name).write_bytes(b"x" * len(body))
    try:
        with pytest.raises(BackupRefused, match="damaged on disk"):
            backup(chosen, copy, WORDS, AT)
    finally:
        store.path(name).write_bytes(body)


def test_a_passphrase_that_is_too_short_is_refused(lived, homes):
    with pytest.raises(BackupRefused, match="10 characters"):
        backup(settings_of(lived[0]), homes / "z", "short", AT)

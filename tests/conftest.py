"""A real PostgreSQL for every worker of the run; databases cloned from a migrated template."""

import ipaddress
import os
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator, Generator, Iterator
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from psycopg import sql
from tests.databases import TEMPLATE, Server

from polyphony.app.postgres import Postgres
from polyphony.store.database import Database, Session
from polyphony.store.migrate import migrate

# Durability costs time and proves nothing here; tests that kill the server switch it on again.
QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}

# How long drawing or an example takes says how busy the machine is, nothing about what is tested.
settings.register_profile(
    "shared machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("shared machine")


def _loopback_only() -> None:
    """Close every way out: a test that talks to the world is a broken test."""
    real, real_ex = socket.socket.connect, socket.socket.connect_ex

    def check(self: socket.socket, address: object) -> None:
        if self.family not in (socket.AF_INET, socket.AF_INET6):
            return
        host = str(address[0]) if isinstance(address, tuple) else str(address)
        if host in ("localhost", "") or ipaddress.ip_address(host.split("%")[0]).is_loopback:
            return
        raise AssertionError(f"a test tried to reach {address!r}: only loopback is open")

    def connect(self: socket.socket, address: object) -> None:
        check(self, address)
        return real(self, address)

    def connect_ex(self: socket.socket, address: object) -> int:
        check(self, address)
        return real_ex(self, address)

    socket.socket.connect = connect  # type: ignore[method-assign]
    socket.socket.connect_ex = connect_ex  # type: ignore[method-assign]


_loopback_only()

FULL = os.environ.get("FULL") == "1"
STRICT = os.environ.get("POLYPHONY_TEST_STRICT") == "1"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave long tests to FULL=1, begin with the longest, keep the lonely ones on one worker."""
    long = [item for item in items if item.get_closest_marker("full") and not FULL]
    if long:
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]
    items.sort(key=_patience, reverse=True)
    for item in items:
        if item.get_closest_marker("alone"):
            item.add_marker(pytest.mark.xdist_group("alone"))


def _patience(item: pytest.Item) -> float:
    """How long a test may take by its mark: one that is begun last keeps all others waiting."""
    marked = item.get_closest_marker("timeout")
    return float(marked.args[0]) if marked and marked.args else 0.0


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With POLYPHONY_TEST_STRICT=1 a skipped test is a failed one."""
    report = yield
    if STRICT and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, and POLYPHONY_TEST_STRICT=1: {report.longrepr}"
    return report


def postgres_programs() -> Path | None:
    """The programs chosen for this run (e.g. Debian's PostgreSQL 15), None = the embedded ones."""
    chosen = os.environ.get("POLYPHONY_TEST_PG_BIN")
    return Path(chosen) if chosen else None


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The server of this worker with the template in it; gone with all its files at the end."""
    home = Path(tempfile.mkdtemp(prefix="polyphony-test-"))
    try:
        with Postgres(home, folder=postgres_programs(), settings=QUICK) as postgres:
            found = Server(postgres)
            migrate(postgres.url("owner"), "app")
            found.run(
                sql.SQL("ALTER DATABASE polyphony RENAME TO {}").format(sql.Identifier(TEMPLATE))
            )
            yield found
    finally:
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def open_home() -> Iterator[Path]:
    """A home for a server of the test's own; as root, pytest's folders are closed to it."""
    home = Path(tempfile.mkdtemp(prefix="polyphony-home-"))
    yield home
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def database_name(server: Server) -> Iterator[str]:
    """A migrated database of this test alone."""
    name = server.lend()
    yield name
    server.give_back(name)


@pytest.fixture
async def database(server: Server, database_name: str) -> AsyncIterator[Database]:
    """An open pool (role app) on a database of this test alone; commit as you like."""
    async with Database(server.url(database_name), size=10, name="test") as pool:
        yield pool


@pytest.fixture(scope="session")
def shared_database(server: Server) -> str:
    """One migrated database for all tests that roll back."""
    return server.clone()


@pytest.fixture
async def session(server: Server, shared_database: str) -> AsyncIterator[Session]:
    """One open transaction (role app), rolled back at the end."""
    connection = await psycopg.AsyncConnection.connect(server.url(shared_database))
    try:
        yield connection
    finally:
        await connection.rollback()
        await connection.close()

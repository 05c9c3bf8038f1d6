"""The supervisor of the embedded database: killed at any time, it loses nothing."""

import os
import random
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from tests.conftest import QUICK, postgres_programs

from polyphony.app.postgres import ClusterBusy, NotRunning, Postgres, pidfile, programs
from polyphony.app.postgres.programs import Account

pytestmark = [pytest.mark.alone, pytest.mark.timeout(100)]

FULL = os.environ.get("FULL") == "1"
KEEPER = Path(__file__).parent / "keeper.py"
SOURCES = Path(__file__).parents[2]


@pytest.fixture
def home() -> Iterator[Path]:
    """A home the server's account can reach; whatever still runs in it is stopped at the end."""
    folder = Path(tempfile.mkdtemp(prefix="polyphony-home-"))
    yield folder
    for cluster in folder.rglob("PG_VERSION"):
        found = pidfile.read(cluster.parent)
        if found and pidfile.lives(found.pid):
            os.kill(found.pid, signal.SIGQUIT)
    shutil.rmtree(folder, ignore_errors=True)


def make(home: Path) -> Postgres:
    return Postgres(home, folder=postgres_programs(), settings=QUICK)


def ask(postgres: Postgres, query: str, role: str = "app") -> object:
    with psycopg.connect(postgres.url(role)) as connection:
        found = connection.execute(query).fetchone()
    return None if found is None else found[0]


class Keeper:
    """A supervisor process as the tests see it."""

    def __init__(self, home: Path, *, python: str = sys.executable, **account: object) -> None:
        places = [str(SOURCES / "src"), *(p for p in sys.path if "site-packages" in p)]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(places)}
        self.process = subprocess.Popen(
            [python, str(KEEPER), str(home)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
            cwd="/",
            **account,
        )
        self.said: list[str] = []
        self.url = ""
        self.server = 0
        self._ready = threading.Event()
        self._reader = threading.Thread(target=self._listen, daemon=True)
        self._reader.start()

    def _listen(self) -> None:
        for line in self.process.stdout or ():
            word, *rest = line.split()
            if word in ("started", "adopted", "restarted"):
                self.server, self.url = int(rest[0]), rest[1]
            self.said.append(word)
            self._ready.set()
        self._ready.set()

    def wait(self) -> str:
        """Wait for its first word."""
        assert self._ready.wait(30)
        return self.said[0] if self.said else "nothing"

    def wait_for_another(self, server: int) -> None:
        """Wait until it has started the server again."""
        end = time.monotonic() + 60
        while self.server == server:
            assert time.monotonic() < end
            time.sleep(0.01)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(30)
        self._close()

    def stop(self) -> str:
        """Ask it to stop; return its last word."""
        if self.process.stdin:
            self.process.stdin.close()
        self.process.wait(40)
        self._close()
        return self.said[-1]

    def _close(self) -> None:
        self._reader.join(30)
        for stream in (self.process.stdin, self.process.stdout):
            if stream:
                stream.close()


def test_the_first_start_makes_a_closed_database_with_two_roles(home):
    with make(home) as postgres:
        assert ask(postgres, "SELECT current_user::text") == "app"
        assert ask(postgres, "SELECT current_user::text", "owner") == "owner"
        assert ask(postgres, "SELECT current_setting('data_checksums')") == "on"
        assert ask(postgres, "SELECT current_setting('listen_addresses')") == "127.0.0.1"
        assert ask(postgres, "SELECT lower('ŽLUŤ') || unaccent('žluť')") == "žluťzlut"
        assert ask(postgres, "SELECT count(*) FROM pg_extension WHERE extname <> 'plpgsql'") == 3
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            ask(postgres, "CREATE TABLE public.mine (a int)")
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(postgres.url("app").replace("app:", "app:x"))
        for secret in (postgres.folder / "secrets").iterdir():
            assert stat.S_IMODE(secret.stat().st_mode) == 0o600
        assert stat.S_IMODE((postgres.folder / "run").stat().st_mode) == 0o700
        assert stat.S_IMODE(postgres.data.stat().st_mode) == 0o700
    assert not postgres.alive()


def test_durability_is_on_unless_a_test_switches_it_off(home):
    with Postgres(home, folder=postgres_programs()) as postgres:
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            assert ask(postgres, f"SELECT current_setting('{name}')") == "on"
        assert ask(postgres, "SELECT current_setting('max_prepared_transactions')") == "0"


def test_what_was_written_is_there_after_a_stop_and_no_process_stays(home):
    with make(home) as postgres:
        ask(postgres, "SELECT set_config('a.b', '1', false)")
        with psycopg.connect(postgres.url("owner")) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 42 AS n")
        port = postgres.port
    assert pidfile.survivors(postgres.data) == []
    with make(home) as again:
        assert ask(again, "SELECT n FROM kept", "owner") == 42
        assert again.port == port  # remembered, so that nobody has to look for it


def test_a_half_made_data_folder_is_made_again(home):
    first = make(home)
    part = first.data.with_name("data.part")
    part.mkdir(parents=True)
    (part / "PG_VERSION").write_text("18")
    with first:
        assert ask(first, "SELECT 1") == 1
    assert not part.exists()


def test_a_second_supervisor_on_the_same_home_is_refused_and_names_the_first(home):
    with make(home) as postgres:
        with pytest.raises(ClusterBusy, match=f"process {os.getpid()}"):
            make(home).start()
        guest = make(home)
        guest.attach()
        assert guest.url("app") == postgres.url("app")
    with pytest.raises(NotRunning):
        make(home).attach()


def test_two_supervisors_started_at_the_same_moment_leave_one_server(home):
    both = [Keeper(home), Keeper(home)]
    words = sorted(keeper.wait() for keeper in both)
    assert words == ["busy", "started"]
    ends = sorted(keeper.stop() for keeper in both)
    assert ends == ["busy", "stopped"]


def test_the_server_of_a_killed_supervisor_is_adopted(home):
    first = Keeper(home)
    assert first.wait() == "started"
    first.kill()
    assert pidfile.lives(first.server)
    second = Keeper(home)
    assert second.wait() == "adopted"
    assert second.server == first.server
    assert second.stop() == "stopped"
    assert not pidfile.lives(first.server)


@pytest.mark.parametrize("stranger", ["nobody has it", "a process of ours", "a zombie"])
def test_a_stale_pid_file_is_no_obstacle(home, stranger):
    with make(home) as postgres:
        data = postgres.data
        lines = (data / "postmaster.pid").read_text().splitlines()
    other = subprocess.Popen(["sleep", "60" if stranger == "a process of ours" else "0"])
    if stranger == "nobody has it":
        other.wait(10)
    time.sleep(0.1)
    try:
        (data / "postmaster.pid").write_text("\n".join([str(other.pid), *lines[1:]]) + "\n")
        postgres._account.own(data / "postmaster.pid")
        with make(home) as again:
            assert not again.adopted
            assert ask(again, "SELECT 1") == 1
        assert not pidfile.lives(other.pid)
    finally:
        other.kill()
        other.wait(10)


def test_a_very_long_path_gets_its_socket_elsewhere(home):
    home.chmod(0o711)  # as root: the way there is open, so the cluster stays in this place
    deep = home / ("a" * 60) / ("b c" * 20)
    deep.mkdir(parents=True)
    with make(deep) as postgres:
        assert deep in postgres.folder.parents
        folder = Path(str(ask(postgres, "SHOW unix_socket_directories", "postgres")))
        assert len(os.fsencode(folder)) < 80
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert ask(postgres, "SELECT 1") == 1
    shutil.rmtree(folder)


def test_a_port_taken_meanwhile_is_replaced_by_a_free_one(home):
    with make(home) as postgres:
        port = postgres.port
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", port))
        other.listen()
        with make(home) as again:
            assert again.port != port
            assert ask(again, "SELECT 1") == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to switch the account")
def test_as_root_everything_runs_as_nobody_also_when_its_folders_are_closed(home, monkeypatch):
    closed = home / "closed"
    closed.mkdir(mode=0o700)
    install = programs.embedded_folder().parent
    package = install.parent
    for part in (package, package.with_name(package.name + ".libs")):
        if part.exists():
            shutil.copytree(part, closed / part.name, symlinks=True)
    monkeypatch.setattr(
        programs, "embedded_folder", lambda: closed / package.name / "pginstall" / "bin"
    )
    monkeypatch.setattr(programs, "SHARED_HOMES", home / "shared")
    home.chmod(0o711)
    postgres = Postgres(closed / "var", settings=QUICK)
    assert (home / "shared") in postgres.folder.parents
    assert (postgres.folder / "bin-18.6.3").is_dir()
    with postgres:
        owner = Path(f"/proc/{postgres.pid}").stat().st_uid
        assert owner == Account.fitting().uid != 0
        assert ask(postgres, "SELECT 1") == 1
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700  # nothing was opened for strangers
    with Postgres(closed / "var", settings=QUICK) as again:
        assert ask(again, "SELECT 1") == 1


def _python_for_nobody() -> str:
    account = Account.fitting()
    for candidate in (sys.executable, f"/usr/bin/python3.{sys.version_info.minor}"):
        path = Path(candidate)
        if path.exists() and account.reaches(path.resolve()) and account.reaches(path):
            return candidate
    return ""


@pytest.mark.skipif(os.geteuid() != 0, reason="we are an ordinary account: every test shows it")
def test_an_ordinary_account_needs_no_rights_at_all(home):
    python = _python_for_nobody()
    account = Account.fitting()
    if not python or not account.reaches(SOURCES) or not account.reaches(Path(psycopg.__file__)):
        pytest.skip("no Python of this version that an ordinary account can reach")
    os.chown(home, account.uid, account.gid)
    keeper = Keeper(home, python=python, **account.identity())
    assert keeper.wait() == "started"
    with psycopg.connect(keeper.url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert keeper.stop() == "stopped"
    assert (home / "pg" / "secrets" / "app").stat().st_uid == account.uid


class Writers:
    """Four threads that write numbered rows and remember which ones were acknowledged."""

    def __init__(self, keeper: Keeper) -> None:
        self.keeper = keeper
        self.acknowledged: list[tuple[int, int]] = []
        self._end = threading.Event()
        self._threads = [threading.Thread(target=self._write, args=(n,)) for n in range(4)]
        for thread in self._threads:
            thread.start()

    def _write(self, writer: int) -> None:
        number = 0
        while not self._end.is_set():
            try:
                with psycopg.connect(self.keeper.url, autocommit=True, connect_timeout=5) as link:
                    while not self._end.is_set():
                        number += 1
                        link.execute("INSERT INTO ledger VALUES (%s, %s)", [writer, number])
                        self.acknowledged.append((writer, number))
            except psycopg.Error:
                self._end.wait(0.02)

    def progress(self) -> None:
        """Wait until something new is acknowledged."""
        begin, until = len(self.acknowledged), time.monotonic() + 60
        while len(self.acknowledged) < begin + 20:
            assert time.monotonic() < until, "nothing is written any more"
            time.sleep(0.01)

    def end(self) -> None:
        self._end.set()
        for thread in self._threads:
            thread.join(60)


def test_no_acknowledged_commit_is_lost_by_kills_of_server_supervisor_or_both(home):
    chance = random.Random(20261122)
    keeper = Keeper(home)
    assert keeper.wait() == "started"
    superuser = keeper.url.replace("//app:", "//owner:").split("@")
    secret = (home / "pg" / "secrets" / "owner").read_text()
    with psycopg.connect(f"postgresql://owner:{secret}@{superuser[1]}") as link:
        link.execute("CREATE TABLE ledger (writer int, number int, PRIMARY KEY (writer, number))")
        link.execute("GRANT INSERT, SELECT ON ledger TO app")
    writers = Writers(keeper)
    victims = ["server", "supervisor", "both"] * (7 if FULL else 1)
    chance.shuffle(victims)
    try:
        for victim in victims:
            writers.progress()
            time.sleep(chance.random() * 0.3)
            killed = keeper.server
            if victim != "supervisor":
                os.kill(killed, signal.SIGKILL)
            if victim == "server":
                keeper.wait_for_another(killed)
            if victim != "server":
                keeper.kill()
                keeper = Keeper(home)
                assert keeper.wait() in (
                    ("adopted",) if victim == "supervisor" else ("started", "adopted")
                )
                writers.keeper = keeper
        writers.progress()
    finally:
        writers.end()
        with psycopg.connect(keeper.url) as link:
            stored = set(link.execute("SELECT writer, number FROM ledger").fetchall())
        assert keeper.stop() == "stopped"
    lost = set(writers.acknowledged) - stored
    assert len(writers.acknowledged) > 20 * len(victims)
    assert lost == set()
    assert pidfile.survivors(home / "pg" / "data") == []

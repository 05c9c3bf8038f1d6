"""One PostgreSQL server over one folder: start or adopt, wait for recovery, stop."""

import contextlib
import errno
import fcntl
import hashlib
import os
import shutil
import signal
import socket
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self

from polyphony.app.postgres import pidfile, programs, provision

if TYPE_CHECKING:
    import subprocess

Role = Literal["owner", "app", "postgres"]

_POLL_S = 0.02
_NOTICE_S = 10.0
_STOP_S = 60.0
_LOG_LIMIT = 10_000_000
_SOCKET_LIMIT = 90  # bytes of the whole path; Linux allows 107, macOS 103


class PostgresFailed(Exception):
    """The server ended instead of becoming ready; the text holds its last lines."""


class ClusterBusy(Exception):
    """Another process of ours looks after this cluster; the text names it."""


class NotRunning(Exception):
    """Nobody has started this cluster."""


class Postgres:
    """The supervisor of one cluster in ``home/pg``; not safe to share between threads.

    Used as a context manager it starts (or adopts) the server and stops it at the end. A killed
    supervisor leaves the server alive; the next one on the same home adopts it.
    """

    def __init__(
        self,
        home: Path,
        *,
        folder: Path | None = None,
        settings: Mapping[str, str] | None = None,
        say: Callable[[str], None] = lambda _text: None,
    ) -> None:
        """Name the home; ``folder`` swaps the programs, ``settings`` go to the server by -c."""
        self._account = programs.Account.fitting()
        self.folder = programs.cluster_home(home, self._account)
        self.programs = programs.find(folder, self.folder)
        self.data = self.folder / "data"
        self.adopted = False
        self.port = 0
        self._settings = dict(settings or {})
        self._say = say
        self._process: subprocess.Popen[bytes] | None = None
        self._pid = 0
        self._lock: int | None = None

    def __enter__(self) -> Self:
        """Start or adopt."""
        self.start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        """Stop fast."""
        self.stop()

    @property
    def pid(self) -> int:
        """The process of the server; 0 before the start."""
        return self._pid

    @property
    def log(self) -> Path:
        """The file the server writes its notices to."""
        return self.folder / "log" / "postgres.log"

    def url(self, role: Role, database: str = provision.DATABASE) -> str:
        """Return where and as whom to connect; ``postgres`` is for the supervisor and tests."""
        password = provision.secret(self.folder / "secrets", role)
        return f"postgresql://{role}:{password}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Make the cluster if there is none, start or adopt the server, wait until it is ready.

        Raises ClusterBusy if another supervisor holds it and PostgresFailed with the server's
        last lines if it cannot start.
        """
        self._take_lock()
        try:
            if not (self.data / "PG_VERSION").exists():
                self._say("making the database (once)")
                password = self.folder / "secrets" / "postgres"
                provision.secret(password.parent, password.name)
                provision.initdb(self.programs, self.data, password)
            self._run()
            passwords = {
                role: provision.secret(self.folder / "secrets", role) for role in provision.ROLES
            }
            provision.ensure_roles(self.url("postgres", "postgres"), passwords)
            provision.ensure_database(
                self.url("postgres", "postgres"),
                provision.DATABASE,
                log_in_as=self.url("postgres"),
            )
        except BaseException:
            self._release()
            raise

    def attach(self) -> None:
        """Use the server somebody else looks after, without stopping it; raise NotRunning."""
        found = pidfile.read(self.data)
        if found is None or found.status != "ready" or not pidfile.lives(found.pid):
            raise NotRunning(f"no server runs in {self.data}")
        self._pid, self.port, self.adopted = found.pid, found.port, True

    def restart(self) -> None:
        """Start again on the same port after the server died; the lock was kept."""
        self.alive()  # a child that died is collected before it is forgotten
        self._run(keep_port=True)

    def alive(self) -> bool:
        """Tell whether the server process still lives."""
        if self._process is not None:
            return self._process.poll() is None
        return bool(self._pid) and pidfile.lives(self._pid)

    def stop(self, *, now: bool = False) -> None:
        """Stop the server (SIGINT, with ``now`` SIGQUIT), wait for its end, give up the lock.

        Open sessions are rolled back. After 60 s a fast stop becomes an immediate one (recovery
        at the next start); the server is never killed.
        """
        try:
            if self.alive():
                self._signal(signal.SIGQUIT if now else signal.SIGINT)
                if not self._gone_within(_STOP_S):
                    self._say("the database does not stop; asking it to break off")
                    self._signal(signal.SIGQUIT)
                    self._gone_within(_STOP_S)
        finally:
            self._process, self._pid = None, 0
            self._release()

    def rotate_log(self) -> None:
        """Keep the log below 10 MB: copy aside and empty (the server writes in append mode)."""
        with contextlib.suppress(FileNotFoundError):
            if self.log.stat().st_size > _LOG_LIMIT:
                shutil.copyfile(self.log, self.log.with_suffix(".log.1"))
                os.truncate(self.log, 0)

    # ------------------------------------------------------------------ the server

    def _run(self, *, keep_port: bool = False) -> None:
        if not self._adopt():
            self._launch(keep_port=keep_port)
        (self.folder / "port").write_text(str(self.port))

    def _adopt(self) -> bool:
        found = pidfile.read(self.data)
        if found is None or not pidfile.lives(found.pid):
            return False
        self._process, self._pid = None, found.pid
        self._say("a database server is still running here: using it")
        if not self._wait():
            return False
        self.adopted = True
        return True

    def _launch(self, *, keep_port: bool) -> None:
        self.adopted = False
        self._wait_for_survivors()
        pidfile.clear_stale(self.data, self._socket_folder())
        self.log.parent.mkdir(mode=0o700, exist_ok=True)
        self.rotate_log()
        while True:
            if not (keep_port and self.port):
                self.port = self._free_port()
            begin = self.log.stat().st_size if self.log.exists() else 0
            self._process = self.programs.start(self._arguments(), self.log)
            self._pid = self._process.pid
            if self._wait():
                return
            said = self._said_since(begin)
            if "could not create any TCP/IP sockets" in said and not keep_port:
                (self.folder / "port").unlink(missing_ok=True)
            elif "pre-existing shared memory block" in said or (keep_port and "TCP/IP" in said):
                time.sleep(0.3)  # children of a killed server are about to notice and to end
            else:
                raise PostgresFailed(f"PostgreSQL did not start:\n{said[-3000:]}")

    def _wait(self) -> bool:
        """Wait for as long as the process lives: recovery may take minutes."""
        begin = notice = time.monotonic()
        while self.alive():
            found = pidfile.read(self.data)
            if found is not None and found.pid == self._pid and found.status == "ready":
                self.port = found.port
                return True
            if time.monotonic() - notice > _NOTICE_S:
                notice = time.monotonic()
                self._say(f"the database is recovering ({notice - begin:.0f} s)")
            time.sleep(_POLL_S)
        return False

    def _wait_for_survivors(self) -> None:
        notice = time.monotonic()
        while pidfile.survivors(self.data):
            if time.monotonic() - notice > _NOTICE_S:
                notice = time.monotonic()
                self._say("waiting for the processes of a killed database server to end")
            time.sleep(_POLL_S)

    def _said_since(self, begin: int) -> str:
        with self.log.open("rb") as stream:
            stream.seek(begin)
            return stream.read().decode(errors="replace")

    def _arguments(self) -> list[str]:
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": str(self._socket_folder()),
            "unix_socket_permissions": "0700",
            "shared_buffers": f"{_buffers_mb()}MB",
            "max_connections": "200",
            "max_prepared_transactions": "0",
            "fsync": "on",
            "synchronous_commit": "on",
            "full_page_writes": "on",
            "password_encryption": "scram-sha-256",
            "idle_in_transaction_session_timeout": "5s",
            "log_timezone": "UTC",
            "timezone": "UTC",
            **self._settings,
        }
        given = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        return ["-D", str(self.data), *given]

    def _socket_folder(self) -> Path:
        folder = self.folder / "run"
        if len(os.fsencode(folder / ".s.PGSQL.65535.lock")) > _SOCKET_LIMIT:
            mark = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:12]
            folder = Path(tempfile.gettempdir()) / f"polyphony-{os.geteuid()}-{mark}"
            if folder.exists() and not self._private(folder):
                folder = Path(tempfile.mkdtemp(prefix="polyphony-"))
        folder.mkdir(mode=0o700, exist_ok=True)
        folder.chmod(0o700)
        self._account.own(folder)
        return folder

    def _private(self, folder: Path) -> bool:
        known = folder.lstat()
        return folder.is_dir() and not folder.is_symlink() and known.st_uid == self._account.uid

    def _free_port(self) -> int:
        remembered = self.folder / "port"
        wanted = int(remembered.read_text()) if remembered.exists() else 0
        for port in (wanted, 0):
            with socket.socket() as probe, contextlib.suppress(OSError):
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(("127.0.0.1", port))
                return int(probe.getsockname()[1])
        raise PostgresFailed("no free TCP port on 127.0.0.1")

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._pid, number)

    def _gone_within(self, seconds: float) -> bool:
        end = time.monotonic() + seconds
        while self.alive():
            if time.monotonic() > end:
                return False
            time.sleep(_POLL_S)
        return True

    # ------------------------------------------------------------------ the lock

    def _take_lock(self) -> None:
        if self._lock is not None:
            return
        handle = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as refused:
            holder = os.read(handle, 32).decode(errors="replace").strip()
            os.close(handle)
            if refused.errno not in (errno.EACCES, errno.EAGAIN):
                raise
            raise ClusterBusy(
                f"{self.folder} is in use by another polyphony (process {holder or 'unknown'})"
            ) from refused
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
        self._lock = handle

    def _release(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def _buffers_mb() -> int:
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 1_000_000
    return max(128, min(2000, total // 4))

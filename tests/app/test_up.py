"""`polyphony up`: one command, every process; whatever is killed comes back; it stops in order."""

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from polyphony.app.postgres import pidfile

pytestmark = [pytest.mark.alone, pytest.mark.timeout(240)]

ROLES = ("web", "worker", "router")
SOURCES = Path(__file__).parents[2] / "src"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Up:
    """A running `polyphony up` as a person at the terminal sees it."""

    def __init__(self, home: Path, port: int, *arguments: str) -> None:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("POLYPHONY_")}
        chosen = os.environ.get("POLYPHONY_TEST_PG_BIN")
        self.port = port
        self.home = home
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "polyphony", "up", *arguments],
            env={
                **kept,
                "PYTHONPATH": str(SOURCES),
                "POLYPHONY_HOME": str(home),
                "POLYPHONY_PORT": str(port),
                **({"POLYPHONY_PG_BIN": chosen} if chosen else {}),
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def _listen(self) -> None:
        for line in self.process.stderr or ():
            self.lines.append(line.rstrip())

    def said(self, pattern: str) -> str:
        return next((line for line in tuple(self.lines) if re.search(pattern, line)), "")

    def wait_for(self, pattern: str, seconds: float = 60.0) -> str:
        end = time.monotonic() + seconds
        while not self.said(pattern):
            assert time.monotonic() < end, "\n".join(self.lines)
            assert self.process.poll() is None, "\n".join(self.lines)
            time.sleep(0.02)
        return self.said(pattern)

    def ready(self, seconds: float = 30.0) -> None:
        end = time.monotonic() + seconds
        while status(self.port, "/readyz") != 200:
            assert time.monotonic() < end, "\n".join(self.lines[-40:])
            time.sleep(0.05)

    def role(self, name: str) -> int:
        """The process of a role, 0 while there is none."""
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                words = (entry / "cmdline").read_bytes().split(b"\0")
                environment = (entry / "environ").read_bytes()
            except OSError:
                continue
            home = f"POLYPHONY_HOME={self.home}\0".encode()
            if words[1:5] == [b"-m", b"polyphony", b"role", name.encode()] and home in environment:
                return int(entry.name)
        return 0

    def stop(self, number: int = signal.SIGTERM) -> int:
        if self.process.poll() is None:
            os.kill(self.process.pid, number)
        code = self.process.wait(60)
        self._listener.join(10)
        if self.process.stderr:
            self.process.stderr.close()
        return code


def status(port: int, path: str) -> int:
    """The HTTP status of one GET, 0 when nobody answers."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=3)
    try:
        link.request("GET", path)
        return link.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        link.close()


def gone(pid: int, seconds: float = 40.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return True
        if state == "Z":
            return True
        time.sleep(0.05)
    return False


@pytest.fixture
def start(home: Path) -> Iterator[Callable[..., Up]]:
    """Start `polyphony up` on the home of this test; whatever is left of it ends with the test."""
    started: list[Up] = []

    def one(port: int = 0, *arguments: str) -> Up:
        started.append(Up(home, port or free_port(), *arguments))
        return started[-1]

    yield one
    for up in started:
        up.stop(signal.SIGKILL)


@pytest.fixture
def home() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="polyphony-up-"))
    yield folder
    data = folder / "pg" / "data"
    found = pidfile.read(data)
    if found and pidfile.lives(found.pid):
        os.kill(found.pid, signal.SIGQUIT)
    shutil.rmtree(folder, ignore_errors=True)


def test_one_command_starts_everything_survives_kills_and_stops_in_order(home, start):
    up = start()
    line = up.wait_for("Your link for the next 15 minutes")
    assert f"http://127.0.0.1:{up.port}/" in line
    up.ready()
    assert status(up.port, "/livez") == 200
    for role in ROLES:
        first = up.role(role)
        assert first, role
        os.kill(first, signal.SIGKILL)
        up.wait_for(rf"{role} ended \(SIGKILL\)")
        end = time.monotonic() + 20
        while up.role(role) in (0, first):
            assert time.monotonic() < end
            time.sleep(0.05)
        up.ready()
    found = pidfile.read(home / "pg" / "data")
    assert found
    os.kill(found.pid, signal.SIGKILL)
    up.wait_for("the database server ended; starting it again")
    up.ready()
    again = start()
    assert again.process.wait(30) == 1
    assert again.stop() == 1
    assert again.said("Polyphony already runs")
    roles = [up.role(role) for role in ROLES]
    begin = time.monotonic()
    assert up.stop() == 0
    assert time.monotonic() - begin < 30
    assert all(gone(pid, 1) for pid in roles)
    assert pidfile.survivors(home / "pg" / "data") == []
    assert not up.said("Traceback"), "\n".join(up.lines)


def test_when_it_is_killed_its_children_end_and_the_next_start_adopts_the_database(home, start):
    up = start()
    up.wait_for("Polyphony is ready")
    roles = [up.role(role) for role in ROLES]
    server = pidfile.read(home / "pg" / "data")
    assert server
    up.stop(signal.SIGKILL)
    assert all(gone(pid) for pid in roles)
    assert pidfile.lives(server.pid)
    again = start(up.port)
    again.wait_for("Polyphony is ready")
    assert again.said("still running here: using it")
    assert again.stop(signal.SIGINT) == 0
    assert gone(server.pid, 1)


def test_all_roles_run_in_one_process_too(home, start):
    up = start(0, "--single")
    up.wait_for("Polyphony is ready")
    assert status(up.port, "/readyz") == 200
    assert not any(up.role(role) for role in ROLES)
    assert up.stop() == 0
    assert pidfile.survivors(home / "pg" / "data") == []


def test_a_taken_port_stops_the_start_before_anything_is_made(home, start):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        up = start(other.getsockname()[1])
        assert up.process.wait(30) == 1
        assert up.stop() == 1
    assert up.said("is already used by")
    assert not (home / "pg" / "data").exists()

"""What ``postmaster.pid`` says, and whether the process it names really lives."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

_READY = 8  # lines of the file when the server has written all of them


@dataclass(frozen=True, slots=True)
class Postmaster:
    """One reading of the file: ``status`` is starting, stopping, ready or empty."""

    pid: int
    port: int
    status: str


def read(data: Path) -> Postmaster | None:
    """Read the file of a data folder; None when there is none or it is half written."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
        pid = abs(int(lines[0]))
        port = int(lines[3]) if len(lines) > 3 and lines[3].strip() else 0
    except (FileNotFoundError, IndexError, ValueError):
        return None
    return Postmaster(pid, port, lines[7].strip() if len(lines) >= _READY else "")


def lives(pid: int) -> bool:
    """Tell whether this process is a running PostgreSQL; zombies and recycled pids are not."""
    state, name = _look(pid)
    return bool(state) and state[0] not in "ZX" and "postgres" in name


def _look(pid: int) -> tuple[str, str]:
    if Path("/proc/self/stat").exists():
        try:
            text = Path(f"/proc/{pid}/stat").read_text(errors="replace")
        except OSError:
            return "", ""
        name, _, rest = text.partition("(")[2].rpartition(")")
        return rest.split()[0], name
    done = subprocess.run(  # noqa: S603 - fixed program, number as argument
        ["ps", "-o", "stat=,comm=", "-p", str(pid)],  # noqa: S607 - ps stands on the path of macOS
        capture_output=True,
        text=True,
        check=False,
    )
    state, _, name = done.stdout.strip().partition(" ")
    return state, name


def survivors(data: Path) -> list[int]:
    """Return processes that still work in the data folder (each server process lives in it)."""
    found = []
    inside = data.resolve()
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if (entry / "cwd").readlink() == inside and lives(int(entry.name)):
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def clear_stale(data: Path, sockets: Path) -> None:
    """Remove the lock files of a server that is surely gone, children included.

    PostgreSQL removes most stale files itself; it cannot when the number now belongs to another
    process of the same account, or to a zombie that nobody buries (an orphan in a container).
    Call it only under the cluster's lock; the socket folder belongs to this cluster alone.
    """
    found = read(data)
    if (found is not None and lives(found.pid)) or survivors(data):
        return
    (data / "postmaster.pid").unlink(missing_ok=True)
    for stale in sockets.glob(".s.PGSQL.*"):
        stale.unlink(missing_ok=True)

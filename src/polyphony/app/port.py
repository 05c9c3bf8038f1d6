"""Is the port free, and if not, who has it?"""

import errno
import socket
from pathlib import Path

from polyphony.settings import Settings


class PortTaken(Exception):
    """Another program listens there; the text names it if it is known and says what to do."""


def check(settings: Settings) -> None:
    """Raise PortTaken when we cannot listen on the address of the settings."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as refused:
            if refused.errno == errno.EACCES:
                raise PortTaken(
                    f"Port {settings.port} needs more rights than this account has; choose one "
                    "above 1023 with POLYPHONY_PORT."
                ) from refused
            if refused.errno != errno.EADDRINUSE:
                raise PortTaken(
                    f"Cannot listen on {settings.host}: {refused.strerror}"
                ) from refused
            by = holder(settings.port)
            raise PortTaken(
                f"Port {settings.port} is already used{f' by {by}' if by else ''}. Stop that "
                f"program, or choose another port: POLYPHONY_PORT={settings.port + 1}"
            ) from refused


def holder(port: int) -> str:
    """Return name and process of the listener, empty when it cannot be known (Linux only)."""
    inodes = {
        fields[9]
        for table in ("tcp", "tcp6")
        for fields in _table(Path("/proc/net") / table)
        if fields[3] == "0A" and int(fields[1].rpartition(":")[2], 16) == port
    }
    wanted = {f"socket:[{inode}]" for inode in inodes}
    for process in Path("/proc").glob("[0-9]*") if wanted else ():
        try:
            if any(str(handle.readlink()) in wanted for handle in (process / "fd").iterdir()):
                name = (process / "comm").read_text().strip()
                return f"{name} (process {process.name})"
        except OSError:
            continue
    return ""


def _table(path: Path) -> list[list[str]]:
    try:
        return [line.split() for line in path.read_text().splitlines()[1:]]
    except OSError:
        return []

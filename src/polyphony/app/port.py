"""Is the port free, and if not, who has it?"""

import errno
import socket
from pathlib import Path
from urllib.parse import urlsplit

from polyphony.settings import Settings


class PortTaken(Exception):
    """Another program listens there; the text names it if it is known and says what to do."""


def check(settings: Settings) -> None:
    """Raise PortTaken when the web role cannot listen on the address of the settings."""
    _free(settings.host, settings.port, f"POLYPHONY_PORT={settings.port + 1}")


def check_mail(settings: Settings) -> None:
    """Raise PortTaken when the receiver of mails, if there is one, cannot listen."""
    url = settings.mail_listen
    if not url:
        return
    parts = urlsplit(url if "://" in url else f"smtp://{url}")
    if parts.hostname and parts.port:
        instead = f"{parts.scheme}://{parts.hostname}:{parts.port + 1}"
        _free(parts.hostname, parts.port, f"POLYPHONY_MAIL_LISTEN={instead}")


def _free(host: str, port: int, instead: str) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as refused:
            raise PortTaken(_why(refused, host, port, instead)) from refused


def _why(refused: OSError, host: str, port: int, instead: str) -> str:
    setting = instead.partition("=")[0]
    if refused.errno == errno.EACCES:
        return (
            f"Port {port} needs more rights than this account has; choose one above 1023 with "
            f"{setting}."
        )
    if refused.errno != errno.EADDRINUSE:
        return f"Cannot listen on {host}: {refused.strerror}. See {setting}."
    by = holder(port)
    return (
        f"Port {port} is already used{f' by {by}' if by else ''}. Stop that program, or choose "
        f"another port: {instead}"
    )


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

"""CPU time of process trees, read from /proc: what an operation really cost, by role."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")
_BACKGROUND = (
    "background writer",
    "walwriter",
    "checkpointer",
    "autovacuum",
    "io worker",
    "logger",
)


@dataclass(frozen=True, slots=True)
class Used:
    """Seconds of CPU: ``app`` by role, ``pg`` of the working backends, ``pg_background``."""

    app: Mapping[str, float]
    pg: float | None
    pg_background: float | None

    def minus(self, before: "Used") -> "Used":
        """Return what was used since ``before``."""
        return Used(
            {role: used - before.app.get(role, 0.0) for role, used in self.app.items()},
            None if self.pg is None or before.pg is None else self.pg - before.pg,
            None
            if self.pg_background is None or before.pg_background is None
            else self.pg_background - before.pg_background,
        )


def used(roles: Mapping[str, int], postmaster: int | None) -> Used:
    """Read the CPU of the product's processes (role → pid) and of PostgreSQL, children included."""
    tree = _tree()
    app = {role: sum(_own(pid) for pid in _below(pid, tree)) for role, pid in roles.items()}
    if postmaster is None:
        return Used(app, None, None)
    children = tree.get(postmaster, ())
    background = sum(_own(pid) for pid in children if _is_background(pid))
    working = sum(_own(pid) for pid in children if not _is_background(pid))
    return Used(app, working + _own(postmaster), background)


def memory_mib(pids: Iterable[int]) -> float:
    """Return the resident memory of these processes and their children, in MiB."""
    tree = _tree()
    total = 0
    for root in pids:
        for pid in _below(root, tree):
            try:
                fields = Path(f"/proc/{pid}/statm").read_text().split()
            except OSError:
                continue
            total += (int(fields[1]) - int(fields[2])) * os.sysconf("SC_PAGE_SIZE")
    return total / 2**20


def _own(pid: int) -> float:
    """CPU of one process and of the children it has already reaped."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(int(ticks) for ticks in fields[11:15]) / _TICK


def _tree() -> dict[int, list[int]]:
    tree: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            tree.setdefault(parent, []).append(int(entry.name))
    return tree


def _below(root: int, tree: Mapping[int, list[int]]) -> list[int]:
    found, rest = [], [root]
    while rest:
        pid = rest.pop()
        found.append(pid)
        rest.extend(tree.get(pid, ()))
    return found


def _is_background(pid: int) -> bool:
    try:
        title = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
    except OSError:
        return False
    return any(name in title for name in _BACKGROUND)

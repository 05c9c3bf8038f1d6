"""`python -m tools.checks`: run every check over the tree; print what breaks a rule."""

from __future__ import annotations

import sys
from pathlib import Path

from tools.checks import (
    commits,
    logs,
    loops,
    outgoing,
    registries,
    scopes,
    shapes,
    times,
    words,
)
from tools.checks.tree import Tree

CHECKS = (commits, logs, loops, outgoing, registries, scopes, shapes, times, words)


def findings(root: Path) -> list[str]:
    """Return what breaks a rule, as ``check: path:line: why``."""
    tree = Tree.read(root)
    return [
        f"{check.__name__.rpartition('.')[2]}: {found}"
        for check in CHECKS
        for found in check.find(tree)
    ]


def main() -> int:
    """Print the findings; 1 when there are any."""
    found = findings(Path(sys.argv[1]) if len(sys.argv) > 1 else Path.cwd())
    sys.stdout.writelines(f"{line}\n" for line in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

"""Who ends transactions: entrances and the roof, store/database and store/batch, nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tools.checks.tree import Tree

ALLOWED = {"api", "live", "jobs", "cli", "app"}
FILES = {"store/database.py", "store/batch.py", "store/migrate.py"}
VERBS = {"commit", "rollback"}


def find(tree: Tree) -> Iterator[str]:
    """Yield calls of commit and rollback from the wrong floor."""
    for module in tree.modules:
        if module.floor in ALLOWED or module.place in FILES:
            continue
        for name, call in module.calls():
            if "." in name and name.rpartition(".")[2] in VERBS:
                yield module.at(call, f"{name}() is for the entrance that opened the transaction")

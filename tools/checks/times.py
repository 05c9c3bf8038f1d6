"""Only app/clock asks what time it is; everybody else is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tools.checks.tree import Tree

ASKING = {
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "time.time",
    "time.time_ns",
}


def find(tree: Tree) -> Iterator[str]:
    """Yield calls that read the clock."""
    for module in tree.modules:
        if module.place == "app/clock.py":
            continue
        for name, call in module.calls():
            if ".".join(name.split(".")[-2:]) in ASKING:
                yield module.at(call, f"{name}(): take the moment as an argument")

"""One step, one statement: a flow awaits no store call inside a ``for`` without saying why."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tools.checks.tree import dotted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tools.checks.tree import Module, Tree

OPT_OUT = "# one by one:"


def find(tree: Tree) -> Iterator[str]:
    """Yield store calls awaited inside loops of flows; ``# one by one: reason`` opts out."""
    for module in tree.modules:
        if module.floor == "flows":
            yield from _in(module)


def _in(module: Module) -> Iterator[str]:
    stores = {
        alias.asname or alias.name
        for node in module.walk(ast.ImportFrom)
        if isinstance(node, ast.ImportFrom) and node.module == "polyphony.store"
        for alias in node.names
    }
    lines = module.text.splitlines()
    for loop in module.walk(ast.For, ast.AsyncFor):
        if not isinstance(loop, ast.For | ast.AsyncFor) or OPT_OUT in lines[loop.lineno - 1]:
            continue
        if isinstance(loop.iter, ast.Tuple | ast.List) or _counted(loop.iter):
            continue  # as many rounds as are written there
        for node in (part for statement in loop.body for part in ast.walk(statement)):
            called = node.value if isinstance(node, ast.Await) else None
            if isinstance(called, ast.Call) and dotted(called.func).split(".")[0] in stores:
                yield module.at(node, f"{dotted(called.func)} inside a loop: one statement a step")


def _counted(rounds: ast.expr) -> bool:
    """Tell whether the loop tries again a written number of times."""
    return (
        isinstance(rounds, ast.Call)
        and dotted(rounds.func) == "range"
        and all(isinstance(argument, ast.Constant) for argument in rounds.args)
    )

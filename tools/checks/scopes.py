"""SQL stands in the store alone; a store function that is told who asks obeys the scope."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tools.checks.tree import Module, Tree

SQL = re.compile(
    r"^\s*(SELECT\s.+\bFROM\b|INSERT\s+INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s|WITH\s+\w+\s+AS\s*\()",
    re.DOTALL,
)
# The roof sets databases up and measures them; it answers nobody's question about customers.
OUTSIDE = ("app/postgres/", "app/bench/")


def find(tree: Tree) -> Iterator[str]:
    """Yield SQL outside the store, and scopes that are taken but not obeyed."""
    for module in tree.modules:
        if module.floor == "store":
            yield from _ignored(module)
        elif not module.place.startswith(OUTSIDE):
            yield from _sql(module)


def _sql(module: Module) -> Iterator[str]:
    for node in module.walk(ast.Constant):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.match(node.value):
            yield module.at(node, "SQL is written in store/ only")


def _ignored(module: Module) -> Iterator[str]:
    for node in module.walk(ast.FunctionDef, ast.AsyncFunctionDef):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        for argument in (*node.args.args, *node.args.kwonlyargs):
            kind = ast.unparse(argument.annotation) if argument.annotation else ""
            if kind.strip("'\"") != "Scope":
                continue
            used = any(
                isinstance(part, ast.Name) and part.id == argument.arg
                for statement in node.body
                for part in ast.walk(statement)
            )
            if not used:
                yield module.at(node, f"{node.name} takes a Scope and does not obey it")

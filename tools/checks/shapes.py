"""Sizes and rooms: a file ≤ 400 lines, a function ≤ 40, every door with its four rooms."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tools.checks.tree import Module, Tree

FILE, FUNCTION = 400, 40
ROOMS = ("parse", "render", "client")


def find(tree: Tree) -> Iterator[str]:
    """Yield what has grown too big, and doors without their rooms."""
    for module in tree.modules:
        lines = module.text.count("\n")
        if lines > FILE:
            yield module.at(1, f"{lines} lines, at most {FILE}")
        yield from _long(module)
    yield from _doors(tree)


def _long(module: Module) -> Iterator[str]:
    for node in module.walk(ast.FunctionDef, ast.AsyncFunctionDef):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0]
            length = (node.end_lineno or 0) - first.lineno + 1 - _inner(node)
            if length > FUNCTION:
                yield module.at(node, f"{node.name} has {length} lines, at most {FUNCTION}")


def _inner(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return the lines of functions directly inside: they are measured by themselves."""
    return sum(
        (part.end_lineno or 0) - part.lineno + 1
        for part in node.body
        if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef)
    )


def _doors(tree: Tree) -> Iterator[str]:
    base = tree.root / "src" / "polyphony" / "channels"
    for door in sorted(path for path in base.glob("[a-z]*") if path.is_dir()):
        for room in ROOMS:
            if not ((door / f"{room}.py").exists() or (door / room / "__init__.py").exists()):
                yield f"src/polyphony/channels/{door.name}: the door has no room {room}"

"""The sources of Polyphony as the checks see them: one parsed module each."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True)
class Module:
    """One file: its place below ``polyphony`` (``store/offers.py``), its text, its syntax."""

    place: str
    path: Path
    text: str

    @cached_property
    def syntax(self) -> ast.Module:
        """The parsed file."""
        return ast.parse(self.text)

    @property
    def floor(self) -> str:
        """The floor it stands on, e.g. ``store``; the file's name for files of the root."""
        return self.place.split("/")[0].removesuffix(".py")

    def at(self, node: ast.AST | int, why: str) -> str:
        """Return a finding."""
        line = node if isinstance(node, int) else getattr(node, "lineno", 1)
        return f"src/polyphony/{self.place}:{line}: {why}"

    def walk(self, *kinds: type[ast.AST]) -> Iterator[ast.AST]:
        """Yield all nodes of the kinds."""
        return (node for node in ast.walk(self.syntax) if isinstance(node, kinds))

    def imports(self) -> Iterator[tuple[str, ast.stmt]]:
        """Yield each imported module by its full name."""
        for node in ast.walk(self.syntax):
            if isinstance(node, ast.Import):
                yield from ((alias.name, node) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield node.module or "", node
                yield from ((f"{node.module}.{alias.name}", node) for alias in node.names)

    def calls(self) -> Iterator[tuple[str, ast.Call]]:
        """Yield each call with its dotted name, e.g. ``session.commit``."""
        for node in ast.walk(self.syntax):
            if isinstance(node, ast.Call):
                yield dotted(node.func), node


@dataclass(frozen=True)
class Tree:
    """All modules, and the root of the repository for checks of other files."""

    root: Path
    modules: tuple[Module, ...]

    @classmethod
    def read(cls, root: Path) -> Tree:
        """Read ``src/polyphony`` below the root."""
        base = root / "src" / "polyphony"
        paths = sorted(base.rglob("*.py"))
        return cls(
            root,
            tuple(
                Module(str(path.relative_to(base)), path, path.read_text(encoding="utf-8"))
                for path in paths
            ),
        )


def dotted(node: ast.expr) -> str:
    """Return ``a.b.c`` for names and attributes; unknown parts are empty."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return ""

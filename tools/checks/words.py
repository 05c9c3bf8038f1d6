"""The glossary: words that never name a class, a table, a route, an event or a TypeScript type."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tools.checks.tree import Module, Tree

FORBIDDEN = {"contact", "ticket", "task", "conversation", "issue", "inbox", "user", "session"}
# The transaction of the database is called Session in every signature of the store.
# A ticket opens a stream for thirty seconds, no customer ever sees it; a chat has its ChatSession.
EXEMPT = {("store/database.py", "Session"), ("store/feed.py", "Ticket")}
ROUTES = re.compile(r"/(stream|chat)/ticket|/chat/sessions")
TABLE = re.compile(r"CREATE TABLE (?:IF NOT EXISTS )?(\w+)", re.IGNORECASE)
TYPE = re.compile(r"^export (?:type|interface|class) (\w+)", re.MULTILINE)
EVENT = re.compile(r"[a-z_]+\.[a-z_]+")


def forbidden(name: str) -> bool:
    """Tell whether a name, in singular or plural, is one of the words."""
    word = name.lower()
    return word in FORBIDDEN or (word.endswith("s") and word[:-1] in FORBIDDEN)


def find(tree: Tree) -> Iterator[str]:
    """Yield names that are not in the glossary on purpose."""
    for module in tree.modules:
        yield from _classes(module)
        yield from _routes(module)
    for path in sorted((tree.root / "src/polyphony/store/migrations").glob("*.sql")):
        yield from _names(tree.root, path, TABLE, "table")
    for path in _typescript(tree.root):
        yield from _names(tree.root, path, TYPE, "type")


def _classes(module: Module) -> Iterator[str]:
    for node in module.walk(ast.ClassDef):
        name = node.name if isinstance(node, ast.ClassDef) else ""
        if forbidden(name) and (module.place, name) not in EXEMPT:
            yield module.at(node, f"class {name}: the glossary has another word")


def _routes(module: Module) -> Iterator[str]:
    if module.floor not in ("api", "live"):
        return
    for node in module.walk(ast.Constant):
        text = node.value if isinstance(node, ast.Constant) else None
        if not isinstance(text, str) or not text.startswith("/") or " " in text:
            continue
        if any(map(forbidden, ROUTES.sub("", text).split("/"))):
            yield module.at(node, f"route {text}: the glossary has another word")


def _names(root: Path, path: Path, pattern: re.Pattern[str], kind: str) -> Iterator[str]:
    text = path.read_text(encoding="utf-8")
    for found in pattern.finditer(text):
        if forbidden(found[1]):
            line = text[: found.start()].count("\n") + 1
            where = path.relative_to(root)
            yield f"{where}:{line}: {kind} {found[1]}: the glossary has another word"


def _typescript(root: Path) -> Iterator[Path]:
    for folder in ("web/apps", "web/packages"):
        for path in sorted((root / folder).rglob("*.ts*")):
            if "node_modules" not in path.parts:
                yield path

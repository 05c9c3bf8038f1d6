"""No file of the repository names a package registry: locks must work behind every mirror."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tools.checks.tree import Tree

HOSTS = re.compile(
    rb"(registry\.npmjs" + rb"\.org|registry\.yarnpkg" + rb"\.com|files\.python"
    rb"hosted\.org|pypi\.python" + rb"\.org|//pypi" + rb"\.org|npmmirror" + rb"\.com)"
)
INDEX = re.compile(rb"^\s*(--(extra-)?index-url|--find-links|-i)\s", re.MULTILINE)


def find(tree: Tree) -> Iterator[str]:
    """Yield files under version control that name a registry."""
    for path in _files(tree.root):
        body = path.read_bytes()
        found = HOSTS.search(body)
        if not found and path.name.startswith("requirements"):
            found = INDEX.search(body)
        if found:
            line = body[: found.start()].count(b"\n") + 1
            yield f"{path.relative_to(tree.root)}:{line}: names a package registry"


def _files(root: Path) -> Iterator[Path]:
    done = subprocess.run(
        ["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, check=False
    )
    for name in filter(None, done.stdout.split("\0")):
        path = root / name
        if path.is_file() and not path.is_symlink():
            yield path

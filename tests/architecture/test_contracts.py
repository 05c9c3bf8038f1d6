"""The floors hold, and a wall that is broken on purpose is seen every time."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RUN = "from importlinter.cli import lint_imports_command as run; run()"

# file, line planted into it, contract that must break
PLANTED = [
    ("domain/offer.py", "import random", "Pure domain"),
    ("domain/sla.py", "import time", "Pure domain"),
    ("domain/message.py", "import psycopg", "Pure domain"),
    ("domain/capacity.py", "import logging", "Pure domain"),
    ("domain/presence.py", "import polyphony.store.database", "Floors"),
    ("ports.py", "import polyphony.flows.sign_in", "Floors"),
    ("store/people.py", "import polyphony.flows.sign_in", "Floors"),
    ("store/accounts.py", "import polyphony.integrations.outgoing", "Floors"),
    ("live/fan.py", "import polyphony.api.health", "Floors"),
    ("cli/main.py", "import polyphony.live.fan", "Floors"),
    ("flows/sign_in.py", "import polyphony.channels.email.render", "Roof"),
    ("api/health.py", "import polyphony.settings", "Roof"),
    ("channels/email/parse/__init__.py", "import httpx", "Pure doors"),
    ("channels/email/render.py", "import socket", "Pure doors"),
    ("channels/email/__init__.py", "import polyphony.channels.chat", "Doors"),
    ("flows/chat.py", "import psycopg", "Memory"),
    ("api/bootstrap.py", "import psycopg", "Memory"),
    ("store/timers.py", "import fastapi", "Desk"),
    ("flows/greet.py", "import starlette", "Desk"),
    ("domain/channel.py", "import polyphony.domain.message", "Acyclic"),
]


def lint(root: Path) -> tuple[int, str]:
    environment = {**os.environ, "PYTHONPATH": str(root / "src"), "COLUMNS": "200"}
    done = subprocess.run(
        [sys.executable, "-c", RUN, "--no-cache"],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def planted(tmp_path_factory) -> str:
    """The report on a copy of the tree with every violation planted in it."""
    copy = tmp_path_factory.mktemp("planted")
    shutil.copytree(
        ROOT / "src", copy / "src", ignore=shutil.ignore_patterns("static", "__pycache__")
    )
    shutil.copy(ROOT / ".importlinter", copy)
    for place, line, _ in PLANTED:
        path = copy / "src" / "polyphony" / place
        path.write_text(path.read_text(encoding="utf-8") + f"\n{line}  # planted\n")
    code, report = lint(copy)
    assert code != 0
    return report


def test_the_floors_of_this_tree_hold():
    code, report = lint(ROOT)
    assert code == 0, report


@pytest.mark.parametrize(("place", "line", "contract"), PLANTED)
def test_a_planted_violation_is_caught(planted, place, line, contract):
    importer = "polyphony." + place.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    imported = line.removeprefix("import ")
    section = _section(planted, contract)
    if contract == "Acyclic":
        names = (f".{name.rpartition('.')[2]}" for name in (importer, imported))
        assert all(name in section for name in names), section
    else:
        assert any(
            importer in row and "->" in row and imported.rpartition(".")[2] in row
            for row in section.splitlines()
        ), section


def _section(report: str, contract: str) -> str:
    """Return what the report says about one broken contract."""
    broken = report.partition("Broken contracts")[2]
    lines = broken.splitlines()
    starts = [n for n, line in enumerate(lines) if line.startswith(contract)]
    assert starts, f"{contract} was not broken:\n{report}"
    heads = [n for n, line in enumerate(lines) if n and set(line) == {"-"} and lines[n - 1].strip()]
    end = next((n - 1 for n in heads if n > starts[0] + 1), len(lines))
    return "\n".join(lines[starts[0] : end])

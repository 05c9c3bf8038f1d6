"""Our own checks find nothing in the tree, and find each thing that is planted."""

import subprocess
import sys
from pathlib import Path

import pytest
from tools.checks.__main__ import findings

ROOT = Path(__file__).parents[2]

PLANTED = [
    ("flows/x.py", "async def f(session):\n    await session.commit()\n", "commits"),
    ("store/x.py", "async def f(session):\n    await session.rollback()\n", "commits"),
    ("api/x.py", "def f(log, a):\n    log.info(f'seen {a}')\n", "logs"),
    ("api/x.py", "def f(log, a):\n    log.info('seen', email=a)\n", "logs"),
    (
        "flows/x.py",
        (
            "from polyphony.store import cases\nasync def f(s, many):\n"
            "    for one in many:\n        await cases.write(s, one)\n"
        ),
        "loops",
    ),
    ("flows/x.py", "import httpx\n", "outgoing"),
    ("api/x.py", "import socket\n", "outgoing"),
    ("channels/sms/parse.py", "from smtplib import SMTP\n", "outgoing"),
    ("api/x.py", "Q = 'SELECT a FROM person'\n", "scopes"),
    ("store/x.py", "def f(session, scope: Scope):\n    return session\n", "scopes"),
    ("domain/x.py", "\n" * 401, "shapes"),
    ("domain/x.py", "def f():\n    '''Say.'''\n" + "    g()\n" * 41, "shapes"),
    ("channels/fax/__init__.py", "", "shapes"),
    ("flows/x.py", "from datetime import datetime\nd = datetime.now()\n", "times"),
    ("app/x.py", "import time\nd = time.time()\n", "times"),
    ("domain/x.py", "class Ticket:\n    pass\n", "words"),
    ("api/x.py", "ROUTE = '/v1/users/{id}'\n", "words"),
    ("store/migrations/0001_pre_x.sql", "CREATE TABLE conversation (id uuid);\n", "words"),
]


def test_this_tree_breaks_no_rule():
    assert findings(ROOT) == []


@pytest.mark.parametrize(("place", "text", "check"), PLANTED)
def test_what_is_planted_is_found_by_its_check(tmp_path, place, text, check):
    path = tmp_path / "src" / "polyphony" / place
    path.parent.mkdir(parents=True)
    path.write_text(text)
    assert [line.partition(":")[0] for line in findings(tmp_path)].count(check) >= 1


def test_a_named_registry_is_found_in_any_file_under_version_control(tmp_path):
    (tmp_path / "src" / "polyphony").mkdir(parents=True)
    host = "registry.npmjs" + ".org"
    (tmp_path / "package-lock.json").write_text(f'{{"resolved": "https://{host}/a.tgz"}}')
    (tmp_path / "requirements.lock").write_text("--extra-index-url somewhere\na==1\n")
    for command in (["init", "-q"], ["add", "."]):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    assert len([line for line in findings(tmp_path) if line.startswith("registries")]) == 2


def test_innocent_code_is_left_alone(tmp_path):
    path = tmp_path / "src" / "polyphony" / "flows" / "x.py"
    path.parent.mkdir(parents=True)
    path.write_text(
        "def f(log, a):\n    '''Select one from many.'''\n"
        "    log.info('seen', email_pii=a, count=1)\n    return a\n"
    )
    assert findings(tmp_path) == []


def test_the_command_line_tells_by_its_exit_code(tmp_path):
    (tmp_path / "src" / "polyphony").mkdir(parents=True)
    run = [sys.executable, "-m", "tools.checks", str(tmp_path)]
    assert subprocess.run(run, cwd=ROOT, check=False).returncode == 0
    (tmp_path / "src" / "polyphony" / "x.py").write_text("import time\ntime.time()\n")
    assert subprocess.run(run, cwd=ROOT, check=False, capture_output=True).returncode == 1

"""What the targets of the Makefile do: run, test, check, bench, clean, after the set-up."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from tools import setup as set_up
from tools.stamps import BUILD, PYTHON, ROOT, say

WEB = ROOT / "web"


def call(*command: str, **variables: str) -> int:
    """Run a command in the tree with its output shown; return its exit code."""
    # Without byte code each of the hundreds of processes of the tests compiles every module anew.
    ours = {key: text for key, text in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    return subprocess.run(command, cwd=ROOT, env={**ours, **variables}, check=False).returncode


def run() -> int:
    """Start everything with the living demo."""
    os.chdir(ROOT)
    os.execv(str(PYTHON), [str(PYTHON), "-m", "polyphony", "demo"])  # noqa: S606 - we become it


def bench() -> int:
    """Measure this machine."""
    names = os.environ.get("NAME", "").split() or [""]
    codes = [call(str(PYTHON), "-m", "polyphony", "bench", *filter(None, [n])) for n in names]
    return max(codes)


def static() -> int:
    """Check form, types, contracts and our own rules; every check runs even if one fails."""
    contracts = "from importlinter.cli import lint_imports_command as run; run()"
    checks = [
        ("lint", [str(PYTHON), "-m", "ruff", "check", "."]),
        ("format", [str(PYTHON), "-m", "ruff", "format", "--check", "."]),
        ("types", [str(PYTHON), "-m", "mypy"]),
        ("contracts", [str(PYTHON), "-c", contracts]),
        ("rules", [str(PYTHON), "-m", "tools.checks"]),
    ]
    if (WEB / "node_modules").exists():
        checks.append(("screens", ["npm", "--prefix", "web", "run", "--silent", "check"]))
    with ThreadPoolExecutor(2) as two:  # types and screens take longest, and leave a core idle
        done = list(two.map(_captured, [command for _, command in checks]))
    for (name, _), one in zip(checks, done, strict=True):
        say(f"{name}: {'failed' if one.returncode else 'ok'}")
        if one.returncode:
            say((one.stdout + one.stderr)[-6000:])
    return int(any(one.returncode for one in done))


def _captured(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)


def check() -> int:
    """Run the static checks, then the tests of the domain and of the architecture."""
    code = static()
    return call(str(PYTHON), "-m", "pytest", "tests/domain", "tests/architecture") or code


def test() -> int:
    """Run the front end's unit tests, then pytest; its closing line is the last one."""
    paths = os.environ.get("T", "").split()
    code = 0
    if not paths and (WEB / "node_modules").exists():
        code = call("npm", "--prefix", "web", "run", "--silent", "test")
        say("unit tests of the front end: " + ("FAILED" if code else "ok"))
    # One more than cores: the browser's journeys mostly wait, and have a worker to themselves.
    usual = min(4, (os.cpu_count() or 1) + 1)
    workers = os.environ.get("POLYPHONY_TEST_WORKERS", str(usual))
    spread = [] if paths or workers == "1" else ["-n", workers, "--dist", "loadgroup"]
    tested = call(str(PYTHON), "-m", "pytest", *spread, *paths)
    if code:
        say("the unit tests of the front end failed, see above")
    return tested or code


def clean() -> int:
    """Remove what the set-up made; data only with DATA=1."""
    for folder in (BUILD, ROOT / ".venv", WEB / "node_modules", ROOT / "src/polyphony/static"):
        shutil.rmtree(folder, ignore_errors=True)
    if os.environ.get("DATA") == "1":
        shutil.rmtree(ROOT / "var", ignore_errors=True)
    return 0


TARGETS = {"run": run, "test": test, "check": check, "static": static, "bench": bench}


def main(target: str) -> int:
    """Set up what the target needs, then do it."""
    if target == "clean":
        return clean()
    goal = "run" if target in ("run", "bench") else "test"
    return set_up.main(goal) or TARGETS[target]()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

"""The front end's side of the set-up: node checked, locked packages, a stamped build."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from typing import TYPE_CHECKING

from tools.stamps import ROOT, digest, done, say, step

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WEB = ROOT / "web"
STATIC = ROOT / "src" / "polyphony" / "static"
_SKIPPED = {"node_modules", "dist", "test-results", "e2e"}


def _sources(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.is_dir():
            if path.name not in _SKIPPED:
                yield from _sources(path)
        elif not path.name.endswith((".test.ts", ".test.tsx")):
            yield path


def packages() -> None:
    """Install the locked packages of web/ without running their scripts."""
    if not (WEB / "package-lock.json").exists() or _built():
        return
    stamp = WEB / "node_modules" / ".polyphony"
    value = digest([WEB / "package.json", WEB / "package-lock.json"])
    if done(stamp, value):
        return
    _check_node()
    with step(stamp, value, "packages of the front end"):
        _npm("ci", "--ignore-scripts", "--no-audit", "--no-fund")


def build() -> None:
    """Build the screens and the widget into the package, unless these sources were built."""
    if not (WEB / "package-lock.json").exists() or _built():
        return
    with step(STATIC / ".stamp", _value(), "front end"):
        _npm("run", "--silent", "build")


def _value() -> str:
    return digest(_sources(WEB))


def _built() -> bool:
    needed = os.environ.get("POLYPHONY_TEST_WEB") == "1" and not (WEB / "node_modules").exists()
    return not needed and done(STATIC / ".stamp", _value())


def _check_node() -> None:
    node = shutil.which("node")
    text = ""
    if node:
        done_ = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
        text = done_.stdout.strip()
    found = tuple(int(part) for part in re.findall(r"\d+", text)[:2])
    if not ((20, 19) <= found < (21,) or found >= (22, 12)):
        raise RuntimeError(
            f"The screens are built with node 20.19 or 22.12 and newer; found: {text or 'none'}. "
            "Install node 22 (nodejs.org, your package manager, or nvm) and start again."
        )


def _npm(*arguments: str) -> None:
    """Run npm; its words are shown only when it fails: nobody reads the list of chunks."""
    done_ = subprocess.run(
        ["npm", *arguments], cwd=WEB, check=False, capture_output=True, text=True
    )
    if done_.returncode:
        say((done_.stdout + done_.stderr).strip()[-6000:])
        raise RuntimeError(f"`npm {' '.join(arguments)}` failed; its own words stand above.")

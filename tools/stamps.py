"""Remembers which step of the set-up is done for which input, so that it is skipped next time."""

from __future__ import annotations

import hashlib
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"


def say(text: str) -> None:
    """Tell the person at the terminal."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def digest(paths: Iterable[Path], *words: str) -> str:
    """Return one SHA-256 over names and contents of files, and some words."""
    total = hashlib.sha256()
    for word in words:
        total.update(word.encode() + b"\0")
    for path in sorted(paths):
        total.update(str(path.relative_to(ROOT)).encode() + b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def done(stamp: Path, value: str) -> bool:
    """Tell whether the step of this stamp was done with this input."""
    return stamp.exists() and stamp.read_text().strip() == value


@contextmanager
def step(stamp: Path, value: str, text: str) -> Iterator[None]:
    """Say what is done and how long it took; write the stamp at the very end."""
    say(f"{text} …")
    begin = time.monotonic()
    stamp.unlink(missing_ok=True)
    yield
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(value)
    say(f"{text}: {time.monotonic() - begin:.0f} s")

"""Makes this tree ready to run: virtual environment, packages, byte code, front end, programs.

Usage: python -m tools.setup run|test. Safe to interrupt and to start again: what is done has
a stamp, written last. Needs Python 3.11; this file can be read by 3.8, so that it can say so.
"""

from __future__ import annotations

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - the very reason of this check
    sys.exit(
        "Polyphony needs Python 3.11 or newer; this is %d.%d. "  # noqa: UP031 - readable by 3.5
        "Debian 12 and Ubuntu 24.04 have it as python3; on macOS: brew install python@3.12"
        % sys.version_info[:2]
    )

import fcntl
from typing import TYPE_CHECKING

from tools import front_end, machine, packages
from tools.stamps import BUILD, say

if TYPE_CHECKING:
    from collections.abc import Callable


def main(goal: str) -> int:
    """Do every step that is not done yet; return the exit code."""
    BUILD.mkdir(parents=True, exist_ok=True)
    with (BUILD / "setup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another set-up of this tree is running: waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        steps: list[Callable[[], None]] = [packages.environment, packages.runtime]
        if goal == "test":
            steps += [packages.development, machine.programs]
        steps += [packages.byte_code, packages.command]
        steps += [front_end.packages, front_end.build]
        try:
            for step in steps:
                step()
        except RuntimeError as refused:
            say(str(refused))
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "run"))

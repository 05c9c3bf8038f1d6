"""Words and answers for the person at the terminal."""

import json
import sys
from collections.abc import Sequence
from contextlib import suppress


def say(text: str) -> None:
    """Tell what is going on (standard error); nobody there to read it must not stop a shutdown."""
    with suppress(OSError):
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()


def answer(facts: object, lines: Sequence[str], *, as_json: bool) -> None:
    """Give the answer of a command (standard output): as JSON, or as lines for people."""
    text = json.dumps(facts, ensure_ascii=False) if as_json else "\n".join(lines)
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()

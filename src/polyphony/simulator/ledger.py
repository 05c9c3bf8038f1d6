"""What was acknowledged to the pretended world: one fsynced line for each promise made to us."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol


class Acknowledged(Protocol):
    """Somebody who hears that a message with this mark was acknowledged."""

    def __call__(self, mark: str, /, **facts: object) -> None:
        """Note it."""


def nobody(mark: str, /, **facts: object) -> None:
    """Note nothing: for worlds without a ledger."""


class Ledger:
    """An append-only file of marks; a mark stands only after the other side said "received".

    After a run the marks are compared with what the product holds: a mark that is missing there
    is a lost message, one that is there twice is a doubled one.
    """

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def acknowledged(self, mark: str, /, **facts: object) -> None:
        """Note that the message with this mark was acknowledged; on disk before it returns."""
        line = json.dumps({"mark": mark, **facts}, ensure_ascii=False) + "\n"
        os.write(self._file, line.encode())
        os.fdatasync(self._file)

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)


def marks(path: Path) -> Iterator[dict[str, object]]:
    """Read the lines of a ledger; a line cut by a kill in the middle was never acknowledged."""
    for line in path.read_text("utf-8").splitlines():
        try:
            yield json.loads(line)
        except ValueError:
            return

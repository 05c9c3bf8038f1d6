"""What the person at the terminal sees: only what matters; all of it goes to a file."""

import contextlib
import os
import shutil
import sys
import webbrowser
from pathlib import Path

_LIMIT = 10_000_000
_QUIET = ('"level": "info"', '"level": "debug"')


class Console:
    """Takes the lines of all children: into ``home/log/polyphony.log`` and onto standard error."""

    def __init__(self, home: Path) -> None:
        """Open the log; the one before is kept as ``.1`` once it is big."""
        self.path = home / "log" / "polyphony.log"
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with contextlib.suppress(FileNotFoundError):
            if self.path.stat().st_size > _LIMIT:
                shutil.copyfile(self.path, self.path.with_suffix(".log.1"))
                self.path.unlink()
        self._stream = self.path.open("a", encoding="utf-8")
        self._terminal = sys.stderr.isatty()

    def line(self, text: str) -> None:
        """Keep one line; a full disk must not stop the house."""
        with contextlib.suppress(OSError):
            self._stream.write(text + "\n")
            self._stream.flush()
        if not (self._terminal and any(mark in text for mark in _QUIET)):
            sys.stderr.write(text + "\n")
            sys.stderr.flush()

    def close(self) -> None:
        """Close the file."""
        self._stream.close()


def show(link: str) -> None:
    """Open the link in a browser when a person sits at a desktop here; else do nothing."""
    desktop = sys.platform == "darwin" or "DISPLAY" in os.environ or "WAYLAND_DISPLAY" in os.environ
    if desktop and sys.stderr.isatty():
        with contextlib.suppress(webbrowser.Error):
            webbrowser.open(link)

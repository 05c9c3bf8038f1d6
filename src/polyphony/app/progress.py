"""Progress of long work for the person at the terminal: one line every few seconds."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

EVERY_S = 3.0

Say = Callable[[str], None]
T = TypeVar("T")


def through(items: Iterable[T], what: str, say: Say, every_s: float = EVERY_S) -> Iterator[T]:
    """Walk through the items and tell now and then how many are done."""
    told = time.monotonic()
    for done, item in enumerate(items):
        if time.monotonic() - told >= every_s:
            told = time.monotonic()
            say(f"  {done} {what}")
        yield item


@contextmanager
def of_file(path: Path, say: Say, every_s: float = EVERY_S) -> Iterator[None]:
    """Tell now and then how large the file has grown that somebody else writes."""
    done = threading.Event()

    def watch() -> None:
        while not done.wait(every_s):
            if path.exists():
                say(f"  {path.stat().st_size / 1_000_000:.0f} MB so far")

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()

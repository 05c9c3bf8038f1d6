"""A supervisor in a process of its own: starts or adopts, restarts, tells; stdin ends it.

Run with a home as the only argument; POLYPHONY_TEST_PG_BIN chooses the programs.
"""

import os
import sys
import threading
import time
from pathlib import Path

from polyphony.app.postgres import ClusterBusy, Postgres


def tell(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def main() -> None:
    chosen = os.environ.get("POLYPHONY_TEST_PG_BIN")
    ended = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
    try:
        with Postgres(Path(sys.argv[1]), folder=Path(chosen) if chosen else None) as postgres:
            tell("adopted" if postgres.adopted else "started", postgres.pid, postgres.url("app"))
            while not ended.wait(0.02):
                if not postgres.alive():
                    time.sleep(0.05)
                    postgres.restart()
                    tell("restarted", postgres.pid, postgres.url("app"))
        tell("stopped")
    except ClusterBusy as busy:
        tell("busy", busy)
        raise SystemExit(1) from busy


if __name__ == "__main__":
    main()

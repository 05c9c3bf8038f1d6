"""Receive: something arrived: keep it; read it: know who, know which matter, put it in a queue."""

from polyphony.flows.receive.keep import Kept, keep, shelve
from polyphony.flows.receive.read import Outcome, fail, read, read_again
from polyphony.flows.receive.take import Read, Taken, claim, raws, store_files

__all__ = [
    "Kept", "Outcome", "Read", "Taken", "claim", "fail", "keep", "raws", "read", "read_again",
    "shelve", "store_files",
]  # fmt: skip

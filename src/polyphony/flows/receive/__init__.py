"""Receive: something arrived: keep it; read it: know who, know which matter, put it in a queue."""

from polyphony.flows.receive.keep import Kept, keep, shelve
from polyphony.flows.receive.take import Read, Taken, claim, raws, store_files

__all__ = ["Kept", "Read", "Taken", "claim", "keep", "raws", "shelve", "store_files"]

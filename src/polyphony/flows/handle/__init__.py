"""Handle: an agent accepts, declines, claims, transfers, parks, wakes and finishes work."""

from polyphony.flows.handle.claim import Over, assign, claim
from polyphony.flows.handle.end import dispose, extend, finish, misses
from polyphony.flows.handle.grip import Handled
from polyphony.flows.handle.move import PARK_FOR, Target, give_back, park, resume, transfer, wake
from polyphony.flows.handle.next import next_of
from polyphony.flows.handle.offer import accept, decline, rendered

__all__ = [
    "PARK_FOR", "Handled", "Over", "Target", "accept", "assign", "claim", "decline", "dispose",
    "extend", "finish", "give_back", "misses", "next_of", "park", "rendered", "resume", "transfer",
    "wake",
]  # fmt: skip

"""Handle: an agent accepts, declines, claims, transfers, parks, wakes and finishes work."""

from polyphony.flows.handle.claim import assign, claim, next_of
from polyphony.flows.handle.end import finish
from polyphony.flows.handle.grip import Handled
from polyphony.flows.handle.move import PARK_FOR, Target, give_back, park, transfer, wake
from polyphony.flows.handle.offer import accept, decline

__all__ = [
    "PARK_FOR", "Handled", "Target", "accept", "assign", "claim", "decline", "finish", "give_back",
    "next_of", "park", "transfer", "wake",
]  # fmt: skip

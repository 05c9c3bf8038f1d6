"""Identify: which records are one customer; joined, parted, kept apart, corrected by people."""

from polyphony.flows.identify.correct import correct
from polyphony.flows.identify.join import Joined, Wish, join, look_ahead, tell_apart
from polyphony.flows.identify.part import part

__all__ = ["Joined", "Wish", "correct", "join", "look_ahead", "part", "tell_apart"]

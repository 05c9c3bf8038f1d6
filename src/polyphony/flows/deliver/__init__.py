"""Deliver: what must leave leaves: claim, render and send, note how it went, reconcile doubts."""

from polyphony.flows.deliver.claim import Job, claim
from polyphony.flows.deliver.mend import expire, heal, lapse, release, repeat
from polyphony.flows.deliver.perform import Result, perform
from polyphony.flows.deliver.settle import settle

__all__ = [
    "Job", "Result", "claim", "expire", "heal", "lapse", "perform", "release", "repeat", "settle",
]  # fmt: skip

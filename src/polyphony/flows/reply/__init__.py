"""Reply: answer by the door the customer used: guard, hold for undo, queue; notes beside it."""

from polyphony.flows.carry_out import Staff
from polyphony.flows.reply.fate import cancel, give_up, release, retry
from polyphony.flows.reply.note import Note, note
from polyphony.flows.reply.send import Answer, Written, send

__all__ = [
    "Answer", "Note", "Staff", "Written", "cancel", "give_up", "note", "release", "retry", "send",
]  # fmt: skip

"""Reply: answer by the door the customer used: guard, hold for undo, queue; notes beside it."""

from polyphony.flows.carry_out import Staff
from polyphony.flows.reply.fate import cancel, give_up, mark_sent, release, retry
from polyphony.flows.reply.note import Mention, Note, note
from polyphony.flows.reply.send import Answer, Written, look_for_faster, send

__all__ = [
    "Answer", "Mention", "Note", "Staff", "Written",
    "cancel", "give_up", "look_for_faster", "mark_sent", "note", "release", "retry", "send",
]  # fmt: skip

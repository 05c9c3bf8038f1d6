"""Reply: answer by the door the customer used: guard, hold for undo, queue; notes beside it."""

from polyphony.flows.carry_out import Staff
from polyphony.flows.reply.call_off import call_off
from polyphony.flows.reply.fate import cancel, give_up, mark_sent, release, reschedule, retry
from polyphony.flows.reply.note import Mention, Note, note
from polyphony.flows.reply.say import Said, say
from polyphony.flows.reply.send import Answer, Written, look_for_faster, send
from polyphony.flows.reply.way import Chosen, by_way, way_of

__all__ = [
    "Answer", "Chosen", "Mention", "Note", "Said", "Staff", "Written", "by_way", "call_off",
    "cancel", "give_up", "look_for_faster", "mark_sent", "note", "release", "reschedule", "retry",
    "say", "send", "way_of",
]  # fmt: skip

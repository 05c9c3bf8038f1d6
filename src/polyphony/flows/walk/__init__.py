"""Walk: a Case goes through the steps of its kind: begun, finished, rejected, waived, reopened."""

from polyphony.flows.walk.begin import set_kind
from polyphony.flows.walk.move import Act, Noted, finish, note, reject, reopen, waive
from polyphony.flows.walk.wait import answered, due, waits

__all__ = [
    "Act", "Noted", "answered", "due", "finish", "note", "reject", "reopen", "set_kind", "waits",
    "waive",
]  # fmt: skip

"""Notice: something one Person should know; the kinds, what is told once, and how long it lives."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from uuid import UUID


class NoticeKind(StrEnum):
    """Why somebody is told."""

    MENTION = "mention"
    FOLLOWED_REPLY = "followed_reply"
    SLA_WARNING = "sla_warning"
    DELIVERY_FAILED = "delivery_failed"
    HELP_RAISED = "help_raised"
    WHISPER = "whisper"
    JOB_DONE = "job_done"
    SNOOZE_OVER = "snooze_over"
    ESCALATION = "escalation"
    PRESENCE_CHANGED = "presence_changed"
    RETURN_DUE = "return_due"
    RULE_FAILED = "rule_failed"
    ALERT = "alert"
    TAKEN_OVER = "taken_over"
    MONITORED = "monitored"


GATHERED = frozenset({NoticeKind.FOLLOWED_REPLY, NoticeKind.SLA_WARNING, NoticeKind.HELP_RAISED})
"""Kinds that stand once per Case while unread: the newer one takes the place of the older."""
TEXT_MAX = 200
KEPT = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class NewNotice:
    """A notice to one Person; ``case_id`` None = about no Case (a finished job).

    ``urgent`` = it goes to devices at any hour; ``run_id`` is the rung that asks for an answer.
    """

    person_id: UUID
    kind: str
    case_id: UUID | None = None
    message_id: UUID | None = None
    from_name: str = ""
    text: str = ""
    urgent: bool = False
    run_id: UUID | None = None


def shortened(text: str) -> str:
    """Return the text in one line, at most 200 characters, cut with an ellipsis."""
    line = " ".join(text.split())
    return line if len(line) <= TEXT_MAX else line[: TEXT_MAX - 1].rstrip() + "…"

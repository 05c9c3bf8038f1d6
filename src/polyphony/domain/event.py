"""Event: all that can have happened, by whom, and the shape in which it enters the log."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from uuid import UUID


class Op(IntEnum):
    """What a reader does with an event: apply the whole row, drop it, fetch it, only note it."""

    UPSERT = 0
    GONE = 1
    TOUCH = 2
    FACT = 3


@dataclass(frozen=True, slots=True)
class Actor:
    """Who caused something: kind (customer, person, bot, router, timer, provider, system), id.

    ``cid`` is the client's own id of the wish, so that its screen recognises the echo.
    """

    kind: str = "system"
    id: UUID | None = None
    cid: UUID | None = None
    name: str = ""


SYSTEM = Actor()
TIMER = Actor("timer")


@dataclass(frozen=True, slots=True)
class NewEvent:
    """One event to append; ``payload`` holds only what every holder of ``aud`` may see."""

    type: str
    op: int
    entity: str | None
    entity_id: UUID | None
    version: int | None
    aud: Sequence[str]
    aud_was: Sequence[str] | None = None
    case_id: UUID | None = None
    actor_kind: str = "system"
    actor_id: UUID | None = None
    cid: UUID | None = None
    payload: object = None
    customer_id: UUID | None = None


TYPES: dict[str, str] = {
    "case": "case.changed",
    "interaction": "interaction.changed",
    "message": "message.changed",
    "chat_message": "chat_message.changed",
    "work_item": "work_item.changed",
    "offer": "offer.changed",
    "case_step": "case_step.changed",
    "presence": "presence.changed",
    "load": "load.changed",
    "draft": "draft.changed",
    "bulk_job": "bulk_job.changed",
    "notice": "notice.changed",
    "alert": "alert.changed",
}
"""Entity → type of an event when nothing more exact is known."""

KNOWN: frozenset[str] = frozenset(
    {
        *TYPES.values(),
        *("arrival.quarantined", "arrival.read_again", "account.changed", "customer.changed"),
        *("customer.merged", "customer.split", "customer.created"),
        *("case.opened", "case.moved", "case.merged", "case.unmerged", "case.split"),
        *("interaction.began", "interaction.ended", "delivery.changed"),
        *("message.received", "message.written", "message.noted", "message.hidden", "rating.given"),
        *("process.step_entered", "process.step_left", "case.kind_set"),
        *("case.help_raised", "case.help_settled", "case.snoozed", "case.woken"),
        *("sla.warned", "sla.breached", "escalation.fired", "escalation.acknowledged"),
        *("person.grants_changed", "sign_in.revoked"),
        *("saved_view.changed", "saved_view.removed"),
        *("alert.raised", "alert.settled", "alert.gone"),
        *("work_item.added", "work_item.cancelled", "work_item.finished", "work_item.woken"),
        *("lever.asked", "lever.applied", "lever.expired", "lever.ended"),
        *("work_item.suspended", "work_item.resumed", "work_item.asked_back", "work_item.moved"),
    }
)
"""Types this floor appends; routing, presence and configuration add their own beside them."""

"""Handed on: who sent work elsewhere last, and from where, so that it can be taken back."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from polyphony.store.database import Session, row


@dataclass(frozen=True, slots=True)
class HandedOn:
    """One transfer; ``agent_id`` is who had the work in hand (None = it waited in the Queue)."""

    work_item_id: UUID
    by_id: UUID
    queue_id: UUID
    agent_id: UUID | None
    at: datetime


async def keep(session: Session, done: HandedOn) -> None:
    """Remember a transfer; only the last one of an item counts."""
    await session.execute(
        """INSERT INTO handed_on (work_item_id, by_id, queue_id, agent_id, at)
           VALUES (%s, %s, %s, %s, %s)
           ON CONFLICT (work_item_id) DO UPDATE SET by_id = excluded.by_id,
               queue_id = excluded.queue_id, agent_id = excluded.agent_id, at = excluded.at""",
        [done.work_item_id, done.by_id, done.queue_id, done.agent_id, done.at],
    )


async def last(session: Session, item: UUID) -> HandedOn | None:
    """Return the last transfer of an item; the item must be locked."""
    return await row(
        session,
        "SELECT work_item_id, by_id, queue_id, agent_id, at FROM handed_on WHERE work_item_id = %s",
        [item],
        HandedOn,
    )


async def forget(session: Session, item: UUID) -> None:
    """Forget the transfer of an item."""
    await session.execute("DELETE FROM handed_on WHERE work_item_id = %s", [item])

"""Requeue: work that went to another Queue asks what that Queue asks, not what the old one did."""

from collections.abc import Mapping
from uuid import UUID

from polyphony.domain.queue import moved
from polyphony.domain.skill import requirement
from polyphony.store import needs
from polyphony.store.database import Session


async def follow(session: Session, was: Mapping[UUID, UUID]) -> None:
    """Change what items (id → the Queue they were in) ask; they are locked, and moved already."""
    found = [
        one for one in await needs.of_items(session, sorted(was)) if one.queue_id != was[one.id]
    ]
    if not found:
        return
    queues = sorted({*(one.queue_id for one in found), *(was[one.id] for one in found)})
    asked = {
        key: [requirement(one) for one in raw]
        for key, raw in (await needs.of_queues(session, queues)).items()
    }
    changed = {
        one.id: moved(
            [requirement(need) for need in one.requirements],
            asked.get(was[one.id], ()),
            asked.get(one.queue_id, ()),
        )
        for one in found
    }
    await needs.keep(session, changed)

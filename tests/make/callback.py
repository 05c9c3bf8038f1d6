"""Somebody who left the line of a chat: he is called or written to."""

from datetime import timedelta
from uuid import UUID

from tests.make.moment import AT, new_id

from polyphony.store.database import Session


async def callback(session: Session, case: UUID, queue: UUID, way: str = "phone") -> UUID:
    """Make a request of a Case that has an Interaction."""
    made = new_id()
    await session.execute(
        "INSERT INTO callback (id, interaction_id, record_id, queue_id, way, address, asked_at,"
        " place_since, expires_at, state_since)"
        " SELECT %s, i.id, i.record_id, %s, %s, %s, %s, %s, %s, %s FROM interaction i"
        "  WHERE i.case_id = %s LIMIT 1",
        [
            *(made, queue, way, f"+420{made.int % 10**9:09}" if way == "phone" else "", AT, AT),
            *(AT + timedelta(days=2), AT, case),
        ],
    )
    return made

"""Outcomes: how work ended, and the wrap-up in which it is told."""

from datetime import datetime
from uuid import UUID

from polyphony.store.database import Session


async def extend(session: Session, item: UUID, until: datetime) -> None:
    """Make the wrap-up of an item (locked) longer."""
    await session.execute(
        "UPDATE work_item SET wrap_until = %s, wrap_extended = wrap_extended + 1,"
        " version = version + 1 WHERE id = %s AND state = 'wrap_up'",
        [until, item],
    )


async def dispose(session: Session, item: UUID, disposition: str) -> None:
    """Write how the work of an item (locked) ended; nothing is missing any more."""
    await session.execute(
        "UPDATE work_item SET disposition = %s, disposition_due = false, version = version + 1"
        " WHERE id = %s",
        [disposition, item],
    )


async def missing(session: Session, case: UUID) -> bool:
    """Tell whether work of a Case has ended whose outcome nobody has told."""
    found = await session.execute(
        "SELECT EXISTS (SELECT FROM work_item WHERE case_id = %s AND disposition_due)", [case]
    )
    one = await found.fetchone()
    return bool(one and one[0])

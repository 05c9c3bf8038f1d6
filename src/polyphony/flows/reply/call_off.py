"""Call off: the customer wrote first, so answers that waited for their moment do not leave."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from polyphony.domain.delivery import DeliveryMove, DeliveryState, move
from polyphony.domain.event import TIMER
from polyphony.domain.move import By, Moved
from polyphony.flows.announce import announce
from polyphony.flows.notify import undelivered
from polyphony.store import deliveries, doors, messages
from polyphony.store.database import Session

WHY = "customer_wrote"


async def call_off(session: Session, cases: Sequence[UUID], at: datetime) -> list[UUID]:
    """Cancel the scheduled answers of Cases (locked) in which the customer wrote; return Messages.

    Pinned ones leave all the same. Whoever wrote one gets a notice.
    """
    ids = await doors.scheduled_of(session, sorted(cases)) if cases else []
    rows = (await deliveries.locked(session, ids)).values() if ids else []
    gone = []
    for row in rows:
        moved = move(DeliveryState(row.state), DeliveryMove.CANCEL, By.SYSTEM)
        if isinstance(moved, Moved):
            row.state, row.why, row.settled_at = moved.state.value, WHY, at
            gone.append(row)
    if not gone:
        return []
    await deliveries.save(session, gone)
    shown = sorted({one.message_id for one in gone})
    await messages.shown_state(session, shown)
    await announce(session, actor=TIMER, messages=shown)
    await undelivered(session, [(one.message_id, one.to_address) for one in gone], at)
    return shown

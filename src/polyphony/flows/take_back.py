"""Take back: work somebody has just handed on returns, while nobody has taken it."""

from datetime import datetime, timedelta
from uuid import UUID

from polyphony.domain.errors import Conflict, NotFound
from polyphony.domain.event import Actor
from polyphony.domain.move import By
from polyphony.flows import handle
from polyphony.flows.handle import Handled, Target
from polyphony.store import handed_on, hands, work
from polyphony.store.database import Session

REACH = timedelta(minutes=5)
"""As long as the key for undo reaches on the screens."""
_FREE = frozenset({"waiting", "offered"})


async def take_back(session: Session, item_id: UUID, person: UUID, at: datetime) -> Handled:
    """Undo one's own transfer: the old Queue again, and whoever had the work has it again.

    Raises NotFound for an unknown item, Conflict ``work_item.moved_on`` when it is too late,
    somebody has taken the work or another has moved it since, ``agent.no_capacity`` when it does
    not fit any more.
    """
    await hands.lock_cases(session, [item_id])
    item = (await work.lock(session, [item_id])).get(item_id)
    if item is None:
        raise NotFound("work_item.unknown")
    was = await handed_on.last(session, item_id)
    mine = was is not None and was.by_id == person and at - was.at <= REACH
    if was is None or not mine or item.state not in _FREE:
        holder = await hands.holder(session, item_id)
        raise Conflict("work_item.moved_on", {"state": item.state, "by": holder})
    done = await handle.transfer(
        session, item_id, Target(was.queue_id, anyway=True), Actor("person", person), at
    )
    if was.agent_id is not None:
        by = By.AGENT if was.agent_id == person else By.SUPERVISOR
        done = await handle.claim(session, item_id, was.agent_id, at, by)
    await handed_on.forget(session, item_id)
    return done

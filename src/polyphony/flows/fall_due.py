"""Fall due: parked work wakes and wrap-up ends because their time has come."""

from datetime import datetime

from polyphony.domain.event import TIMER
from polyphony.flows import attend, handle
from polyphony.flows.conclude import conclude
from polyphony.flows.hand_back import seen, tell
from polyphony.store import hands, presence, queues, work
from polyphony.store.database import Session
from polyphony.store.hands import Pairing
from polyphony.store.work import Move


async def fall_due(session: Session, at: datetime) -> int:
    """Wake what is parked until now, end wrap-ups that are over; return how many moved."""
    return await _wake(session, at) + await _unwrap(session, at)


async def _wake(session: Session, at: datetime) -> int:
    due = await hands.woken(session, at)
    if not due:
        return 0
    await hands.lock_cases(session, due)
    found = [one for one in (await work.lock(session, due)).values() if one.state == "parked"]
    was = await seen(session, found)
    moved = await work.move(session, [Move(one.id, "parked", "waiting") for one in found], at)
    done = [one for one in found if one.id in set(moved)]
    await work.enter_queue(session, moved, at, "woken")
    await hands.pair(session, [Pairing(one.interaction_id, "waiting", None) for one in done], at)
    await tell(session, done, TIMER, "work_item.woken", was)
    return len(done)


async def _unwrap(session: Session, at: datetime) -> int:
    """Free the units; a missing disposition is flagged on the item: its Case cannot close."""
    due = await hands.wrapped(session, at)
    if not due:
        return 0
    await hands.lock_cases(session, due)
    found = [one for one in (await work.lock(session, due)).values() if one.state == "wrap_up"]
    was = await seen(session, found)
    places = await queues.of(session, [one.queue_id for one in found])
    moves = [
        Move(
            *(one.id, "wrap_up", "done", one.agent_id),
            disposition_due=handle.misses(one, places[one.queue_id]),
        )
        for one in found
    ]
    moved = set(await work.move(session, moves, at))
    done = [one for one in found if one.id in moved]
    await tell(session, done, TIMER, "work_item.finished", was)
    await conclude(session, [one.case_id for one in done], at, TIMER)
    ready = await presence.done_wrapping(session, [one.agent_id for one in done if one.agent_id])
    if ready:
        await attend.be_ready(session, ready, at)
    return len(done)

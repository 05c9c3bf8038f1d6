"""Look out: what needs those who lead is looked for again and again, and ends by itself."""

from collections.abc import Sequence
from datetime import datetime

from polyphony.domain.alert import KEPT, WAITED, WATCHED, AlertKind, NewAlert, of_blockers
from polyphony.domain.event import SYSTEM
from polyphony.domain.presence import RETURN_LATE
from polyphony.flows.alarm import alarm
from polyphony.flows.announce import announce
from polyphony.flows.route import why
from polyphony.store import alerts
from polyphony.store.database import Session

QUEUES_MOST = 20
"""So many Queues with long waits are explained in one look."""


async def look(session: Session, at: datetime) -> int:
    """Look for what needs those who lead; raise what is new, end what is over; return how many."""
    if not await alerts.try_lock(session):
        return 0
    found = await alerts.look(session, at - RETURN_LATE)
    found += await _stuck(session, at)
    names = [(one.kind.value, one.key) for one in found]
    gone = await alerts.over(session, WATCHED, names, at)
    gone += await alerts.work_over(session, at)
    gone += await alerts.lines_over(session, at)
    await announce(session, actor=SYSTEM, types={"alert": "alert.gone"}, alerts=gone)
    made = await alarm(session, found, at)
    return len(made) + len(gone)


async def _stuck(session: Session, at: datetime) -> list[NewAlert]:
    """Find Queues whose oldest work waits because nobody who could take it is there."""
    found = []
    for queue, item in await alerts.oldest(session, at - WAITED, QUEUES_MOST):  # a few at most
        told = await why(session, item, at)
        blockers = told["blockers"]
        codes = [str(one["code"]) for one in blockers] if isinstance(blockers, list) else []
        kind = of_blockers(codes)
        if kind is not None:
            found.append(NewAlert(kind, str(queue), queue_id=queue))
    return found


async def limits(session: Session, beyond: Sequence[NewAlert], at: datetime) -> None:
    """Raise what is beyond the thresholds of boards; end what is not any more."""
    names = [(one.kind.value, one.key) for one in beyond]
    gone = await alerts.over(session, [AlertKind.THRESHOLD], names, at)
    await announce(session, actor=SYSTEM, types={"alert": "alert.gone"}, alerts=gone)
    await alarm(session, beyond, at)


async def forget(session: Session, at: datetime) -> None:
    """Drop alerts that were over three months ago."""
    await alerts.prune(session, at - KEPT)

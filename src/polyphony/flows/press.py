"""Press: work whose answer is overdue weighs double, and whoever leads may take it."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from polyphony.domain.event import TIMER
from polyphony.flows.announce import announce
from polyphony.store import urge, work
from polyphony.store.database import Session

BREACHED_MILLI = 2000
"""What is over its time weighs so many thousandths."""
LEAD = {"skill": "lead", "min_level": 1}


async def press(session: Session, late: Iterable[UUID]) -> list[UUID]:
    """Let the work of Cases (locked) whose answer is overdue weigh double and be asked of leads.

    Return the work that changed; it is told.
    """
    ids = sorted(late)
    if not ids:
        return []
    await work.lock(session, [one.id for one in await urge.live(session, ids)])
    items = [one for one in await urge.live(session, ids) if one.boost_milli < BREACHED_MILLI]
    leads = await urge.has_leads(session) if items else False
    for one in items:
        one.boost_milli = BREACHED_MILLI
        if leads:
            one.requirements = [_with_lead(need) for need in one.requirements]
    pressed = await urge.save(session, items)
    await announce(session, actor=TIMER, work_items=pressed)
    return pressed


def _with_lead(need: Mapping[str, object]) -> Mapping[str, object]:
    """Whoever leads does as well as whoever knows it; what the law demands stays."""
    known = need.get("substitutes")
    others = list(known) if isinstance(known, list) else []
    if need.get("kind") == "legal" or any(one.get("skill") == "lead" for one in others):
        return need
    return {**need, "substitutes": [*others, LEAD]}

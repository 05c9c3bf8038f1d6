"""Conclude: the work on a matter is over; a Case nobody is asked about any more says so itself."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from polyphony.domain.case import CaseMove, CaseState
from polyphony.domain.event import Actor
from polyphony.domain.move import By
from polyphony.flows.carry_out import Matter, lock
from polyphony.store.cases import CaseRow
from polyphony.store.database import Session


async def conclude(session: Session, cases: Sequence[UUID], at: datetime, actor: Actor) -> None:
    """Move open Cases whose last work was finished: an answered one waits, the others are solved.

    An open Case always has work, a step to do, waits or is solved; what ended live has nothing to
    wait for.
    """
    if not cases:
        return
    matter = await lock(session, cases, at)
    for id_ in sorted(set(cases)):
        case = matter.cases[id_]
        if case.state == CaseState.OPEN.value:
            rest(matter, case)
    await matter.keep(session, actor)


def rest(matter: Matter, case: CaseRow) -> None:
    """Let an open Case wait for the customer or be solved, unless something is to be done."""
    busy = any(one.work_id is not None for one in matter.of(case.id))
    if not busy and not matter.steps_of(case.id):
        what = CaseMove.ASK if _waits(matter, case) else CaseMove.SOLVE
        matter.move(case, what, [By.AGENT, By.SYSTEM])


def _waits(matter: Matter, case: CaseRow) -> bool:
    quiet = any(one.state == "quiet" for one in matter.of(case.id))
    return quiet and case.last_staff > case.last_customer

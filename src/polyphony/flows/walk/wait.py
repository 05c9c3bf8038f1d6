"""Wait: what ends the waiting of steps: a moment has come, or the customer wrote."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from polyphony.domain import case_step
from polyphony.domain.case_step import StepState
from polyphony.domain.errors import Conflict, NotFound
from polyphony.domain.event import TIMER, Actor
from polyphony.domain.move import By
from polyphony.domain.process import StepKind
from polyphony.flows.walk.course import taken_up
from polyphony.flows.walk.move import Act, done
from polyphony.ports import Outside
from polyphony.store import steps, timers
from polyphony.store.database import Session
from polyphony.store.timers import Timer


async def due(session: Session, batch: Sequence[Timer], at: datetime, _: Outside) -> None:
    """The moment has come for steps that waited: they are over. Their timers go with them."""
    act = Act(TIMER, By.TIMER)
    for one in batch:  # one by one: each is a Case of its own under its lock
        try:
            course, row = await taken_up(session, one.entity_id, act.actor, at)
        except (NotFound, Conflict):  # gone, or its matter is over: nothing waits any more
            continue
        waits = row.state == StepState.WAITING.value and row.due_at is not None
        if waits and row.due_at is not None and row.due_at <= at:
            case_step.finish(course.run, row.key, act.doer)
            await done(session, course, row, act, "step_over")
    await timers.done(session, [one.id for one in batch])


async def waits(session: Session, case_id: UUID, said_at: datetime) -> bool:
    """Tell whether a step of a Case waited for its customer when he wrote."""
    return bool(await _patient(session, case_id, said_at))


async def _patient(session: Session, case_id: UUID, said_at: datetime) -> list[UUID]:
    return [
        one.id
        for one in await steps.of_cases(session, [case_id])
        if one.state == StepState.WAITING.value
        and one.kind == StepKind.WAIT_CUSTOMER.value
        and one.why != case_step.STUCK
        and one.state_since <= said_at
    ]


async def answered(session: Session, case_id: UUID, at: datetime, said_at: datetime) -> None:
    """The customer wrote: steps that waited for him then are over."""
    act = Act(Actor("system"), By.CUSTOMER)
    for step in await _patient(session, case_id, said_at):  # one by one: a Case has one or two
        course, row = await taken_up(session, step, act.actor, at)
        if row.state == StepState.WAITING.value:
            case_step.finish(course.run, row.key, act.doer)
            await done(session, course, row, act, "step_answered")

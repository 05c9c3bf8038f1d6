"""Run step: what the machine does in a process is done; what it cannot do, a person gets."""

from collections.abc import Sequence
from datetime import datetime

from polyphony.domain import case_step
from polyphony.domain.case_step import Doer, StepState
from polyphony.domain.errors import Conflict, NotFound, Refusal
from polyphony.domain.event import Actor
from polyphony.domain.event_rule import EventRule
from polyphony.domain.move import By
from polyphony.domain.process import MACHINE, Say, StepKind, StepPlan
from polyphony.flows import reply, walk
from polyphony.flows.obey import Doing, obey
from polyphony.flows.walk.carry import carry, titled
from polyphony.flows.walk.course import Course, taken_up
from polyphony.ports import Outside
from polyphony.store import configuration, readers, timers
from polyphony.store import kinds as store
from polyphony.store.database import Session
from polyphony.store.knowledge import SNIPPET
from polyphony.store.steps import StepRow
from polyphony.store.timers import Timer

_KINDS = frozenset(one.value for one in MACHINE)


async def due(session: Session, batch: Sequence[Timer], at: datetime, outside: Outside) -> None:
    """The moment of steps has come: patience is over, or the machine is to act.

    Their timers go in the same transaction, so nothing is sent or set twice.
    """
    kinds = await store.of_steps(session, [one.entity_id for one in batch])
    mine = [one for one in batch if kinds.get(one.entity_id) in _KINDS]
    await walk.due(session, [one for one in batch if one not in mine], at, outside)
    for one in mine:  # one by one: each is a Case of its own under its lock
        await _run(session, one, at, outside)
    await timers.done(session, [one.id for one in mine])


async def _run(session: Session, timer: Timer, at: datetime, outside: Outside) -> None:
    actor = Actor("system")
    try:
        course, row = await taken_up(session, timer.entity_id, actor, at)
    except (NotFound, Conflict):  # gone, or its matter is over
        return
    if row.state != StepState.WAITING.value or row.why == case_step.STUCK:
        return
    why = await _try(session, course, row, outside)
    course, row = await taken_up(session, timer.entity_id, actor, at)  # what it did changed it
    if why:
        case_step.hand_over(course.run, row.key, why)
        said = {"code": "step_handed", "step": titled(row), "why": why}
        course.acted.add(row.key)
        await carry(session, course, said)
        return
    case_step.finish(course.run, row.key, Doer(By.TIMER))
    course.acted.add(row.key)
    code = "step_sent" if row.kind == StepKind.SEND.value else "step_acted"
    await carry(session, course, {"code": code, "step": titled(row)})


async def _try(session: Session, course: Course, row: StepRow, outside: Outside) -> str:
    """Do what a step says, all of it or nothing; return the code of what stopped it, "" = done."""
    plan = course.run.plan.of(row.key)
    try:
        async with session.transaction():
            if plan.say is not None:
                await _say(session, course, plan, plan.say, outside)
            elif plan.do:
                rule = EventRule(row.title, (), "", plan.do)
                actor = Actor("system", name=row.title)
                await obey(Doing(session, course.case.id, rule, actor, course.matter.at))
    except Refusal as refused:
        return refused.code
    except Exception as error:
        if readers.passes(error):
            raise
        return type(error).__name__
    return ""


async def _say(
    session: Session, course: Course, plan: StepPlan, say: Say, outside: Outside
) -> None:
    texts = say.text
    if say.snippet is not None:
        found = await configuration.one(session, SNIPPET, say.snippet)
        bodies = found["bodies"] if found is not None else {}
        texts = bodies if isinstance(bodies, dict) else {}
        if not texts:
            raise NotFound("snippet")
    facts = {"code": "step", "step": dict(plan.titles) or plan.title}
    said = reply.Said(course.case.id, texts, Actor("system"), facts)
    await reply.say(session, said, course.matter.at, outside)

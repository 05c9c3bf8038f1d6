"""Course: a Case under its lock, the steps of one run of its process, and the run itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from polyphony.domain import case_step
from polyphony.domain.case import LIVE, CaseState
from polyphony.domain.case_step import Run, Step, StepState
from polyphony.domain.errors import Conflict, NotFound
from polyphony.domain.event import Actor
from polyphony.domain.process import Process
from polyphony.domain.process_text import read as read_process
from polyphony.flows.carry_out import Matter, lock
from polyphony.store import kinds, steps
from polyphony.store.cases import CaseRow
from polyphony.store.database import Session
from polyphony.store.steps import StepRow

_READ_MAX = 64
_read: dict[tuple[str, UUID], Process] = {}


@dataclass(slots=True)
class Course:
    """One run; ``acted`` are the steps somebody did something with himself."""

    matter: Matter
    case: CaseRow
    rows: dict[str, StepRow]
    run: Run
    actor: Actor
    acted: set[str] = field(default_factory=set)


async def process_of(session: Session, id_: UUID) -> Process:
    """Return a version of a process, read once in this process: published ones never change."""
    known = (str(session.info.dbname), id_)
    if known not in _read:
        raw = (await kinds.plans(session, [id_])).get(id_)
        if raw is None:
            raise NotFound("process")
        while len(_read) >= _READ_MAX:
            del _read[next(iter(_read))]
        _read[known] = read_process(raw)
    return _read[known]


async def course_of(
    session: Session, matter: Matter, rows: Sequence[StepRow], plan: Process, actor: Actor
) -> Course:
    """Take the run of these steps (one Case, one run) up."""
    case = matter.cases[rows[0].case_id]
    ask = case_step.asking(await facts(session, case.id, rows))
    run = case_step.run_of(plan, [step_of(one) for one in rows], ask)
    return Course(matter, case, {one.key: one for one in rows}, run, actor)


def step_of(row: StepRow) -> Step:
    """Return a row as the walk knows it."""
    state, approved = StepState(row.state), tuple(row.approved)
    return Step(row.key, state, row.rounds, row.why, approved, row.done_by)


async def facts(session: Session, case: UUID, rows: Sequence[StepRow]) -> Mapping[str, object]:
    """Return what the conditions of a process may name: the Case, its customer, the answers."""
    about = await steps.about(session, case)
    if about is None:
        raise NotFound("case")
    return {
        "case": {
            "kind": about.kind,
            "priority": about.priority,
            "language": about.language,
            "complaint": about.complaint,
            "channel": about.channel,
        },
        "customer": {
            "tier": about.tier,
            "language": about.customer_language,
            "known": True,
            "name": about.customer_name,
        },
        "answers": {one.key: dict(one.answers) for one in rows if one.form},
        "tags": list(about.tags),
    }


async def taken_up(
    session: Session, step: UUID, actor: Actor, at: datetime
) -> tuple[Course, StepRow]:
    """Lock the Case of a step, wherever a merge has moved it meanwhile, and take its run up.

    Raises NotFound, or Conflict ``case.kind_fixed`` when the matter is over.
    """
    for _ in range(3):
        case_id = await steps.case_of(session, step)
        if case_id is None:
            break
        matter = await lock(session, [case_id], at)
        found = await steps.of_cases(session, [case_id])
        row = next((one for one in found if one.id == step), None)
        if row is None:
            continue
        state = matter.cases[case_id].state
        if CaseState(state) not in LIVE:
            raise Conflict("case.kind_fixed", {"state": state})
        mine = [one for one in found if one.run_id == row.run_id]
        plan = await process_of(session, row.process_id)
        return await course_of(session, matter, mine, plan, actor), row
    raise NotFound("case_step")

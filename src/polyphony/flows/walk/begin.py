"""Begin: a Case becomes one of a kind, and the process of that kind begins."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from polyphony.domain import case_step, form
from polyphony.domain.case import LIVE, CaseState
from polyphony.domain.case_step import Doer
from polyphony.domain.errors import Conflict, NotFound
from polyphony.domain.event import Actor
from polyphony.domain.move import By
from polyphony.domain.process import Process
from polyphony.domain.skill import as_json
from polyphony.flows.carry_out import Matter, lock
from polyphony.flows.oblige import oblige
from polyphony.flows.rechoose import rechoose
from polyphony.flows.walk.carry import carry
from polyphony.flows.walk.course import course_of, process_of
from polyphony.store import configuration, kinds, steps
from polyphony.store.database import Session
from polyphony.store.keys import keys
from polyphony.store.steps import StepRow


async def set_kind(
    session: Session, case_id: UUID, kind: UUID | None, actor: Actor, at: datetime
) -> UUID:
    """Make a Case one of a kind and begin the process of that kind; None: of no kind any more.

    What was still to be done of another kind's process is waived. Raises NotFound for an unknown
    kind, Conflict ``case.kind_fixed`` when the matter is over.
    """
    wanted = None if kind is None else await configuration.one(session, kinds.CASE_KIND, kind)
    if kind is not None and wanted is None:
        raise NotFound("case_kind")
    matter = await lock(session, [case_id], at)
    case = matter.cases[case_id]
    if CaseState(case.state) not in LIVE:
        raise Conflict("case.kind_fixed", {"state": case.state})
    published = None if kind is None else await kinds.published(session, kind)
    await _leave(session, matter, case_id, actor)
    await _oblige(session, matter, case_id, wanted)
    await kinds.set_kind(session, case_id, kind)
    await rechoose(session, matter, [case_id])
    matter.changed.add(case_id)
    matter.types[case_id] = "case.kind_set"
    if published is None:
        await matter.keep(session, actor)
        return case_id
    plan = await process_of(session, published.id)
    rows = _rows(case_id, published.id, plan, at)
    await steps.add(session, rows)
    course = await course_of(session, matter, rows, plan, actor)
    case_step.begin(course.run)
    await carry(session, course, {"code": "process_begun"})
    return case_id


async def _oblige(
    session: Session, matter: Matter, case_id: UUID, wanted: Mapping[str, object] | None
) -> None:
    """Let the deadline of the law follow the kind: what the old one brought goes with it."""
    law = None if wanted is None else wanted.get("deadline")
    brought = await kinds.deadline_of(session, case_id)
    if law is not None or brought is not None:
        await oblige(session, matter, {case_id: None if law is None else str(law)})


async def _leave(session: Session, matter: Matter, case_id: UUID, actor: Actor) -> None:
    """Waive what is left of the processes the Case goes by now."""
    runs: dict[UUID, list[StepRow]] = {}
    for one in await steps.of_cases(session, [case_id]):
        runs.setdefault(one.run_id, []).append(one)
    for rows in runs.values():  # one by one: a Case has one, after merges a few
        plan = await process_of(session, rows[0].process_id)
        course = await course_of(session, matter, rows, plan, actor)
        if not course.run.over:
            case_step.abandon(course.run, Doer(By.SYSTEM, actor.id))
            await carry(session, course, None, last=False)


def _rows(case: UUID, process: UUID, plan: Process, at: datetime) -> list[StepRow]:
    run, *ids = keys(at, len(plan.steps) + 1)
    return [
        StepRow(
            id=id_,
            case_id=case,
            run_id=run,
            process_id=process,
            key=one.key,
            title=one.title,
            titles=dict(one.titles),
            kind=one.kind.value,
            position=number,
            state_since=at,
            group_key=one.group,
            queue_id=one.queue,
            requirements=[as_json(need) for need in one.requirements],
            target_s=one.target_s,
            approvals=one.approvals,
            checklist=_checks(one.checklist),
            form=form.as_json(one.form),
        )
        for number, (id_, one) in enumerate(zip(ids, plan.steps, strict=True))
    ]


def _checks(planned: Sequence[tuple[str, str]]) -> list[dict[str, object]]:
    return [{"key": key, "title": title, "by": None, "at": None} for key, title in planned]

"""Carry: what a walk decided is written: steps, their work and moments, the Case, the log."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from polyphony.domain import case_step
from polyphony.domain.case import WAITING, CaseMove, CaseState
from polyphony.domain.case_step import StepState
from polyphony.domain.move import By
from polyphony.domain.notice import NewNotice, NoticeKind
from polyphony.domain.process import MACHINE, WAITS, WORKED, StepKind
from polyphony.flows import notify, step_work
from polyphony.flows.announce import announce
from polyphony.flows.carry_out import AT_WORK
from polyphony.flows.conclude import rest
from polyphony.flows.promise import Target
from polyphony.flows.walk.course import Course, step_of
from polyphony.store import clocks, inbox, labour, messages, sla, steps
from polyphony.store.database import Session
from polyphony.store.keys import key
from polyphony.store.labour import Ended
from polyphony.store.messages import MessageRow
from polyphony.store.steps import OpenStep, StepRow, StepWork

Said = Mapping[str, object]
_OVER = frozenset({StepState.DONE, StepState.WAIVED, StepState.REJECTED})
_PATIENCE = {
    StepKind.WAIT_CUSTOMER.value: CaseMove.ASK,
    StepKind.WAIT_THIRD_PARTY.value: CaseMove.REFER,
}


async def carry(session: Session, course: Course, said: Said | None, *, last: bool = True) -> None:
    """Write the run of a Case with all that follows; ``said`` is the line left in the Case.

    ``last`` False: the caller keeps the matter, and says himself what becomes of the Case.
    """
    changed = _write_back(course)
    ended = await _end_work(session, course)
    made = await _begin_work(session, course)
    await _keep_moments(session, course)
    await steps.save(session, [course.rows[one] for one in changed])
    await _tell(session, course, changed, ended, made)
    _know(course, made)
    if last:
        _move_case(course)
    line = [] if said is None else await _line(session, course, said)
    course.matter.changed.add(course.case.id)
    if last:
        await course.matter.keep(session, course.actor, line)
    await _alarm(session, course)


def _write_back(course: Course) -> list[str]:
    """Copy the run into its rows; return the keys of those that changed."""
    at, changed = course.matter.at, []
    for name, step in course.run.steps.items():
        row = course.rows[name]
        if step_of(row) == step and name not in course.acted:
            continue
        changed.append(name)
        if step.rounds > row.rounds > 0:  # once more: what was ticked is to be looked at again
            row.checklist = [{**one, "by": None, "at": None} for one in row.checklist]
        if row.state != step.state.value or row.rounds != step.rounds:
            row.state_since = at
            row.done_at = at if step.state in _OVER else None
            row.due_at = None
        if row.work_agent is not None:
            row.owner_id = row.work_agent
        row.state, row.why, row.rounds = step.state.value, step.why, step.rounds
        row.approved, row.done_by = list(step.approved), step.done_by
    return changed


async def _end_work(session: Session, course: Course) -> list[Ended]:
    """End the work of steps that are over, and of approvals that need somebody else now."""
    over = [course.rows[one] for one in {*course.run.ended, *course.run.again}]
    at_work = [one.work_id for one in over if one.work_id and one.work_state in AT_WORK]
    others = [one.work_id for one in over if one.work_id and one.work_state not in AT_WORK]
    at = course.matter.at
    ended = await labour.end(session, at_work, labour.FINISH, at)
    ended += await labour.end(session, others, labour.cancel("step_over"), at)
    for one in over:
        one.work_id = one.work_state = one.work_agent = None
    return ended


async def _begin_work(session: Session, course: Course) -> list[StepWork]:
    """Let steps wait in their Queues; nobody is asked to agree twice, or to what he did himself."""
    run = course.run
    names = [one for one in (*run.entered, *run.again, *run.handed) if _worked(course, one)]
    rows = [course.rows[one] for one in dict.fromkeys(names)]
    unwanted = {
        one.id: sorted({*one.approved, *case_step.before(course.run, one.key)})
        for one in rows
        if one.kind == StepKind.APPROVAL.value
    }
    for one in rows:
        if one.owner_id in unwanted.get(one.id, ()):
            one.owner_id = None
    made = await step_work.ask_for(session, rows, course.matter.at, unwanted)
    await _clock(session, course, rows, made)
    return made


async def _clock(
    session: Session, course: Course, rows: Sequence[StepRow], made: Sequence[StepWork]
) -> None:
    """Stop the clocks of steps that are over, start those of steps that begin."""
    measured, at, case = course.matter.clocks, course.matter.at, course.case.id
    for name in course.run.ended:
        row = course.rows[name]
        measured.step_done(case, row.id, at, met=row.state == StepState.DONE.value)
    if not made:
        return
    measured.book = await sla.book(session)
    hours = await clocks.of_queues(session, sorted({one.queue_id for one in made}))
    about = await steps.about(session, case)
    by_step = {one.id: one for one in rows}
    for one in made:
        measured.step_done(case, one.step_id, at, met=False)
        target = Target(
            case, case, step_work.CHANNEL, one.tier, hours[one.queue_id],
            kind=about.kind if about else "request", tags=tuple(course.case.tags),
        )  # fmt: skip
        due = measured.step_begun(target, one.step_id, one.target_ms, at)
        by_step[one.step_id].due_at = due or one.due_at


def _worked(course: Course, name: str) -> bool:
    row = course.rows[name]
    return row.state == StepState.ACTIVE.value and StepKind(row.kind) in WORKED | MACHINE


async def _keep_moments(session: Session, course: Course) -> None:
    """Note until when steps wait; forget the moments of those that wait no longer.

    What the machine does is due at once: it is done in a transaction of its own, by a worker.
    """
    at = course.matter.at
    await steps.forget(session, [course.rows[one].id for one in course.run.ended])
    watched = []
    for name in course.run.entered:
        row = course.rows[name]
        if row.state == StepState.WAITING.value and StepKind(row.kind) in WAITS | MACHINE:
            row.due_at = at + timedelta(seconds=course.run.plan.of(name).wait_s)
            watched.append((row.id, row.due_at))
    await steps.watch(session, watched, at)


async def _tell(
    session: Session,
    course: Course,
    changed: Sequence[str],
    ended: Sequence[Ended],
    made: Sequence[StepWork],
) -> None:
    rows, run = course.rows, course.run
    types: dict[UUID | str, str] = {"work_item": "work_item.finished"}
    types |= {one.id: "work_item.added" for one in made}
    types |= {rows[one].id: "process.step_left" for one in run.ended}
    types |= {rows[one].id: "process.step_entered" for one in run.entered}
    await announce(
        session,
        actor=course.actor,
        types=types,
        was=course.matter.was,
        case_steps=[rows[one].id for one in changed],
        work_items=[*(one.id for one in ended), *(one.id for one in made)],
        offers=[one.offer_id for one in ended if one.offer_id],
        loads=sorted({one.agent_id for one in ended if one.agent_id}),
    )


def _know(course: Course, made: Sequence[StepWork]) -> None:
    """Let the matter know which steps are to do now: it decides by them what the Case may do."""
    work = {one.step_id: one.id for one in made}
    own = {one.id for one in course.rows.values()}
    course.matter.steps = [one for one in course.matter.steps if one.id not in own] + [
        _open(one, work) for one in course.rows.values() if StepState(one.state) in case_step.OPEN
    ]


def _open(row: StepRow, work: Mapping[UUID, UUID]) -> OpenStep:
    state = row.work_state if row.work_id else "waiting"
    item = row.work_id or work.get(row.id)
    return OpenStep(row.case_id, row.id, row.state, row.kind, row.title, item, state)


def _move_case(course: Course) -> None:
    """Let the Case wait with a step, go on after it, be solved by the last one."""
    matter, case = course.matter, course.case
    waits = [one for one in matter.steps_of(case.id) if one.state == "waiting"]
    patient = [one for one in waits if one.kind in _PATIENCE]
    left = any(course.rows[one].kind in _PATIENCE for one in course.run.ended)
    if patient and case.state == CaseState.OPEN.value:
        row = next((one for one in course.rows.values() if one.id == patient[0].id), None)
        if row is not None and row.due_at is not None:
            matter.move(case, _PATIENCE[row.kind], [By.SYSTEM])
            case.due_at = row.due_at
    elif left and not patient and CaseState(case.state) in WAITING:
        matter.move(case, CaseMove.RESUME, [By.TIMER])
    if matter.steps_of(case.id):
        return
    if course.run.closes and CaseState(case.state) in {*WAITING, CaseState.OPEN}:
        matter.move(case, CaseMove.SOLVE, [By.SYSTEM])
    elif case.state == CaseState.OPEN.value:
        rest(matter, case)


async def _line(session: Session, course: Course, said: Said) -> list[UUID]:
    """Leave a line in the Case that says what became of a step; it stops no answer."""
    strips = course.matter.of(course.case.id)
    if not strips:
        return []
    entered = [titled(course.rows[one]) for one in course.run.entered]
    actor = course.actor
    name = await messages.name_of(session, actor.id) if actor.id else ""
    line = MessageRow(
        id=key(course.matter.at),
        interaction_id=strips[-1].id,
        position=(await messages.positions(session, 1))[0],
        kind="system",
        author_kind=actor.kind,
        author_id=actor.id,
        author_name=name or actor.name,
        at=course.matter.at,
        facts={**said, "next": entered[:5]},
    )
    await messages.add(session, [line])
    course.case.last_item = line.position
    return [line.id]


def titled(row: StepRow) -> object:
    """Return the title of a step as lines keep it: by language, or one for all."""
    return dict(row.titles) or row.title


async def _alarm(session: Session, course: Course) -> None:
    """Tell the leads of steps a process came to too often: a person decides now."""
    if not course.run.stuck:
        return
    facts = (await inbox.facts(session, [course.case.id]))[course.case.id]
    titles = ", ".join(course.rows[one].title for one in course.run.stuck)
    told = [
        NewNotice(one, NoticeKind.RULE_FAILED, course.case.id, text=titles)
        for one in await notify.leads_of(session, facts)
    ]
    await notify.notify(session, told, course.matter.at)

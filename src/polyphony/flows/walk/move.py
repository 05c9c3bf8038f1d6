"""Move: what people do with a step: note, finish, reject, waive, reopen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from polyphony.domain import case_step, form
from polyphony.domain.case_step import Doer, StepState
from polyphony.domain.errors import Conflict, Invalid
from polyphony.domain.event import Actor
from polyphony.domain.move import By
from polyphony.domain.process import StepKind
from polyphony.flows.announce import announce
from polyphony.flows.walk.carry import carry, titled
from polyphony.flows.walk.course import Course, taken_up
from polyphony.store import steps
from polyphony.store.database import Session
from polyphony.store.steps import StepRow

REASON_MAX = 500


@dataclass(frozen=True, slots=True)
class Act:
    """Who does something with a step, as what, and his words."""

    actor: Actor
    by: By
    reason: str = ""

    @property
    def doer(self) -> Doer:
        """The same for the walk."""
        return Doer(self.by, self.actor.id)


async def finish(session: Session, step: UUID, act: Act, at: datetime) -> UUID:
    """A step is done; its checklist and what its form demands must be. Returns the Case.

    Raises Invalid ``case_step.unfinished`` naming what is missing, Conflict when it is not live.
    """
    course, row = await taken_up(session, step, act.actor, at)
    if row.state == StepState.ACTIVE.value:
        _complete(row)
    case_step.finish(course.run, row.key, act.doer)
    approval = row.kind == StepKind.APPROVAL.value
    return await done(session, course, row, act, "step_approved" if approval else "step_finished")


async def reject(session: Session, step: UUID, act: Act, at: datetime) -> UUID:
    """A step is refused, with a reason; the process goes back or ends. Returns the Case."""
    course, row = await taken_up(session, step, _reasoned(act), at)
    case_step.reject(course.run, row.key, act.doer)
    return await done(session, course, row, act, "step_rejected")


async def waive(session: Session, step: UUID, act: Act, at: datetime) -> UUID:
    """A step is let go, with a reason. Returns the Case."""
    course, row = await taken_up(session, step, _reasoned(act), at)
    case_step.waive(course.run, row.key, act.doer)
    return await done(session, course, row, act, "step_waived")


async def reopen(session: Session, step: UUID, act: Act, at: datetime) -> UUID:
    """A finished step is taken up again, with a reason; what came after it too. Returns the Case.

    Raises Conflict ``case.kind_fixed`` when the matter is over.
    """
    course, row = await taken_up(session, step, _reasoned(act), at)
    case_step.reopen(course.run, row.key, act.doer)
    row.checklist = [{**one, "by": None, "at": None} for one in row.checklist]
    return await done(session, course, row, act, "step_reopened")


def _reasoned(act: Act) -> Actor:
    if not act.reason.strip():
        raise Invalid("case_step.reason_required", {"field": "reason"})
    return act.actor


def _complete(row: StepRow) -> None:
    checks = [str(one["title"]) for one in row.checklist if not one.get("at")]
    asked = form.fields(row.form)
    empty = set(form.missing(asked, row.answers))
    fields = [one.label for one in asked if one.key in empty]
    if checks or fields:
        raise Invalid("case_step.unfinished", {"checks": checks, "fields": fields})


async def done(session: Session, course: Course, row: StepRow, act: Act, code: str) -> UUID:
    """Carry out what the walk decided after something was done with a step. Returns the Case."""
    course.acted.add(row.key)
    row.reason = act.reason.strip()[:REASON_MAX]
    said: dict[str, object] = {"code": code, "step": titled(row)}
    if row.reason:
        said["reason"] = row.reason
    await carry(session, course, said)
    return course.case.id


@dataclass(frozen=True, slots=True)
class Noted:
    """What somebody notes at a step: checks done or undone, answers given or taken back."""

    checklist: Mapping[str, bool]
    answers: Mapping[str, object]
    version: int | None = None


async def note(session: Session, step: UUID, noted: Noted, actor: Actor, at: datetime) -> UUID:
    """Tick checks and fill in the form of a step that is being done. Returns the Case.

    Raises Conflict ``case_step.not_live`` or ``case_step.version``, Invalid for unknown checks and
    wrong answers.
    """
    course, row = await taken_up(session, step, actor, at)
    if row.state not in {StepState.ACTIVE.value, StepState.WAITING.value}:
        raise Conflict("case_step.not_live", {"state": row.state})
    if noted.version is not None and noted.version != row.version:
        raise Conflict("case_step.version", {"version": row.version})
    unknown = sorted(noted.checklist.keys() - {str(one["key"]) for one in row.checklist})
    if unknown:
        raise Invalid("case_step.check_unknown", {"names": unknown[:20]})
    read = form.answers(form.fields(row.form), noted.answers)
    row.checklist = [_ticked(one, noted.checklist, actor, at) for one in row.checklist]
    kept = {**row.answers, **read}
    row.answers = {name: value for name, value in kept.items() if value is not None}
    await steps.save(session, [row])
    await announce(session, actor=actor, case_steps=[row.id])
    return course.case.id


def _ticked(
    check: dict[str, object], wanted: Mapping[str, bool], actor: Actor, at: datetime
) -> dict[str, object]:
    done = wanted.get(str(check["key"]))
    if done is None or done == bool(check.get("at")):
        return check
    by = str(actor.id) if actor.id else None
    return {**check, "by": by if done else None, "at": at.isoformat() if done else None}

"""Oblige: the law wants an answer to a matter until a day: the clock starts, or is moved."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from polyphony.domain.deadline import Template, known, legal_due
from polyphony.domain.errors import Conflict, Invalid
from polyphony.domain.service_hours import to_ms
from polyphony.flows.carry_out import Matter, Staff, lock
from polyphony.flows.promise import Span
from polyphony.flows.settle import system_line
from polyphony.store import clocks, sla
from polyphony.store.database import Session

WARN_PCT = 75


async def oblige(session: Session, matter: Matter, wanted: Mapping[UUID, str | None]) -> None:
    """Give Cases (locked) the deadline of a template, counted from the day they came; None = none.

    The caller keeps the matter. Raises NotFound ``deadline.unknown``.
    """
    if not wanted:
        return
    stored = await sla.templates(session)
    own = {key: template for key, (template, _) in stored.items()}
    hours = await clocks.of_departments(
        session, sorted({matter.cases[one].department_id for one in wanted})
    )
    for case, key in sorted(wanted.items()):  # few: a person gives one Case its kind
        if key is None:
            matter.clocks.relieved(case, matter.at)
            await sla.set_legal(session, case, None, None, extended=False)
        else:
            template = known(key, own)
            ladder = stored[key][1] if key in stored else None
            await _start(session, matter, case, template, (hours, ladder), extended=False)
        matter.changed.add(case)


async def _start(
    session: Session,
    matter: Matter,
    case: UUID,
    template: Template,
    by: tuple[Mapping[UUID, UUID], UUID | None],
    *,
    extended: bool,
) -> None:
    hours, ladder = by
    row = matter.cases[case]
    due = legal_due(template, row.opened_at, extended=extended)
    found = await sla.ladders(session, [ladder] if ladder else [])
    since = to_ms(row.opened_at)
    span = Span(since, to_ms(due) - since, WARN_PCT, found.get(ladder) if ladder else None)
    matter.clocks.obliged(case, hours[row.department_id], span, matter.at)
    await sla.set_legal(session, case, template.key, due, extended=extended)


async def extend(
    session: Session, case_id: UUID, reason: str, staff: Staff, at: datetime
) -> datetime:
    """Take the longer time a law allows when the customer is told why; return the new end.

    Raises Conflict when there is no deadline, it is extended already or the law allows no more.
    """
    line = " ".join(reason.split())
    if not line or len(line) > 200:
        raise Invalid("deadline.reason", {"field": "reason", "max": 200})
    matter = await lock(session, [case_id], at)
    said = await sla.said(session, case_id)
    if said is None or said.template is None:
        raise Conflict("deadline.none")
    if said.extended:
        raise Conflict("deadline.extended")
    stored = await sla.templates(session)
    template = known(said.template, {key: one for key, (one, _) in stored.items()})
    if template.extended is None:
        raise Conflict("deadline.not_extendable")
    case = matter.cases[case_id]
    hours = await clocks.of_departments(session, [case.department_id])
    ladder = stored[said.template][1] if said.template in stored else None
    await _start(session, matter, case_id, template, (hours, ladder), extended=True)
    due = legal_due(template, case.opened_at, extended=True)
    facts: dict[str, object] = {
        "code": "deadline_extended",
        "due_at": due.isoformat(),
        "text": line,
    }
    told = await system_line(session, matter, case, facts, staff)
    matter.changed.add(case_id)
    await matter.keep(session, staff.actor, told)
    return due

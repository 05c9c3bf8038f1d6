"""Oblige: the law wants an answer to a matter until a day: the clock starts, or is moved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from polyphony.domain.deadline import Template, known, legal_due
from polyphony.domain.errors import Conflict, Invalid
from polyphony.domain.escalation import Ladder
from polyphony.domain.service_hours import to_ms
from polyphony.flows.carry_out import Matter, Staff, lock
from polyphony.flows.promise import Span
from polyphony.flows.settle import system_line
from polyphony.store import clocks, sla
from polyphony.store.database import Session
from polyphony.store.sla import Legal

WARN_PCT = 75


async def oblige(session: Session, matter: Matter, wanted: Mapping[UUID, str | None]) -> None:
    """Give Cases (locked) the deadline of a template, counted from the day they came; None = none.

    The caller keeps the matter. Raises NotFound ``deadline.unknown``.
    """
    if not wanted:
        return
    law = await _read(session, matter, sorted(wanted))
    told = []
    for case, key in sorted(wanted.items()):
        matter.changed.add(case)
        if key is None:
            matter.clocks.relieved(case, matter.at)
            told.append(Legal(case, None, None))
        else:
            told.append(_start(matter, case, law, key))
    await sla.set_legal(session, told)


@dataclass(frozen=True, slots=True)
class _Law:
    """The templates there are, their ladders, and the calendar of each Department."""

    templates: Mapping[str, Template]
    ladders: Mapping[str, Ladder]
    calendars: Mapping[UUID, UUID]


async def _read(session: Session, matter: Matter, cases: Sequence[UUID]) -> _Law:
    stored = await sla.templates(session)
    named = {key: ladder for key, (_, ladder) in stored.items() if ladder is not None}
    ladders = await sla.ladders(session, list(named.values()))
    departments = sorted({matter.cases[one].department_id for one in cases})
    return _Law(
        {key: template for key, (template, _) in stored.items()},
        {key: ladders[ladder] for key, ladder in named.items() if ladder in ladders},
        await clocks.of_departments(session, departments),
    )


def _start(matter: Matter, case: UUID, law: _Law, key: str, *, extended: bool = False) -> Legal:
    row = matter.cases[case]
    due = legal_due(known(key, law.templates), row.opened_at, extended=extended)
    since = to_ms(row.opened_at)
    span = Span(since, to_ms(due) - since, WARN_PCT, law.ladders.get(key))
    matter.clocks.obliged(case, law.calendars[row.department_id], span, matter.at)
    return Legal(case, key, due, extended)


async def set_by_hand(
    session: Session, case_id: UUID, key: str | None, staff: Staff, at: datetime
) -> None:
    """Let a person say by which template the law wants an answer to a Case; None = by none.

    Raises NotFound for a template nobody knows, Conflict when the Case is over.
    """
    matter = await lock(session, [case_id], at)
    case = matter.cases[case_id]
    if case.state in {"closed", "merged", "discarded"}:
        raise Conflict("sla.case_over", {"state": case.state})
    await oblige(session, matter, {case_id: key})
    facts: dict[str, object] = {"code": "deadline_set" if key else "deadline_dropped", "law": key}
    told = await system_line(session, matter, case, facts, staff)
    await matter.keep(session, staff.actor, told)


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
    law = await _read(session, matter, [case_id])
    if known(said.template, law.templates).extended is None:
        raise Conflict("deadline.not_extendable")
    case = matter.cases[case_id]
    legal = _start(matter, case_id, law, said.template, extended=True)
    due = legal.due_at or at
    await sla.set_legal(session, [legal])
    facts: dict[str, object] = {
        "code": "deadline_extended",
        "due_at": due.isoformat(),
        "text": line,
    }
    told = await system_line(session, matter, case, facts, staff)
    matter.changed.add(case_id)
    await matter.keep(session, staff.actor, told)
    return due

"""Help out: an agent asks for help with a Case, the supervisors of its department are told."""

from datetime import datetime
from uuid import UUID

from polyphony.domain.errors import Conflict, Invalid
from polyphony.domain.notice import NewNotice, NoticeKind
from polyphony.flows.carry_out import Staff, lock
from polyphony.flows.notify import leads_of, notify
from polyphony.flows.settle import system_line
from polyphony.store import inbox, snoozes
from polyphony.store.database import Session

TEXT_MAX = 200


async def ask(session: Session, case_id: UUID, text: str, staff: Staff, at: datetime) -> None:
    """Raise the flag of a Case with one line; asking again replaces the line.

    Raises Invalid without a line or with too long a one, Conflict when the matter is over.
    """
    line = " ".join(text.split())
    if not line or len(line) > TEXT_MAX:
        raise Invalid("help.text", {"field": "text", "max": TEXT_MAX})
    matter = await lock(session, [case_id], at)
    case = matter.cases[case_id]
    if case.state in {"closed", "merged", "discarded"}:
        raise Conflict("help.case_over", {"state": case.state})
    flag = {"by": str(staff.id), "name": staff.name, "text": line, "at": at.isoformat()}
    await snoozes.raise_flag(session, case_id, flag)
    matter.changed.add(case_id)
    matter.types[case_id] = "case.help_raised"
    said = await system_line(session, matter, case, {"code": "help_raised", "text": line}, staff)
    await matter.keep(session, staff.actor, said)
    facts = (await inbox.facts(session, [case_id]))[case_id]
    leads = [one for one in await leads_of(session, facts) if one != staff.id]
    told = [
        NewNotice(one, NoticeKind.HELP_RAISED, case_id, None, staff.name, line) for one in leads
    ]
    await notify(session, told, at, staff.actor)


async def settle(session: Session, case_id: UUID, staff: Staff, at: datetime) -> None:
    """Lower the flag; raise Conflict when none is raised."""
    matter = await lock(session, [case_id], at)
    if await snoozes.flag(session, case_id) is None:
        raise Conflict("help.none")
    await snoozes.raise_flag(session, case_id, None)
    matter.changed.add(case_id)
    matter.types[case_id] = "case.help_settled"
    case = matter.cases[case_id]
    said = await system_line(session, matter, case, {"code": "help_settled"}, staff)
    await matter.keep(session, staff.actor, said)

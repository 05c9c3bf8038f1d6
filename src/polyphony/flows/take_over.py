"""Take over: a supervisor takes a Case from whoever has it, or reads along while he works."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from polyphony.domain import listening
from polyphony.domain.errors import Conflict, Invalid
from polyphony.domain.notice import NewNotice, NoticeKind
from polyphony.flows import handle
from polyphony.flows.carry_out import Staff, lock
from polyphony.flows.handle import Handled, Over
from polyphony.flows.notify import notify
from polyphony.flows.settle import system_line
from polyphony.store import cases, hands, labour, tuning, work
from polyphony.store.database import Session
from polyphony.store.work import WorkRow

REASON_MAX = 200
_HAD = frozenset({"in_work", "suspended"})
_TAKEN = _HAD | {"waiting", "offered", "parked"}


@dataclass(frozen=True, slots=True)
class TakenOver:
    """What went over, and who had it before."""

    handled: tuple[Handled, ...]
    former: tuple[UUID, ...]


async def take_over(
    session: Session, case_id: UUID, reason: str, staff: Staff, over: Over, at: datetime
) -> TakenOver:
    """Let a supervisor have all work of a Case; who had it is told, and keeps his draft.

    Offers of it are withdrawn. Raises Invalid without a reason, Conflict when there is no work to
    take, or all of it is his already; else as ``handle.assign``.
    """
    why = " ".join(reason.split())
    if not why or len(why) > REASON_MAX:
        raise Invalid("take_over.reason", {"field": "reason", "max": REASON_MAX})
    items = await _locked(session, case_id, staff.id)
    former = sorted({one.agent_id for one in items if one.agent_id and one.state in _HAD})
    handled = [
        await handle.assign(session, one.id, staff.id, staff.actor, at, over) for one in items
    ]
    await _tell(session, case_id, (former, NoticeKind.TAKEN_OVER, why), staff, at)
    matter = await lock(session, [case_id], at)
    facts: dict[str, object] = {"code": "taken_over", "text": why}
    said = await system_line(session, matter, matter.cases[case_id], facts, staff)
    await matter.keep(session, staff.actor, said)
    return TakenOver(tuple(handled), tuple(former))


async def _locked(session: Session, case_id: UUID, me: UUID) -> list[WorkRow]:
    """Lock the Case, all agents, all items, in the order of everybody; return what is not his."""
    await cases.locked(session, [case_id])
    known = [one[0] for one in await labour.live_of_case(session, case_id)]
    found = await work.lock(session, known, [me])
    items = [found[one] for one in sorted(found) if _takes(found[one])]
    wanted = [one for one in items if one.agent_id != me or one.state == "offered"]
    if not wanted:
        raise Conflict("take_over.yours" if items else "take_over.nothing")
    return wanted


def _takes(item: WorkRow) -> bool:
    """Tell whether an item goes over with its Case: what is talked about, but no step of it."""
    return item.step_id is None and item.state in _TAKEN


async def monitor(session: Session, case_id: UUID, staff: Staff, at: datetime) -> list[UUID]:
    """Read along: whoever works on the Case is told, if the house says so; return whom.

    What is read is said in the audit log by whoever calls.
    """
    held = await hands.holders_of(session, case_id)
    agents = sorted(held - {staff.id})
    if not agents or not await _tells(session):
        return []
    await _tell(session, case_id, (agents, NoticeKind.MONITORED, ""), staff, at)
    return agents


async def _tells(session: Session) -> bool:
    """Tell whether the house says so to whoever is read along with."""
    return listening.tells((await tuning.kept(session, tuning.LISTENING)).value)


async def _tell(
    session: Session,
    case_id: UUID,
    what: tuple[list[UUID], NoticeKind, str],
    staff: Staff,
    at: datetime,
) -> None:
    agents, kind, text = what
    told = [
        NewNotice(one, kind, case_id, None, staff.name, text) for one in agents if one != staff.id
    ]
    await notify(session, told, at, staff.actor)

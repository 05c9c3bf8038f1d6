"""Set promise: a person decides which policy holds for a Case, and says why."""

from datetime import datetime
from uuid import UUID

from polyphony.domain.errors import Conflict, Invalid, NotFound
from polyphony.flows.carry_out import Staff, lock
from polyphony.flows.rechoose import rechoose
from polyphony.flows.settle import system_line
from polyphony.store import sla as promises
from polyphony.store.database import Session

REASON_MAX = 200


async def set_by_hand(
    session: Session, case_id: UUID, policy: UUID | None, reason: str, staff: Staff, at: datetime
) -> None:
    """Let a person decide which policy holds for a Case; None takes the decision back.

    Raises Invalid without a reason or for a policy that is not in force, Conflict when it is over.
    """
    line = " ".join(reason.split())
    if not line or len(line) > REASON_MAX:
        raise Invalid("sla.reason", {"field": "reason", "max": REASON_MAX})
    matter = await lock(session, [case_id], at)
    case = matter.cases.get(case_id)
    if case is None:
        raise NotFound("case")
    if case.state in {"closed", "merged", "discarded"}:
        raise Conflict("sla.case_over", {"state": case.state})
    known = (await promises.book(session)).policies.get(policy)
    if policy is not None and known is None:
        raise Invalid("sla_policy.unknown", {"field": "policy_id"})
    await promises.set_by_hand(session, case_id, policy, line, staff.id)
    await rechoose(session, matter, [case_id])
    facts: dict[str, object] = {
        "code": "sla_set",
        "policy": known.name if known else None,
        "text": line,
    }
    said = await system_line(session, matter, case, facts, staff)
    matter.changed.add(case_id)
    await matter.keep(session, staff.actor, said)

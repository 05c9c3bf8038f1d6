"""Call out: whoever is on call is found, else those who lead; other systems are told of a rung."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from polyphony.domain import hook, roster
from polyphony.domain.permission import CaseFacts, sees
from polyphony.store import people, rosters
from polyphony.store.database import Session
from polyphony.store.hooks import NewCall
from polyphony.store.keys import key
from polyphony.store.sla import Run


@dataclass(frozen=True, slots=True)
class OnCall:
    """Who is on call; None and why when nobody is, or he may not see the matter."""

    person: UUID | None
    why: str = ""


async def on_call(
    session: Session, facts: CaseFacts, department: UUID | None, at: datetime
) -> OnCall:
    """Return who of a Department (that of the Case) is on call for it."""
    place = department or facts.department
    found = (await rosters.of(session, [place])).get(place)
    person = None if found is None else roster.on_call(found, at)
    if person is None:
        return OnCall(None, "nobody_on_call")
    scope = (await people.scopes(session, [person])).get(person)
    if scope is None or not sees(scope, facts):
        return OnCall(None, "on_call_sees_nothing")
    return OnCall(person)


def told(run: Run, hook_id: UUID, case: Mapping[str, object], at: datetime) -> NewCall:
    """Return the call that tells of a rung: ids and codes, nothing about the customer."""
    data = {
        "entity": "case",
        "id": str(run.case_id),
        **case,
        "run_id": str(run.id),
        "clock_id": str(run.clock_id),
        "clock": run.outcome.get("clock"),
        "ladder": run.outcome.get("ladder"),
        "step": run.step,
        "round": run.round,
        "answerable": run.answerable,
    }
    return NewCall(
        key(at), hook_id, run.case_id, "escalation.fired", hook.body("escalation.fired", at, data)
    )

"""Correct: a person of ours, or a rule, says how it is; that is shown from now on."""

from datetime import datetime
from uuid import UUID

from polyphony.domain.errors import NotFound
from polyphony.domain.event import Actor
from polyphony.flows.identify.hold import desk, hold
from polyphony.flows.identify.retell import retell
from polyphony.store.database import Session


async def correct(
    session: Session,
    customer: UUID,
    change: dict[str, object],
    actor: Actor,
    at: datetime,
    version: int | None = None,
) -> int | None:
    """Write a correction as a Record of the desk; return the new version of the customer.

    ``change`` holds name, tier, language, attrs (only those that change; None takes one away).
    None when the customer has moved on from ``version``. Raises NotFound for an unknown customer,
    Conflict when he was merged in this moment.
    """
    held = await hold(session, [customer], at)
    if version is not None and held.heads[customer].version != version:
        return None
    if customer not in held.founders:
        raise NotFound("customer")
    if not change:
        return held.heads[customer].version
    desk(held, customer, change, at, actor)
    done = await retell(session, held, actor, None)
    return done.customers.get(customer, held.heads[customer].version)

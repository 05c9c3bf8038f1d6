"""Next: an agent asks a Queue for work, and gets what the score says, accepted at once."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from polyphony.domain.errors import Conflict
from polyphony.domain.routing import pull
from polyphony.domain.service_hours import to_ms
from polyphony.flows.handle.claim import take
from polyphony.flows.handle.grip import Handled
from polyphony.store import agents, hands, queues, work
from polyphony.store.database import Session

CAP_MOST = 300
TRIES = 3
"""Colleagues may ask in the same moment: who was slower gets the next best."""


async def next_of(session: Session, queue: UUID, agent: UUID, at: datetime) -> Handled | None:
    """Take the best item of a Queue for an agent; None when nothing there is for him.

    Raises Conflict ``agent.no_capacity`` when something is but does not fit beside what he has.
    """
    passed: list[UUID] = []
    for _ in range(TRIES):  # one by one: each look follows a colleague who was faster
        found = await _best(session, queue, agent, at, passed)
        if found is None:
            return None
        try:
            return await take(session, found, agent, at)
        except Conflict as lost:
            if lost.code != "offer.settled":
                raise
            passed.append(found)
    return None


async def _best(
    session: Session, queue: UUID, agent: UUID, at: datetime, passed: list[UUID]
) -> UUID | None:
    heads = [one for one in await hands.heads(session, queue, agent) if one not in passed]
    if not heads:
        return None
    known = await agents.facts(session, [agent])
    policy = await queues.policy(session, 1, (), [queue])
    waiting = await work.facts(session, heads)
    held = await work.facts(session, await hands.in_hands(session, agent))
    found = pull.best(policy, queue, [*waiting, *held], known[0], to_ms(at))
    whole = replace(known[0], cap_max=CAP_MOST)
    if found is None and pull.best(policy, queue, waiting, whole, to_ms(at)) is not None:
        raise Conflict("agent.no_capacity")
    return found

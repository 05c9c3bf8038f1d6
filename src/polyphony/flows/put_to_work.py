"""Put to work: an open Case nobody is asked about gets its work back, so that none is forgotten."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from polyphony.domain.capacity import cost_of
from polyphony.domain.sla import first_response_ms
from polyphony.store import again, hands, labour, work
from polyphony.store.again import LastWork
from polyphony.store.database import Session
from polyphony.store.hands import Pairing
from polyphony.store.keys import keys
from polyphony.store.labour import NewWork
from polyphony.store.work import Move


async def put_to_work(
    session: Session, cases: Sequence[UUID], at: datetime, holders: Mapping[UUID, UUID], why: str
) -> list[NewWork]:
    """Give open Cases (locked) without any work a WorkItem again; return what was added.

    It waits in the Queue it was in. ``holders`` are Agents by the Interaction they go on with: who
    has room has it at once, taken by hand, and it never waits.
    """
    last = await again.last_of(session, cases, sorted(holders))
    if not last:
        return []
    new = _made(last, at, why)
    await labour.add(session, new)
    pairs = []
    for item in new:  # one by one: a person moves one Case, and few fall due at once
        agent = holders.get(item.interaction_id)
        if agent is not None and await _take(session, item, agent, at):
            pairs.append(Pairing(item.interaction_id, "with_agent", agent))
        else:
            pairs.append(Pairing(item.interaction_id, "waiting", None))
    await hands.pair(session, pairs, at)
    return new


async def begin_anew(session: Session, cases: Sequence[UUID], at: datetime) -> dict[UUID, UUID]:
    """Give open Cases all of whose Interactions have ended a new one to hang work on.

    It goes on where the newest one ended: same address, same thread, no longer live. Returns the
    new Interactions, each with the ended one.
    """
    return await again.begin_anew(session, sorted(cases), at) if cases else {}


def _made(last: Mapping[UUID, LastWork], at: datetime, why: str) -> list[NewWork]:
    return [
        NewWork(
            id=id_,
            case_id=one.case_id,
            interaction_id=one.interaction_id,
            queue_id=one.queue_id,
            channel_kind=one.channel_kind,
            units=cost_of(one.channel_kind).units if one.units is None else one.units,
            exclusive=bool(one.exclusive),
            target_ms=one.target_ms or first_response_ms(one.channel_kind, one.tier),
            due_at=None,
            tier=one.tier,
            urgency=one.urgency,
            requirements=one.requirements,
            waiting_since=at,
            sticky=one.sticky,
            why_queue={"code": why},
        )
        for id_, one in zip(keys(at, len(last)), last.values(), strict=True)
    ]


async def _take(session: Session, item: NewWork, agent: UUID, at: datetime) -> bool:
    """Let somebody have it at once if he is an Agent with room; his load is locked."""
    await work.lock(session, [item.id], [agent])
    if not await hands.has_room(session, agent, item.units, exclusive=item.exclusive):
        return False
    move = Move(item.id, "waiting", "in_work", agent, routed=False)
    done = await work.move(session, [move], at)
    await work.leave_queue(session, done, "taken", at)
    return bool(done)

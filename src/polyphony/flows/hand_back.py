"""Hand back: work somebody had goes back to its Queue with its old place in the line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from polyphony.domain.event import Actor
from polyphony.flows import requeue
from polyphony.flows.announce import announce
from polyphony.store import hands, projections, work
from polyphony.store.database import Session
from polyphony.store.hands import Pairing
from polyphony.store.offers import Settled
from polyphony.store.work import Move, WorkRow

_BACK = frozenset({"in_work", "suspended"})
TRANSFER = "transfer"
"""How work goes back when a person sends it elsewhere."""

Was = Mapping[UUID, Sequence[str]]
"""Who was told of something before it moved, by id (``announce``)."""


@dataclass(frozen=True, slots=True)
class Return:
    """Why work goes back, to which Queue (None = its own), and who is preferred now.

    ``require``: nobody else gets it. Work a person sent elsewhere stays there (no overflow).
    """

    how: str
    queue: UUID | None = None
    sticky: UUID | None = None
    require: bool = False


async def hand_back(
    session: Session, items: Sequence[UUID], to: Return, at: datetime, actor: Actor
) -> list[WorkRow]:
    """Return items from work to their Queue (or another); their Cases must be locked.

    The original waiting start is kept: nobody goes to the back of the line for what we did.
    """
    if not items:
        return []
    found = await work.lock(session, items)
    mine = [one for one in found.values() if one.state in _BACK]
    was = await seen(session, mine)
    moves = [
        Move(
            *(one.id, one.state, "waiting"),
            queue=to.queue,
            sticky=to.sticky,
            direct=to.sticky if to.how == TRANSFER else None,
            require=to.require,
            may_overflow=to.how != TRANSFER,
        )
        for one in mine
    ]
    moved = set(await work.move(session, moves, at))
    if to.queue is not None:
        await requeue.follow(session, {one.id: one.queue_id for one in mine if one.id in moved})
    done = [one for one in mine if one.id in moved]
    await work.enter_queue(session, sorted(moved), at, f"returned:{to.how}")
    await hands.pair(session, [Pairing(one.interaction_id, "waiting", None) for one in done], at)
    await tell(session, done, actor, "work_item.returned", was)
    return done


async def seen(session: Session, items: Sequence[WorkRow]) -> Was:
    """Return who is told of items and of all around them now: ask before they move."""
    cases = sorted({one.case_id for one in items})
    found = await projections.audiences(session, [*(one.id for one in items), *cases])
    around = {strip: found[one.case_id] for one in items for strip in one.interactions}
    return found | around


async def tell(
    session: Session, done: Sequence[WorkRow], actor: Actor, type_: str, was: Was
) -> None:
    """Tell everybody that items moved, with the Interactions, Cases and loads around them.

    ``was`` is what ``seen`` said before: whoever had the work, or served its Queue, loses it.
    """
    agents = {one.agent_id for one in done if one.agent_id is not None}
    await hands.pass_on(session, [one.case_id for one in done])
    await announce(
        session,
        actor=actor,
        types={"work_item": type_},
        was=was,
        work_items=[one.id for one in done],
        interactions=[strip for one in done for strip in one.interactions],
        cases=sorted({one.case_id for one in done}),
        loads=sorted(agents),
    )


async def lost(session: Session, settled: Sequence[Settled]) -> tuple[Was, list[UUID]]:
    """Return who lost sight by Offers that are over, and the Cases only they let somebody see."""
    pairs = [(one.item, one.agent) for one in settled]
    cases = await hands.only_offered(session, pairs)
    was: dict[UUID, list[str]] = {}
    for what, agent in (*pairs, *cases):
        was.setdefault(what, []).append(f"person:{agent}")
    return was, sorted({case for case, _ in cases})

"""End: work is done, or goes through wrap-up first."""

from datetime import datetime
from uuid import UUID

from polyphony.domain.channel import ChannelKind
from polyphony.domain.errors import Invalid
from polyphony.domain.event import Actor
from polyphony.domain.move import By
from polyphony.domain.work import WorkMove
from polyphony.flows import tell_visitor
from polyphony.flows.announce import announce
from polyphony.flows.conclude import conclude
from polyphony.flows.hand_back import seen, tell
from polyphony.flows.handle.grip import Handled, check, locked
from polyphony.store import hands, queues, work
from polyphony.store.database import Session
from polyphony.store.hands import Pairing
from polyphony.store.work import Move


async def finish(
    session: Session, item_id: UUID, actor: Actor, at: datetime, disposition: str | None = None
) -> Handled:
    """End work: asynchronous Interactions fall quiet, live ones end; wrap-up comes first if any.

    A Case without other work waits for the customer then, or is solved.

    Raises Invalid ``disposition.required`` when the Queue demands one.
    """
    item = await locked(session, item_id)
    queue = (await queues.of(session, [item.queue_id]))[item.queue_id]
    if queue.disposition_required and not disposition:
        raise Invalid("disposition.required")
    wraps = item.state == "in_work" and queue.wrap_up_s > 0 and not disposition
    check(item, WorkMove.WRAP if wraps else WorkMove.FINISH, By.AGENT)
    was = await seen(session, [item])
    to = "wrap_up" if wraps else "done"
    move = Move(item.id, item.state, to, item.agent_id, disposition=disposition)
    await work.move(session, [move], at)
    if item.state == "in_work":
        live = item.mode == "live" or wraps
        state, by = ("ended", "agent") if live else ("quiet", None)
        await hands.pair(session, [Pairing(item.interaction_id, state, None, by)], at)
        if state == "ended" and item.channel_kind == ChannelKind.CHAT.value:
            said = await tell_visitor.ended(session, item.interactions, at)
            await announce(session, actor=actor, messages=said)
    what = "work_item.finished" if to == "done" else "work_item.wrapped"
    await tell(session, [item], actor, what, was)
    if not wraps:
        await conclude(session, [item.case_id], at, actor)
    return Handled(item.id, item.interaction_id, item.case_id)

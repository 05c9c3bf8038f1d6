"""End: work is done, or goes through wrap-up first, which may be made longer."""

from datetime import datetime, timedelta
from uuid import UUID

from polyphony.domain.channel import ChannelKind
from polyphony.domain.errors import Conflict, Invalid
from polyphony.domain.event import Actor
from polyphony.domain.move import By
from polyphony.domain.work import WorkMove
from polyphony.domain.wrap_up import extended, length_s
from polyphony.flows import attend, tell_visitor, walk
from polyphony.flows.announce import announce
from polyphony.flows.conclude import conclude
from polyphony.flows.hand_back import seen, tell
from polyphony.flows.handle.grip import Handled, check, locked
from polyphony.store import callbacks, hands, outcomes, presence, queues, work
from polyphony.store.database import Session
from polyphony.store.hands import Pairing
from polyphony.store.queues import QueueRow
from polyphony.store.work import Move, WorkRow


async def finish(
    session: Session, item_id: UUID, actor: Actor, at: datetime, disposition: str | None = None
) -> Handled:
    """End work: asynchronous Interactions fall quiet, live ones end; wrap-up comes first if any.

    A Case without other work waits for the customer then, or is solved. Work of a step ends with
    the step (``walk.finish`` says what it needs).

    Raises Invalid ``disposition.required`` when the Queue demands one and no wrap-up begins.
    """
    item = await locked(session, item_id)
    if item.step_id is not None:
        doer = By.AGENT if item.agent_id == actor.id else By.COLLEAGUE
        case = await walk.finish(session, item.step_id, walk.Act(actor, doer), at)
        return Handled(item.id, None, case)
    queue = (await queues.of(session, [item.queue_id]))[item.queue_id]
    seconds = length_s(item.channel_kind, queue.wrap_up_s)
    wraps = item.state == "in_work" and seconds > 0 and not disposition
    if not wraps and queue.disposition_required and not (disposition or item.disposition):
        raise Invalid("disposition.required")
    check(item, WorkMove.WRAP if wraps else WorkMove.FINISH, By.AGENT)
    if item.callback_id is not None:
        await callbacks.over(session, [item.callback_id], "done", at)
    was = await seen(session, [item])
    until = at + timedelta(seconds=seconds) if wraps else None
    to = "wrap_up" if wraps else "done"
    move = Move(
        *(item.id, item.state, to, item.agent_id), disposition=disposition, wrap_until=until
    )
    await work.move(session, [move], at)
    if item.state == "in_work":
        await _let_go(session, item, actor, at, live=item.mode == "live" or wraps)
    what = "work_item.finished" if to == "done" else "work_item.wrapped"
    await tell(session, [item], actor, what, was)
    if not wraps:
        await conclude(session, [item.case_id], at, actor)
    await _attend(session, item, at, wraps=wraps)
    return Handled(item.id, item.interaction_id, item.case_id)


async def extend(
    session: Session, item_id: UUID, actor: Actor, at: datetime, seconds: int | None = None
) -> Handled:
    """Make a wrap-up longer: by as much as it lasts, or by some seconds; three times at most.

    Raises Conflict ``wrap_up.over`` for work in no wrap-up, ``wrap_up.used_up`` after three times.
    """
    item = await locked(session, item_id)
    if item.state != "wrap_up":
        raise Conflict("wrap_up.over", {"state": item.state})
    queue = (await queues.of(session, [item.queue_id]))[item.queue_id]
    usual = max(length_s(item.channel_kind, queue.wrap_up_s), 10)
    until = extended(item.wrap_until or at, item.wrap_extended, usual, seconds)
    await outcomes.extend(session, item_id, until)
    await announce(
        session, actor=actor, types={"work_item": "work_item.wrapped"}, work_items=[item_id]
    )
    return Handled(item.id, item.interaction_id, item.case_id)


async def dispose(
    session: Session, item_id: UUID, actor: Actor, at: datetime, disposition: str
) -> Handled:
    """Say how work ended, while it is wrapped up or later; ends the wrap-up if the Queue says so.

    Raises Conflict ``disposition.too_early`` for work that has not ended.
    """
    item = await locked(session, item_id)
    if item.state not in {"wrap_up", "done"}:
        raise Conflict("disposition.too_early", {"state": item.state})
    queue = (await queues.of(session, [item.queue_id]))[item.queue_id]
    if item.state == "wrap_up" and queue.auto_ready:
        return await finish(session, item_id, actor, at, disposition)
    await outcomes.dispose(session, item_id, disposition)
    await announce(
        session, actor=actor, types={"work_item": "work_item.changed"}, work_items=[item_id]
    )
    return Handled(item.id, item.interaction_id, item.case_id)


def misses(item: WorkRow, queue: QueueRow) -> bool:
    """Tell whether the outcome the Queue demands is missing."""
    return queue.disposition_required and not item.disposition


async def _let_go(
    session: Session, item: WorkRow, actor: Actor, at: datetime, *, live: bool
) -> None:
    """Let the Interaction follow: a live one ends and the visitor hears it, others fall quiet."""
    state, by = ("ended", "agent") if live else ("quiet", None)
    await hands.pair(session, [Pairing(item.interaction_id, state, None, by)], at)
    if state == "ended" and item.channel_kind == ChannelKind.CHAT.value:
        said = await tell_visitor.ended(session, item.interactions, at)
        await announce(session, actor=actor, messages=said)


async def _attend(session: Session, item: WorkRow, at: datetime, *, wraps: bool) -> None:
    """Let the status of whoever had the work follow."""
    if item.agent_id is None:
        return
    if wraps:
        await attend.wrap_up(session, item.agent_id, at)
    elif item.state == "wrap_up":
        ready = await presence.done_wrapping(session, [item.agent_id])
        if ready:
            await attend.be_ready(session, ready, at)

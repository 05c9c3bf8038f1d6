"""Interrupt: work is suspended for what must not wait, resumed, given back; items change Queues."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from polyphony.domain.alert import AlertKind, NewAlert
from polyphony.domain.routing.decisions import AskBack, GiveBack, MoveQueue, Resume, Suspend
from polyphony.flows import rechoose, requeue
from polyphony.flows.alarm import alarm
from polyphony.flows.hand_back import Return, hand_back, seen, tell
from polyphony.flows.route.turn import ROUTER, Turn
from polyphony.store import interruptions, lines, work
from polyphony.store.database import Session
from polyphony.store.interruptions import Interruption
from polyphony.store.work import Move


async def suspend(turn: Turn, batch: Sequence[Suspend]) -> None:
    """Suspend work its agent still has: the units are free, the Interaction stays with him."""
    wanted = [Interruption(one.item, one.agent, one.item_version, one.for_item) for one in batch]
    done = await interruptions.suspend(turn.session, wanted, turn.stamp)
    _moved(turn, batch, done, "work_item.suspended")


async def resume(turn: Turn, batch: Sequence[Resume]) -> None:
    """Let suspended work go on if it still fits beside what its agent holds."""
    wanted = [Interruption(one.item, one.agent, one.item_version) for one in batch]
    done = await interruptions.resume(turn.session, wanted, turn.stamp)
    _moved(turn, batch, done, "work_item.resumed")


async def ask_back(turn: Turn, batch: Sequence[AskBack]) -> None:
    """Ask agents whether they give suspended work back: their screens show it."""
    wanted = [Interruption(one.item, one.agent) for one in batch]
    done = await interruptions.ask_back(turn.session, wanted, turn.stamp)
    _moved(turn, batch, done, "work_item.asked_back")


def _moved(
    turn: Turn, batch: Sequence[Suspend | Resume | AskBack], done: set[UUID], type_: str
) -> None:
    for one in batch:
        if one.item in done:
            turn.told.item(one.item, one.agent, type_)
    turn.trace(one for one in batch if one.item in done)
    turn.refuse(one for one in batch if one.item not in done)


async def give_back(turn: Turn, batch: Sequence[GiveBack]) -> None:
    """Return suspended work to its Queue with its old waiting start; its Case is locked."""
    if not batch:
        return
    found = await work.rows_of(turn.session, [one.item for one in batch])
    still = {
        one.item: one
        for one in batch
        if (row := found.get(one.item)) is not None
        and (row.state, row.version, row.agent_id) == ("suspended", one.item_version, one.agent)
    }
    await hand_back(turn.session, sorted(still), Return("given_back"), turn.stamp.at, ROUTER)
    turn.trace(still.values())
    turn.refuse(one for one in batch if one.item not in still)


async def move(turn: Turn, batch: Sequence[MoveQueue]) -> None:
    """Let waiting items overflow into other Queues with their waiting start; Cases are locked."""
    if not batch:
        return
    session, at = turn.session, turn.stamp.at
    found = await work.rows_of(session, [one.item for one in batch])
    still = {
        one.item: one
        for one in batch
        if (row := found.get(one.item)) is not None
        and (row.state, row.version, row.queue_id) == ("waiting", one.item_version, one.source)
    }
    shut = await _shut_out(session, still)
    if shut:
        await _stay(turn, [still.pop(one) for one in sorted(shut)])
    mine = [found[one] for one in sorted(still)]
    was = await seen(session, mine)
    await work.leave_queue(session, sorted(still), "overflow", at)
    moves = [
        Move(one.id, "waiting", "waiting", queue=still[one.id].target, overflow=True)
        for one in mine
    ]
    await work.move(session, moves, at)
    await requeue.follow(session, {one.item: one.source for one in still.values()})
    await work.enter_queue(session, sorted(still), at)
    await tell(session, mine, ROUTER, "work_item.moved", was)
    await rechoose.moved(session, [one.case_id for one in mine], at, ROUTER)
    turn.trace(still.values())
    turn.refuse(one for one in batch if one.item not in still)


async def _shut_out(session: Session, still: Mapping[UUID, MoveQueue]) -> set[UUID]:
    """Return the items there is no room for where they would go."""
    room = await lines.room(session, sorted({one.target for one in still.values()}))
    shut = set()
    for id_ in sorted(still):
        target = still[id_].target
        if target in room:
            room[target] -= 1
            if room[target] < 0:
                shut.add(id_)
    return shut


async def _stay(turn: Turn, full: Sequence[MoveQueue]) -> None:
    """Keep items where they wait: the full Queue counts as one they have been in."""
    session, at = turn.session, turn.stamp.at
    ids = [one.item for one in full]
    rows = await work.rows_of(session, ids)
    mine = [rows[one] for one in ids]
    was = await seen(session, mine)
    await lines.shut_out(session, [(one.item, one.target) for one in full])
    await tell(session, mine, ROUTER, "work_item.changed", was)
    blocked = [
        NewAlert(
            AlertKind.OVERFLOW_BLOCKED, str(one.item), queue_id=one.source, work_item_id=one.item,
            facts={"why": "full", "queue": str(one.target)},
        )
        for one in full
    ]  # fmt: skip
    targets = sorted({one.target for one in full})
    crowded = [NewAlert(AlertKind.QUEUE_FULL, str(one), queue_id=one) for one in targets]
    await alarm(session, [*blocked, *crowded], at, ROUTER)

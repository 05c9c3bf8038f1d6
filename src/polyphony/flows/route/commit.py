"""Commit: what the router decided, guarded by epoch and versions; what was refused is named."""

from collections.abc import Sequence
from uuid import UUID

from polyphony.domain.alert import AlertKind, NewAlert
from polyphony.domain.offer import ALL
from polyphony.domain.overflow import CALLBACK
from polyphony.domain.presence import Status
from polyphony.domain.routing.decisions import (
    Alert,
    Blocked,
    Decision,
    Expire,
    Hold,
    NotResponding,
    Offer,
    OfferCallback,
    Relax,
    Withdraw,
)
from polyphony.domain.routing.facts import Refused
from polyphony.domain.service_hours import to_datetime
from polyphony.flows.alarm import alarm
from polyphony.flows.hand_back import lost
from polyphony.flows.route import interrupt
from polyphony.flows.route.turn import ROUTER, Turn
from polyphony.flows.route.wave import (
    MOVING,
    Noted,
    Wave,
    agents_of,
    items_of,
    of_cases,
    waves,
)
from polyphony.store import (
    hands,
    interruptions,
    keys,
    offered,
    offers,
    presence,
    shards,
    work,
)
from polyphony.store.database import Session
from polyphony.store.offers import NewOffer, Settle, Stamp
from polyphony.store.presence import Change
from polyphony.store.work import Note


async def commit(
    session: Session,
    decisions: Sequence[Decision],
    stamp: Stamp,
    loads: set[tuple[UUID, int]] | None = None,
) -> list[Refused]:
    """Carry out decisions in one transaction; return the pairs the database refused.

    ``loads`` takes in which versions of which loads say no more than that Offers were made here:
    when the log names them, there is nothing to read.
    Whatever is missing from the answers (epoch lost, versions moved on, no room any more) is
    refused; the state forgets it and decides again on fresh facts.
    """
    turn = Turn(session, stamp)
    decided = await _with_cases(turn, decisions)
    cut = list(waves(decided))
    if await _locked(turn, decided, cut):
        for wave in cut:  # one by one: a wave is a whole batch
            await _carry_out(turn, wave)
    else:
        turn.refuse(one for one in decided if isinstance(one, MOVING))
    await turn.end()
    if loads is not None:
        loads.update(turn.loads.items())
    return turn.refused


async def _with_cases(turn: Turn, decisions: Sequence[Decision]) -> Sequence[Decision]:
    """Lock the Cases some decisions need, before all else; what is busy is refused for now.

    The router waits for nobody's Case: one message being filed must not hold up all others.
    """
    wanted = of_cases(decisions)
    if not wanted:
        return decisions
    free = await hands.lock_free_cases(turn.session, wanted)
    busy = set(wanted) - free
    turn.refuse(one for one in decisions if getattr(one, "item", None) in busy)
    return [one for one in decisions if getattr(one, "item", None) not in busy]


async def _locked(turn: Turn, decided: Sequence[Decision], cut: Sequence[Wave]) -> bool:
    """Take all locks of all waves in the order of everybody: fence, agents, items.

    A single statement takes its own in that order: then there is nothing to do before it.
    """
    if sum(wave.locks for wave in cut) <= 1:
        return True
    agents, items = set(agents_of(decided)), set(items_of(decided))
    moved = [one.item for wave in cut for one in wave.moves]
    if moved:  # what is promised is chosen anew for all live work of their Cases
        beside = await interruptions.beside(turn.session, moved)
        items |= beside.keys()
        agents |= {one for one in beside.values() if one is not None}
    return await shards.lock(turn.session, turn.stamp.epoch or 0, sorted(agents), sorted(items))


async def _carry_out(turn: Turn, wave: Wave) -> None:
    await _silence(turn, wave.silent)
    await _end(turn, wave.ends)
    await interrupt.suspend(turn, wave.suspends)
    await work.note(turn.session, _merged(wave.notes), turn.stamp.epoch or 0)
    turn.trace(wave.notes)
    await interrupt.give_back(turn, wave.back)
    await interrupt.resume(turn, wave.resumes)
    await interrupt.ask_back(turn, wave.asks)
    await interrupt.move(turn, wave.moves)
    await _make(turn, wave.offers)
    turn.trace(wave.told)
    await _alarm(turn, wave.told)


async def _alarm(turn: Turn, told: Sequence[Alert | OfferCallback]) -> None:
    """Tell those who lead what the router has found out."""
    wanted = [
        NewAlert(
            AlertKind(one.code),
            str(one.item or one.queue or one.agent),
            queue_id=one.queue,
            agent_id=one.agent,
            work_item_id=one.item,
        )
        for one in told
        if isinstance(one, Alert)
    ]
    await alarm(turn.session, wanted, turn.stamp.at, ROUTER)


def _note(one: Noted) -> Note:
    if isinstance(one, Relax):
        return Note(one.item, step=one.step)
    if isinstance(one, Blocked):
        return Note(one.item, blocker=one.reason)
    if isinstance(one, OfferCallback):
        return Note(one.item, blocker=CALLBACK)
    until = to_datetime(one.until) if isinstance(one, Hold) else None
    return Note(one.item, hold_until=until, hold=True)


def _merged(notes: Sequence[Noted]) -> list[Note]:
    """Make one note per item of several: a statement writes a row only once."""
    found: dict[UUID, Note] = {}
    for one in map(_note, notes):
        old = found.get(one.item, one)
        last = one if one.hold else old
        step = old.step if one.step is None else one.step
        blocker = old.blocker if one.blocker is None else one.blocker
        found[one.item] = Note(one.item, step, last.hold_until, last.hold, blocker)
    return list(found.values())


async def _make(turn: Turn, batch: Sequence[Offer]) -> None:
    if not batch:
        return
    ids = keys.keys(turn.stamp.at, len(batch))
    made = await offers.place(
        turn.session,
        [
            NewOffer(
                key,
                one.item,
                one.agent,
                one.item_version,
                one.presence_version,
                to_datetime(one.deadline),
                one.why(),
            )
            for key, one in zip(ids, batch, strict=True)
        ],
        turn.stamp,
    )
    done = [(key, one) for key, one in zip(ids, batch, strict=True) if one.item in made]
    if made.keys().isdisjoint(turn.told.items):
        agents = {one.agent for _, one in done}
        await offered.tell(turn.session, [key for key, _ in done], sorted(agents), ROUTER)
        turn.loads.update(
            (one.agent, made[one.item]) for _, one in done if one.agent not in turn.told.agents
        )
        turn.told.agents -= agents  # as they are now, with all that was before
    else:  # what was taken from somebody just now is told once, with who loses it
        for key, one in done:
            turn.told.add((key, one.item, one.agent), "offer.made", "work_item.offered")
    turn.refuse(one for one in batch if one.item not in made)


async def _end(turn: Turn, batch: Sequence[Expire | Withdraw]) -> None:
    done = await offers.settle(turn.session, [_settle(one) for one in batch], turn.stamp)
    kinds = {one.item: isinstance(one, Expire) for one in batch}
    for settled in done:
        missed = kinds[settled.item]
        what = "offer.missed" if missed else "offer.withdrawn"
        turn.told.add((settled.id, settled.item, settled.agent), what, "work_item.returned")
    turn.told.lose(*await lost(turn.session, done))
    ended = {settled.item for settled in done}
    turn.refuse(one for one in batch if one.item not in ended)


def _settle(one: Expire | Withdraw) -> Settle:
    if isinstance(one, Withdraw):
        return Settle(one.item, one.agent, "withdrawn", one.item_version, reason=one.reason)
    until = one.exclusion.until
    return Settle(
        one.item,
        one.agent,
        "missed",
        one.item_version,
        excluded=one.exclusion.reason,
        until=to_datetime(until) if until is not None else None,
        times=one.exclusion.times,
        misses=dict(one.misses),
    )


async def _silence(turn: Turn, batch: Sequence[NotResponding]) -> None:
    """Make agents not responding whose Presence is still the one it was decided about."""
    if not batch or await shards.epoch(turn.session) != turn.stamp.epoch:
        return
    found = await presence.lock(turn.session, [one.agent for one in batch])
    changes = []
    for one in batch:
        row = found.get(one.agent)
        if row is None or row.version != one.presence_version:
            continue
        everywhere = one.scope == ALL
        status = Status.NOT_RESPONDING.value if everywhere else row.status
        silent = row.silent if everywhere else sorted({*row.silent, one.scope})
        previous = row.status if everywhere else row.previous
        changes.append(
            Change(
                one.agent,
                status,
                previous,
                dict(row.toggles),
                silent,
                "missed",
                row.planned_return,
                row.grace_until,
                misses=dict(one.misses),
            )
        )
    written = await presence.write(turn.session, changes, turn.stamp.at)
    turn.told.presences.update(written)
    turn.told.agents.update(written)

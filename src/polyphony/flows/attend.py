"""Attend: agents come, pause, lose the line, come back, go; what they were offered follows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from polyphony.domain.errors import Invalid, NotFound, Refusal
from polyphony.domain.event import SYSTEM, TIMER, Actor
from polyphony.domain.move import By
from polyphony.domain.presence import (
    CHOOSABLE,
    HEARTBEAT_S,
    Mode,
    PresenceMove,
    Status,
    effective,
    move,
    rights_of,
    system,
    takes,
)
from polyphony.flows.announce import announce
from polyphony.flows.hand_back import Return, hand_back, lost
from polyphony.flows.remind import remind
from polyphony.store import hands, offers, presence, statuses
from polyphony.store.database import Session
from polyphony.store.offers import Settle, Stamp
from polyphony.store.presence import Change, PresenceRow

_SET = {
    Status.ONLINE: PresenceMove.SET_ONLINE,
    Status.BUSY: PresenceMove.SET_BUSY,
    Status.BREAK: PresenceMove.SET_BREAK,
    Status.OFFLINE: PresenceMove.LEAVE,
}
_OURS = frozenset(one.value for one in Status)
_NOT_BACK = frozenset({Status.OFFLINE.value, Status.RECONNECTING.value})
Decide = Callable[[PresenceRow], Change | Refusal]


@dataclass(frozen=True, slots=True)
class Doer:
    """Who does it, for the log and for the table of moves."""

    actor: Actor = SYSTEM
    by: By = By.AGENT


SELF = Doer()


@dataclass(frozen=True, slots=True)
class Wish:
    """A status somebody asks for; a break may say why and until when."""

    status: str
    reason: str | None = None
    planned_return: datetime | None = None


async def choose(
    session: Session, agent: UUID, wish: Wish, at: datetime, doer: Doer = SELF
) -> None:
    """Set a status by hand: come, pause, be busy, leave; also "I am here" after a lost line.

    Raises Invalid for a status nobody may choose, Conflict when it cannot be reached from here.
    """
    if not await _may_choose(session, wish.status):
        raise Invalid("presence.status", {"status": wish.status[:40]})
    wanted = system(wish.status)

    def decide(row: PresenceRow) -> Change | Refusal:
        now = system(row.status)
        if now is wanted is Status.OFFLINE:
            return _kept(row)
        for what, step in _steps(now, wanted):
            moved = move(what, step, _by(step, doer.by))
            if isinstance(moved, Refusal):
                return moved
        fresh = now in {Status.OFFLINE, Status.NOT_RESPONDING}
        return replace(
            _kept(row),
            status=wish.status,
            previous=None,
            silent=() if fresh else tuple(row.silent),
            reason=wish.reason,
            planned_return=wish.planned_return,
            grace_until=None,
            fresh=fresh,
        )

    await _apply(session, [agent], decide, at, doer.actor)


def _by(step: PresenceMove, by: By) -> By:
    """Ending a wrap-up to give another status is no act of its own: the system does it."""
    return By.SYSTEM if step is PresenceMove.READY and by is not By.AGENT else by


async def _may_choose(session: Session, status: str) -> bool:
    """Tell whether a status may be chosen by hand: four of the system, and those of the house."""
    if status in _OURS:
        return Status(status) in CHOOSABLE
    return status in await statuses.matrices(session)


def _steps(now: Status, wanted: Status) -> list[tuple[Status, PresenceMove]]:
    """Moves that lead from one status to a chosen one."""
    if wanted is Status.OFFLINE:
        return [(now, PresenceMove.LEAVE)]
    first = {
        Status.OFFLINE: PresenceMove.COME,
        Status.NOT_RESPONDING: PresenceMove.HERE,
        Status.RECONNECTING: PresenceMove.BACK,
        Status.WRAP_UP: PresenceMove.READY,
    }.get(now)
    if first is None:
        return [(now, _SET[wanted])]
    return [(now, first), (Status.ONLINE, _SET[wanted])]


async def toggle(
    session: Session,
    agent: UUID,
    channel: str,
    at: datetime,
    *,
    on: bool,
    doer: Doer = SELF,
) -> None:
    """Switch one channel on or off; Invalid when the agent has no right for it."""

    def decide(row: PresenceRow) -> Change | Refusal:
        if channel not in rights_of(row.channels):
            raise Invalid("presence.channel", {"channel": channel[:40]})
        moved = move(system(row.status), PresenceMove.CHANNEL_TOGGLE, doer.by)
        if isinstance(moved, Refusal):
            return moved
        return replace(_kept(row), toggles={**row.toggles, channel: on})

    await _apply(session, [agent], decide, at, doer.actor)


async def here(session: Session, agent: UUID, at: datetime, doer: Doer = SELF) -> None:
    """Confirm "I am here": leave ``not_responding`` and open the silent channels again."""

    def decide(row: PresenceRow) -> Change | Refusal:
        now = system(row.status)
        status = row.status
        if now is Status.NOT_RESPONDING:
            moved = move(now, PresenceMove.HERE, doer.by)
            if isinstance(moved, Refusal):
                return moved
            status = _before(row)
        return replace(_kept(row), status=status, previous=None, silent=(), misses={})

    await _apply(session, [agent], decide, at, doer.actor)


async def lose_line(session: Session, agents: Sequence[UUID], at: datetime) -> None:
    """The line of agents broke: Offers go at once, nothing new, a minute of grace (or theirs)."""
    grace = await presence.graces(session, agents)

    def decide(row: PresenceRow) -> Change | Refusal:
        moved = move(system(row.status), PresenceMove.LOSE_LINE, By.SYSTEM)
        if isinstance(moved, Refusal):
            return moved
        return replace(
            _kept(row),
            status=moved.state.value,
            previous=row.status,
            grace_until=at + timedelta(seconds=grace[row.agent_id]),
        )

    await _apply(session, agents, decide, at, SYSTEM, strict=False)


async def back(session: Session, agents: Sequence[UUID], at: datetime) -> None:
    """Agents came back within their grace: as before, without a trace but a counter."""

    def decide(row: PresenceRow) -> Change | Refusal:
        moved = move(system(row.status), PresenceMove.BACK, By.AGENT)
        if isinstance(moved, Refusal):
            return moved
        return replace(
            _kept(row),
            status=_before(row),
            previous=None,
            grace_until=None,
            reconnected="count_reconnect" in moved.effects,
        )

    await _apply(session, agents, decide, at, SYSTEM, strict=False)


async def give_up(session: Session, agents: Sequence[UUID], at: datetime) -> None:
    """The grace is over: offline, and customers who wait on the line go back to their Queue."""

    def decide(row: PresenceRow) -> Change | Refusal:
        moved = move(system(row.status), PresenceMove.GIVE_UP, By.TIMER)
        if isinstance(moved, Refusal):
            return moved
        return replace(
            _kept(row),
            status=moved.state.value,
            previous=None,
            reason="disconnect",
            grace_until=None,
        )

    live = await hands.held(session, agents, live_only=True)
    await hands.lock_cases(session, live)
    gone = await _apply(session, agents, decide, at, TIMER, strict=False)
    if gone:
        await hand_back(session, live, Return("disconnect"), at, TIMER)


async def wrap_up(session: Session, agent: UUID, at: datetime) -> None:
    """His work is over but for what follows it: no calls meanwhile, if he was online."""
    await _moved(session, [agent], PresenceMove.WRAP, at)


async def be_ready(session: Session, agents: Sequence[UUID], at: datetime) -> None:
    """Nothing is left to wrap up: as before."""
    await _moved(session, agents, PresenceMove.READY, at)


async def _moved(
    session: Session, agents: Sequence[UUID], what: PresenceMove, at: datetime
) -> None:
    """Let the system move those who can be moved so; ``ready`` leads to the status before."""

    def decide(row: PresenceRow) -> Change | Refusal:
        moved = move(system(row.status), what, By.SYSTEM)
        if isinstance(moved, Refusal):
            return moved
        again = "restore_previous" in moved.effects
        return replace(
            _kept(row),
            status=_before(row) if again else moved.state.value,
            previous=None if again else row.status,
        )

    await _apply(session, agents, decide, at, SYSTEM, strict=False)


async def dismiss(session: Session, agent: UUID, at: datetime, doer: Doer) -> None:
    """An agent will not come back: away at once, and all he had returns to its Queue.

    What he answers in writing goes back too, with its old place in the line.
    """
    kept = await hands.held(session, [agent])
    await hands.lock_cases(session, kept)
    await choose(session, agent, Wish(Status.OFFLINE.value, "disabled"), at, doer)
    await hand_back(session, kept, Return("disabled"), at, doer.actor)


async def changed(
    session: Session, agents: Sequence[UUID], at: datetime, actor: Actor = SYSTEM
) -> None:
    """Skills, queues, rights or capacity of agents changed: what no longer fits is withdrawn.

    What no longer fits skills or capacity the router withdraws as soon as it reads the new facts.
    """
    await _apply(session, agents, _kept, at, actor, strict=False)


async def tend(session: Session, at: datetime) -> None:
    """Do what time alone asks for: dead processes, graces that are over, work kept too long."""
    silent = await presence.silent_lines(session, at, timedelta(seconds=HEARTBEAT_S))
    if silent:
        await lose_line(session, silent, at)
    over = await presence.grace_over(session, at)
    if over:
        await give_up(session, over, at)
    ready = await presence.done_wrapping(session)
    if ready:
        await be_ready(session, ready, at)
    await remind(session, at)
    kept = await presence.kept_too_long(session, at)
    if kept:
        await hands.lock_cases(session, kept)
        await hand_back(session, kept, Return("disconnect"), at, TIMER)


async def _apply(
    session: Session,
    agents: Sequence[UUID],
    decide: Decide,
    at: datetime,
    actor: Actor,
    *,
    strict: bool = True,
) -> list[UUID]:
    """Decide for each agent under his lock, write, withdraw what no longer fits, tell everybody."""
    found = await presence.lock(session, agents)
    if strict and len(found) < len(set(agents)):
        raise NotFound("agent.unknown")
    changes = []
    for row in found.values():
        decided = decide(row)
        if isinstance(decided, Change):
            changes.append((row, replace(decided, by=actor.id)))
        elif strict:
            raise decided
    written = await presence.write(session, [one for _, one in changes], at)
    withdrawn = await _withdraw(session, changes, at)
    was, cases = await lost(session, withdrawn)
    await announce(
        session,
        actor=actor,
        types={"offer": "offer.withdrawn", "work_item": "work_item.returned"},
        was=was,
        presences=written,
        loads=written,
        offers=[one.id for one in withdrawn],
        work_items=[one.item for one in withdrawn],
        cases=cases,
    )
    return written


async def _withdraw(
    session: Session, changes: Sequence[tuple[PresenceRow, Change]], at: datetime
) -> list[offers.Settled]:
    """Withdraw live Offers on channels that are no longer on; never counted as misses."""
    live = await offers.live(session, [row.agent_id for row, _ in changes])
    if not live:
        return []
    matrices = await statuses.matrices(session)
    modes = {
        row.agent_id: effective(
            matrices[one.status], rights_of(row.channels), _switches(one), one.silent
        )
        for row, one in changes
    }
    unfit = [
        Settle(one.item, one.agent, "withdrawn", reason="presence")
        for one in live
        if not takes(modes[one.agent].get(one.channel_kind, Mode.OFF), by_hand=one.by_hand)
    ]
    return await offers.settle(session, unfit, Stamp(None, 0, at))


def _switches(change: Change) -> dict[str, bool]:
    toggles = change.toggles
    return {str(key): bool(on) for key, on in toggles.items()} if isinstance(toggles, dict) else {}


def _kept(row: PresenceRow) -> Change:
    """Return the Presence as it is."""
    return Change(
        row.agent_id,
        row.status,
        row.previous,
        dict(row.toggles),
        tuple(row.silent),
        row.reason,
        row.planned_return,
        row.grace_until,
    )


def _before(row: PresenceRow) -> str:
    """Return the status to come back to; online when nothing sensible is known."""
    before = row.previous
    return Status.ONLINE.value if before is None or before in _NOT_BACK else before

"""Pull a lever: change routing for a while, take it off again, or make it part of the set-up."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from polyphony.domain.errors import Conflict, Forbidden, Invalid, NotFound
from polyphony.domain.event import TIMER, Actor, NewEvent, Op
from polyphony.domain.lever import BY_ROWS, Kind, Lever, check, clash, set_up
from polyphony.domain.metric import SHORT_MS, added
from polyphony.domain.permission import Act, Deny, Scope, decide, pulls
from polyphony.flows import attend, configure
from polyphony.flows.count import WALL
from polyphony.store import configuration, events, facts, levers, queues, staff, wake
from polyphony.store.configuration import QUEUE
from polyphony.store.database import Session
from polyphony.store.levers import LeverRow, NewLever

Json = dict[str, object]
MANY = 100


@dataclass(frozen=True, slots=True)
class Puller:
    """Who pulls, and when."""

    scope: Scope
    actor: Actor
    at: datetime

    @property
    def id(self) -> UUID:
        """The person."""
        if self.actor.id is None:  # pragma: no cover - only people pull levers
            raise NotFound("person")
        return self.actor.id


@dataclass(frozen=True, slots=True)
class Wish:
    """A lever somebody wishes: what, how long, why, and what he was shown before."""

    lever: Lever
    seconds: int
    reason: str
    seen: Mapping[str, object] | None = None


async def place_of(session: Session, lever: Lever, scope: Scope) -> UUID | None:
    """Return the department a lever belongs to; None = the house.

    Raises Forbidden for a place where the actor may pull none, Invalid for what is not there.
    """
    place = lever.place
    department: UUID | None = None
    if place.queue is not None:
        department = await _of_queue(session, place.queue)
        _refuse(scope, department)
    elif lever.kind not in BY_ROWS:
        _refuse(scope, None)
    await _known(session, lever)
    if place.agents:
        homes = await _homes(session, place.agents, scope)
        department = department or homes
    return department


async def _known(session: Session, lever: Lever) -> None:
    """Demand that the other Queue and the skills are there; those of the law are not lent."""
    if lever.to is not None:
        await _of_queue(session, lever.to)
    if lever.skills:
        strange = sorted(lever.skills.keys() - await levers.lendable(session, list(lever.skills)))
        if strange:
            raise Invalid("lever.skill_unknown", {"skills": strange})


async def _homes(session: Session, agents: Sequence[UUID], scope: Scope) -> UUID:
    """Return a department of the first Agent; each must be of one where the actor pulls levers."""
    homes = await staff.departments_of_all(session, agents)
    unknown = sorted(str(one) for one in set(agents) - homes.keys())
    if unknown:
        raise Invalid("lever.agent_unknown", {"agents": unknown})
    reached = [[one for one in mine if pulls(scope, one)] for mine in homes.values()]
    if not all(reached):
        raise Forbidden("rights.missing", {"needs": ["levers"]})
    return min(reached[0])


async def _of_queue(session: Session, queue: UUID) -> UUID:
    found = await queues.of(session, [queue])
    if queue not in found:
        raise Invalid("lever.queue_unknown", {"queue_id": str(queue)})
    return found[queue].department_id


def _refuse(scope: Scope, department: UUID | None) -> None:
    if not pulls(scope, department):
        raise Forbidden("rights.missing", {"needs": ["levers"]})


async def pull(session: Session, id_: UUID, wish: Wish, by: Puller) -> LeverRow:
    """Put a lever in force, or before a second person where it needs one.

    Raises Conflict while another of its kind lies over the same thing.
    """
    if not wish.reason.strip():
        raise Invalid("lever.reason")
    lever = check(wish.lever, wish.seconds)
    department = await place_of(session, lever, by.scope)
    await levers.alone(session)
    for other in await levers.open_ones(session):
        if clash(lever, other.lever):
            raise Conflict("lever.same", {"id": str(other.id), "kind": other.kind})
    if lever.kind is Kind.LEND and lever.place.queue is not None:
        there = await levers.members_of(session, lever.place.queue, lever.place.agents)
        if there:
            raise Conflict("lever.member", {"agents": [str(one) for one in there]})
    new = NewLever(
        id_, lever, department, wish.seconds, wish.reason.strip(), by.id,
        await _before(session, lever), wish.seen,
    )  # fmt: skip
    made = await levers.add(session, new)
    if made.from_at is not None:
        await _lay(session, made, by.at, by.actor)
    return await _tell(session, made, "lever.applied" if made.from_at else "lever.asked", by.actor)


async def _before(session: Session, lever: Lever) -> Json:
    """Note what is set up below a lever, and how things stand."""
    standing = await levers.standing(session, lever.place, None)
    found: Json = {"waiting": standing["waiting"], "longest_ms": standing["longest_ms"]}
    if lever.kind is Kind.CAPACITY:
        return found | {"units": await levers.caps(session, lever.place.agents)}
    if lever.kind is Kind.WEIGHT and lever.place.queue is not None:
        row = (await queues.of(session, [lever.place.queue]))[lever.place.queue]
        return found | {"weight_milli": row.weight_milli}
    return found


async def confirm(session: Session, id_: UUID, by: Puller) -> LeverRow:
    """Let a second person agree: the lever counts from now on."""
    row = await _open(session, id_, by.scope)
    if row.from_at is not None:
        raise Conflict("lever.confirmed")
    if row.by_id == by.id:
        raise Forbidden("lever.needs_two", {"needs": ["second_person"]})
    made = await levers.confirm(session, id_, by.id)
    await _lay(session, made, by.at, by.actor)
    return await _tell(session, made, "lever.applied", by.actor)


async def undo(session: Session, id_: UUID, by: Puller) -> LeverRow:
    """Take a lever off before its time; what was only asked for is withdrawn."""
    row = await _open(session, id_, by.scope)
    how = "undone" if row.from_at else "withdrawn"
    return await _end(session, row, how, by.actor, by.at)


async def make_permanent(session: Session, id_: UUID, by: Puller) -> LeverRow:
    """Write into the set-up what a lever says, and take it off; for who may set up anyway."""
    row = await _open(session, id_, None)
    lever = row.lever
    if row.from_at is None or not lever.may_stay:
        raise Conflict("lever.not_permanent", {"kind": row.kind})
    if lever.kind is Kind.LEND:
        await levers.keep_lent(session, id_)
    elif lever.kind is Kind.CAPACITY:
        await levers.keep_capacity(session, lever.place.agents, lever.amount)
    elif lever.place.queue is not None:
        now = await configuration.one(session, QUEUE, lever.place.queue)
        if now is None:  # pragma: no cover - its levers go with a queue
            raise NotFound("queue")
        values = set_up(lever, now)
        await configure.change(session, QUEUE, lever.place.queue, values, None, by.actor)
    return await _end(session, row, "permanent", by.actor, by.at)


async def expire(session: Session, at: datetime) -> bool:
    """Take off levers whose time is over; routing goes without them since that moment.

    What no second person confirmed meanwhile is withdrawn.
    """
    over = await levers.over(session, MANY)
    for row in over:
        await _end(session, row, "expired" if row.from_at else "withdrawn", TIMER, at)
    return len(over) >= MANY


async def _open(session: Session, id_: UUID, scope: Scope | None) -> LeverRow:
    await levers.alone(session)
    row = await levers.one(session, id_)
    if row is None or not (scope is None or pulls(scope, row.department_id)):
        raise NotFound("lever")
    if row.ended_at is not None:
        raise Conflict("lever.over", {"how": row.how})
    return row


async def _lay(session: Session, row: LeverRow, at: datetime, actor: Actor) -> None:
    """Lay a lever over rows; over rules it lies by being kept."""
    lever = row.lever
    if lever.kind is Kind.CAPACITY:
        await levers.set_capacity(session, lever.place.agents, lever.amount)
    elif lever.kind is Kind.LEND:
        await levers.lend(session, row.id, lever)
    await _changed(session, lever, at, actor)


async def _changed(session: Session, lever: Lever, at: datetime, actor: Actor) -> None:
    """Tell routing and screens of Agents who changed."""
    if lever.kind not in BY_ROWS:
        return
    if lever.kind is Kind.LEND:
        await configure.tell_rights(session, lever.place.agents, actor)
    await attend.changed(session, sorted(lever.place.agents), at, actor)


async def _end(session: Session, row: LeverRow, how: str, actor: Actor, at: datetime) -> LeverRow:
    lever = row.lever
    if lever.kind is Kind.CAPACITY:
        await levers.set_capacity(session, lever.place.agents, None)
    elif lever.kind is Kind.LEND:
        await levers.give_back(session, row.id)
    effect = await _effect(session, row, at)
    made = await levers.end(session, row.id, how, actor.id, effect)
    if row.from_at is not None:
        await _changed(session, lever, at, actor)
    return await _tell(session, made, "lever.expired" if how == "expired" else "lever.ended", actor)


async def _effect(session: Session, row: LeverRow, at: datetime) -> Json:
    """Say what was so while a lever was in force: what came, by the sums of a service level.

    Counted as far as the counters have read by now: a few seconds behind.
    """
    place = row.lever.place
    found = await levers.standing(session, place, row.from_at)
    if row.from_at is None:
        return found
    span = facts.Span(row.from_at, at, place.queue, place.channel, place.tier)
    kept = await facts.sums(session, span, sorted(WALL), SHORT_MS)
    return found | {"sums": added(kept.values())}


async def _tell(session: Session, row: LeverRow, type_: str, actor: Actor) -> LeverRow:
    """Tell the router at once, and every screen that there is something to read."""
    told = NewEvent(
        type_, Op.TOUCH, "lever", row.id, row.version, ["all"],
        actor_kind=actor.kind, actor_id=actor.id, cid=actor.cid,
    )  # fmt: skip
    await events.append(session, [told])
    wake.mark(session, "config")
    return row


async def visible(session: Session, scope: Scope, since: datetime) -> list[LeverRow]:
    """Return the levers of the places the actor leads: open ones, and those ended since."""
    found = await levers.listed(session, since)
    return [one for one in found if pulls(scope, one.department_id)]


def told(row: LeverRow, scope: Scope) -> Json:
    """Write a lever for a screen: its state, and what the actor may do about it."""
    mine = scope.id == row.by_id
    state = row.how or ("in_force" if row.from_at else "asked")
    lever = row.lever
    found = asdict(row)
    return {
        **{key: one for key, one in found.items() if key not in ("how", "agents")},
        "agent_ids": row.agents,
        "state": state,
        "may_confirm": state == "asked" and not mine,
        "may_stay": state == "in_force" and lever.may_stay
        and not isinstance(decide(scope, Act.STRUCTURE), Deny),
    }  # fmt: skip

"""Bulk, row by row: what each action does with one Case, by the flows a single person uses."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID, uuid5

from polyphony.domain import macro, role
from polyphony.domain.bulk import Action
from polyphony.domain.case import CaseMove
from polyphony.domain.errors import Conflict, Forbidden, Invalid, NotFound
from polyphony.domain.event import Actor
from polyphony.domain.permission import Act as Right
from polyphony.domain.permission import Allow, Scope, decide, where
from polyphony.flows import handle, publish, settle, snooze
from polyphony.flows.carry_out import Staff
from polyphony.flows.handle import Target
from polyphony.flows.run_macro import Run, run_macro
from polyphony.ports import Outside
from polyphony.store import inbox, staff
from polyphony.store.bulk import Job, Values
from polyphony.store.database import Session

WORKER = Actor("system")
_HELD = frozenset({"offered", "in_work", "suspended", "wrap_up"})


@dataclass(frozen=True, slots=True)
class Doing:
    """Whose job is done with many Cases, when, and what it may use outside."""

    session: Session
    scope: Scope
    staff: Staff
    at: datetime
    job: Job
    outside: Outside

    @property
    def args(self) -> Values:
        """What the action was given."""
        return self.job.args

    def id(self, name: str) -> UUID:
        """Return an argument that is an id; raise Invalid otherwise."""
        try:
            return UUID(str(self.args.get(name)))
        except ValueError as broken:
            raise Invalid("bulk.args", {"needs": [name]}) from broken


Act: TypeAlias = Callable[[Doing, UUID, Values], Awaitable[None]]


def work_of(values: Values) -> Sequence[Mapping[str, object]]:
    """Return the WorkItems of a Case that are not over."""
    found = values.get("work")
    return found if isinstance(found, list) else []


def _some(values: Values) -> Sequence[Mapping[str, object]]:
    found = work_of(values)
    if not found:
        raise Conflict("bulk.no_work")
    return found


async def _leads(doing: Doing, case: UUID) -> bool:
    facts = (await inbox.facts(doing.session, [case]))[case]
    return isinstance(decide(doing.scope, Right.ASSIGN, facts), Allow)


async def _may_overbook(doing: Doing, case: UUID) -> bool:
    facts = (await inbox.facts(doing.session, [case]))[case]
    return facts.department in where(doing.scope, role.Right.OVERBOOK)


async def _theirs(doing: Doing, case: UUID, item: Mapping[str, object]) -> None:
    """Refuse to move work somebody else has, unless one leads the department."""
    others = item["state"] in _HELD and item["agent_id"] != str(doing.staff.id)
    if others and not await _leads(doing, case):
        raise Forbidden("work_item.not_yours")


async def _assign(doing: Doing, case: UUID, was: Values) -> None:
    agent = doing.id("agent_id")
    if await staff.departments_of(doing.session, agent) is None:
        raise NotFound("agent")
    for item in _some(was):  # a Case has one or two
        if item["agent_id"] == str(agent) and item["state"] in _HELD - {"offered"}:
            continue
        free = item["state"] in {"waiting", "parked"}
        if agent == doing.staff.id and free:
            await handle.claim(doing.session, UUID(str(item["id"])), agent, doing.at)
            continue
        if not await _leads(doing, case):
            raise Forbidden("rights.missing", {"needs": ["assign"]})
        id_ = UUID(str(item["id"]))
        over = handle.Over(await _may_overbook(doing, case), f"bulk:{doing.job.id}")
        await handle.assign(doing.session, id_, agent, doing.staff.actor, doing.at, over)


async def _queue(doing: Doing, case: UUID, was: Values) -> None:
    target = Target(queue=doing.id("queue_id"))
    for item in _some(was):
        await _theirs(doing, case, item)
        id_ = UUID(str(item["id"]))
        if item["state"] == "parked":
            await handle.wake(doing.session, id_, doing.staff.actor, doing.at)
        await handle.transfer(doing.session, id_, target, doing.staff.actor, doing.at)


async def _snooze(doing: Doing, case: UUID, _: Values) -> None:
    try:
        until = datetime.fromisoformat(str(doing.args["until"]))
    except ValueError as broken:
        raise Invalid("park.until") from broken
    await snooze.snooze(doing.session, case, until, doing.staff, doing.at)


async def _tags(doing: Doing, case: UUID, was: Values) -> None:
    add, remove = (_words(doing.args.get(name)) for name in ("add", "remove"))
    kept = [one for one in _words(was.get("tags")) if one not in remove]
    wish = settle.Edit(tags=[*kept, *(one for one in add if one not in kept)])
    await settle.edit(doing.session, case, wish, doing.staff, doing.at)


def _words(given: object) -> list[str]:
    return [str(one) for one in given] if isinstance(given, list) else []


async def _priority(doing: Doing, case: UUID, _: Values) -> None:
    wish = settle.Edit(priority=str(doing.args["priority"]))
    await settle.edit(doing.session, case, wish, doing.staff, doing.at)


async def _status(doing: Doing, case: UUID, _: Values) -> None:
    try:
        wish = settle.CaseWish(CaseMove(str(doing.args["move"])))
    except ValueError as broken:
        raise Invalid("case.move", {"field": "move"}) from broken
    await settle.move(doing.session, case, wish, doing.staff, doing.at)


async def _discard(doing: Doing, case: UUID, _: Values) -> None:
    wish = settle.CaseWish(CaseMove.DISCARD)
    await settle.move(doing.session, case, wish, doing.staff, doing.at)


async def _merge(doing: Doing, case: UUID, _: Values) -> None:
    into = doing.id("into")
    facts = (await inbox.facts(doing.session, [into])).get(into)
    if facts is None or not isinstance(decide(doing.scope, Right.WRITE, facts), Allow):
        raise NotFound("case")
    if into != case:
        await settle.merge(doing.session, case, into, doing.staff, doing.at)


async def _macro(doing: Doing, case: UUID, _: Values) -> None:
    steps = publish.steps_of(doing.args)
    if Right.ASSIGN in macro.acts(steps) and not await _leads(doing, case):
        raise Forbidden("rights.missing", {"needs": ["supervisor"]})
    run = Run(case, steps, uuid5(doing.job.id, str(case)))
    await run_macro(doing.session, run, doing.staff, doing.at, doing.outside)


DO: Mapping[Action, Act] = {
    Action.ASSIGN: _assign,
    Action.QUEUE: _queue,
    Action.SNOOZE: _snooze,
    Action.TAGS: _tags,
    Action.PRIORITY: _priority,
    Action.STATUS: _status,
    Action.DISCARD: _discard,
    Action.MERGE: _merge,
    Action.MACRO: _macro,
}

"""Keep roster: who is on call is set, department by department; a ladder keeps what it names."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from polyphony.domain import roster
from polyphony.domain.errors import Conflict, Invalid, NotFound
from polyphony.domain.event import Actor
from polyphony.flows import configure
from polyphony.store import configuration, rosters, staff
from polyphony.store.configuration import DEPARTMENT, ESCALATION
from polyphony.store.database import Session
from polyphony.store.rosters import ROSTER

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wish:
    """Who is to be on call in a Department; ``id`` for a new roster, ``version`` guards."""

    department: UUID
    values: Mapping[str, Any]
    id: UUID
    version: int | None = None


async def put(session: Session, wish: Wish, actor: Actor, *, how: str = "edit") -> None:
    """Set a roster; one that names nobody is taken away.

    Raises NotFound for an unknown Department, Invalid ``roster.person`` for somebody who is not of
    the house, ``roster.begins`` for weeks that begin never, ``roster.turn`` for a wrong turn.
    """
    if await configuration.one(session, DEPARTMENT, wish.department) is None:
        raise NotFound("department")
    values = await _checked(session, wish.values)
    there = await rosters.id_of(session, wish.department)
    if not values["people"] and not values["turns"]:
        if there is not None:
            await configure.remove(session, ROSTER, there, wish.version, actor, how=how)
    elif there is None:
        fresh = values | {"department_id": str(wish.department)}
        await configure.add(session, ROSTER, wish.id, fresh, actor, how=how)
    else:
        await configure.change(session, ROSTER, there, values, wish.version, actor, how=how)


async def _checked(session: Session, given: Mapping[str, Any]) -> Json:
    values: Json = {name: given.get(name) for name in ("people", "begins", "hour", "turns")}
    values["people"], values["turns"] = list(values["people"] or []), list(values["turns"] or [])
    values["hour"] = 8 if values["hour"] is None else values["hour"]
    if values["people"] and not values["begins"]:
        raise Invalid("roster.begins", {"field": "begins"})
    named = {UUID(str(one)) for one in values["people"]}
    named |= {one.person for one in roster.turns(values["turns"])}
    known = {UUID(str(one["id"])) for one in await staff.everybody(session)}
    if named - known:
        raise Invalid("roster.person", {"field": "people"})
    return values


async def shown(session: Session, at: datetime) -> list[Json]:
    """Return the rosters, each with who is on call now."""
    kept = await configuration.all_of(session, ROSTER)
    found = await rosters.of(session, [UUID(str(one["department_id"])) for one in kept])
    return [
        {**one, "now": roster.on_call(found[UUID(str(one["department_id"]))], at)} for one in kept
    ]


async def unused(session: Session, hook: UUID) -> None:
    """Raise Conflict ``hook.in_use`` naming the ladders that tell a system."""
    ladders = await configuration.all_of(session, ESCALATION)
    naming = [str(one["name"]) for one in ladders if _names(one, hook)]
    if naming:
        raise Conflict("hook.in_use", {"names": naming[:5]})


def _names(ladder: Mapping[str, object], hook: UUID) -> bool:
    steps = ladder.get("steps")
    rungs = steps if isinstance(steps, list) else []
    return any(one.get("hook_id") == str(hook) for one in rungs)

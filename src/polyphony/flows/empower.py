"""Empower: give people roles, make and change roles; nobody gives what he has not himself."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from polyphony.domain import role
from polyphony.domain.errors import Conflict, Forbidden, NotFound
from polyphony.domain.event import Actor
from polyphony.domain.move import By
from polyphony.domain.permission import Scope
from polyphony.domain.role import Right
from polyphony.flows import attend, configure
from polyphony.store import configuration, staff
from polyphony.store.configuration import ROLE
from polyphony.store.database import Session

Json = dict[str, Any]
Given = Sequence[tuple[str, UUID | None]]
"""Roles by key, each everywhere (None) or in one department."""


@dataclass(frozen=True, slots=True)
class Giver:
    """Who gives: his own rights bound what he may give; None = the house itself (commands)."""

    scope: Scope | None
    actor: Actor
    at: datetime

    def check(self, rights: Iterable[Right]) -> None:
        """Raise Forbidden when somebody would get, or has, what the giver has not everywhere."""
        if self.scope is None:
            return
        mine = frozenset(one for one in self.scope.rights if self.scope.everywhere(one))
        wanted = frozenset(rights)
        if not role.outranks(mine, wanted):
            raise Forbidden("role.beyond_own", {"needs": sorted(wanted - mine)})

    def check_places(self, places: Iterable[UUID]) -> None:
        """Raise Forbidden when the giver would let somebody into departments he is not in."""
        if self.scope is None or self.scope.everywhere(Right.ROLES):
            return
        strange = sorted(set(places) - set(self.scope.departments))
        if strange:
            raise Forbidden("role.beyond_own", {"needs": [f"department:{one}" for one in strange]})


async def check_target(session: Session, giver: Giver, person: UUID) -> None:
    """Refuse to act on somebody who may do more than the giver (his link would be his rights)."""
    giver.check(await staff.rights_of(session, person))


async def give(
    session: Session,
    giver: Giver,
    person: UUID,
    roles: Given | None,
    departments: Sequence[UUID] | None,
) -> None:
    """Replace roles and departments of a person; what is None stays.

    Who is no agent any more hands everything back. Raises Forbidden for rights the giver has not,
    Conflict when nobody would be left who can give every right.
    """
    before = await staff.one(session, person)
    if roles is not None:
        giver.check(await staff.rights_in(session, [key for key, _ in roles]))
    if departments is not None:
        held = {str(one) for one in before["departments"] or ()}  # type: ignore[attr-defined] # a JSON list
        giver.check_places(one for one in departments if str(one) not in held)
    await staff.set_rights(session, person, roles, departments)
    await _settle(session, giver, {person} if before["agent"] else set())


async def _settle(session: Session, giver: Giver, were_agents: Collection[UUID]) -> None:
    """After roles changed: somebody must still govern, lost agents hand back."""
    if not await staff.governed(session):
        raise Conflict("person.last_admin")
    lost = set(were_agents) - await staff.agents_among(session, list(were_agents))
    for person in sorted(lost):
        await attend.dismiss(session, person, giver.at, attend.Doer(giver.actor, By.ADMIN))


async def add_role(
    session: Session, giver: Giver, id_: UUID, values: Json, *, how: str = "edit"
) -> Json:
    """Make a role; raise Invalid for a key or right that is none, Conflict when it exists."""
    key = str(values.get("key") or "") or role.key_of(str(values["name"]))
    rights = role.check(key, values["rights"])
    return await configure.add(
        session, ROLE, id_, values | {"key": key, "rights": rights}, giver.actor, how=how
    )


async def change_role(
    session: Session,
    giver: Giver,
    id_: UUID,
    values: Json,
    version: int | None,
    *,
    how: str = "edit",
) -> Json:
    """Change a role; everybody who has it hears of it at once. Built-in ones are refused."""
    before = await _own(session, id_)
    key = str(before["key"])
    if "rights" in values:
        values = values | {"rights": role.check(key, values["rights"])}
    holders = await staff.with_role(session, key)
    were = await staff.agents_among(session, holders)
    told = await configure.change(session, ROLE, id_, values, version, giver.actor, how=how)
    await staff.enlist(session, holders)
    await _settle(session, giver, were)
    await configure.tell_rights(session, holders, giver.actor)
    return told


async def remove_role(
    session: Session, giver: Giver, id_: UUID, version: int | None, *, how: str = "edit"
) -> None:
    """Take a role away; raise Conflict while somebody has it."""
    await _own(session, id_)
    await configure.remove(session, ROLE, id_, version, giver.actor, how=how)


async def _own(session: Session, id_: UUID) -> Json:
    found = await configuration.one(session, ROLE, id_)
    if found is None:
        raise NotFound("role")
    if found["built_in"]:
        raise Conflict("role.built_in", {"key": found["key"]})
    return found


async def unknown_roles(session: Session, keys: Collection[str]) -> list[str]:
    """Return those of the keys that name no role."""
    known = {str(one["key"]) for one in await configuration.all_of(session, ROLE)}
    return sorted(set(keys) - known)

"""Call out: other systems and rosters of a file; names stand where ids were."""

from collections.abc import Mapping
from typing import Any

from polyphony.domain.errors import Invalid
from polyphony.domain.hook import check_url
from polyphony.flows import configure, keep_roster
from polyphony.flows.config_file import shape
from polyphony.flows.config_file.names import Names
from polyphony.flows.config_file.shelves import Taking, meant, written
from polyphony.store import configuration
from polyphony.store.database import Session
from polyphony.store.hooks import HOOK
from polyphony.store.rosters import ROSTER

Json = dict[str, Any]


async def sections(session: Session, names: Names) -> dict[str, Any]:
    """Write both sections; one that is empty is left out."""
    systems, on_call = await hooks(session, names), await rosters(session, names)
    return {"hooks": systems or None, "rosters": on_call or None}


async def hooks(session: Session, names: Names) -> dict[str, shape.Hook]:
    """Write the systems a ladder may tell, without their secrets."""
    found = {}
    for one in await configuration.all_of(session, HOOK):
        names.give("hooks", one["id"], str(one["name"]))
        told = {"url": one["url"], "active": one["active"]}
        found[str(one["name"])] = shape.Hook.model_validate(told)
    return dict(sorted(found.items()))


async def rosters(session: Session, names: Names) -> dict[str, shape.Roster]:
    """Write who is on call, by department."""
    found = {}
    for one in await configuration.all_of(session, ROSTER):
        place = names.of("departments", one["department_id"])
        if place is not None:
            names.give("rosters", one["id"], place)
            kept = {name: one[name] for name in ("people", "begins", "hour", "turns")}
            found[place] = shape.Roster.model_validate(written(kept, names))
    return dict(sorted(found.items()))


async def hook(take: Taking, name: str, one: shape.Hook) -> None:
    """Take in a system; a new one is told nothing before it has a secret."""
    values: Json = {"url": check_url(one.url), "active": one.active}
    there = take.names.id_of("hooks", name)
    if there is None:
        id_ = take.new("hooks", name)
        fresh = values | {"name": name}
        await configure.add(take.session, HOOK, id_, fresh, take.actor, how="import")
    else:
        await configure.change(take.session, HOOK, there, values, None, take.actor, how="import")


async def roster(take: Taking, name: str, one: shape.Roster) -> None:
    """Take in who is on call in a department."""
    place = take.names.id_of("departments", name)
    if place is None:
        raise Invalid("config.unknown_name", {"name": name})
    values = meant(one.model_dump(), take.names)
    id_ = take.names.id_of("rosters", name) or take.new("rosters", name)
    wish = keep_roster.Wish(place, values, id_)
    await keep_roster.put(take.session, wish, take.actor, how="import")


STEPS: Mapping[str, Any] = {"hooks": hook, "rosters": roster}
"""What takes in the things of which section."""

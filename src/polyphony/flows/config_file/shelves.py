"""Shelves: roles, snippets, macros and views of a file; names stand where ids were."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from polyphony.domain.errors import Invalid
from polyphony.domain.event import Actor
from polyphony.domain.ids import DepartmentId
from polyphony.domain.permission import SYSTEM
from polyphony.flows import arrange, empower, publish
from polyphony.flows.config_file import shape
from polyphony.flows.config_file.names import Names
from polyphony.store import configuration, staff, views
from polyphony.store.configuration import ROLE, Noun
from polyphony.store.database import Session
from polyphony.store.keys import key
from polyphony.store.knowledge import MACRO, SNIPPET
from polyphony.store.views import SavedView

Json = dict[str, Any]
_REFERRED = (
    *("queues", "departments", "accounts", "people", "skills", "calendars", "brands"),
    *("case_kinds", "snippets", "hooks"),
)
BETWEEN = " / "


def written(value: Any, names: Names) -> Any:  # noqa: ANN401 - JSON of any kind
    """Write JSON with ``@section/name`` wherever an id of a known thing stood."""
    if isinstance(value, dict):
        return {name: written(one, names) for name, one in value.items()}
    if isinstance(value, list):
        return [written(one, names) for one in value]
    if not isinstance(value, str):
        return value
    for section in _REFERRED:
        name = names.of(section, value)
        if name is not None:
            return f"@{section}/{name}"
    return value


def meant(value: Any, names: Names) -> Any:  # noqa: ANN401 - JSON of any kind
    """Read JSON back; raise Invalid for a name of a known section that names nothing."""
    if isinstance(value, dict):
        return {name: meant(one, names) for name, one in value.items()}
    if isinstance(value, list):
        return [meant(one, names) for one in value]
    if not isinstance(value, str) or not value.startswith("@"):
        return value
    section, slash, name = value[1:].partition("/")
    if not slash or section not in _REFERRED:
        return value
    found = names.id_of(section, name)
    if found is None:
        raise Invalid("config.unknown_name", {"name": name})
    return str(found)


# ── out ─────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Shelves:
    """What is written out."""

    roles: dict[str, shape.Role]
    snippets: dict[str, shape.Snippet]
    macros: dict[str, shape.Macro]
    views: dict[str, shape.View]


async def shelves(session: Session, names: Names) -> Shelves:
    """Read what everybody or a department has; what is personal stays personal."""
    roles = await configuration.all_of(session, ROLE)
    for one in roles:
        names.give("roles", one["id"], str(one["key"]))
    return Shelves(
        {
            str(one["key"]): shape.Role.model_validate(
                {"name": one["name"], "note": one["note"], "rights": sorted(_list(one["rights"]))}
            )
            for one in sorted(roles, key=lambda one: str(one["key"]))
            if not one["built_in"]
        },
        {
            name: shape.Snippet.model_validate(
                {part: one[part] for part in ("name", "bodies", "channels")}
            )
            for name, one in await _shelved(session, SNIPPET, "shortcut", names)
        },
        {
            name: shape.Macro.model_validate({"steps": written(one["steps"], names)})
            for name, one in await _shelved(session, MACRO, "name", names)
        },
        {name: _view(one, names) for name, one in _named_views(await views.shared(session), names)},
    )


def _list(given: object) -> list[str]:
    return [str(one) for one in given] if isinstance(given, list) else []


async def _shelved(
    session: Session, noun: Noun, called: str, names: Names
) -> Sequence[tuple[str, Json]]:
    rows = [one for one in await configuration.all_of(session, noun) if one["scope"] != "personal"]
    found = []
    for one in rows:
        place = names.of("departments", one["department_id"])
        name = f"{place}{BETWEEN}{one[called]}" if place else str(one[called])
        names.give(noun.table + "s", one["id"], name)
        found.append((name, one))
    return sorted(found, key=lambda one: one[0])


def _named_views(found: Sequence[SavedView], names: Names) -> Iterator[tuple[str, SavedView]]:
    """Call views by team and name; a name that stands twice is told apart by its number."""
    taken: dict[str, int] = {}
    named = []
    for one in found:
        place = names.of("departments", one.department_id)
        name = f"{place}{BETWEEN}{one.name}" if place else one.name
        taken[name] = taken.get(name, 0) + 1
        if taken[name] > 1:
            name = f"{name} ({taken[name]})"
        names.give("views", one.id, name)
        named.append((name, one))
    yield from sorted(named, key=lambda one: one[0])


def _view(one: SavedView, names: Names) -> shape.View:
    return shape.View.model_validate(
        {
            "colour": one.colour,
            "sort": one.sort,
            "place": one.place,
            "filter": written(one.filter, names),
        }
    )


# ── in ──────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Taking:
    """Who takes a file in, when, and what everything is called."""

    session: Session
    names: Names
    actor: Actor
    at: datetime

    def place(self, name: str) -> tuple[UUID | None, str]:
        """Return the department before the dash of a name, if it is one, and the rest."""
        before, between, rest = name.partition(BETWEEN)
        found = self.names.id_of("departments", before) if between else None
        return (found, rest) if found else (None, name)

    def new(self, section: str, name: str) -> UUID:
        """Make the id of a new thing and remember its name."""
        id_ = key(self.at)
        self.names.give(section, id_, name)
        return id_


async def role(take: Taking, name: str, one: shape.Role) -> None:
    """Take in a role; built-in ones are refused."""
    giver = empower.Giver(None, take.actor, take.at)
    values: Json = {"name": one.name, "note": one.note, "rights": list(one.rights)}
    there = take.names.id_of("roles", name)
    if there is None:
        id_ = take.new("roles", name)
        await empower.add_role(take.session, giver, id_, values | {"key": name}, how="import")
    else:
        await empower.change_role(take.session, giver, there, values, None, how="import")


async def snippet(take: Taking, name: str, one: shape.Snippet) -> None:
    """Take in a snippet of everybody, or of the department before its shortcut."""
    values = one.model_dump()
    await _put(take, SNIPPET, name, values, "shortcut")


async def macro(take: Taking, name: str, one: shape.Macro) -> None:
    """Take in a macro of everybody, or of the department before its name."""
    await _put(take, MACRO, name, {"steps": meant(one.steps, take.names)}, "name")


async def _put(take: Taking, noun: Noun, name: str, values: Json, called: str) -> None:
    place, own = take.place(name)
    values = values | {
        called: own,
        "scope": "department" if place else "all",
        "department_id": str(place) if place else None,
    }
    by = publish.Keeper(SYSTEM, take.actor)
    section = noun.table + "s"
    there = take.names.id_of(section, name)
    if there is None:
        await publish.add(take.session, noun, take.new(section, name), values, by, how="import")
    else:
        await publish.change(take.session, noun, there, values, None, by, how="import")


async def view(take: Taking, name: str, one: shape.View) -> None:
    """Take in a view of everybody, or of the team before its name."""
    place, own = take.place(name)
    there = take.names.id_of("views", name)
    found = [row for row in await views.shared(take.session) if row.id == there]
    before = found[0] if found else None
    owner = before.owner_id if before else take.actor.id or await staff.governor(take.session)
    fresh = SavedView(
        id=there or take.new("views", name),
        name=before.name if before else own,
        sharing="team" if place else "shared",
        owner_id=owner,
        department_id=DepartmentId(place) if place else None,
        colour=one.colour,
        sort=one.sort,
        place=one.place,
        filter=meant(one.filter, take.names),
        version=before.version + 1 if before else 1,
    )
    who = arrange.Arranger(SYSTEM, take.actor, take.at)
    await arrange.put(take.session, who, fresh, before, "import")


STEPS: Mapping[str, Any] = {"roles": role, "snippets": snippet, "macros": macro, "views": view}
"""What takes in the things of which section."""

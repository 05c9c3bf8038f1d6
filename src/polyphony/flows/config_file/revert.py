"""Revert: take one change of the configuration back, unless somebody has changed the same since."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from polyphony.domain.errors import Conflict, NotFound
from polyphony.domain.event import Actor
from polyphony.domain.permission import SYSTEM
from polyphony.flows import (
    arrange,
    configure,
    design,
    empower,
    name_status,
    publish,
    rule_events,
    tune,
)
from polyphony.flows.arrange import Arranger
from polyphony.store import changes, configuration, event_rules, kinds, staff, views
from polyphony.store.changes import Change
from polyphony.store.configuration import (
    ACCOUNT,
    BRAND,
    CALENDAR,
    DEADLINE,
    DEPARTMENT,
    ESCALATION,
    QUEUE,
    ROLE,
    SKILL,
    SLA_POLICY,
    STATUS,
    Noun,
)
from polyphony.store.database import Session
from polyphony.store.hooks import HOOK
from polyphony.store.kinds import CASE_KIND
from polyphony.store.knowledge import MACRO, SNIPPET
from polyphony.store.rosters import ROSTER

Json = dict[str, Any]
_NOUNS: Mapping[str, Noun] = {
    one.name: one
    for one in (
        *(ACCOUNT, BRAND, CALENDAR, CASE_KIND, DEADLINE, DEPARTMENT),
        *(ESCALATION, HOOK, QUEUE, ROSTER, SKILL, SLA_POLICY),
    )
}

_SHELVES: Mapping[str, Noun] = {one.name: one for one in (SNIPPET, MACRO)}


async def revert(session: Session, change: UUID, actor: Actor, at: datetime) -> Change:
    """Take a change back; raise NotFound, or Conflict when the same fields have moved on since."""
    found = await changes.one(session, change)
    if found is None:
        raise NotFound("config_change")
    if found.noun in ("rules", tune.NOUN):
        await (_rules if found.noun == "rules" else _tuned)(session, found, actor)
    elif found.noun == "event_rules":
        await _event_rules(session, found, actor)
    elif found.entity_id is None or not await _one(session, found, found.entity_id, actor, at):
        raise Conflict("config.not_revertible", {"noun": found.noun})
    return found


async def _one(session: Session, found: Change, id_: UUID, actor: Actor, at: datetime) -> bool:
    """Take back a change of one thing; False for a thing nobody takes back."""
    if found.noun in _NOUNS:
        await _thing(session, found, _NOUNS[found.noun], id_, actor)
    elif found.noun in _SHELVES:
        await _shelved(session, found, _SHELVES[found.noun], id_, actor)
    elif found.noun == "role":
        await _role(session, found, id_, empower.Giver(None, actor, at))
    elif found.noun == STATUS.name:
        await _status(session, found, id_, actor, at)
    elif found.noun == "view":
        await _view(session, found, id_, Arranger(SYSTEM, actor, at))
    elif found.noun in {"process", "person"} and found.before:
        if found.noun == "process":
            await _process(session, found, id_, actor, at)
        else:
            await _person(session, found, id_, actor)
    else:
        return False
    return True


def _same(found: Change, now: Mapping[str, object] | None) -> dict[str, object]:
    """Return what to write back; raise Conflict when it is not as the change left it."""
    fields = changes.differ(found.before, found.after)
    after = found.after or {}
    moved = [name for name in fields if now is not None and now.get(name) != after.get(name)]
    if now is None or moved:
        raise Conflict("config.moved_on", {"fields": moved})
    return {name: (found.before or {}).get(name) for name in fields}


async def _thing(session: Session, found: Change, noun: Noun, id_: UUID, actor: Actor) -> None:
    now = await configuration.one(session, noun, id_)
    if found.after is None:
        if now is not None:
            raise Conflict("config.moved_on")
        before = found.before or {}  # what the release before kept knows fewer fields
        values = {name: before[name] for name in noun.columns if name in before}
        await configure.add(session, noun, id_, values, actor, how="revert")
    elif found.before is None:
        if now is None:
            raise Conflict("config.moved_on")
        await configure.remove(session, noun, id_, None, actor, how="revert")
    else:
        values = _same(found, now)
        await configure.change(session, noun, id_, values, None, actor, how="revert")


async def _shelved(session: Session, found: Change, noun: Noun, id_: UUID, actor: Actor) -> None:
    """Take a change of what several people use back; what is personal by now stays so."""
    by = publish.Keeper(SYSTEM, actor)
    now = await configuration.one(session, noun, id_)
    if now is not None and now["scope"] == "personal":
        raise Conflict("config.moved_on")
    if found.after is None:
        if now is not None:
            raise Conflict("config.moved_on")
        before = {name: (found.before or {}).get(name) for name in noun.columns}
        await publish.add(session, noun, id_, before, by, how="revert")
    elif found.before is None:
        if now is None:
            raise Conflict("config.moved_on")
        await publish.remove(session, noun, id_, by, how="revert")
    else:
        values = _same(found, now)
        if "person_id" in values:  # it was somebody's own
            raise Conflict("config.not_revertible", {"noun": found.noun})
        await publish.change(session, noun, id_, values, None, by, how="revert")


async def _view(session: Session, found: Change, id_: UUID, who: Arranger) -> None:
    now = await views.kept(session, id_)
    if (now is None) != (found.after is None) or (now and now.sharing == "personal"):
        raise Conflict("config.moved_on")
    if now is None:
        await arrange.put(session, who, views.from_state(found.before or {}), None, "revert")
        return
    told = views.state(now)
    if found.before is None:
        await arrange.drop(session, who, now, "revert")
        return
    back = views.from_state(told | _same(found, told))
    await arrange.put(session, who, replace(back, version=now.version + 1), now, "revert")


async def _role(session: Session, found: Change, id_: UUID, giver: empower.Giver) -> None:
    now = await configuration.one(session, ROLE, id_)
    if found.after is None:
        if now is not None:
            raise Conflict("config.moved_on")
        before = {name: (found.before or {}).get(name) for name in ROLE.columns}
        await empower.add_role(session, giver, id_, before, how="revert")
    elif found.before is None:
        if now is None:
            raise Conflict("config.moved_on")
        await empower.remove_role(session, giver, id_, None, how="revert")
    else:
        values: Json = _same(found, now)
        await empower.change_role(session, giver, id_, values, None, how="revert")


async def _status(session: Session, found: Change, id_: UUID, actor: Actor, at: datetime) -> None:
    """Take a change of a status back; who is in it follows."""
    now = await configuration.one(session, STATUS, id_)
    if found.after is None and now is None:
        before = {name: (found.before or {}).get(name) for name in STATUS.columns}
        await name_status.add(session, id_, before, actor, how="revert")
    elif now is None or found.after is None:
        raise Conflict("config.moved_on")
    elif found.before is None:
        await name_status.remove(session, id_, None, actor, how="revert")
    else:
        values = _same(found, now)
        await name_status.change(session, id_, values, None, actor, at, how="revert")


async def _rules(session: Session, found: Change, actor: Actor) -> None:
    version, now = await configuration.rules(session)
    back: Any = _same(found, {"name": "rules", "rules": now}).get("rules") or []
    await configure.set_rules(session, back, version, actor, how="revert")


async def _event_rules(session: Session, found: Change, actor: Actor) -> None:
    version, now = await event_rules.lines(session)
    back: Any = _same(found, {"name": "event_rules", "rules": now}).get("rules") or []
    await rule_events.set_rules(session, back, version, actor, how="revert")


async def _process(session: Session, found: Change, kind: UUID, actor: Actor, at: datetime) -> None:
    """Publish what was published before; what runs keeps its version."""
    now = await kinds.published(session, kind)
    state = None if now is None else {"steps": now.steps}
    back: Any = _same(found, state).get("steps") or []
    await design.put(session, kind, back, actor, at, how="revert")


async def _tuned(session: Session, found: Change, actor: Actor) -> None:
    key = str((found.after or found.before or {}).get("name"))
    now = await tune.read(session, key)
    back: Any = _same(found, {"name": key, "own": now["own"]}).get("own") or {}
    await tune.write(session, key, back, now["version"], actor, how="revert")


async def _person(session: Session, found: Change, id_: UUID, actor: Actor) -> None:
    now = await staff.one(session, id_)
    back: Json = _same(found, now)
    own = ("name", "email", "language", "zone")
    plain: Json = {name: back[name] for name in own if name in back}
    roles = None
    if "roles" in back or "role_departments" in back:
        before = found.before or {}
        roles = _roles(before)
    if plain:
        await staff.change(session, id_, plain, None)
    departments = [UUID(str(one)) for one in back["departments"]] if "departments" in back else None
    await staff.set_rights(session, id_, roles, departments)
    if not await staff.governed(session):
        raise Conflict("person.last_admin")
    after = await configure.tell_person(session, id_, actor)
    await changes.record(session, "person", id_, (now, after), actor.id, "revert")


def _roles(before: Json) -> list[tuple[str, UUID | None]]:
    limited = [
        (str(one["role"]), UUID(str(one["department_id"])))
        for one in before.get("role_departments") or []
    ]
    bound = {role for role, _ in limited}
    whole: list[tuple[str, UUID | None]] = [
        (str(role), None) for role in before.get("roles") or [] if role not in bound
    ]
    return [*whole, *limited]

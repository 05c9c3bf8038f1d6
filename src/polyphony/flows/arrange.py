"""Arrange: lists are kept under a name, changed and taken away; whoever has them hears of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from polyphony.domain import filter as filters
from polyphony.domain.errors import Conflict, Forbidden, Invalid, NotFound
from polyphony.domain.event import Actor, NewEvent, Op
from polyphony.domain.permission import Scope, publishes, where
from polyphony.domain.role import Right
from polyphony.store import changes, events, views
from polyphony.store.database import Session
from polyphony.store.views import SavedView


@dataclass(frozen=True, slots=True)
class Arranger:
    """Who arranges lists, and when."""

    scope: Scope
    actor: Actor
    at: datetime


def needs(scope: Scope, view: SavedView) -> tuple[str, ...]:
    """Name what is missing to change a view; empty when nothing is.

    A personal one is its owner's, one of a team its supervisors', a shared one the admins'.
    """
    if scope.kind == "system":
        return ()
    if view.sharing == "personal":
        return () if view.owner_id == scope.id else ("owner",)
    if view.sharing == "team":
        shares = view.department_id in where(scope, Right.SHARE)
        return () if shares else (Right.SHARE.value, f"department:{view.department_id}")
    return () if publishes(scope) else (Right.PUBLISH.value,)


async def add(session: Session, who: Arranger, view: SavedView) -> SavedView:
    """Keep a list under a name; raise Forbidden when it is not theirs to share like this."""
    await _check(session, who.scope, view)
    personal = view.sharing == "personal"
    if personal and await views.own(session, view.owner_id) >= views.VIEWS_MAX:
        raise Conflict("view.too_many", {"max": views.VIEWS_MAX})
    await views.keep(session, view, who.at)
    await _tell(session, view, Op.TOUCH, who.actor, _audience(view))
    await _remember(session, (None, view), who, "edit")
    return view


async def put(
    session: Session, who: Arranger, view: SavedView, before: SavedView | None, how: str
) -> None:
    """Write a view as a whole (a configuration file does); ``before`` None = it is new."""
    await _check(session, who.scope, view)
    await views.keep(session, view, who.at)
    was = _audience(before) if before else _audience(view)
    await _tell(session, view, Op.TOUCH, who.actor, was)
    await _remember(session, (before, view), who, how)


async def change(
    session: Session, who: Arranger, id_: UUID, values: Mapping[str, object], version: int | None
) -> SavedView:
    """Change a view; raise NotFound, Forbidden, or Conflict when the version has moved on."""
    before = await _mine(session, who.scope, id_, version)
    sharing = values.get("sharing", before.sharing)
    given = dict(values) | ({"department_id": None} if sharing != "team" else {})
    after = replace(before, **given, version=before.version + 1)  # type: ignore[arg-type]
    await _check(session, who.scope, after)
    await views.keep(session, after, who.at)
    await _tell(session, after, Op.TOUCH, who.actor, _audience(before))
    await _remember(session, (before, after), who, "edit")
    return after


async def remove(session: Session, who: Arranger, id_: UUID, version: int | None) -> None:
    """Take a view away from everybody who has it."""
    await drop(session, who, await _mine(session, who.scope, id_, version), "edit")


async def drop(session: Session, who: Arranger, before: SavedView, how: str) -> None:
    """Take a view away that may be taken away."""
    await views.remove(session, before.id)
    gone = replace(before, version=before.version + 1)
    await _tell(session, gone, Op.GONE, who.actor, _audience(before))
    await _remember(session, (before, None), who, how)


async def _remember(
    session: Session, states: tuple[SavedView | None, SavedView | None], who: Arranger, how: str
) -> None:
    """Keep a change of a shared view in the history; what becomes personal is gone for others."""
    before, after = states
    after = None if after and after.sharing == "personal" else after
    view = after or before
    if view is not None and (after or view.sharing != "personal"):
        told = (views.state(before) if before else None, views.state(after) if after else None)
        await changes.record(session, "view", view.id, told, who.actor.id, how)


async def _mine(session: Session, scope: Scope, id_: UUID, version: int | None) -> SavedView:
    found = await views.one(session, scope, id_, lock=True)
    if found is None:
        raise NotFound("view")
    _may(scope, found)
    if version is not None and version != found.version:
        raise Conflict("precondition.failed", {"version": found.version})
    return found


def _may(scope: Scope, view: SavedView) -> None:
    missing = needs(scope, view)
    if missing:
        raise Forbidden("rights.missing", {"needs": list(missing)})


async def _check(session: Session, scope: Scope, view: SavedView) -> None:
    filters.read(view.filter)
    if (view.sharing == "team") != (view.department_id is not None):
        raise Invalid("view.department", {"field": "department_id"})
    _may(scope, view)
    if view.department_id and not await views.departments(session, [view.department_id]):
        raise NotFound("department")


def _audience(view: SavedView) -> list[str]:
    if view.sharing == "personal":
        return [f"person:{view.owner_id}"]
    return [f"dept:{view.department_id}"] if view.sharing == "team" else ["all"]


async def _tell(session: Session, view: SavedView, op: Op, actor: Actor, was: list[str]) -> None:
    """Screens fetch their views again; who loses one hears that it is gone."""
    what = "removed" if op is Op.GONE else "changed"
    told = NewEvent(
        f"saved_view.{what}", op, "saved_view", view.id, view.version, _audience(view),
        aud_was=was if was != _audience(view) else None,
        actor_kind=actor.kind, actor_id=actor.id, cid=actor.cid,
    )  # fmt: skip
    await events.append(session, [told])

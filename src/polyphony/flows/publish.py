"""Publish: snippets, articles and macros are put on a shelf, changed there, taken away."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from polyphony.domain import macro
from polyphony.domain.errors import Forbidden, Invalid, NotFound
from polyphony.domain.event import Actor, NewEvent, Op
from polyphony.domain.permission import Deny, Scope, Shelf, keeps
from polyphony.flows.configure import Json, MovedOn
from polyphony.store import changes, configuration, events, knowledge, wake
from polyphony.store.configuration import Noun
from polyphony.store.database import Session
from polyphony.store.knowledge import ARTICLE, MACRO

LANGUAGES = frozenset(macro.LANGUAGES)
BODY_MAX = 20_000


@dataclass(frozen=True, slots=True)
class Keeper:
    """Who does it: his rights, and how the log names him."""

    scope: Scope
    actor: Actor


async def add(
    session: Session, noun: Noun, id_: UUID, values: Json, by: Keeper, *, how: str = "edit"
) -> Json:
    """Put a new thing on a shelf; raise Forbidden when the shelf is not his to fill."""
    given = _owned(values, by.scope)
    _check(given)
    _may(by.scope, knowledge.shelf_of(given), noun)
    await configuration.add(session, noun, id_, given)
    now = await _told(session, noun, id_, by.actor)
    await _remember(session, noun, id_, (None, now), by.actor, how)
    return now


async def change(  # noqa: PLR0913 - a thing, its words and version, who and how
    session: Session,
    noun: Noun,
    id_: UUID,
    values: Json,
    version: int | None,
    by: Keeper,
    *,
    how: str = "edit",
) -> Json:
    """Change a thing; both its old shelf and its new one must be his. Raises MovedOn, NotFound."""
    before = await _mine(session, noun, id_, by.scope)
    given = values
    if "scope" in values or "department_id" in values:
        given = values | _owned({"scope": before["scope"], **values}, by.scope)
        _may(by.scope, knowledge.shelf_of(given), noun)
    _check(given)
    if not await configuration.change(session, noun, id_, given, version):
        raise MovedOn(before)
    was = _audience(knowledge.shelf_of(before))
    now = await _told(session, noun, id_, by.actor, was=was)
    await _remember(session, noun, id_, (before, now), by.actor, how)
    return now


async def remove(session: Session, noun: Noun, id_: UUID, by: Keeper, *, how: str = "edit") -> None:
    """Take a thing away; what was written with it stays as it is."""
    before = await _mine(session, noun, id_, by.scope)
    await knowledge.remove(session, noun, id_)
    version = int(str(before["version"])) + 1
    aud = _audience(knowledge.shelf_of(before))
    await _tell(session, noun, id_, version, aud, by.actor)
    await _remember(session, noun, id_, (before, None), by.actor, how)


async def _remember(
    session: Session,
    noun: Noun,
    id_: UUID,
    states: tuple[Json | None, Json | None],
    actor: Actor,
    how: str,
) -> None:
    """Keep a change of what several people use in the history of the configuration.

    What becomes personal is gone for the others. Articles are texts, no configuration.
    """
    before, after = states
    after = None if after and after["scope"] == "personal" else after
    theirs = after is not None or (before is not None and before["scope"] != "personal")
    if noun is not ARTICLE and theirs:
        await changes.record(session, noun.name, id_, (before, after), actor.id, how)


async def _mine(session: Session, noun: Noun, id_: UUID, scope: Scope) -> Json:
    found = await knowledge.shelf(session, noun, id_)
    if found is None:
        raise NotFound(noun.name)
    _may(scope, found[0], noun)
    return found[1]


def _may(scope: Scope, shelf: Shelf, noun: Noun) -> None:
    decision = keeps(scope, shelf)
    if isinstance(decision, Deny):
        if decision.hidden:
            raise NotFound(noun.name)
        raise Forbidden("rights.missing", {"needs": list(decision.needs)})


def _owned(values: Mapping[str, object], scope: Scope) -> Json:
    """Name the owner the scope demands: the caller himself, a department, or nobody."""
    reach = values.get("scope")
    if reach == "department" and values.get("department_id") is None:
        raise Invalid("shelf.department", {"field": "department_id"})
    return {
        **values,
        "person_id": scope.id if reach == "personal" else None,
        "department_id": values.get("department_id") if reach == "department" else None,
    }


def _check(values: Mapping[str, object]) -> None:
    for name in ("bodies", "titles"):
        texts = values.get(name)
        if isinstance(texts, dict):
            _texts(name, texts)
    steps = values.get("steps")
    if isinstance(steps, list):
        macro.read(steps)


def _texts(name: str, texts: Mapping[str, object]) -> None:
    filled = [one for one in texts.values() if str(one).strip()]
    if set(texts) - LANGUAGES or not filled or any(len(str(one)) > BODY_MAX for one in filled):
        facts = {"field": name, "languages": sorted(LANGUAGES), "max": BODY_MAX}
        raise Invalid("shelf.texts", facts)


def _audience(shelf: Shelf) -> list[str]:
    """Everybody fetches lists anew; what is personal is nobody else's business."""
    return [f"person:{shelf.person}"] if shelf.scope == "personal" else ["all"]


async def _told(
    session: Session, noun: Noun, id_: UUID, actor: Actor, was: list[str] | None = None
) -> Json:
    now = await configuration.one(session, noun, id_)
    if now is None:  # pragma: no cover - it was just written
        raise NotFound(noun.name)
    aud = _audience(knowledge.shelf_of(now))
    version = int(str(now["version"]))
    await _tell(session, noun, id_, version, sorted({*aud, *(was or [])}), actor)
    return now


async def _tell(
    session: Session, noun: Noun, id_: UUID, version: int, aud: list[str], actor: Actor
) -> None:  # fmt: skip
    event = NewEvent(
        f"{noun.name}.changed",
        Op.TOUCH,
        noun.name,
        id_,
        version,
        aud,
        actor_kind=actor.kind,
        actor_id=actor.id,
        cid=actor.cid,
    )
    await events.append(session, [event])
    wake.mark(session, "config")


async def macro_row(session: Session, id_: UUID, scope: Scope) -> Json:
    """Return a macro the actor may use, as it is kept; raise NotFound."""
    usable = {str(one["id"]): one for one in await knowledge.usable(session, MACRO, scope)}
    found = usable.get(str(id_))
    if found is None or not isinstance(found.get("steps"), list):
        raise NotFound("macro")
    return found


async def macro_of(session: Session, id_: UUID, scope: Scope) -> tuple[macro.Step, ...]:
    """Return the steps of a macro the actor may use; raise NotFound."""
    return steps_of(await macro_row(session, id_, scope))


def steps_of(kept: Mapping[str, object]) -> tuple[macro.Step, ...]:
    """Read the steps something kept; none are refused like wrong ones."""
    steps = kept.get("steps")
    return macro.read(steps if isinstance(steps, list) else [])

"""Name a status: the statuses of Presence a house has, and what each means for who is in it."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from polyphony.domain.errors import Conflict, Invalid, NotFound
from polyphony.domain.event import Actor
from polyphony.domain.presence import Mode
from polyphony.flows import attend, configure
from polyphony.store import configuration, statuses
from polyphony.store.configuration import STATUS
from polyphony.store.database import Session

Json = dict[str, object]
_FIXED = frozenset({"key", "matrix"})
"""What nobody changes about a status of the system: everything else hangs on it."""


async def add(
    session: Session, id_: UUID, values: Mapping[str, object], actor: Actor, *, how: str = "edit"
) -> Json:
    """Add a status of the house; raise Conflict when its key is taken, Invalid without a name."""
    _check(values)
    return await configure.add(session, STATUS, id_, values, actor, how=how)


async def change(  # noqa: PLR0913 - a thing, its words and version, who and how
    session: Session,
    id_: UUID,
    values: Mapping[str, object],
    version: int | None,
    actor: Actor,
    at: datetime,
    *,
    how: str = "edit",
) -> Json:
    """Change a status; who is in it takes from now on what it means now.

    Raises Conflict for the matrix or key of a status of the system.
    """
    before = await configuration.one(session, STATUS, id_)
    if before is None:
        raise NotFound("presence_status")
    fixed = sorted(name for name in _FIXED & values.keys() if values[name] != before[name])
    if before["built_in"] and fixed:
        raise Conflict("presence_status.built_in", {"fields": fixed})
    if "key" in fixed:
        raise Conflict("presence_status.key_kept")
    if not before["built_in"]:
        _check({**before, **values})
    told = await configure.change(session, STATUS, id_, values, version, actor, how=how)
    if told["matrix"] != before["matrix"]:
        await attend.changed(session, await statuses.agents_in(session, id_), at, actor)
    return told


async def remove(
    session: Session, id_: UUID, version: int | None, actor: Actor, *, how: str = "edit"
) -> None:
    """Take a status of the house away; raise Conflict while somebody is in it."""
    before = await configuration.one(session, STATUS, id_)
    if before is not None and before["built_in"]:
        raise Conflict("presence_status.built_in")
    await configure.remove(session, STATUS, id_, version, actor, how=how)


def _check(values: Mapping[str, object]) -> None:
    """Demand a name and a matrix that means something: known channels, known modes."""
    name, matrix = values.get("name"), values.get("matrix")
    if not isinstance(name, Mapping) or not any(str(one).strip() for one in name.values()):
        raise Invalid("presence_status.name_missing")
    if not isinstance(matrix, Mapping) or not matrix:
        raise Invalid("presence_status.matrix_missing")
    wrong = sorted(str(one) for one in matrix.values() if one not in list(Mode))
    if wrong:
        raise Invalid("presence_status.mode", {"modes": wrong})

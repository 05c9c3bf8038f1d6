"""Views: lists under a name; whose they are, what they ask for, in which order they stand."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

from psycopg.types.json import Jsonb

from polyphony.domain.ids import DepartmentId
from polyphony.domain.permission import Scope, supervised
from polyphony.store.database import Session, row, rows
from polyphony.store.visibility import Condition

VIEWS_MAX = 200
"""So many a person may have of his own."""


@dataclass(frozen=True, slots=True)
class SavedView:
    """A list under a name; ``department_id`` only when it is shared with a team."""

    id: UUID
    name: str
    sharing: str
    owner_id: UUID
    department_id: DepartmentId | None
    colour: str
    sort: str
    place: int
    filter: object
    version: int


_COLUMNS: LiteralString = (
    "v.id, v.name, v.sharing, v.owner_id, v.department_id, v.colour, v.sort, v.place, v.filter,"
    " v.version"
)


def _seen_by(scope: Scope) -> Condition:
    """Return the condition under which somebody has a view: his own, his teams', everybody's."""
    text: LiteralString = (
        "(v.sharing = 'shared' OR (v.sharing = 'personal' AND v.owner_id = %(me)s)"
        " OR (v.sharing = 'team' AND v.department_id = ANY(%(teams)s)))"
    )
    return text, {"me": scope.id, "teams": sorted(scope.departments | supervised(scope))}


def state(view: SavedView) -> dict[str, object]:
    """Write a view for the history: plain JSON."""
    found = asdict(view)
    for name in ("id", "owner_id", "department_id"):
        found[name] = None if found[name] is None else str(found[name])
    return found


def from_state(told: Mapping[str, Any]) -> SavedView:
    """Read a view of the history; it begins with version 1 again."""
    team = told["department_id"]
    return SavedView(
        id=UUID(told["id"]),
        name=told["name"],
        sharing=told["sharing"],
        owner_id=UUID(told["owner_id"]),
        department_id=DepartmentId(UUID(team)) if team else None,
        colour=told["colour"],
        sort=told["sort"],
        place=told["place"],
        filter=told["filter"],
        version=1,
    )


async def listed(session: Session, scope: Scope) -> list[SavedView]:
    """Return the views somebody has, in the order in which they stand."""
    seen, params = _seen_by(scope)
    return await rows(
        session,
        f"SELECT {_COLUMNS} FROM saved_view v WHERE {seen} ORDER BY v.place, v.created_at, v.id",
        params,
        SavedView,
    )


async def shared(session: Session) -> list[SavedView]:
    """Return the views of everybody and of teams, the oldest first: what a file may hold."""
    return await rows(
        session,
        f"SELECT {_COLUMNS} FROM saved_view v WHERE v.sharing <> 'personal'"
        " ORDER BY v.created_at, v.id",
        {},
        SavedView,
    )


async def one(session: Session, scope: Scope, id_: UUID, *, lock: bool = False) -> SavedView | None:
    """Return one view somebody has; None when there is none he may see."""
    seen, params = _seen_by(scope)
    tail: LiteralString = "FOR UPDATE" if lock else ""
    return await row(
        session,
        f"SELECT {_COLUMNS} FROM saved_view v WHERE v.id = %(id)s AND {seen} {tail}",
        {**params, "id": id_},
        SavedView,
    )


async def kept(session: Session, id_: UUID) -> SavedView | None:
    """Return one view, whoever has it, and keep it from changing meanwhile."""
    return await row(
        session,
        f"SELECT {_COLUMNS} FROM saved_view v WHERE v.id = %(id)s FOR UPDATE",
        {"id": id_},
        SavedView,
    )


async def own(session: Session, person: UUID) -> int:
    """Count the personal views of somebody."""
    found = await session.execute(
        "SELECT count(*) FROM saved_view WHERE owner_id = %s AND sharing = 'personal'", [person]
    )
    counted = await found.fetchone()
    return int(counted[0]) if counted else 0


async def keep(session: Session, view: SavedView, at: datetime) -> None:
    """Add a view, or write what has changed of it; the version is the caller's."""
    await session.execute(
        """INSERT INTO saved_view (id, name, sharing, owner_id, department_id, colour, sort, place,
                                   filter, version, created_at)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
           ON CONFLICT (id) DO UPDATE SET name = excluded.name, sharing = excluded.sharing,
                  department_id = excluded.department_id, colour = excluded.colour,
                  sort = excluded.sort, place = excluded.place, filter = excluded.filter,
                  version = excluded.version""",
        [
            view.id,
            view.name,
            view.sharing,
            view.owner_id,
            view.department_id,
            view.colour,
            view.sort,
            view.place,
            Jsonb(view.filter),
            view.version,
            at,
        ],
    )


async def remove(session: Session, id_: UUID) -> None:
    """Take a view away."""
    await session.execute("DELETE FROM saved_view WHERE id = %s", [id_])


async def departments(session: Session, ids: Sequence[DepartmentId]) -> set[DepartmentId]:
    """Return those of the departments that exist."""
    found = await session.execute("SELECT id FROM department WHERE id = ANY(%s)", [list(ids)])
    return {one[0] for one in await found.fetchall()}

"""Changes: the history of configuration: who changed what from what to what; only ever added."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg.types.json import Jsonb

from polyphony.store.database import Session, rows

Json = dict[str, object]

UNTOLD = frozenset({"version", "health", "created_at", "status"})
"""What changes by itself, or with every change: no news by itself."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change as kept; ``before`` None = it was added, ``after`` None = it was removed."""

    id: UUID
    no: int
    at: datetime
    batch: str
    how: str
    by_id: UUID | None
    by_name: str | None
    noun: str
    entity_id: UUID | None
    name: str
    before: Json | None
    after: Json | None


def differ(before: Mapping[str, object] | None, after: Mapping[str, object] | None) -> list[str]:
    """Return the names of the fields in which two states differ, without those nobody sets."""
    old, new = before or {}, after or {}
    names = (old.keys() | new.keys()) - UNTOLD
    return sorted(name for name in names if old.get(name) != new.get(name))


async def record(
    session: Session,
    noun: str,
    id_: UUID | None,
    states: tuple[Mapping[str, object] | None, Mapping[str, object] | None],
    by: UUID | None,
    how: str = "edit",
) -> None:
    """Keep one change (before, after); nothing when the two are the same."""
    before, after = states
    if before is not None and after is not None and not differ(before, after):
        return
    await session.execute(
        "INSERT INTO config_history (how, by_id, noun, entity_id, name, before, after)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s)",
        [
            *(how, by, noun, id_, _name(after or before or {})),
            *(_kept(before), _kept(after)),
        ],
    )


def _name(state: Mapping[str, object]) -> str:
    named = state.get("key") or state.get("name") or state.get("email") or ""
    return named if isinstance(named, str) else str(named)


def _kept(state: Mapping[str, object] | None) -> Jsonb | None:
    if state is None:
        return None
    return Jsonb({name: value for name, value in state.items() if name not in UNTOLD})


async def page(
    session: Session,
    *,
    noun: str | None = None,
    entity: UUID | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[Change]:
    """Return changes, newest first, of one kind, of one thing, or all."""
    return await rows(
        session,
        """SELECT h.id, h.no, h.at, h.batch, h.how, h.by_id, p.name AS by_name, h.noun,
                  h.entity_id, h.name, h.before, h.after
             FROM config_history h LEFT JOIN person p ON p.id = h.by_id
            WHERE (%(noun)s::text IS NULL OR h.noun = %(noun)s)
              AND (%(entity)s::uuid IS NULL OR h.entity_id = %(entity)s)
              AND (%(before)s::bigint IS NULL OR h.no < %(before)s)
            ORDER BY h.no DESC LIMIT %(limit)s""",
        {"noun": noun, "entity": entity, "before": before, "limit": limit},
        Change,
    )


async def one(session: Session, id_: UUID) -> Change | None:
    """Return one change."""
    found = await rows(
        session,
        """SELECT h.id, h.no, h.at, h.batch, h.how, h.by_id, p.name AS by_name, h.noun,
                  h.entity_id, h.name, h.before, h.after
             FROM config_history h LEFT JOIN person p ON p.id = h.by_id WHERE h.id = %s""",
        [id_],
        Change,
    )
    return found[0] if found else None

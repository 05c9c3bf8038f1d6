"""Rosters: who is on call in each Department."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from polyphony.domain.roster import Roster, turns
from polyphony.store.configuration import Noun
from polyphony.store.database import Session, rows

ROSTER = Noun(
    "roster",
    "roster",
    {
        "department_id": "uuid",
        "people": "uuid[]",
        "begins": "date",
        "hour": "smallint",
        "turns": "jsonb",
    },
    order="x.department_id",
    unique="department_id",
)


@dataclass(frozen=True, slots=True)
class _Row:
    id: UUID
    department_id: UUID
    people: list[UUID]
    begins: date | None
    hour: int
    turns: list[dict[str, object]]
    zone: str


async def of(session: Session, departments: Sequence[UUID]) -> dict[UUID, Roster]:
    """Return the rosters of Departments, by Department, in their own zones."""
    found = await rows(
        session,
        """SELECT r.id, r.department_id, r.people, r.begins, r.hour::int, r.turns,
                  coalesce(c.zone, 'UTC') AS zone
             FROM roster r JOIN department d ON d.id = r.department_id
             LEFT JOIN calendar c ON c.id = d.calendar_id
            WHERE r.department_id = ANY(%s)""",
        [list(departments)],
        _Row,
    )
    return {
        one.department_id: Roster(
            tuple(one.people), one.begins, one.hour, turns(one.turns), one.zone
        )
        for one in found
    }


async def id_of(session: Session, department: UUID) -> UUID | None:
    """Return the roster of a Department."""
    found = await session.execute("SELECT id FROM roster WHERE department_id = %s", [department])
    one = await found.fetchone()
    return one[0] if one else None

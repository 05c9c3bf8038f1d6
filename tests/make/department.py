"""A Department with its calendar (round the clock) and its triage queue."""

from dataclasses import dataclass
from uuid import UUID

from tests.make.moment import new_id

from polyphony.store.database import Session


@dataclass(frozen=True)
class Department:
    id: UUID
    calendar: UUID
    triage: UUID


async def department(
    session: Session, name: str = "", *, visibility: str = "open", always: bool = True
) -> Department:
    made = Department(new_id(), new_id(), new_id())
    await session.execute(
        "INSERT INTO calendar (id, name, zone, always, frames) VALUES (%s, 'hours', 'UTC', %s,"
        """ '{"1":[["08:00","17:00"]],"2":[["08:00","17:00"]],"3":[["08:00","17:00"]],"""
        """ "4":[["08:00","17:00"]],"5":[["08:00","17:00"]]}')""",
        [made.calendar, always],
    )
    await session.execute(
        "INSERT INTO department (id, name, calendar_id, visibility) VALUES (%s, %s, %s, %s)",
        [made.id, name or f"department {made.id}", made.calendar, visibility],
    )
    await session.execute(
        "INSERT INTO queue (id, department_id, name) VALUES (%s, %s, 'Triage')",
        [made.triage, made.id],
    )
    await session.execute(
        "UPDATE department SET triage_queue = %s WHERE id = %s", [made.triage, made.id]
    )
    return made

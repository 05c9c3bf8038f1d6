"""A Queue of a Department."""

from uuid import UUID

from tests.make.moment import new_id

from polyphony.store.database import Session


async def queue(
    session: Session, department: UUID, name: str = "General", *, delivery: str = "push"
) -> UUID:
    made = new_id()
    await session.execute(
        "INSERT INTO queue (id, department_id, name, delivery) VALUES (%s, %s, %s, %s)",
        [made, department, name, delivery],
    )
    return made

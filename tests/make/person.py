"""A Person of the staff with roles and memberships."""

from collections.abc import Sequence
from uuid import UUID

from tests.make.moment import new_id

from polyphony.store.database import Session


async def person(
    session: Session,
    name: str = "Jana",
    *,
    roles: Sequence[str] = ("agent",),
    departments: Sequence[UUID] = (),
    email: str = "",
) -> UUID:
    made = new_id()
    await session.execute(
        "INSERT INTO person (id, email, name) VALUES (%s, %s, %s)",
        [made, email or f"{made}@staff.example", name],
    )
    for role in roles:
        await session.execute(
            "INSERT INTO person_role (person_id, role) VALUES (%s, %s)", [made, role]
        )
    for department in departments:
        await session.execute(
            "INSERT INTO member (person_id, department_id) VALUES (%s, %s)", [made, department]
        )
    return made

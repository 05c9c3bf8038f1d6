"""A skill, told apart by its key."""

from uuid import UUID

from tests.make.moment import new_id

from polyphony.store.database import Session


async def skill(session: Session, key: str, kind: str = "topic") -> UUID:
    made = new_id()
    await session.execute(
        "INSERT INTO skill (id, key, kind) VALUES (%s, %s, %s)", [made, key, kind]
    )
    return made

"""An Agent: a Person who takes work, with presence, load, queues and skills."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from tests.make.person import person

from polyphony.store.database import Session


async def agent(
    session: Session,
    department: UUID,
    *,
    name: str = "Jana",
    queues: Sequence[UUID] = (),
    skills: Mapping[UUID, int] | None = None,
    status: str = "online",
    cap_max: int = 100,
    channels: Sequence[str] = ("email", "chat"),
) -> UUID:
    made = await person(session, name, departments=[department])
    await session.execute(
        "INSERT INTO agent (person_id, department_id, channels) VALUES (%s, %s, %s)",
        [made, department, list(channels)],
    )
    await session.execute(
        "INSERT INTO agent_presence (agent_id, status) VALUES (%s, %s)", [made, status]
    )
    await session.execute(
        "INSERT INTO agent_load (agent_id, cap_max) VALUES (%s, %s)", [made, cap_max]
    )
    for queue in queues:
        await session.execute(
            "INSERT INTO queue_member (queue_id, agent_id) VALUES (%s, %s)", [queue, made]
        )
    for skill, level in (skills or {}).items():
        await session.execute(
            "INSERT INTO agent_skill (agent_id, skill_id, level) VALUES (%s, %s, %s)",
            [made, skill, level],
        )
    return made

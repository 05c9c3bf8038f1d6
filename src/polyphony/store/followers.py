"""Followers: who wants to hear of a Case, and who could be told of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from polyphony.store.database import Session, rows


@dataclass(frozen=True, slots=True)
class Follower:
    """Somebody who follows a Case."""

    id: UUID
    name: str


async def of(session: Session, case: UUID) -> list[Follower]:
    """Return who follows a Case, in the order they began."""
    return await rows(
        session,
        """SELECT p.id, p.name FROM follower f JOIN person p ON p.id = f.person_id
            WHERE f.case_id = %s AND p.state = 'active' ORDER BY f.at, p.id""",
        [case],
        Follower,
    )


async def of_cases(session: Session, cases: Sequence[UUID]) -> list[tuple[UUID, UUID]]:
    """Return (Case, Person) of all followers of these Cases."""
    if not cases:
        return []
    found = await session.execute(
        "SELECT case_id, person_id FROM follower WHERE case_id = ANY(%s)"
        " ORDER BY case_id, person_id",
        [sorted(set(cases))],
    )
    return [(case, person) for case, person in await found.fetchall()]


async def follow(session: Session, case: UUID, person: UUID, at: datetime) -> None:
    """Let a person follow a Case; twice is once."""
    await session.execute(
        "INSERT INTO follower (case_id, person_id, at) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
        [case, person, at],
    )


async def unfollow(session: Session, case: UUID, person: UUID) -> None:
    """Let a person follow a Case no more."""
    await session.execute(
        "DELETE FROM follower WHERE case_id = %s AND person_id = %s", [case, person]
    )


async def come_along(session: Session, source: UUID, target: UUID) -> None:
    """Let who follows one Case follow another (it goes on there)."""
    await session.execute(
        "INSERT INTO follower (case_id, person_id, at) SELECT %s, person_id, at FROM follower"
        " WHERE case_id = %s ON CONFLICT DO NOTHING",
        [target, source],
    )


async def members(session: Session, department: UUID) -> list[UUID]:
    """Return the active members of a department."""
    found = await session.execute(
        "SELECT p.id FROM member m JOIN person p ON p.id = m.person_id"
        " WHERE m.department_id = %s AND p.state = 'active' ORDER BY p.id",
        [department],
    )
    return [one[0] for one in await found.fetchall()]


async def supervisors(session: Session) -> list[UUID]:
    """Return active people who supervise anywhere; the decision is the domain's."""
    found = await session.execute(
        "SELECT DISTINCT p.id FROM person_role r JOIN person p ON p.id = r.person_id"
        " JOIN role x ON x.key = r.role"
        " WHERE 'supervise' = ANY(x.rights) AND p.state = 'active' ORDER BY p.id"
    )
    return [one[0] for one in await found.fetchall()]


async def at_work_on(session: Session, cases: Sequence[UUID]) -> list[tuple[UUID, UUID]]:
    """Return (Case, Person) for who has work of the Case in hand, else its owner."""
    found = await session.execute(
        """SELECT c.id, coalesce(w.agent_id, c.owner_id)
             FROM case_ c
             LEFT JOIN LATERAL (
                  SELECT DISTINCT w.agent_id FROM work_item w
                   WHERE w.case_id = c.id
                     AND w.state IN ('offered', 'in_work', 'suspended', 'wrap_up')) w ON true
            WHERE c.id = ANY(%s) AND coalesce(w.agent_id, c.owner_id) IS NOT NULL
            ORDER BY 1, 2""",
        [list(cases)],
    )
    return [(case, person) for case, person in await found.fetchall()]


async def names(session: Session, ids: Sequence[UUID]) -> dict[UUID, str]:
    """Return the names of active people and of departments by id; unknown ones are missing."""
    found = await session.execute(
        "SELECT id, name FROM person WHERE id = ANY(%(ids)s) AND state = 'active'"
        " UNION ALL SELECT id, name FROM department WHERE id = ANY(%(ids)s)",
        {"ids": list(ids)},
    )
    return {id_: str(name) for id_, name in await found.fetchall()}


async def consulted(session: Session, case: UUID, person: UUID) -> bool:
    """Tell whether somebody asked this person for advice in a Case."""
    found = await session.execute(
        """SELECT FROM message m JOIN interaction i ON i.id = m.interaction_id
            WHERE i.case_id = %s AND m.kind = 'note' AND m.facts->'consult'->>'with' = %s::text
              AND NOT m.hidden LIMIT 1""",
        [case, str(person)],
    )
    return await found.fetchone() is not None

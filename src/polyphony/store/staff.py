"""Staff: people, departments, queues and skills as screens show them; changes of people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import LiteralString
from uuid import UUID

from psycopg.types.json import Jsonb

from polyphony.domain.errors import Conflict, NotFound
from polyphony.domain.ids import DepartmentId
from polyphony.domain.role import Right, known
from polyphony.store.configuration import refused
from polyphony.store.database import Session
from polyphony.store.statuses import STATUSES

Json = dict[str, object]

_PERSON: LiteralString = """jsonb_build_object(
    'id', p.id, 'version', p.version, 'email', p.email, 'name', p.name, 'language', p.language,
    'zone', p.zone, 'state', p.state, 'simulated', p.simulated,
    'roles', coalesce((SELECT jsonb_agg(DISTINCT r.role) FROM person_role r
                        WHERE r.person_id = p.id), '[]'),
    'role_departments', coalesce((SELECT jsonb_agg(jsonb_build_object('role', r.role,
                        'department_id', r.department_id)) FROM person_role r
                        WHERE r.person_id = p.id AND r.department_id IS NOT NULL), '[]'),
    'departments', coalesce((SELECT jsonb_agg(m.department_id ORDER BY m.department_id)
                        FROM member m WHERE m.person_id = p.id), '[]'),
    'agent', EXISTS (SELECT FROM agent a WHERE a.person_id = p.id)
             AND EXISTS (SELECT FROM person_role r JOIN role x ON x.key = r.role
                          WHERE r.person_id = p.id AND 'take' = ANY(x.rights)),
    'has_password', p.password_hash IS NOT NULL, 'totp', p.totp_secret IS NOT NULL)"""


async def one(session: Session, person: UUID) -> Json:
    """Return a person with his own settings; raise NotFound."""
    found = await session.execute(
        f"SELECT {_PERSON} || jsonb_build_object('settings', p.settings) FROM person p"
        " WHERE p.id = %s",
        [person],
    )
    row = await found.fetchone()
    if row is None:
        raise NotFound("person")
    told: Json = row[0]
    return told


async def everybody(session: Session) -> list[Json]:
    """Return all people for the administrator."""
    found = await session.execute(f"SELECT {_PERSON} FROM person p ORDER BY p.name, p.id")
    return [row[0] for row in await found.fetchall()]


async def change_me(session: Session, person: UUID, change: Mapping[str, object]) -> None:
    """Change own name, language, zone."""
    await session.execute(
        """UPDATE person SET name = coalesce(%(name)s, name),
                  language = coalesce(%(language)s, language), zone = coalesce(%(zone)s, zone),
                  version = version + 1
            WHERE id = %(id)s""",
        {
            "id": person,
            "name": change.get("name"),
            "language": change.get("language"),
            "zone": change.get("zone"),
        },
    )


async def settings(session: Session, person: UUID, *, lock: bool = False) -> Json:
    """Return what a person has set; ``lock`` holds it for a change."""
    found = await session.execute(
        "SELECT settings FROM person WHERE id = %s" + (" FOR NO KEY UPDATE" if lock else ""),
        [person],
    )
    row = await found.fetchone()
    if row is None:
        raise NotFound("person")
    told: Json = row[0]
    return told


async def keep_settings(session: Session, person: UUID, settings: Json) -> None:
    """Replace what a person has set."""
    await session.execute(
        "UPDATE person SET settings = %s WHERE id = %s", [Jsonb(settings), person]
    )


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody invited; ``department`` of a role None = everywhere."""

    id: UUID
    email: str
    name: str
    language: str
    roles: Sequence[tuple[str, UUID | None]]
    departments: Sequence[UUID]


async def add(session: Session, new: NewPerson) -> None:
    """Add a person; raise Conflict when the address is taken."""
    found = await session.execute(
        """INSERT INTO person (id, email, name, language) VALUES (%s, %s, %s, %s)
           ON CONFLICT (email) DO NOTHING""",
        [new.id, new.email, new.name, new.language],
    )
    if found.rowcount == 0:
        raise Conflict("person.email_taken")
    await set_rights(session, new.id, new.roles, new.departments)


async def set_rights(
    session: Session,
    person: UUID,
    roles: Sequence[tuple[str, UUID | None]] | None,
    departments: Sequence[UUID] | None,
) -> None:
    """Replace roles and memberships; None leaves them as they are.

    Who becomes an agent gets the rows agents need; who was one keeps them for history.
    """
    if roles is not None:
        await session.execute("DELETE FROM person_role WHERE person_id = %s", [person])
        with refused("person"):
            await session.execute(
                """INSERT INTO person_role (person_id, role, department_id)
                   SELECT DISTINCT %s::uuid, r, d FROM unnest(%s::text[], %s::uuid[]) AS x(r, d)""",
                [person, [role for role, _ in roles], [where for _, where in roles]],
            )
    if departments is not None:
        await session.execute(
            "DELETE FROM member WHERE person_id = %s AND NOT department_id = ANY(%s)",
            [person, list(departments)],
        )
        with refused("person"):
            await session.execute(
                """INSERT INTO member (person_id, department_id) SELECT %s, d
                     FROM unnest(%s::uuid[]) AS x(d) ON CONFLICT DO NOTHING""",
                [person, list(departments)],
            )
    await enlist(session, [person])


async def enlist(session: Session, people: Sequence[UUID]) -> None:
    """Give those who may take work the rows agents need; who has them keeps them."""
    await session.execute(
        """WITH born AS (
               INSERT INTO agent (person_id, department_id)
               SELECT m.person_id, min(m.department_id::text)::uuid FROM member m
                 JOIN person_role r ON r.person_id = m.person_id
                 JOIN role x ON x.key = r.role AND 'take' = ANY(x.rights)
                WHERE m.person_id = ANY(%(ids)s) GROUP BY m.person_id
               ON CONFLICT DO NOTHING RETURNING person_id),
           load AS (INSERT INTO agent_load (agent_id) SELECT person_id FROM born
                    ON CONFLICT DO NOTHING)
           INSERT INTO agent_presence (agent_id) SELECT person_id FROM born
           ON CONFLICT DO NOTHING""",
        {"ids": list(people)},
    )


async def agents_among(session: Session, people: Sequence[UUID]) -> set[UUID]:
    """Return those of the people who are agents now: with an agent's rows and the right."""
    found = await session.execute(
        """SELECT DISTINCT a.person_id FROM agent a
             JOIN person_role r ON r.person_id = a.person_id
             JOIN role x ON x.key = r.role AND 'take' = ANY(x.rights)
            WHERE a.person_id = ANY(%s)""",
        [list(people)],
    )
    return {UUID(str(row[0])) for row in await found.fetchall()}


async def make_agent(session: Session, person: UUID, department: UUID) -> None:
    """Give a person the rows agents need; who has them keeps them."""
    await session.execute(
        """WITH born AS (INSERT INTO agent (person_id, department_id) VALUES (%(id)s, %(d)s)
                         ON CONFLICT DO NOTHING RETURNING person_id),
           load AS (INSERT INTO agent_load (agent_id) SELECT person_id FROM born
                    ON CONFLICT DO NOTHING)
           INSERT INTO agent_presence (agent_id) SELECT person_id FROM born
           ON CONFLICT DO NOTHING""",
        {"id": person, "d": department},
    )


async def change(
    session: Session, person: UUID, values: Mapping[str, object], version: int | None
) -> bool:
    """Change name, language, zone, state of a person; False when the version has moved on."""
    with refused("person"):
        found = await session.execute(
            """UPDATE person SET name = coalesce(%(name)s, name),
                  email = coalesce(%(email)s, email), language = coalesce(%(language)s, language),
                  zone = coalesce(%(zone)s, zone), state = coalesce(%(state)s, state),
                  version = version + 1
            WHERE id = %(id)s AND (%(version)s::bigint IS NULL OR version = %(version)s)""",
            {
                **{
                    name: values.get(name)
                    for name in ("name", "email", "language", "zone", "state")
                },
                "id": person,
                "version": version,
            },
        )
    return found.rowcount == 1


async def governed(session: Session) -> bool:
    """Tell whether somebody active could still give every right, everywhere."""
    found = await session.execute(
        """SELECT EXISTS (SELECT FROM person p JOIN person_role r ON r.person_id = p.id
             JOIN role x ON x.key = r.role
            WHERE 'roles' = ANY(x.rights) AND r.department_id IS NULL AND p.state = 'active')"""
    )
    return bool((await found.fetchone() or (False,))[0])


async def governor(session: Session) -> UUID:
    """Return the first active person who can give every right; raise NotFound."""
    found = await session.execute(
        """SELECT p.id FROM person p JOIN person_role r ON r.person_id = p.id
             JOIN role x ON x.key = r.role
            WHERE 'roles' = ANY(x.rights) AND r.department_id IS NULL AND p.state = 'active'
            ORDER BY p.id LIMIT 1"""
    )
    row = await found.fetchone()
    if row is None:
        raise NotFound("person")
    return UUID(str(row[0]))


async def with_role(session: Session, role: str) -> list[UUID]:
    """Return the people who have a role."""
    found = await session.execute(
        "SELECT DISTINCT person_id FROM person_role WHERE role = %s ORDER BY person_id", [role]
    )
    return [row[0] for row in await found.fetchall()]


async def rights_of(session: Session, person: UUID) -> frozenset[Right]:
    """Return every right a person has somewhere; raise NotFound."""
    found = await session.execute(
        """SELECT ARRAY(SELECT DISTINCT unnest(x.rights) FROM person_role r
                          JOIN role x ON x.key = r.role WHERE r.person_id = p.id)
             FROM person p WHERE p.id = %s""",
        [person],
    )
    row = await found.fetchone()
    if row is None:
        raise NotFound("person")
    return known(row[0])


async def rights_in(session: Session, roles: Sequence[str]) -> frozenset[Right]:
    """Return every right some roles give together."""
    found = await session.execute(
        "SELECT DISTINCT unnest(rights) FROM role WHERE key = ANY(%s)", [list(roles)]
    )
    return known([row[0] for row in await found.fetchall()])


async def role_uses(session: Session) -> dict[str, int]:
    """Return how many people have each role that somebody has."""
    found = await session.execute(
        "SELECT role, count(DISTINCT person_id)::int FROM person_role GROUP BY role"
    )
    return {str(role): int(count) for role, count in await found.fetchall()}


# ── what every screen needs to name things ──────────────────────────────────────────────────────

_COMPANY: LiteralString = (
    """
SELECT
 (SELECT coalesce(jsonb_agg(jsonb_build_object('id', d.id, 'version', d.version, 'name', d.name,
     'visibility', d.visibility, 'triage_queue', d.triage_queue, 'calendar_id', d.calendar_id)
     ORDER BY d.name), '[]') FROM department d) AS departments,
 (SELECT coalesce(jsonb_agg(jsonb_build_object('id', q.id, 'version', q.version, 'name', q.name,
     'department_id', q.department_id, 'channels', q.channels, 'delivery', q.delivery,
     'decline_reasons', q.decline_reasons, 'disposition_required', q.disposition_required,
     'wrap_up_s', q.wrap_up_s)
     ORDER BY q.name), '[]') FROM queue q) AS queues,
 (SELECT coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'version', s.version, 'key', s.key,
     'kind', s.kind, 'name', s.name) ORDER BY s.key), '[]') FROM skill s) AS skills,
 (SELECT coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'name', p.name,
     'status', coalesce(a.status, 'offline'), 'agent', a.agent_id IS NOT NULL)
     ORDER BY p.name), '[]')
    FROM person p LEFT JOIN agent_presence a ON a.agent_id = p.id WHERE p.state = 'active')
   AS colleagues,
 (SELECT coalesce(jsonb_agg(jsonb_build_object('id', c.id, 'version', c.version, 'kind', c.kind,
     'name', c.name, 'address', c.address, 'state', c.state, 'health', c.health)
     ORDER BY c.name), '[]') FROM channel_account c) AS accounts,
 ("""
    + STATUSES
    + ") AS presence_statuses"
)


async def company(session: Session) -> dict[str, list[Json]]:
    """Return departments, queues, skills, colleagues and accounts: the names behind the ids."""
    found = await session.execute(_COMPANY)
    row = await found.fetchone() or ([], [], [], [], [], [])
    names = ("departments", "queues", "skills", "colleagues", "accounts", "presence_statuses")
    return dict(zip(names, row, strict=True))


async def my_offers(session: Session, person: UUID) -> list[UUID]:
    """Return the live Offers made to a person."""
    found = await session.execute(
        "SELECT id FROM offer WHERE agent_id = %s AND state = 'offered' ORDER BY made_at", [person]
    )
    return [row[0] for row in await found.fetchall()]


async def join(session: Session, person: UUID, department: UUID, queue: UUID) -> None:
    """Make a person a member of a department; an agent takes part in its queue too."""
    await session.execute(
        "INSERT INTO member (person_id, department_id) VALUES (%s, %s) ON CONFLICT DO NOTHING",
        [person, department],
    )
    await set_rights(session, person, None, None)
    await session.execute(
        """INSERT INTO queue_member (queue_id, agent_id) SELECT %s, person_id FROM agent
            WHERE person_id = %s
               ON CONFLICT (queue_id, agent_id) DO UPDATE SET lever_id = NULL""",
        [queue, person],
    )


async def departments_of(session: Session, agent: UUID) -> list[DepartmentId] | None:
    """Return the departments an agent belongs to; None when there is no such agent."""
    found = await session.execute(
        """SELECT ARRAY(SELECT department_id FROM member WHERE person_id = a.person_id
                        UNION SELECT a.department_id)
             FROM agent a WHERE a.person_id = %s""",
        [agent],
    )
    row = await found.fetchone()
    return list(row[0]) if row else None


async def departments_of_all(
    session: Session, agents: Sequence[UUID]
) -> dict[UUID, list[DepartmentId]]:
    """Return the departments each of some agents belongs to."""
    found = await session.execute(
        """SELECT a.person_id, ARRAY(SELECT department_id FROM member WHERE person_id = a.person_id
                                     UNION SELECT a.department_id)
             FROM agent a WHERE a.person_id = ANY(%s)""",
        [list(agents)],
    )
    return {agent: list(places) for agent, places in await found.fetchall()}

"""People: staff accounts, their rights as a Scope, sign-ins, one-time links."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from polyphony.domain.ids import DepartmentId, QueueId
from polyphony.domain.permission import Scope
from polyphony.domain.role import Right, Role, known
from polyphony.store.database import Session, row, rows

_RIGHTS = """
    ARRAY(SELECT r.role || ':' || array_to_string(x.rights, ' ') || ':'
                 || coalesce(r.department_id::text, '')
            FROM person_role r JOIN role x ON x.key = r.role WHERE r.person_id = p.id) AS roles,
    ARRAY(SELECT m.department_id FROM member m WHERE m.person_id = p.id) AS departments,
    ARRAY(SELECT q.queue_id FROM queue_member q WHERE q.agent_id = p.id) AS queues,
    EXISTS (SELECT FROM agent a WHERE a.person_id = p.id) AS agent,
    ARRAY(SELECT d.id FROM department d WHERE d.visibility = 'open') AS open_departments
"""


@dataclass(frozen=True, slots=True)
class _Rights:
    person_id: UUID
    session_id: UUID | None
    roles: list[str]
    departments: list[DepartmentId]
    queues: list[QueueId]
    agent: bool
    open_departments: list[DepartmentId]

    def scope(self) -> Scope:
        given = []
        for one in self.roles:
            key, rights, place = one.split(":")
            given.append((Role(key, known(rights.split())), place))
        whole = {role for role, place in given if not place}
        roles = frozenset(role for role, _ in given)
        return Scope(
            "person",
            self.person_id,
            roles,
            frozenset(self.departments),
            frozenset(
                (role, DepartmentId(UUID(place)))
                for role, place in given
                if place and role not in whole
            ),
            frozenset(self.queues),
            self.agent and any(Right.TAKE in role.rights for role in roles),
            session_id=self.session_id,
            open_departments=frozenset(self.open_departments),
        )


@dataclass(frozen=True, slots=True)
class SignIn:
    """A living session: whose it is, with which rights, and the secret its writes must show."""

    id: UUID
    csrf: str
    seen_at: datetime
    strong: bool
    has_password: bool
    name: str
    scope: Scope


@dataclass(frozen=True, slots=True)
class _SignInRow(_Rights):
    csrf: str
    seen_at: datetime
    strong: bool
    has_password: bool
    name: str


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a person proves himself with; ``totp_secret`` is sealed."""

    id: UUID
    email: str
    name: str
    password_hash: str | None
    totp_secret: bytes | None
    totp_used: int | None
    totp_pending: bytes | None
    state: str


@dataclass(frozen=True, slots=True)
class NewSignIn:
    """A session about to begin; only the hash of its token is kept."""

    id: UUID
    person_id: UUID
    token_hash: bytes
    csrf: str
    at: datetime
    expires_at: datetime
    strong: bool
    address: str
    device: str


@dataclass(frozen=True, slots=True)
class Link:
    """A one-time link that was just used up."""

    person_id: UUID
    purpose: str


async def signed_in(
    session: Session, token_hash: bytes, at: datetime, idle_since: datetime
) -> SignIn | None:
    """Return the living session of a token: not ended, not too old, not idle, person active."""
    found = await row(
        session,
        "SELECT p.id AS person_id, s.id AS session_id, s.csrf, s.seen_at, s.strong,"
        " p.password_hash IS NOT NULL AS has_password, p.name,"
        + _RIGHTS
        + """ FROM sign_in s JOIN person p ON p.id = s.person_id
              WHERE s.token_hash = %(hash)s AND s.ended_at IS NULL AND s.expires_at > %(at)s
                AND s.seen_at > %(idle)s AND p.state = 'active'""",
        {"hash": token_hash, "at": at, "idle": idle_since},
        _SignInRow,
    )
    if found is None or found.session_id is None:
        return None
    return SignIn(
        found.session_id,
        found.csrf,
        found.seen_at,
        found.strong,
        found.has_password,
        found.name,
        found.scope(),
    )


async def scopes(session: Session, people: Sequence[UUID]) -> dict[UUID, Scope]:
    """Return the present rights of active people; who is disabled or gone is missing."""
    found = await rows(
        session,
        "SELECT p.id AS person_id, NULL::uuid AS session_id,"
        + _RIGHTS
        + " FROM person p WHERE p.id = ANY(%s) AND p.state = 'active'",
        [list(people)],
        _Rights,
    )
    return {one.person_id: one.scope() for one in found}


async def credentials(
    session: Session, *, email: str | None = None, person: UUID | None = None
) -> Credentials | None:
    """Return what an account proves itself with, by address or by id."""
    return await row(
        session,
        """SELECT id, email, name, password_hash, totp_secret, totp_used, totp_pending,
                  state FROM person
            WHERE email = %(email)s OR id = %(id)s""",
        {"email": email, "id": person},
        Credentials,
    )


async def begin(session: Session, new: NewSignIn) -> None:
    """Keep a new session."""
    await session.execute(
        """INSERT INTO sign_in (id, person_id, token_hash, csrf, created_at, seen_at, expires_at,
                                strong, address, device)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)""",
        [new.id, new.person_id, new.token_hash, new.csrf, new.at, new.at, new.expires_at,
         new.strong, new.address, new.device],
    )  # fmt: skip


async def seen(session: Session, sign_in: UUID, at: datetime) -> None:
    """Note a sign of life of a session."""
    await session.execute(
        "UPDATE sign_in SET seen_at = %s WHERE id = %s AND seen_at < %s", [at, sign_in, at]
    )


async def end(
    session: Session, at: datetime, *, sign_in: UUID | None = None, person: UUID | None = None
) -> Sequence[tuple[UUID, UUID]]:
    """End one session, or all of a person; return (session, person) of those that ended now."""
    cursor = await session.execute(
        """UPDATE sign_in SET ended_at = %(at)s
            WHERE (id = %(id)s OR person_id = %(person)s) AND ended_at IS NULL
            RETURNING id, person_id""",
        {"at": at, "id": sign_in, "person": person},
    )
    return [(UUID(str(one)), UUID(str(who))) for one, who in await cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class Living:
    """A session as its person or an administrator sees it."""

    id: UUID
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    strong: bool
    address: str | None
    device: str | None


async def living(
    session: Session, person: UUID, at: datetime, idle_since: datetime
) -> Sequence[Living]:
    """Return the sessions of a person that would still be recognised, last seen first."""
    return await rows(
        session,
        """SELECT id, created_at, seen_at, expires_at, strong, address, device FROM sign_in
            WHERE person_id = %s AND ended_at IS NULL AND expires_at > %s AND seen_at > %s
            ORDER BY seen_at DESC, id""",
        [person, at, idle_since],
        Living,
    )


async def last_seen(session: Session) -> dict[UUID, datetime]:
    """Return when each person was last here, by any of his sessions that is still kept."""
    cursor = await session.execute("SELECT person_id, max(seen_at) FROM sign_in GROUP BY person_id")
    return {UUID(str(person)): at for person, at in await cursor.fetchall()}


async def over(session: Session, sign_ins: Sequence[UUID], at: datetime) -> set[UUID]:
    """Return those of the sessions that live no more (ended, expired, person disabled)."""
    cursor = await session.execute(
        """SELECT x.id FROM unnest(%s::uuid[]) AS x(id)
            LEFT JOIN sign_in s ON s.id = x.id AND s.ended_at IS NULL AND s.expires_at > %s
            LEFT JOIN person p ON p.id = s.person_id AND p.state = 'active'
            WHERE p.id IS NULL""",
        [list(sign_ins), at],
    )
    return {UUID(str(one)) for (one,) in await cursor.fetchall()}


async def add_link(
    session: Session, token_hash: bytes, person: UUID, purpose: str, expires_at: datetime
) -> None:
    """Keep a one-time link; earlier unused ones of the same purpose are spent with it."""
    await session.execute(
        """WITH spent AS (DELETE FROM sign_in_link
                           WHERE person_id = %(person)s AND purpose = %(purpose)s)
           INSERT INTO sign_in_link (token_hash, person_id, purpose, expires_at)
           VALUES (%(hash)s, %(person)s, %(purpose)s, %(until)s)""",
        {"hash": token_hash, "person": person, "purpose": purpose, "until": expires_at},
    )


async def use_link(session: Session, token_hash: bytes, at: datetime) -> Link | None:
    """Use a link up; None when it is unknown, late, spent, or its person is disabled."""
    return await row(
        session,
        """UPDATE sign_in_link l SET used_at = %(at)s FROM person p
            WHERE l.token_hash = %(hash)s AND l.used_at IS NULL AND l.expires_at > %(at)s
              AND p.id = l.person_id AND p.state = 'active'
            RETURNING l.person_id, l.purpose""",
        {"hash": token_hash, "at": at},
        Link,
    )


async def set_password(session: Session, person: UUID, digest: str) -> None:
    """Replace the password's digest."""
    await session.execute(
        "UPDATE person SET password_hash = %s, version = version + 1 WHERE id = %s",
        [digest, person],
    )


async def propose_totp(session: Session, person: UUID, sealed: bytes) -> None:
    """Keep a sealed secret until its first code proves that the person has it."""
    await session.execute("UPDATE person SET totp_pending = %s WHERE id = %s", [sealed, person])


async def set_totp(
    session: Session, person: UUID, sealed: bytes | None, used: int | None = None
) -> None:
    """Switch the second factor on (sealed secret, step already used) or off (None)."""
    await session.execute(
        """UPDATE person SET totp_secret = %s, totp_used = %s, totp_pending = NULL,
                  version = version + 1 WHERE id = %s""",
        [sealed, used, person],
    )


async def strengthen(session: Session, sign_in: UUID) -> None:
    """Mark a session: its person has just shown the second factor."""
    await session.execute("UPDATE sign_in SET strong = true WHERE id = %s", [sign_in])


async def spend_step(session: Session, person: UUID, step: int) -> bool:
    """Mark a time step of the second factor as used; False when it was used before."""
    cursor = await session.execute(
        """UPDATE person SET totp_used = %(step)s
            WHERE id = %(id)s AND (totp_used IS NULL OR totp_used < %(step)s)""",
        {"step": step, "id": person},
    )
    return cursor.rowcount == 1


async def first(session: Session, new: UUID, email: str) -> UUID | None:
    """Return the first administrator while he has no password; made when nobody exists.

    Two processes that start together agree on one.
    """
    await session.execute("SELECT pg_advisory_xact_lock(7065644)")
    cursor = await session.execute(
        """WITH born AS (
               INSERT INTO person (id, email, name) SELECT %(id)s, %(email)s, 'Admin'
                WHERE NOT EXISTS (SELECT FROM person WHERE NOT simulated) RETURNING id),
           role AS (INSERT INTO person_role (person_id, role)
                    SELECT id, x FROM born, unnest(ARRAY['admin', 'agent', 'supervisor']) AS t(x)),
           place AS (INSERT INTO member (person_id, department_id)
                     SELECT born.id, d.id FROM born, department d)
           SELECT id FROM born
           UNION ALL
           SELECT p.id FROM person p
            WHERE p.email = %(email)s AND p.password_hash IS NULL AND p.state = 'active'""",
        {"id": new, "email": email},
    )
    found = await cursor.fetchone()
    return UUID(str(found[0])) if found else None


async def others(session: Session, person: UUID, keep: UUID) -> list[UUID]:
    """Return the living sessions of a person but one."""
    cursor = await session.execute(
        "SELECT id FROM sign_in WHERE person_id = %s AND id <> %s AND ended_at IS NULL",
        [person, keep],
    )
    return [UUID(str(one)) for (one,) in await cursor.fetchall()]


async def attempt(
    session: Session, keys: Sequence[str], at: datetime, window: timedelta
) -> dict[str, tuple[int, datetime]]:
    """Count one attempt under each key; return count and start of the running window per key."""
    cursor = await session.execute(
        """INSERT INTO throttle AS t (key, since, count)
           SELECT k, %(at)s, 1 FROM unnest(%(keys)s::text[]) AS x(k) ORDER BY k
           ON CONFLICT (key) DO UPDATE SET
               count = CASE WHEN t.since <= %(at)s - %(window)s THEN 1 ELSE t.count + 1 END,
               since = CASE WHEN t.since <= %(at)s - %(window)s THEN %(at)s ELSE t.since END
           RETURNING key, count, since""",
        {"at": at, "keys": sorted(set(keys)), "window": window},
    )
    return {str(key): (int(n), since) for key, n, since in await cursor.fetchall()}


async def forgive(session: Session, keys: Sequence[str]) -> None:
    """Take one attempt back under each key: it was a good one."""
    await session.execute(
        """UPDATE throttle t SET count = greatest(t.count - 1, 0)
             FROM (SELECT key FROM throttle WHERE key = ANY(%s) ORDER BY key FOR UPDATE) AS x
            WHERE t.key = x.key""",
        [sorted(set(keys))],
    )

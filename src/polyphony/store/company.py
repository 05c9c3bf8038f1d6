"""A whole organisation written at once: departments, queues, skills, people, accounts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from psycopg.types.json import Jsonb

from polyphony.store.database import Session
from polyphony.store.keys import key


@dataclass(frozen=True, slots=True)
class QueuePlan:
    """A line of work; ``targets`` per channel in seconds, see the table ``queue``."""

    key: str
    department: str
    name: str
    targets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    decline_reasons: Sequence[str] = ()
    requirements: Sequence[Mapping[str, object]] = ()


@dataclass(frozen=True, slots=True)
class SkillPlan:
    """Something that can be known; ``name`` in four languages."""

    key: str
    kind: str
    name: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PersonPlan:
    """Somebody who can sign in; with ``queues`` an agent. ``skills`` = key → level 1-5."""

    key: str
    email: str
    name: str
    language: str
    departments: Sequence[str]
    roles: Sequence[str] = ("agent",)
    queues: Sequence[str] = ()
    skills: Mapping[str, int] = field(default_factory=dict)
    password_hash: str | None = None
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class AccountPlan:
    """Our end of a channel; ``secrets`` maps the new id to the sealed bytes, see ``found``."""

    key: str
    kind: str
    name: str
    address: str
    department: str
    queue: str
    language: str
    settings: Mapping[str, object]
    mail_account: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """The organisation as it shall be; ``frames`` are its service hours by ISO weekday."""

    zone: str
    frames: Mapping[str, Sequence[Sequence[str]]]
    departments: Mapping[str, str]  # name → visibility
    queues: Sequence[QueuePlan]
    skills: Sequence[SkillPlan]
    people: Sequence[PersonPlan]
    accounts: Sequence[AccountPlan]
    always: bool = False
    demo: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """The ids of what was founded, by the keys of the plan."""

    departments: Mapping[str, UUID]
    queues: Mapping[str, UUID]
    skills: Mapping[str, UUID]
    people: Mapping[str, UUID]
    accounts: Mapping[str, UUID]


async def found(session: Session, plan: Plan, at: datetime) -> Found:
    """Write the organisation into an empty deployment; a department's first queue is its triage."""
    ids = Found(
        {name: key(at) for name in plan.departments},
        {queue.key: key(at) for queue in plan.queues},
        {skill.key: key(at) for skill in plan.skills},
        {person.key: key(at) for person in plan.people},
        {account.key: key(at) for account in plan.accounts},
    )
    await _departments(session, plan, ids, at)
    await _skills(session, plan, ids)
    await _people(session, plan, ids, at)
    await _accounts(session, plan, ids)
    return ids


async def _departments(session: Session, plan: Plan, ids: Found, at: datetime) -> None:
    calendar = key(at)
    await session.execute(
        "INSERT INTO calendar (id, name, zone, always, frames) VALUES (%s, %s, %s, %s, %s)",
        [calendar, "Service hours", plan.zone, plan.always, Jsonb(plan.frames)],
    )
    async with session.cursor() as cursor:
        await cursor.executemany(
            "INSERT INTO department (id, name, calendar_id, visibility) VALUES (%s, %s, %s, %s)",
            [(ids.departments[n], n, calendar, seen) for n, seen in plan.departments.items()],
        )
        await cursor.executemany(
            "INSERT INTO queue (id, department_id, name, targets, decline_reasons, requirements)"
            " VALUES (%s, %s, %s, %s, %s, %s)",
            [
                (
                    ids.queues[q.key],
                    ids.departments[q.department],
                    q.name,
                    Jsonb(q.targets),
                    list(q.decline_reasons),
                    Jsonb(list(q.requirements)),
                )
                for q in plan.queues
            ],
        )
        first = {q.department: ids.queues[q.key] for q in reversed(plan.queues)}
        await cursor.executemany(
            "UPDATE department SET triage_queue = %s WHERE id = %s",
            [(queue, ids.departments[name]) for name, queue in first.items()],
        )


async def _skills(session: Session, plan: Plan, ids: Found) -> None:
    async with session.cursor() as cursor:
        await cursor.executemany(
            "INSERT INTO skill (id, key, kind, name) VALUES (%s, %s, %s, %s)",
            [(ids.skills[s.key], s.key, s.kind, Jsonb(s.name)) for s in plan.skills],
        )


async def _people(session: Session, plan: Plan, ids: Found, at: datetime) -> None:
    people = plan.people
    agents = [p for p in people if p.queues]
    async with session.cursor() as cursor:
        await cursor.executemany(
            "INSERT INTO person (id, email, name, language, zone, password_hash, simulated)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s)",
            [
                (ids.people[p.key], p.email, p.name, p.language, plan.zone, p.password_hash,
                 p.simulated)
                for p in people
            ],
        )  # fmt: skip
        await cursor.executemany(
            "INSERT INTO person_role (person_id, role) VALUES (%s, %s)",
            [(ids.people[p.key], role) for p in people for role in p.roles],
        )
        await cursor.executemany(
            "INSERT INTO member (person_id, department_id) VALUES (%s, %s)",
            [(ids.people[p.key], ids.departments[d]) for p in people for d in p.departments],
        )
        await cursor.executemany(
            "INSERT INTO agent (person_id, department_id) VALUES (%s, %s)",
            [(ids.people[p.key], ids.departments[p.departments[0]]) for p in agents],
        )
        await cursor.executemany(
            "INSERT INTO agent_presence (agent_id, since) VALUES (%s, %s)",
            [(ids.people[p.key], at) for p in agents],
        )
        await cursor.executemany(
            "INSERT INTO agent_load (agent_id, idle_since) VALUES (%s, %s)",
            [(ids.people[p.key], at) for p in agents],
        )
        await cursor.executemany(
            "INSERT INTO agent_skill (agent_id, skill_id, level) VALUES (%s, %s, %s)",
            [(ids.people[p.key], ids.skills[s], n) for p in agents for s, n in p.skills.items()],
        )
        await cursor.executemany(
            "INSERT INTO queue_member (queue_id, agent_id) VALUES (%s, %s)",
            [(ids.queues[q], ids.people[p.key]) for p in agents for q in p.queues],
        )


async def _accounts(session: Session, plan: Plan, ids: Found) -> None:
    async with session.cursor() as cursor:
        await cursor.executemany(
            "INSERT INTO channel_account (id, kind, name, address, department_id, default_queue,"
            " language, settings, mail_account, demo) VALUES (%s,%s,%s,%s,%s,%s,%s,%s,%s,%s)",
            [
                (
                    ids.accounts[a.key],
                    a.kind,
                    a.name,
                    a.address,
                    ids.departments[a.department],
                    ids.queues[a.queue],
                    a.language,
                    Jsonb(a.settings),
                    ids.accounts[a.mail_account] if a.mail_account else None,
                    plan.demo,
                )
                for a in plan.accounts
            ],
        )


async def seal(session: Session, sealed: Mapping[UUID, bytes]) -> None:
    """Store the sealed secrets of accounts; what is inside is bound to the account's id."""
    async with session.cursor() as cursor:
        await cursor.executemany(
            "UPDATE channel_account SET secrets = %s WHERE id = %s",
            [(secret, account) for account, secret in sealed.items()],
        )


async def add_rules(session: Session, rules: Sequence[Mapping[str, object]]) -> None:
    """Make these the active routing rules."""
    await session.execute("INSERT INTO rule_set (rules) VALUES (%s)", [Jsonb(list(rules))])

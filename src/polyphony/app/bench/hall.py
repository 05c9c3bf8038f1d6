"""A hall full of people and waiting work, for benches of the router; a few statements write it."""

from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from polyphony.store.database import Session

QUEUES = 8
SKILLS = 40


@dataclass(frozen=True, slots=True)
class Hall:
    """How many people and items; ``number`` keeps the ids of several halls apart."""

    agents: int
    items: int
    number: int = 1


# An id of each thing by its number: so that statements need not look anything up.
_ID: LiteralString = (
    "(lpad(to_hex(%(hall)s * 16 + {kind}), 8, '0') || '-0000-4000-8000-'"
    " || lpad(to_hex({n}), 12, '0'))::uuid"
)


def _id(kind: LiteralString, n: LiteralString) -> LiteralString:
    return _ID.replace("{kind}", kind).replace("{n}", n)


_CALENDAR, _DEPARTMENT, _ACCOUNT = _id("0", "0"), _id("1", "0"), _id("2", "0")
_QUEUE, _AGENT, _SKILL = _id("3", "q"), _id("4", "a"), _id("5", "s")
_CUSTOMER, _RECORD, _IDENTITY = _id("6", "c"), _id("7", "c"), _id("8", "c")
_CASE, _STRIP, _ITEM = (_id(kind, "n").replace("hall", "wave") for kind in ("9", "10", "11"))
_OF: LiteralString = "n %% 1000"
_PEOPLE: LiteralString = "generate_series(0, %(agents)s - 1) a"
_WORK: LiteralString = "generate_series(0, %(items)s - 1) n"
_HOUSE: tuple[LiteralString, ...] = (
    f"""INSERT INTO calendar (id, name, zone, always, frames)
        VALUES ({_CALENDAR}, 'hall', 'UTC', true, '{{}}')""",
    f"""INSERT INTO department (id, name, calendar_id)
        VALUES ({_DEPARTMENT}, 'hall' || %(hall)s, {_CALENDAR})""",
    f"""INSERT INTO queue (id, department_id, name, sticky)
        SELECT {_QUEUE}, {_DEPARTMENT}, 'Line ' || q, 'off'
          FROM generate_series(0, {QUEUES - 1}) q""",
    f"UPDATE department SET triage_queue = {_id('3', '0')} WHERE id = {_DEPARTMENT}",
    f"""INSERT INTO skill (id, key, kind, name)
        SELECT {_SKILL}, 'h' || %(hall)s || 's' || s, 'topic', '{{}}'
          FROM generate_series(0, {SKILLS - 1}) s""",
    f"""INSERT INTO channel_account (id, kind, name, address, department_id, settings)
        VALUES ({_ACCOUNT}, 'email', 'hall', 'hall' || %(hall)s || '@desk.example',
                {_DEPARTMENT}, '{{}}')""",
    f"""INSERT INTO person (id, email, name)
        SELECT {_AGENT}, 'h' || %(hall)s || 'a' || a || '@staff.example', 'Agent ' || a
          FROM {_PEOPLE}""",
    f"INSERT INTO member (person_id, department_id) SELECT {_AGENT}, {_DEPARTMENT} FROM {_PEOPLE}",
    f"""INSERT INTO agent (person_id, department_id, channels)
        SELECT {_AGENT}, {_DEPARTMENT}, '{{email,chat}}' FROM {_PEOPLE}""",
    f"""INSERT INTO agent_presence (agent_id, status) SELECT {_AGENT}, 'online' FROM {_PEOPLE}""",
    f"""INSERT INTO agent_load (agent_id, idle_since)
        SELECT {_AGENT}, %(at)s - a * interval '10 milliseconds' FROM {_PEOPLE}""",
    f"""INSERT INTO queue_member (queue_id, agent_id)
        SELECT {_QUEUE}, {_AGENT} FROM {_PEOPLE}, generate_series(0, {QUEUES - 1}) q
         WHERE (a + q) %% {QUEUES} < 3""",
    f"""INSERT INTO agent_skill (agent_id, skill_id, level)
        SELECT {_AGENT}, {_SKILL}, 3 FROM {_PEOPLE}, generate_series(0, {SKILLS - 1}) s
         WHERE (a / {QUEUES} + s) %% 4 = 0""",
    f"""INSERT INTO customer (id, name)
        SELECT {_CUSTOMER}, 'Customer ' || c FROM generate_series(0, 999) c""",
    f"""INSERT INTO record (id, customer_id, source, source_key, name, at)
        SELECT {_RECORD}, {_CUSTOMER}, 'email', 'h' || %(hall)s || 'c' || c, 'Customer', %(at)s
          FROM generate_series(0, 999) c""",
    f"""INSERT INTO identity (id, kind, address, first_seen)
        SELECT {_IDENTITY}, 'email', 'h' || %(hall)s || 'c' || c || '@past.example', %(at)s
          FROM generate_series(0, 999) c""",
)
_WAVE: tuple[LiteralString, ...] = (
    f"""INSERT INTO case_ (id, reference, record_id, department_id, title, preview, state_since,
                           opened_via, opened_at, last_at)
        SELECT {_CASE}, %(wave)s || lpad(n::text, 9, '0'), {_id("7", _OF)}, {_DEPARTMENT},
               'Matter ' || n, 'Where is my parcel?', %(at)s, 'email', %(at)s, %(at)s
          FROM {_WORK}""",
    f"""INSERT INTO interaction (id, case_id, channel_kind, account_id, identity_id, record_id,
                                 mode, state, opened_at, last_in_at)
        SELECT {_STRIP}, {_CASE}, CASE WHEN n %% 3 = 0 THEN 'chat' ELSE 'email' END, {_ACCOUNT},
               {_id("8", _OF)}, {_id("7", _OF)}, 'async', 'waiting', %(at)s, %(at)s
          FROM {_WORK}""",
    f"""INSERT INTO work_item (id, interaction_id, case_id, queue_id, channel_kind, state_since,
                               units, target_ms, requirements, waiting_since, created_at)
        SELECT {_ITEM}, {_STRIP}, {_CASE}, {_id("3", "n %% 8")},
               CASE WHEN n %% 3 = 0 THEN 'chat' ELSE 'email' END, %(at)s,
               CASE WHEN n %% 3 = 0 THEN 33 ELSE 50 END,
               14400000,
               jsonb_build_array(jsonb_build_object(
                   'skill', 'h' || %(hall)s || 's' || (n / 8) %% 40,
                   'kind', 'required', 'min_level', 1)),
               %(at)s - (n * 7919 %% 36000) * %(apart_ms)s * interval '1 millisecond', %(at)s
          FROM {_WORK}""",
)
_TABLES: tuple[LiteralString, ...] = (
    "person", "member", "agent", "agent_presence", "agent_load", "queue_member", "agent_skill",
    "case_", "interaction", "work_item", "offer", "event",
)  # fmt: skip


async def fill(session: Session, hall: Hall, at: datetime) -> None:
    """Write a hall: everybody is there and nobody has anything to do yet.

    Targets are long, so that nothing relaxes meanwhile: what is measured are Offers.
    """
    params = {"hall": hall.number, "agents": hall.agents, "at": at}
    for statement in _HOUSE:
        await session.execute(statement, params)
    await add(session, hall, hall.number, at, apart_ms=100)
    await measured(session)


async def add(session: Session, hall: Hall, wave: int, at: datetime, *, apart_ms: int = 1) -> None:
    """Put ``hall.items`` more items into a hall; ``wave`` keeps their ids apart from all others.

    They have waited up to 36,000 times ``apart_ms``: those of a later wave mostly less long.
    """
    params = {"hall": hall.number, "wave": wave, "items": hall.items, "at": at,
              "apart_ms": apart_ms}  # fmt: skip
    for statement in _WAVE:
        await session.execute(statement, params)


def all_of(wave: int, items: int) -> list[UUID]:
    """Return the ids of the items of a wave."""
    low, _ = items_of(wave)
    return [UUID(int=low.int + n) for n in range(items)]


def items_of(wave: int) -> tuple[UUID, UUID]:
    """Return the lowest and the highest id an item of a wave may have."""
    low = (wave * 16 + 11) << 96 | 0x4000 << 64 | 0x8000 << 48
    return UUID(int=low), UUID(int=low + (1 << 48) - 1)


async def measured(session: Session) -> None:
    """Let the server look at what the tables hold now; who may not ask for it is not heard."""
    for table in _TABLES:
        await session.execute("ANALYZE " + table)


async def empty(session: Session) -> None:
    """Send everybody home and end all work: what comes later stands for itself."""
    await session.execute(
        "UPDATE offer SET state = 'withdrawn', settled_at = now() WHERE state = 'offered'"
    )
    await session.execute(
        "UPDATE work_item SET state = 'cancelled', agent_id = NULL"
        " WHERE state NOT IN ('done', 'cancelled')"
    )
    await session.execute("UPDATE agent_presence SET status = 'offline'")
    await session.execute(
        "UPDATE agent_load SET routed_units = 0, manual_units = 0, exclusive_live = 0"
    )

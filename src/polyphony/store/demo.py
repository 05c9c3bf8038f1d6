"""The demo's own rows: whether it is one, how fast it plays, what was pressed; and its removal."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg import sql
from psycopg.types.json import Jsonb

from polyphony.store.database import Session

_KEY = "demo"


@dataclass(frozen=True, slots=True)
class Wish:
    """What the control bar says; ``acts`` were pressed and not yet played."""

    paused: bool
    speed: float
    acts: Sequence[str]
    customer_url: str


async def state(session: Session) -> Wish | None:
    """Return the control bar's wish, None where this deployment is no demo."""
    cursor = await session.execute("SELECT value FROM setting WHERE key = %s", [_KEY])
    row = await cursor.fetchone()
    if row is None:
        return None
    value = row[0]
    return Wish(value["paused"], value["speed"], value["acts"], value["customer_url"])


async def was_removed(session: Session) -> bool:
    """Tell whether there was a demo here whose data somebody removed."""
    cursor = await session.execute(
        "SELECT EXISTS (SELECT FROM channel_account WHERE demo)"
        " AND NOT EXISTS (SELECT FROM setting WHERE key = %s)",
        [_KEY],
    )
    row = await cursor.fetchone()
    return bool(row and row[0])


async def declare(session: Session, customer_url: str) -> None:
    """Mark this deployment as a demo, or note where the customer's side is served now."""
    value = {"paused": False, "speed": 1.0, "acts": [], "customer_url": customer_url}
    await session.execute(
        "INSERT INTO setting (key, value) VALUES (%s, %s) ON CONFLICT (key) DO UPDATE"
        " SET value = setting.value || jsonb_build_object('customer_url', %s::text, 'acts',"
        " '[]'::jsonb), updated_at = now()",
        [_KEY, Jsonb(value), customer_url],
    )


async def set_pace(session: Session, *, paused: bool, speed: float) -> None:
    """Write what the control bar wishes; nothing happens where there is no demo."""
    await session.execute(
        "UPDATE setting SET value = value || jsonb_build_object('paused', %s::boolean, 'speed',"
        " %s::float8), version = version + 1 WHERE key = %s",
        [paused, speed, _KEY],
    )


async def press(session: Session, act: str) -> None:
    """Note a pressed button; at most 20 wait."""
    await session.execute(
        "UPDATE setting SET value = jsonb_set(value, '{acts}', value->'acts' || to_jsonb(%s::text))"
        " WHERE key = %s AND jsonb_array_length(value->'acts') < 20",
        [act, _KEY],
    )


async def take(session: Session) -> Wish | None:
    """Return the wish and take the pressed buttons out: each is played once."""
    cursor = await session.execute(
        "WITH old AS (SELECT value FROM setting WHERE key = %(key)s FOR UPDATE)"
        " UPDATE setting SET value = jsonb_set(setting.value, '{acts}', '[]') FROM old"
        " WHERE key = %(key)s RETURNING old.value",
        {"key": _KEY},
    )
    row = await cursor.fetchone()
    if row is None:
        return None
    value = row[0]
    return Wish(value["paused"], value["speed"], value["acts"], value["customer_url"])


async def employ(session: Session, person: UUID, queues: Sequence[UUID], at: datetime) -> None:
    """Make the person in front of the screen an agent, supervisor and member of everything open."""
    await session.execute(
        "INSERT INTO member SELECT %s, id FROM department ON CONFLICT DO NOTHING", [person]
    )
    await session.execute(
        "INSERT INTO person_role (person_id, role) SELECT %s, unnest(ARRAY['agent', 'supervisor'])"
        " ON CONFLICT DO NOTHING",
        [person],
    )
    await session.execute(
        "INSERT INTO agent (person_id, department_id)"
        " SELECT %s, department_id FROM queue WHERE id = %s ON CONFLICT DO NOTHING",
        [person, queues[0]],
    )
    await session.execute(
        "INSERT INTO agent_presence (agent_id, since) VALUES (%s, %s) ON CONFLICT DO NOTHING",
        [person, at],
    )
    await session.execute(
        "INSERT INTO agent_load (agent_id, idle_since) VALUES (%s, %s) ON CONFLICT DO NOTHING",
        [person, at],
    )
    await session.execute(
        "INSERT INTO agent_skill SELECT %s, id, 4 FROM skill ON CONFLICT DO NOTHING", [person]
    )
    await session.execute(
        "INSERT INTO queue_member (queue_id, agent_id) SELECT unnest(%s::uuid[]), %s"
        " ON CONFLICT DO NOTHING",
        [list(queues), person],
    )


async def first_person(session: Session) -> UUID | None:
    """Return the person who was made at the first start, None while nobody exists."""
    cursor = await session.execute(
        "SELECT id FROM person WHERE NOT simulated ORDER BY created_at, id LIMIT 1"
    )
    row = await cursor.fetchone()
    return row[0] if row else None


async def set_settings(session: Session, address: str, settings: Mapping[str, object]) -> None:
    """Merge settings into the account with this address (its ports change with each start)."""
    await session.execute(
        "UPDATE channel_account SET settings = settings || %s, version = version + 1"
        " WHERE address = %s",
        [Jsonb(dict(settings)), address],
    )


async def widget(session: Session) -> tuple[UUID, str] | None:
    """Return id and public key of the demo's chat account."""
    cursor = await session.execute(
        "SELECT id, address FROM channel_account WHERE kind = 'chat' AND demo LIMIT 1"
    )
    found = await cursor.fetchone()
    return (found[0], found[1]) if found else None


async def count_cases(session: Session, n: int) -> list[int]:
    """Draw the numbers of ``n`` Cases."""
    cursor = await session.execute(
        "SELECT nextval('case_reference_seq') FROM generate_series(1, %s)", [n]
    )
    return [int(number) for (number,) in await cursor.fetchall()]


async def skip_positions(session: Session, n: int) -> None:
    """Move the counter of message positions past ``n`` that were given by hand."""
    await session.execute("SELECT nextval('message_position_seq') FROM generate_series(1, %s)", [n])


async def pour(
    session: Session, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]
) -> None:
    """Write many rows by COPY; table and columns are names of ours."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    async with session.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            await copy.write_row(row)


_GONE = (
    "DELETE FROM offer WHERE work_item_id IN (SELECT id FROM demo_work)",
    "DELETE FROM queue_stay WHERE work_item_id IN (SELECT id FROM demo_work)",
    (
        "UPDATE agent_load SET routed_units = 0, manual_units = 0, exclusive_live = 0,"
        " version = version + 1"
    ),
    "DELETE FROM work_item WHERE id IN (SELECT id FROM demo_work)",
    (
        "DELETE FROM delivery_try WHERE delivery_id IN (SELECT d.id FROM delivery d"
        " JOIN demo_message m ON m.id = d.message_id)"
    ),
    "DELETE FROM delivery WHERE message_id IN (SELECT id FROM demo_message)",
    "DELETE FROM rating WHERE interaction_id IN (SELECT id FROM demo_interaction)",
    "DELETE FROM chat_mark WHERE interaction_id IN (SELECT id FROM demo_interaction)",
    "DELETE FROM message_file WHERE message_id IN (SELECT id FROM demo_message)",
    "DELETE FROM message WHERE id IN (SELECT id FROM demo_message)",
    "DELETE FROM thread_id WHERE interaction_id IN (SELECT id FROM demo_interaction)",
    "DELETE FROM sla_clock WHERE case_id IN (SELECT id FROM demo_case)",
    "DELETE FROM draft WHERE case_id IN (SELECT id FROM demo_case)",
    "DELETE FROM case_read WHERE case_id IN (SELECT id FROM demo_case)",
    (
        "DELETE FROM case_link WHERE case_id IN (SELECT id FROM demo_case)"
        " OR other_id IN (SELECT id FROM demo_case)"
    ),
    "DELETE FROM participant WHERE case_id IN (SELECT id FROM demo_case)",
    "DELETE FROM interaction WHERE id IN (SELECT id FROM demo_interaction)",
    (
        "DELETE FROM timer WHERE entity_id IN (SELECT id FROM demo_case)"
        " OR entity_id IN (SELECT id FROM demo_interaction)"
    ),
    "UPDATE case_ SET merged_into = NULL WHERE id IN (SELECT id FROM demo_case)",
    "DELETE FROM case_ WHERE id IN (SELECT id FROM demo_case)",
    (
        "DELETE FROM mailed_code WHERE session_id IN (SELECT s.id FROM chat_session s"
        " JOIN channel_account a ON a.id = s.account_id WHERE a.demo)"
    ),
    "DELETE FROM chat_session WHERE account_id IN (SELECT id FROM channel_account WHERE demo)",
    "DELETE FROM arrival WHERE account_id IN (SELECT id FROM channel_account WHERE demo)",
    (
        "DELETE FROM demo_record d WHERE EXISTS (SELECT 1 FROM case_ c WHERE c.record_id = d.id)"
        " OR EXISTS (SELECT 1 FROM interaction i WHERE i.record_id = d.id)"
    ),
    "DELETE FROM identity_use WHERE record_id IN (SELECT id FROM demo_record)",
    (
        "CREATE TEMP TABLE demo_customer ON COMMIT DROP AS SELECT DISTINCT customer_id AS id"
        " FROM record WHERE id IN (SELECT id FROM demo_record)"
    ),
    "DELETE FROM record WHERE id IN (SELECT id FROM demo_record)",
    (
        "DELETE FROM customer c WHERE id IN (SELECT id FROM demo_customer)"
        " AND NOT EXISTS (SELECT 1 FROM record r WHERE r.customer_id = c.id)"
    ),
    (
        "DELETE FROM identity i WHERE id IN (SELECT id FROM demo_identity)"
        " AND NOT EXISTS (SELECT 1 FROM identity_use u WHERE u.identity_id = i.id)"
        " AND NOT EXISTS (SELECT 1 FROM interaction t WHERE t.identity_id = i.id)"
        " AND NOT EXISTS (SELECT 1 FROM participant p WHERE p.identity_id = i.id)"
    ),
    (
        "UPDATE channel_account SET state = 'paused', mail_account = NULL, version = version + 1"
        " WHERE demo"
    ),
    "UPDATE person SET state = 'disabled', version = version + 1 WHERE simulated",
    "DELETE FROM setting WHERE key = 'demo'",
)


async def remove(session: Session) -> int:
    """Remove all Cases of demo accounts with everything on them; return how many there were.

    Colleagues who were simulated are disabled and demo accounts paused, not deleted: the log still
    names them.
    """
    await session.execute(
        "CREATE TEMP TABLE demo_interaction ON COMMIT DROP AS SELECT i.id, i.case_id"
        " FROM interaction i JOIN channel_account a ON a.id = i.account_id WHERE a.demo"
    )
    await session.execute(
        "CREATE TEMP TABLE demo_case ON COMMIT DROP AS"
        " SELECT DISTINCT case_id AS id FROM demo_interaction d WHERE NOT EXISTS"
        " (SELECT 1 FROM interaction o JOIN channel_account a ON a.id = o.account_id"
        "  WHERE o.case_id = d.case_id AND NOT a.demo)"
    )
    await session.execute(
        "DELETE FROM demo_interaction WHERE case_id NOT IN (SELECT id FROM demo_case)"
    )
    await session.execute(
        "CREATE TEMP TABLE demo_message ON COMMIT DROP AS SELECT m.id FROM message m"
        " JOIN demo_interaction d ON d.id = m.interaction_id"
    )
    await session.execute(
        "CREATE TEMP TABLE demo_work ON COMMIT DROP AS SELECT w.id FROM work_item w"
        " JOIN demo_interaction d ON d.id = w.interaction_id"
    )
    await session.execute(
        "CREATE TEMP TABLE demo_record ON COMMIT DROP AS"
        " SELECT record_id AS id FROM case_ WHERE id IN (SELECT id FROM demo_case)"
        " UNION SELECT record_id FROM interaction WHERE id IN (SELECT id FROM demo_interaction)"
        " UNION SELECT u.record_id FROM identity_use u JOIN chat_session s USING (identity_id)"
        " JOIN channel_account a ON a.id = s.account_id WHERE a.demo"
        " UNION SELECT id FROM record WHERE source_key LIKE '%@mail.demo.example'"
    )
    await session.execute(
        "CREATE TEMP TABLE demo_identity ON COMMIT DROP AS"
        " SELECT DISTINCT identity_id AS id FROM identity_use"
        " WHERE record_id IN (SELECT id FROM demo_record)"
    )
    cursor = await session.execute("SELECT count(*) FROM demo_case")
    row = await cursor.fetchone()
    for statement in _GONE:
        await session.execute(statement)
    return int(row[0]) if row else 0

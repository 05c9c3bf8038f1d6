"""The demo's own rows: whether it is one, how fast it plays, what was pressed, how it goes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import sql
from psycopg.types.json import Jsonb

from polyphony.store.database import Session

_KEY = "demo"


@dataclass(frozen=True, slots=True)
class Wish:
    """What the control bar says; ``acts`` were pressed and not yet played.

    ``about`` is what the pretended world tells of itself (cast, stories), ``status`` how it goes;
    ``removing`` is the number of things there were when somebody began to remove it.
    """

    paused: bool
    speed: float
    acts: Sequence[str]
    customer_url: str
    about: Mapping[str, object]
    status: Mapping[str, object]
    removing: int


def _wish(value: Mapping[str, Any]) -> Wish:
    return Wish(
        value["paused"],
        value["speed"],
        value["acts"],
        value["customer_url"],
        value.get("about", {}),
        value.get("status", {}),
        value.get("removing", 0),
    )


async def state(session: Session) -> Wish | None:
    """Return the control bar's wish, None where this deployment is no demo."""
    cursor = await session.execute("SELECT value FROM setting WHERE key = %s", [_KEY])
    row = await cursor.fetchone()
    if row is None:
        return None
    return _wish(row[0])


async def was_removed(session: Session) -> bool:
    """Tell whether there was a demo here whose data somebody removed."""
    cursor = await session.execute(
        "SELECT EXISTS (SELECT FROM channel_account WHERE demo)"
        " AND NOT EXISTS (SELECT FROM setting WHERE key = %s)",
        [_KEY],
    )
    row = await cursor.fetchone()
    return bool(row and row[0])


async def declare(
    session: Session, customer_url: str, about: Mapping[str, object] | None = None
) -> None:
    """Mark this deployment as a demo, or note where the customer's side is served now."""
    value = {"paused": False, "speed": 1.0, "past": 0}
    now = {"acts": [], "customer_url": customer_url, "about": about or {}, "status": {}}
    await session.execute(
        "INSERT INTO setting (key, value) VALUES (%s, %s) ON CONFLICT (key) DO UPDATE"
        " SET value = setting.value || %s, updated_at = now()",
        [_KEY, Jsonb({**value, **now}), Jsonb(now)],
    )


async def past(session: Session) -> int:
    """Return how many slices of the past are written."""
    cursor = await session.execute("SELECT value->>'past' FROM setting WHERE key = %s", [_KEY])
    row = await cursor.fetchone()
    return int(row[0] or 0) if row else 0


async def set_past(session: Session, slices: int) -> None:
    """Note how many slices of the past are written."""
    await session.execute(
        "UPDATE setting SET value = jsonb_set(value, '{past}', to_jsonb(%s::int)) WHERE key = %s",
        [slices, _KEY],
    )


async def remove_from(session: Session, things: int) -> None:
    """Note that the removal has begun with this many things; nobody presses buttons any more."""
    await session.execute(
        "UPDATE setting SET value = value || %s WHERE key = %s",
        [Jsonb({"removing": max(1, things), "paused": True, "acts": []}), _KEY],
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


async def take(session: Session, status: Mapping[str, object] | None = None) -> Wish | None:
    """Return the wish and take the pressed buttons out: each is played once; note how it goes."""
    cursor = await session.execute(
        "WITH old AS (SELECT value FROM setting WHERE key = %(key)s FOR UPDATE)"
        " UPDATE setting SET value = setting.value || %(now)s FROM old"
        " WHERE key = %(key)s RETURNING old.value",
        {"key": _KEY, "now": Jsonb({"acts": [], "status": dict(status or {})})},
    )
    row = await cursor.fetchone()
    if row is None:
        return None
    return _wish(row[0])


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


async def accounts(session: Session) -> dict[tuple[str, str], tuple[UUID, str]]:
    """Return id and address of the demo's accounts by kind and name."""
    cursor = await session.execute("SELECT kind, name, id, address FROM channel_account WHERE demo")
    return {(kind, name): (id_, address) for kind, name, id_, address in await cursor.fetchall()}


async def port_of(session: Session, address: str) -> int | None:
    """Return the port the pretended provider takes mails of this mailbox at."""
    cursor = await session.execute(
        "SELECT (settings->>'smtp_port')::int FROM channel_account WHERE demo AND address = %s",
        [address],
    )
    row = await cursor.fetchone()
    return row[0] if row else None


async def agents(session: Session) -> list[tuple[UUID, str]]:
    """Return id and name of the simulated colleagues."""
    cursor = await session.execute("SELECT id, name FROM person WHERE simulated ORDER BY email")
    return [(id_, name) for id_, name in await cursor.fetchall()]


async def customers_at(session: Session, addresses: Sequence[str]) -> dict[str, UUID]:
    """Return who uses these e-mail addresses."""
    cursor = await session.execute(
        "SELECT n.address, r.customer_id FROM identity n"
        " JOIN identity_use u ON u.identity_id = n.id JOIN record r ON r.id = u.record_id"
        " WHERE n.kind = 'email' AND n.address = ANY(%s)",
        [list(addresses)],
    )
    return dict(await cursor.fetchall())


async def departments(session: Session) -> dict[str, UUID]:
    """Return the departments by name."""
    cursor = await session.execute("SELECT name, id FROM department")
    return dict(await cursor.fetchall())


async def count_cases(session: Session, n: int) -> list[int]:
    """Draw the numbers of ``n`` Cases."""
    cursor = await session.execute(
        "SELECT nextval('case_reference_seq') FROM generate_series(1, %s)", [n]
    )
    return [int(number) for (number,) in await cursor.fetchall()]


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

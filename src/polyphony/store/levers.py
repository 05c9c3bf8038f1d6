"""Levers: changes for a while as they are kept, those in force, and the rows they lie over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from psycopg.types.json import Jsonb

from polyphony.domain.lever import Kind, Lever, Place
from polyphony.domain.service_hours import to_ms
from polyphony.store.database import Session, row, rows

Json = dict[str, object]
ENDED_MAX = 50
"""So many of those that are over are listed."""
TOPIC = "levers"
_LOCK = 0x6C65766572  # "lever"


@dataclass(frozen=True, slots=True)
class LeverRow:
    """A lever as kept; without ``from_at`` it waits for a second person."""

    id: UUID
    kind: str
    department_id: UUID | None
    queue_id: UUID | None
    channel: str | None
    tier: str | None
    agents: list[UUID]
    value: dict[str, object]
    seconds: int
    reason: str
    by_id: UUID
    second_id: UUID | None
    asked_at: datetime
    from_at: datetime | None
    until_at: datetime | None
    ended_at: datetime | None
    how: str | None
    ended_by: UUID | None
    before: Json
    seen: Json | None
    effect: Json | None
    version: int

    @property
    def lever(self) -> Lever:
        """The lever itself."""
        amounts = {k: v for k, v in self.value.items() if isinstance(v, int)}
        to = self.value.get("queue_id")
        return Lever(
            Kind(self.kind),
            Place(self.queue_id, self.channel, self.tier, tuple(self.agents)),
            amounts,
            None if to is None else UUID(str(to)),
            0 if self.until_at is None else to_ms(self.until_at),
        )


_COLUMNS: LiteralString = """l.id, l.kind, l.department_id, l.queue_id, l.channel, l.tier, l.agents,
    l.value, l.seconds, l.reason, l.by_id, l.second_id, l.asked_at, l.from_at, l.until_at,
    l.ended_at, l.how, l.ended_by, l.before, l.seen, l.effect, l.version"""
_FORCE: LiteralString = "l.ended_at IS NULL AND l.until_at > clock_timestamp()"


async def in_force(session: Session) -> list[Lever]:
    """Return what lies over the rules at this moment, in an order of its own."""
    query: LiteralString = f"SELECT {_COLUMNS} FROM lever l WHERE {_FORCE} ORDER BY l.id"
    return [one.lever for one in await rows(session, query, None, LeverRow)]


async def next_end(session: Session) -> float | None:
    """Return in how many seconds the next lever ends; None = none is in force."""
    query: LiteralString = (
        "SELECT extract(epoch FROM min(l.until_at) - clock_timestamp())::float8"
        f" FROM lever l WHERE {_FORCE}"
    )
    found = await (await session.execute(query)).fetchone()
    return None if found is None or found[0] is None else float(found[0])


async def closed(session: Session, queues: Sequence[UUID]) -> dict[UUID, datetime]:
    """Return which of these Queues a lever keeps closed, and until when."""
    query: LiteralString = (
        f"SELECT l.queue_id, l.until_at FROM lever l WHERE {_FORCE} AND l.kind = 'hours'"
        " AND l.queue_id = ANY(%s)"
    )
    return dict(await (await session.execute(query, [list(queues)])).fetchall())


async def listed(session: Session, since: datetime) -> list[LeverRow]:
    """Return the levers that are not over, and the last of those that ended since a moment."""
    query: LiteralString = f"""
        (SELECT {_COLUMNS} FROM lever l WHERE l.ended_at IS NULL ORDER BY l.asked_at, l.id)
        UNION ALL
        (SELECT {_COLUMNS} FROM lever l WHERE l.ended_at > %s
          ORDER BY l.ended_at DESC, l.id LIMIT %s)"""
    return await rows(session, query, [since, ENDED_MAX], LeverRow)


async def alone(session: Session) -> None:
    """Let levers be pulled one after the other: whether two clash is decided once."""
    await session.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


async def open_ones(session: Session) -> list[LeverRow]:
    """Return the levers that are not over."""
    query: LiteralString = f"SELECT {_COLUMNS} FROM lever l WHERE l.ended_at IS NULL ORDER BY l.id"
    return await rows(session, query, None, LeverRow)


async def one(session: Session, id_: UUID) -> LeverRow | None:
    """Return a lever, locked until the end of the transaction."""
    query: LiteralString = f"SELECT {_COLUMNS} FROM lever l WHERE l.id = %s FOR UPDATE"
    return await row(session, query, [id_], LeverRow)


@dataclass(frozen=True, slots=True)
class NewLever:
    """A lever somebody pulls; it counts from now on unless it needs a second person."""

    id: UUID
    lever: Lever
    department_id: UUID | None
    seconds: int
    reason: str
    by_id: UUID
    before: Mapping[str, object]
    seen: Mapping[str, object] | None


def value_of(lever: Lever) -> Json:
    """Write what a lever says."""
    found: Json = dict(lever.value)
    return found if lever.to is None else {**found, "queue_id": str(lever.to)}


async def add(session: Session, new: NewLever) -> LeverRow:
    """Keep a new lever; moments are the database's, by which routing goes."""
    place = new.lever.place
    query: LiteralString = f"""
        INSERT INTO lever AS l (id, kind, department_id, queue_id, channel, tier, agents, value,
                           seconds, reason, by_id, before, seen, from_at, until_at)
        SELECT %(id)s, %(kind)s, %(department)s, %(queue)s, %(channel)s, %(tier)s, %(agents)s,
               %(value)s, %(seconds)s, %(reason)s, %(by)s, %(before)s, %(seen)s,
               CASE WHEN NOT %(two)s THEN n.at END,
               CASE WHEN NOT %(two)s THEN n.at + make_interval(secs => %(seconds)s) END
          FROM (SELECT clock_timestamp() AS at) n
        RETURNING {_COLUMNS}"""
    params = {
        "id": new.id, "kind": new.lever.kind.value, "department": new.department_id,
        "queue": place.queue, "channel": place.channel, "tier": place.tier,
        "agents": list(place.agents), "value": Jsonb(value_of(new.lever)),
        "seconds": new.seconds, "reason": new.reason, "by": new.by_id,
        "before": Jsonb(dict(new.before)), "two": new.lever.needs_two,
        "seen": None if new.seen is None else Jsonb(dict(new.seen)),
    }  # fmt: skip
    (made,) = await rows(session, query, params, LeverRow)
    return made


async def confirm(session: Session, id_: UUID, by: UUID) -> LeverRow:
    """Let a lever count from now on: a second person agreed."""
    query: LiteralString = f"""
        UPDATE lever l SET second_id = %s, from_at = n.at, version = l.version + 1,
               until_at = n.at + make_interval(secs => l.seconds)
          FROM (SELECT clock_timestamp() AS at) n WHERE l.id = %s RETURNING {_COLUMNS}"""
    (made,) = await rows(session, query, [by, id_], LeverRow)
    return made


async def end(
    session: Session, id_: UUID, how: str, by: UUID | None, effect: Mapping[str, object]
) -> LeverRow:
    """Take a lever off; what lay over rows must be taken off beside it."""
    query: LiteralString = f"""
        UPDATE lever l SET ended_at = clock_timestamp(), how = %s, ended_by = %s, effect = %s,
               version = l.version + 1 WHERE l.id = %s RETURNING {_COLUMNS}"""
    (made,) = await rows(session, query, [how, by, Jsonb(dict(effect)), id_], LeverRow)
    return made


async def over(session: Session, limit: int) -> list[LeverRow]:
    """Return levers whose time is over, locked; those somebody else is at are left to him.

    What nobody confirmed in the time it was to last is over, too.
    """
    query: LiteralString = f"""
        SELECT {_COLUMNS} FROM lever l WHERE l.ended_at IS NULL
           AND coalesce(l.until_at, l.asked_at + make_interval(secs => l.seconds))
               <= clock_timestamp()
         ORDER BY l.id LIMIT %s FOR UPDATE SKIP LOCKED"""
    return await rows(session, query, [limit], LeverRow)


# ── rows about Agents ───────────────────────────────────────────────────────────────────────────


async def set_capacity(session: Session, agents: Sequence[UUID], units: int | None) -> None:
    """Let so many units count for Agents; None = what is set up."""
    await session.execute(
        "UPDATE agent_load SET cap_lever = %s, version = version + 1"
        " WHERE agent_id IN (SELECT agent_id FROM agent_load WHERE agent_id = ANY(%s)"
        "                     ORDER BY agent_id FOR NO KEY UPDATE)",
        [units, list(agents)],
    )


async def keep_capacity(session: Session, agents: Sequence[UUID], units: int) -> None:
    """Set up capacity as a lever said."""
    await session.execute(
        "UPDATE agent_load SET cap_max = %s WHERE agent_id = ANY(%s)", [units, list(agents)]
    )


async def caps(session: Session, agents: Sequence[UUID]) -> dict[str, int]:
    """Return what capacity of Agents is set up."""
    found = await session.execute(
        "SELECT agent_id::text, cap_max FROM agent_load WHERE agent_id = ANY(%s)", [list(agents)]
    )
    return dict(await found.fetchall())


async def members_of(session: Session, queue: UUID, agents: Sequence[UUID]) -> list[UUID]:
    """Return which of these Agents serve a Queue already."""
    found = await session.execute(
        "SELECT agent_id FROM queue_member WHERE queue_id = %s AND agent_id = ANY(%s)"
        " ORDER BY agent_id",
        [queue, list(agents)],
    )
    return [one[0] for one in await found.fetchall()]


async def lend(session: Session, lever: UUID, row_: Lever) -> None:
    """Let Agents serve a Queue as long as a lever is in force; who serves it already stays."""
    await session.execute(
        "INSERT INTO queue_member (queue_id, agent_id, rank, lever_id)"
        " SELECT %s, unnest(%s::uuid[]), %s, %s ON CONFLICT DO NOTHING",
        [row_.place.queue, list(row_.place.agents), row_.amount, lever],
    )


async def give_back(session: Session, lever: UUID) -> None:
    """Agents serve a Queue no longer."""
    await session.execute("DELETE FROM queue_member WHERE lever_id = %s", [lever])


async def keep_lent(session: Session, lever: UUID) -> None:
    """Agents serve a Queue for good."""
    await session.execute("UPDATE queue_member SET lever_id = NULL WHERE lever_id = %s", [lever])


# ── how things stand ────────────────────────────────────────────────────────────────────────────


async def standing(session: Session, queue: UUID | None, since: datetime | None) -> Json:
    """Return what waits (in a Queue, else anywhere), since when, and the Offers made since."""
    found = await session.execute(
        """SELECT count(*) FILTER (WHERE w.state = 'waiting'),
                  floor(1000 * extract(epoch FROM clock_timestamp()
                      - min(w.waiting_since) FILTER (WHERE w.state = 'waiting')))::bigint,
                  (SELECT count(*) FROM offer o JOIN work_item i ON i.id = o.work_item_id
                    WHERE o.made_at >= %(since)s::timestamptz
                      AND (%(queue)s::uuid IS NULL OR i.queue_id = %(queue)s))
             FROM work_item w
            WHERE w.state = 'waiting' AND (%(queue)s::uuid IS NULL OR w.queue_id = %(queue)s)""",
        {"queue": queue, "since": since},
    )
    waiting, longest, offers = await found.fetchone() or (0, None, 0)
    return {"waiting": waiting, "longest_ms": longest, "offers": offers}


AGENTS_NEAR, ITEMS_NEAR = 400, 1_500
"""So many Agents and waiting items a preview looks at; the longest waiting ones of each Queue."""


@dataclass(frozen=True, slots=True)
class Near:
    """What a lever can reach: Agents, the Queues they serve, and what waits there."""

    agents: list[UUID]
    queues: list[UUID]
    items: list[UUID]
    cut: bool


async def near(session: Session, queue: UUID | None, agents: Sequence[UUID]) -> Near:
    """Find the Agents signed in who serve a Queue or are named (neither = all), and all near them.

    A second ring of Agents serves the Queues of the first; what is too much is cut.
    """
    found = await session.execute(
        """WITH first AS (
               SELECT p.agent_id FROM agent_presence p
                WHERE p.status <> 'offline' AND (p.agent_id = ANY(%(agents)s) OR EXISTS (
                      SELECT FROM queue_member m WHERE m.agent_id = p.agent_id
                         AND (%(wide)s OR m.queue_id = %(queue)s::uuid)))
                ORDER BY p.agent_id LIMIT %(most)s),
           served AS (
               SELECT DISTINCT m.queue_id FROM queue_member m JOIN first USING (agent_id)
                UNION SELECT %(queue)s::uuid WHERE %(queue)s::uuid IS NOT NULL),
           second AS (
               SELECT agent_id FROM first
                UNION SELECT p.agent_id FROM agent_presence p
                WHERE p.status <> 'offline' AND EXISTS (
                      SELECT FROM queue_member m JOIN served USING (queue_id)
                       WHERE m.agent_id = p.agent_id))
           SELECT ARRAY(SELECT agent_id FROM second
                         ORDER BY agent_id IN (SELECT agent_id FROM first) DESC, agent_id
                         LIMIT %(most)s + 1),
                  ARRAY(SELECT queue_id FROM served ORDER BY queue_id)""",
        {
            "queue": queue,
            "agents": list(agents),
            "wide": queue is None and not agents,
            "most": AGENTS_NEAR,
        },
    )
    everybody, queues = await found.fetchone() or ([], [])
    waiting = await session.execute(
        """SELECT w.id FROM unnest(%(queues)s::uuid[]) AS q (id)
            CROSS JOIN LATERAL (SELECT x.id, x.waiting_since FROM work_item x
                   WHERE x.queue_id = q.id AND x.state = 'waiting'
                   ORDER BY x.waiting_since, x.id LIMIT %(most)s) w
            ORDER BY q.id = %(queue)s::uuid DESC NULLS LAST, w.waiting_since, w.id
            LIMIT %(most)s + 1""",
        {"queues": queues, "most": ITEMS_NEAR, "queue": queue},
    )
    items = [one[0] for one in await waiting.fetchall()]
    cut = len(everybody) > AGENTS_NEAR or len(items) > ITEMS_NEAR
    return Near(everybody[:AGENTS_NEAR], queues, items[:ITEMS_NEAR], cut)


async def references(session: Session, items: Sequence[UUID]) -> dict[UUID, Json]:
    """Return of items by which Case they are known, and whose it is."""
    found = await session.execute(
        """SELECT w.id, jsonb_build_object('case_id', c.id, 'reference', c.reference,
                  'department_id', c.department_id,
                  'sealed', 'sealed' IN (c.visibility, d.visibility))
             FROM work_item w JOIN case_ c ON c.id = w.case_id
             JOIN department d ON d.id = c.department_id WHERE w.id = ANY(%s)""",
        [list(items)],
    )
    return dict(await found.fetchall())

"""Levers: changes for a while as they are kept, those in force, and the rows they lie over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from psycopg.types.json import Jsonb

from polyphony.domain.lever import Drain, Kind, Lever, Place
from polyphony.domain.service_hours import to_ms
from polyphony.store.database import Session, row, rows

Json = dict[str, object]
ENDED_MAX = 50
"""So many of those that are over are listed."""
TOPIC = "levers"
_LOCK = 0x6C65766572  # "lever"


@dataclass(frozen=True, slots=True)
class LeverRow:
    """A lever as kept; without ``from_at`` it waits for a second person.

    In force without ``until_at`` it stays until somebody takes it off.
    """

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
        to, skills = self.value.get("queue_id"), self.value.get("skills")
        return Lever(
            Kind(self.kind),
            Place(self.queue_id, self.channel, self.tier, tuple(self.agents)),
            amounts,
            None if to is None else UUID(str(to)),
            0 if self.until_at is None else to_ms(self.until_at),
            {str(k): int(v) for k, v in skills.items()} if isinstance(skills, dict) else {},
            str(self.value.get("other", "")),
            Drain(str(self.value.get("drain", Drain.WAIT))),
        )


_COLUMNS: LiteralString = """l.id, l.kind, l.department_id, l.queue_id, l.channel, l.tier, l.agents,
    l.value, l.seconds, l.reason, l.by_id, l.second_id, l.asked_at, l.from_at, l.until_at,
    l.ended_at, l.how, l.ended_by, l.before, l.seen, l.effect, l.version"""
FORCE: LiteralString = (
    "l.ended_at IS NULL AND l.from_at IS NOT NULL"
    " AND coalesce(l.until_at > clock_timestamp(), true)"
)
OUT: LiteralString = f"EXISTS (SELECT FROM lever l WHERE {FORCE} AND l.kind = 'outage'"
CALLBACK: LiteralString = f"""(coalesce((SELECT (l.value ->> 'on')::int = 1 FROM lever l
                    WHERE {FORCE} AND l.kind = 'callback' AND l.queue_id = q.id), q.callback)
        OR {OUT} AND l.channel = 'chat' AND l.value ->> 'drain' = 'callback'))"""
"""Whether who waits in chat may leave the line of queue q and be called."""


async def in_force(session: Session) -> list[Lever]:
    """Return what lies over the rules at this moment, in an order of its own."""
    query: LiteralString = f"SELECT {_COLUMNS} FROM lever l WHERE {FORCE} ORDER BY l.id"
    return [one.lever for one in await rows(session, query, None, LeverRow)]


async def next_end(session: Session) -> float | None:
    """Return in how many seconds the next lever ends; None = none is in force."""
    query: LiteralString = (
        "SELECT extract(epoch FROM min(l.until_at) - clock_timestamp())::float8"
        f" FROM lever l WHERE {FORCE}"
    )
    found = await (await session.execute(query)).fetchone()
    return None if found is None or found[0] is None else float(found[0])


async def by_hand(session: Session, queues: Sequence[UUID]) -> dict[UUID, tuple[bool, datetime]]:
    """Return which of these Queues a lever keeps open (True) or closed, and until when."""
    query: LiteralString = (
        "SELECT l.queue_id, coalesce((l.value ->> 'open')::int, 0) = 1, l.until_at"
        f" FROM lever l WHERE {FORCE} AND l.kind = 'hours' AND l.queue_id = ANY(%s)"
    )
    found = await (await session.execute(query, [list(queues)])).fetchall()
    return {queue: (is_open, until) for queue, is_open, until in found}


@dataclass(frozen=True, slots=True)
class OutageRow:
    """A channel that is out of order: since when, and where people are sent to ("" = nowhere)."""

    channel: str
    other: str
    drain: str
    since: datetime


async def outages(session: Session) -> list[OutageRow]:
    """Return the channels that are out of order."""
    query: LiteralString = f"""
        SELECT l.channel, coalesce(l.value ->> 'other', '') AS other,
               coalesce(l.value ->> 'drain', 'wait') AS drain, l.from_at AS since
          FROM lever l WHERE {FORCE} AND l.kind = 'outage' ORDER BY l.channel"""
    return await rows(session, query, None, OutageRow)


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
    if lever.to is not None:
        found["queue_id"] = str(lever.to)
    if lever.skills:
        found["skills"] = dict(lever.skills)
    if lever.kind is Kind.OUTAGE:
        found |= {"other": lever.other, "drain": lever.drain.value}
    return found


async def add(session: Session, new: NewLever) -> LeverRow:
    """Keep a new lever; moments are the database's, by which routing goes."""
    place = new.lever.place
    query: LiteralString = f"""
        INSERT INTO lever AS l (id, kind, department_id, queue_id, channel, tier, agents, value,
                           seconds, reason, by_id, before, seen, from_at, until_at)
        SELECT %(id)s, %(kind)s, %(department)s, %(queue)s, %(channel)s, %(tier)s, %(agents)s,
               %(value)s, %(seconds)s, %(reason)s, %(by)s, %(before)s, %(seen)s,
               CASE WHEN NOT %(two)s THEN n.at END,
               CASE WHEN NOT %(two)s AND %(kind)s::text <> 'outage'
                    THEN n.at + make_interval(secs => %(seconds)s) END
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
               until_at = CASE WHEN l.kind <> 'outage'
                               THEN n.at + make_interval(secs => l.seconds) END
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
           AND CASE WHEN l.from_at IS NULL THEN l.asked_at + make_interval(secs => l.seconds)
                    ELSE l.until_at END <= clock_timestamp()
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
    """Let Agents serve a Queue as long as a lever is in force; who serves it already stays.

    Skills it names count for them meanwhile.
    """
    await session.execute(
        "INSERT INTO lent_skill (lever_id, agent_id, skill_id, level)"
        " SELECT %s, a.id, s.id, n.level FROM unnest(%s::uuid[]) AS a (id)"
        " CROSS JOIN unnest(%s::text[], %s::smallint[]) AS n (key, level)"
        " JOIN skill s ON s.key = n.key",
        [lever, list(row_.place.agents), list(row_.skills), list(row_.skills.values())],
    )
    await session.execute(
        "INSERT INTO queue_member (queue_id, agent_id, rank, lever_id)"
        " SELECT %s, unnest(%s::uuid[]), %s, %s ON CONFLICT DO NOTHING",
        [row_.place.queue, list(row_.place.agents), row_.amount, lever],
    )


async def give_back(session: Session, lever: UUID) -> None:
    """Agents serve a Queue no longer; their skills are their own again."""
    await session.execute("DELETE FROM lent_skill WHERE lever_id = %s", [lever])
    await session.execute("DELETE FROM queue_member WHERE lever_id = %s", [lever])


async def keep_lent(session: Session, lever: UUID) -> None:
    """Agents serve a Queue for good, with the skills that were lent."""
    await session.execute(
        """INSERT INTO agent_skill AS a (agent_id, skill_id, level)
           SELECT agent_id, skill_id, level FROM lent_skill WHERE lever_id = %s
            ORDER BY agent_id, skill_id
               ON CONFLICT (agent_id, skill_id) DO UPDATE
              SET level = greatest(a.level, excluded.level)""",
        [lever],
    )
    await session.execute("DELETE FROM lent_skill WHERE lever_id = %s", [lever])
    await session.execute("UPDATE queue_member SET lever_id = NULL WHERE lever_id = %s", [lever])


async def lendable(session: Session, keys: Sequence[str]) -> set[str]:
    """Return which of these skills may be lent: those that are there, but for those of the law."""
    found = await session.execute(
        "SELECT key FROM skill WHERE key = ANY(%s) AND kind <> 'legal'", [list(keys)]
    )
    return {one[0] for one in await found.fetchall()}


# ── how things stand ────────────────────────────────────────────────────────────────────────────


async def standing(session: Session, place: Place, since: datetime | None) -> Json:
    """Return what waits in a place, since when, and the Offers made there since a moment.

    A place without Queue, channel and tier is the house.
    """
    found = await session.execute(
        """SELECT count(*), floor(1000 * extract(epoch FROM clock_timestamp()
                      - min(w.waiting_since)))::bigint,
                  (SELECT count(*) FROM offer o JOIN work_item i ON i.id = o.work_item_id
                    WHERE o.made_at >= %(since)s::timestamptz
                      AND (%(queue)s::uuid IS NULL OR i.queue_id = %(queue)s)
                      AND (%(channel)s::text IS NULL OR i.channel_kind = %(channel)s)
                      AND (%(tier)s::text IS NULL OR i.tier = %(tier)s))
             FROM work_item w
            WHERE w.state = 'waiting' AND (%(queue)s::uuid IS NULL OR w.queue_id = %(queue)s)
              AND (%(channel)s::text IS NULL OR w.channel_kind = %(channel)s)
              AND (%(tier)s::text IS NULL OR w.tier = %(tier)s)""",
        {"queue": place.queue, "channel": place.channel, "tier": place.tier, "since": since},
    )
    waiting, longest, offers = await found.fetchone() or (0, None, 0)
    return {"waiting": waiting, "longest_ms": longest, "offers": offers}

"""Chat wait: what stands in the Queues chats wait in, and how long people waited there lately."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import LiteralString
from uuid import UUID

from polyphony.domain.expected_wait import PACE_MS, Lately, Told
from polyphony.store import levers
from polyphony.store.database import Session, rows

LINE_MOST = 2_000
LIVE = ("chat", "voice", "video", "visit")
"""What somebody waits for at the moment: overflow counts these, unless a Queue has none."""


@dataclass(frozen=True, slots=True)
class Announced:
    """What a Queue lets people know who wait in it."""

    position: bool
    wait: bool

    @staticmethod
    def of(raw: Mapping[str, object]) -> "Announced":
        """Read the setting of a Queue."""
        return Announced(raw.get("position") is not False, raw.get("wait") is not False)


@dataclass(frozen=True, slots=True)
class Mine:
    """A chat of a customer that waits, with what he was told of it since he waits this time."""

    identity_id: UUID
    case_id: UUID
    work_id: UUID
    queue_id: UUID
    waiting_since: datetime
    announce: Mapping[str, object]
    callback: bool
    blocker: str | None
    told_at: datetime | None
    told_before: int | None
    told_band: int | None
    told_whole_s: int | None


async def mine(session: Session, identities: Sequence[UUID]) -> list[Mine]:
    """Return the waiting chats of these customers; what was told before an answer is over."""
    return await rows(
        session,
        "SELECT i.identity_id, i.case_id, w.id AS work_id, w.queue_id, w.waiting_since,"
        f" q.announce, {levers.CALLBACK} AS callback, w.blocker,"
        " t.since AS told_at, t.before AS told_before, t.band AS told_band,"
        " t.whole_s AS told_whole_s FROM interaction i"
        " JOIN work_item w ON w.interaction_id = i.id AND w.state IN ('waiting', 'offered')"
        " JOIN queue q ON q.id = w.queue_id"
        " LEFT JOIN wait_told t ON t.work_item_id = w.id AND NOT EXISTS ("
        "  SELECT FROM queue_stay s WHERE s.work_item_id = w.id AND s.how = 'taken'"
        "     AND s.left_at > t.since)"
        " WHERE i.identity_id = ANY(%s) AND i.channel_kind = 'chat'",
        [list(identities)],
        Mine,
    )


_KEEP: LiteralString = """
WITH n AS (SELECT * FROM unnest(%(ids)s::uuid[], %(before)s::int[], %(band)s::smallint[],
                                %(whole)s::int[]) AS n (id, before, band, whole_s)),
     s AS (UPDATE queue_stay s SET announced_s = n.whole_s FROM n
            WHERE s.work_item_id = n.id AND s.left_at IS NULL AND s.announced_s IS NULL
              AND n.whole_s IS NOT NULL)
INSERT INTO wait_told AS t (work_item_id, before, band, whole_s, since)
SELECT n.id, n.before, n.band, n.whole_s, %(at)s FROM n
  JOIN work_item w ON w.id = n.id ORDER BY n.id
    ON CONFLICT (work_item_id) DO UPDATE
   SET (before, band, whole_s, since) = (
       SELECT CASE WHEN o.over THEN excluded.before ELSE least(t.before, excluded.before) END,
              CASE WHEN o.over THEN excluded.band ELSE least(t.band, excluded.band) END,
              CASE WHEN o.over THEN excluded.whole_s ELSE coalesce(t.whole_s, excluded.whole_s) END,
              CASE WHEN o.over THEN excluded.since ELSE t.since END
         FROM (SELECT EXISTS (SELECT FROM queue_stay s WHERE s.work_item_id = t.work_item_id
                  AND s.how = 'taken' AND s.left_at > t.since) AS over) o)"""


async def keep_told(session: Session, told: Mapping[UUID, Told], at: datetime) -> None:
    """Keep what people who wait were told; whoever writes at once, the better one stays."""
    if not told:
        return
    ids = sorted(told)
    await session.execute(
        _KEEP,
        {
            "ids": ids,
            "before": [told[one].before for one in ids],
            "band": [told[one].band for one in ids],
            "whole": [told[one].whole_s for one in ids],
            "at": at,
        },
    )


@dataclass(frozen=True, slots=True)
class InLine:
    """One chat that waits in a Queue; times in ms."""

    id: UUID
    queue_id: UUID
    tier: str
    urgency: str
    waiting_since: datetime
    target_ms: int
    used_ms: int
    queue_milli: int


async def lines(session: Session, queues: Sequence[UUID]) -> list[InLine]:
    """Return the chats that wait in these Queues, the longest waiting first."""
    query: LiteralString = """
SELECT w.id, w.queue_id, w.tier, w.urgency, w.waiting_since, w.target_ms,
       w.target_used_ms AS used_ms, q.weight_milli AS queue_milli
  FROM work_item w JOIN queue q ON q.id = w.queue_id
 WHERE w.queue_id = ANY(%s) AND w.channel_kind = 'chat' AND w.state IN ('waiting', 'offered')
 ORDER BY w.waiting_since LIMIT %s"""
    return await rows(session, query, [list(queues), LINE_MOST], InLine)


_LATELY: LiteralString = """
SELECT q.id AS queue_id, s.starts, s.starts_hour, s.last_ms,
       coalesce(p.gave_up, 0) AS gave_up, coalesce(p.waited_ms, 0) AS waited_ms
  FROM unnest(%(queues)s::uuid[]) AS q (id)
 CROSS JOIN LATERAL (
       SELECT (count(*) FILTER (WHERE s.left_at > %(pace)s))::int AS starts,
              count(*)::int AS starts_hour,
              coalesce((array_agg(extract(epoch FROM s.left_at - s.entered_at) * 1000
                                  ORDER BY s.left_at DESC))[1], 0)::bigint AS last_ms
         FROM queue_stay s JOIN work_item w ON w.id = s.work_item_id
              AND w.channel_kind = ANY(%(kinds)s)
        WHERE s.queue_id = q.id AND s.how = 'taken' AND s.left_at > %(since)s
          AND s.left_at <= %(at)s) s
  LEFT JOIN LATERAL (
       SELECT sum(gave_up)::int AS gave_up, sum(waited_ms)::bigint AS waited_ms FROM patience p
        WHERE p.queue_id = q.id AND p.channel_kind = ANY(%(kinds)s)) p ON true"""


async def lately(
    session: Session, queues: Sequence[UUID], kinds: Sequence[str], at: datetime
) -> dict[UUID, Lately]:
    """Return by Queue how work of these channels was taken lately."""
    params = {
        "queues": list(queues),
        "kinds": list(kinds),
        "since": at - timedelta(hours=1),
        "pace": at - timedelta(milliseconds=PACE_MS),
        "at": at,
    }
    found = await session.execute(_LATELY, params)
    return {
        queue: Lately(starts, hour, last, gave_up, waited)
        for queue, starts, hour, last, gave_up, waited in await found.fetchall()
    }


async def asked_for(session: Session, at: datetime) -> dict[UUID, tuple[Lately, int]]:
    """Return how Queues go whose overflow asks for the expected wait, and how many wait there."""
    found = await session.execute(
        "SELECT q.id, (SELECT count(*) FROM work_item w WHERE w.queue_id = q.id"
        " AND w.state IN ('waiting', 'offered') AND w.channel_kind = ANY(%s)) FROM queue q"
        """ WHERE q.overflow_after @? '$[*].conditions[*] ? (@.fact == "wait_s")'"""
        " ORDER BY q.id",
        [list(LIVE)],
    )
    waiting: dict[UUID, int] = dict(await found.fetchall())
    if not waiting:
        return {}
    went = await lately(session, sorted(waiting), LIVE, at)
    return {queue: (went[queue], count) for queue, count in waiting.items()}


_PATIENCE: LiteralString = """
WITH now AS MATERIALIZED (
     SELECT s.queue_id, w.channel_kind,
            (count(*) FILTER (WHERE s.how = 'abandoned'))::int AS gave_up,
            (sum(extract(epoch FROM s.left_at - s.entered_at)) * 1000)::bigint AS waited_ms
       FROM queue_stay s JOIN work_item w ON w.id = s.work_item_id
            AND w.channel_kind = ANY(%(kinds)s)
      WHERE s.left_at > %(at)s - interval '28 days'
      GROUP BY 1, 2)
INSERT INTO patience AS p (queue_id, channel_kind, gave_up, waited_ms, at)
SELECT queue_id, channel_kind, gave_up, waited_ms, %(at)s FROM now ORDER BY 1, 2
    ON CONFLICT (queue_id, channel_kind) DO UPDATE
   SET gave_up = excluded.gave_up, waited_ms = excluded.waited_ms, at = excluded.at
 WHERE (p.gave_up, p.waited_ms) IS DISTINCT FROM (excluded.gave_up, excluded.waited_ms)"""


async def refresh_patience(session: Session, at: datetime) -> None:
    """Count anew how many gave up in how much waiting, by Queue and channel, over 28 days."""
    await session.execute(_PATIENCE, {"kinds": list(LIVE), "at": at})


async def staffed(session: Session, queues: Sequence[UUID]) -> set[UUID]:
    """Return those Queues somebody serves chats of at the moment."""
    found = await session.execute(
        "SELECT DISTINCT m.queue_id FROM queue_member m"
        " JOIN agent a ON a.person_id = m.agent_id AND 'chat' = ANY(a.channels)"
        " JOIN agent_presence p ON p.agent_id = m.agent_id"
        " JOIN presence_status s ON s.key = p.status"
        "  AND coalesce(s.matrix->>'chat', s.matrix->>'messaging') IN ('on', 'finish')"
        "  AND coalesce(p.toggles->>'chat', 'true') <> 'false' AND NOT 'chat' = ANY(p.silent)"
        " WHERE m.queue_id = ANY(%s)",
        [list(queues)],
    )
    return {one[0] for one in await found.fetchall()}


async def door(session: Session, account_id: UUID) -> tuple[UUID, Mapping[str, object]] | None:
    """Return the Queue a newcomer waits in when no rule says otherwise, and what it announces."""
    found = await session.execute(
        "SELECT q.id, q.announce FROM channel_account a"
        " JOIN department d ON d.id = a.department_id"
        " JOIN queue q ON q.id = coalesce(a.default_queue, d.triage_queue) WHERE a.id = %s",
        [account_id],
    )
    one = await found.fetchone()
    return None if one is None else (one[0], one[1])

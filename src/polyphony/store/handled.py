"""Handled: how long work took in the last 28 days, and which requirement classes there were."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from polyphony.domain.routing.facts import HandleClass, SeenClass
from polyphony.domain.routing.score import handle_mean, shrunk
from polyphony.domain.skill import requirement
from polyphony.store.database import Session, rows

LONGEST_S = 7200
"""What lay in a hand longer is counted as so long: a mail kept overnight was not read all night."""
SEEN_MAX = 2000

# From the moment it was taken out of its queue for the last time until it was done.
_REFRESH: LiteralString = """
WITH last AS (
         SELECT DISTINCT ON (s.work_item_id) s.work_item_id, s.queue_id, s.left_at
           FROM queue_stay s WHERE s.how = 'taken' AND s.left_at > %(at)s - interval '28 days'
          ORDER BY s.work_item_id, s.left_at DESC),
     one AS (
         SELECT l.queue_id, w.channel_kind, w.agent_id,
                least(extract(epoch FROM w.state_since - l.left_at), %(longest)s) * 1000 AS ms
           FROM last l JOIN work_item w ON w.id = l.work_item_id
          WHERE w.state = 'done' AND w.agent_id IS NOT NULL AND w.state_since >= l.left_at),
     now AS MATERIALIZED (
         SELECT queue_id, channel_kind, agent_id, sum(ms)::bigint AS sum_ms, count(*)::int AS n
           FROM one GROUP BY GROUPING SETS (
                (queue_id, channel_kind), (queue_id, channel_kind, agent_id))),
     gone AS (
         DELETE FROM handle_time h WHERE NOT EXISTS (
             SELECT FROM now n WHERE n.queue_id = h.queue_id AND n.channel_kind = h.channel_kind
                AND n.agent_id IS NOT DISTINCT FROM h.agent_id) RETURNING 1),
     kept AS (
         INSERT INTO handle_time AS h (queue_id, channel_kind, agent_id, sum_ms, n, at)
         SELECT queue_id, channel_kind, agent_id, sum_ms, n, %(at)s FROM now
             ON CONFLICT (queue_id, channel_kind, agent_id) DO UPDATE
            SET sum_ms = excluded.sum_ms, n = excluded.n, at = excluded.at
          WHERE (h.sum_ms, h.n) IS DISTINCT FROM (excluded.sum_ms, excluded.n) RETURNING 1)
SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM kept)"""

_SEEN_NOW: LiteralString = """
SELECT queue_id, channel_kind, requirements, count(*)::int AS n FROM work_item
 WHERE created_at > coalesce(%(at)s::timestamptz, now()) - interval '28 days'
 GROUP BY queue_id, channel_kind, requirements ORDER BY count(*) DESC, 1, 2, 3 LIMIT %(most)s"""


async def refresh(session: Session, at: datetime) -> int:
    """Count handle times and classes anew; return how many handle times changed."""
    params = {"at": at, "longest": LONGEST_S, "most": SEEN_MAX}
    await session.execute("SELECT pg_advisory_xact_lock(7065646)")  # one worker at a time
    found = await session.execute(_REFRESH, params)
    row = await found.fetchone()
    await session.execute("DELETE FROM seen_class")
    await session.execute(
        "INSERT INTO seen_class (queue_id, channel_kind, requirements, n, at)"
        f" SELECT queue_id, channel_kind, requirements, n, %(at)s FROM ({_SEEN_NOW}) x",
        params,
    )
    return int(row[0]) if row else 0


async def means(session: Session) -> dict[HandleClass, int]:
    """Return mean handle times in ms by Queue and channel, few ones drawn towards what is usual."""
    found = await session.execute(
        "SELECT queue_id, channel_kind, sum_ms, n FROM handle_time WHERE agent_id IS NULL"
        " ORDER BY queue_id, channel_kind"
    )
    return {
        (queue, channel): max(shrunk(handle_mean(channel), (total, count)), 1000)
        for queue, channel, total, count in await found.fetchall()
    }


@dataclass(frozen=True, slots=True)
class _Seen:
    queue_id: UUID
    channel_kind: str
    requirements: list[Mapping[str, object]]


async def seen(session: Session) -> Sequence[SeenClass]:
    """Return the requirement classes of 28 days, in one order; counted now if nobody has yet."""
    found = await rows(
        session, "SELECT queue_id, channel_kind, requirements FROM seen_class", None, _Seen
    )
    if not found:
        params = {"at": None, "most": SEEN_MAX}
        counted = f"SELECT queue_id, channel_kind, requirements FROM ({_SEEN_NOW}) x"
        found = await rows(session, counted, params, _Seen)
    classes = {
        (one.queue_id, one.channel_kind, tuple(requirement(need) for need in one.requirements))
        for one in found
    }
    return sorted(classes)

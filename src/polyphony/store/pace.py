"""Pace: how much live work has come in the last half hour, by language asked for, else by Queue."""

from datetime import datetime, timedelta
from typing import LiteralString
from uuid import UUID

from psycopg.types.json import Jsonb

from polyphony.domain.routing.facts import Pace
from polyphony.domain.routing.reserve import SPOKEN
from polyphony.domain.routing.score import handle_mean
from polyphony.domain.service_hours import to_ms
from polyphony.store.database import Session

HALF_HOUR = timedelta(minutes=30)

# The keys of WorkItems sort by time: half an hour of them is a small stretch of the primary key.
_ARRIVALS: LiteralString = """
WITH last AS MATERIALIZED (
         SELECT w.queue_id, w.channel_kind, w.requirements FROM work_item w
          WHERE w.id >= %(first)s AND w.channel_kind = ANY(%(kinds)s)),
     pool AS (
         SELECT l.queue_id, l.channel_kind, coalesce((
                    SELECT min(r ->> 'skill') FROM jsonb_array_elements(l.requirements) r
                      JOIN skill s ON s.key = r ->> 'skill' AND s.kind = 'language'),
                    l.queue_id::text) AS pool
           FROM last l)
SELECT p.pool, count(*)::bigint,
       sum(coalesce(h.sum_ms / nullif(h.n, 0),
                    (%(means)s::jsonb ->> p.channel_kind)::bigint))::bigint
  FROM pool p LEFT JOIN handle_time h ON h.queue_id = p.queue_id
             AND h.channel_kind = p.channel_kind AND h.agent_id IS NULL
 GROUP BY p.pool ORDER BY p.pool"""


async def now(session: Session, at: datetime) -> Pace:
    """Return the pace as the core takes it; nothing where nobody calls."""
    from_ms = to_ms(at - HALF_HOUR)
    found = await session.execute(
        _ARRIVALS,
        {
            "first": UUID(int=from_ms << 80),
            "kinds": sorted(SPOKEN),
            "means": Jsonb({kind: handle_mean(kind) for kind in SPOKEN}),
        },
    )
    pools = {
        pool: (int(count), int(total) // int(count))
        for pool, count, total in await found.fetchall()
    }
    return Pace(to_ms(at), pools)

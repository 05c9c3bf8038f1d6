"""Vitals: what waits where, who is alive, what gave up; the figures of system health."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from polyphony.domain.permission import Scope
from polyphony.store.database import Session, row, rows
from polyphony.store.visibility import visible_to


@dataclass(frozen=True, slots=True)
class Figures:
    """Seconds and counts; ``log_lag`` is the age of the oldest open transaction that writes."""

    arrivals_oldest: float
    arrivals_quarantined: int
    outbox_lag: float
    deliveries_uncertain: int
    deliveries_failed: int
    hooks_failed: int
    timers_overdue: float
    bulk_oldest: float
    log_lag: float
    connections: float
    database_size: int
    web_processes: int
    router_silent: float
    worker_lines: int


_FIGURES: LiteralString = """
SELECT coalesce(extract(epoch FROM %(at)s - a.oldest), 0)::float AS arrivals_oldest,
       coalesce(a.quarantined, 0)::int AS arrivals_quarantined,
       coalesce(extract(epoch FROM %(at)s - d.due), 0)::float AS outbox_lag,
       coalesce(d.uncertain, 0)::int AS deliveries_uncertain,
       (SELECT count(*) FROM delivery WHERE state = 'failed' AND settled_at > %(since)s)::int
           AS deliveries_failed,
       (SELECT count(*) FROM hook_call WHERE state = 'failed' AND settled_at > %(since)s)::int
           AS hooks_failed,
       coalesce((SELECT extract(epoch FROM %(at)s - min(due_at)) FROM timer
                  WHERE due_at <= %(at)s), 0)::float AS timers_overdue,
       coalesce((SELECT extract(epoch FROM %(at)s - min(created_at)) FROM bulk_job
                  WHERE state IN ('queued', 'running')), 0)::float AS bulk_oldest,
       coalesce((SELECT extract(epoch FROM clock_timestamp() - min(xact_start))
                   FROM pg_stat_activity
                  WHERE backend_xid IS NOT NULL AND pid <> pg_backend_pid()), 0)::float AS log_lag,
       (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend')::float
           / current_setting('max_connections')::float AS connections,
       pg_database_size(current_database()) AS database_size,
       (SELECT count(*) FROM web_process WHERE beat_at > %(at)s - interval '30 s')::int
           AS web_processes,
       coalesce((SELECT extract(epoch FROM %(at)s - max(beat_at)) FROM router_shard), 0)::float
           AS router_silent,
       (SELECT count(*) FROM pg_stat_activity
         WHERE application_name LIKE 'polyphony worker%%')::int AS worker_lines
  FROM (SELECT min(received_at) FILTER (WHERE state = 'new') AS oldest,
               count(*) FILTER (WHERE state = 'quarantined') AS quarantined
          FROM arrival WHERE state IN ('new', 'quarantined')) a,
       (SELECT min(not_before) FILTER (WHERE state = 'queued' AND not_before <= %(at)s) AS due,
               count(*) FILTER (WHERE state = 'uncertain') AS uncertain
          FROM delivery WHERE state IN ('queued', 'uncertain')) d"""


async def figures(session: Session, at: datetime, since: datetime) -> Figures:
    """Return the figures of this moment; failures count ``since`` another."""
    found = await row(session, _FIGURES, {"at": at, "since": since}, Figures)
    if found is None:
        raise RuntimeError("a SELECT of aggregates returns one row")
    return found


@dataclass(frozen=True, slots=True)
class Dead:
    """Work that gave up: an arrival nobody could read, a Delivery or a call that failed for good.

    ``account`` is the ChannelAccount, or the system that should have been told.
    """

    kind: str  # arrival | delivery | hook
    id: UUID
    account_id: UUID
    account: str
    why: str | None
    tries: int
    at: datetime


async def dead(session: Session, scope: Scope, since: datetime, limit: int) -> Sequence[Dead]:
    """Return the newest work that gave up since a moment, of Cases the actor may see."""
    condition, params = visible_to(scope)
    query: LiteralString = f"""
        (SELECT 'arrival' AS kind, v.id, v.account_id, a.name AS account, v.error AS why,
                v.tries::int, v.received_at AS at
           FROM arrival v JOIN channel_account a ON a.id = v.account_id
          WHERE v.state = 'quarantined' AND v.received_at > %(since)s
          ORDER BY v.received_at DESC LIMIT %(limit)s)
        UNION ALL
        (SELECT 'delivery', d.id, d.account_id, a.name, d.why, d.tries::int, d.settled_at
           FROM delivery d
           JOIN channel_account a ON a.id = d.account_id
           JOIN message m ON m.id = d.message_id
           JOIN interaction i ON i.id = m.interaction_id
           JOIN case_ c ON c.id = i.case_id
          WHERE d.state = 'failed' AND d.settled_at > %(since)s AND {condition}
            AND NOT EXISTS (SELECT FROM delivery n
                             WHERE n.message_id = d.message_id AND n.id > d.id)
          ORDER BY d.settled_at DESC LIMIT %(limit)s)
        UNION ALL
        (SELECT 'hook', c.id, h.id, h.name, c.why, c.tries::int, c.settled_at
           FROM hook_call c JOIN hook h ON h.id = c.hook_id
          WHERE c.state = 'failed' AND c.settled_at > %(since)s
          ORDER BY c.settled_at DESC LIMIT %(limit)s)
        ORDER BY at DESC"""
    return await rows(session, query, {"since": since, "limit": limit, **params}, Dead)

"""Due: one look at all hot tables, for the case that a hint was lost or a moment has come."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import LiteralString

from polyphony.store.database import Session

TOPICS = frozenset({"arrivals", "deliveries", "held", "timers", "chat_code", "targets", "levers"})
"""What is looked at; the names are those of the hints where there are any."""

_LOOK: LiteralString = """
SELECT array_remove(ARRAY[
  CASE WHEN EXISTS (SELECT FROM arrival WHERE state = 'new'
                       AND (lease_until IS NULL OR lease_until < %(at)s)) THEN 'arrivals' END,
  CASE WHEN EXISTS (SELECT FROM delivery WHERE state = 'queued'
                       AND not_before <= %(at)s) THEN 'deliveries' END,
  CASE WHEN EXISTS (SELECT FROM delivery WHERE state = 'held'
                       AND not_before <= %(soon)s) THEN 'held' END,
  CASE WHEN EXISTS (SELECT FROM timer WHERE due_at <= %(at)s AND kind = ANY(%(kinds)s)
                       AND (lease_until IS NULL OR lease_until < %(at)s)) THEN 'timers' END,
  CASE WHEN EXISTS (SELECT FROM mailed_code WHERE state IN ('queued', 'sending')
                       AND not_before <= %(at)s
                       AND (lease_until IS NULL OR lease_until <= %(at)s)) THEN 'chat_code' END,
  CASE WHEN EXISTS (SELECT FROM sla_clock WHERE state = 'running' AND NOT warned
                       AND warn_at <= %(at)s)
         OR EXISTS (SELECT FROM sla_clock WHERE state = 'running'
                       AND due_at <= %(at)s)
         OR EXISTS (SELECT FROM sla_clock WHERE escalate_at <= %(at)s
                       AND state IN ('running', 'breached')) THEN 'targets' END,
  CASE WHEN EXISTS (SELECT FROM lever WHERE ended_at IS NULL
                       AND CASE WHEN from_at IS NULL
                                THEN asked_at + make_interval(secs => seconds)
                                ELSE until_at END <= clock_timestamp()) THEN 'levers' END], NULL)"""


async def look(
    session: Session, at: datetime, ahead: timedelta, kinds: Sequence[str]
) -> frozenset[str]:
    """Return the topics under which work lies ready; of what is held, also what is due soon.

    ``kinds`` are the timers somebody serves.
    """
    params = {"at": at, "soon": at + ahead, "kinds": list(kinds)}
    found = await session.execute(_LOOK, params)
    row = await found.fetchone()
    return frozenset(row[0]) if row else frozenset()

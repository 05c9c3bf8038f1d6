"""Sticky: who spoke with a customer last."""

from collections.abc import Sequence
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from polyphony.store.database import Session

# Of his newest fifty stretches: nobody waits for the history of somebody who writes every day.
_LAST: LiteralString = """
SELECT n.record, x.agent_id
  FROM unnest(%(records)s::uuid[]) AS n (record)
 CROSS JOIN LATERAL (
       SELECT w.agent_id, w.state_since, w.id
         FROM (SELECT i.id FROM record r
                 JOIN record o ON o.customer_id = r.customer_id
                 JOIN interaction i ON i.record_id = o.id
                WHERE r.id = n.record ORDER BY i.opened_at DESC LIMIT 50) i
         JOIN work_item w ON w.interaction_id = i.id
        WHERE w.agent_id IS NOT NULL AND w.state_since >= %(since)s
          AND w.state IN ('in_work', 'suspended', 'wrap_up', 'done')
        ORDER BY w.state_since DESC, w.id DESC LIMIT 1) x"""


async def last_agents(
    session: Session, records: Sequence[UUID], since: datetime
) -> dict[UUID, UUID]:
    """Return by Record the Agent who last worked for that customer since a moment, if any."""
    if not records:
        return {}
    params = {"records": sorted(set(records)), "since": since}
    found = await session.execute(_LAST, params)
    return dict(await found.fetchall())

"""Light: how alive our ends of channels are: last in, last out, what waits, what nobody read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from polyphony.store.database import Session, rows
from polyphony.store.keys import key


@dataclass(frozen=True, slots=True)
class Light:
    """Signs of life of one account; ``oldest`` is since when the first of ``unsent`` waits."""

    account_id: UUID
    last_in: datetime | None
    last_out: datetime | None
    unread: int
    quarantined: int
    unsent: int
    oldest: datetime | None
    uncertain: int
    failed: int


# Ids grow with time: the newest rows stand at the end of the primary keys.
_LIGHTS: LiteralString = """
SELECT a.id AS account_id, i.received_at AS last_in, o.settled_at AS last_out,
       v.unread, v.quarantined, d.unsent, d.oldest, d.uncertain, f.failed
  FROM channel_account a
  LEFT JOIN LATERAL (SELECT v.received_at FROM arrival v WHERE v.account_id = a.id
                      ORDER BY v.id DESC LIMIT 1) i ON true
  LEFT JOIN LATERAL (SELECT d.settled_at FROM delivery d
                      WHERE d.account_id = a.id AND d.state IN ('sent', 'delivered', 'read')
                      ORDER BY d.id DESC LIMIT 1) o ON true
  LEFT JOIN LATERAL (
       SELECT count(*) FILTER (WHERE v.state = 'new') AS unread,
              count(*) FILTER (WHERE v.state = 'quarantined') AS quarantined
         FROM arrival v
        WHERE v.account_id = a.id AND v.state IN ('new', 'quarantined')) v ON true
  LEFT JOIN LATERAL (
       SELECT count(*) FILTER (WHERE d.state <> 'uncertain') AS unsent,
              min(d.created_at) FILTER (WHERE d.state <> 'uncertain') AS oldest,
              count(*) FILTER (WHERE d.state = 'uncertain') AS uncertain
         FROM delivery d
        WHERE d.account_id = a.id AND d.state IN ('queued', 'sending', 'uncertain')) d ON true
  LEFT JOIN LATERAL (SELECT count(*) AS failed FROM delivery d
                      WHERE d.id >= %(since)s AND d.account_id = a.id
                        AND d.state = 'failed') f ON true
 WHERE %(ids)s::uuid[] IS NULL OR a.id = ANY(%(ids)s) ORDER BY a.id"""


async def lights(
    session: Session, since: datetime, ids: Sequence[UUID] | None = None
) -> list[Light]:
    """Return the signs of life of accounts (all without ``ids``); failures ``since`` a moment."""
    params = {"ids": None if ids is None else list(ids), "since": key(since)}
    return await rows(session, _LIGHTS, params, Light)

"""Lines: how Queues stand at this moment: who waits, who could serve, which skills of the law."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from polyphony.domain.expected_wait import Lately
from polyphony.store import chat_wait
from polyphony.store.database import Session

# Counted here and now, in the transaction that lets work in.
_NOW: LiteralString = """
SELECT q.id,
       (SELECT count(*) FROM work_item w
         WHERE w.queue_id = q.id AND w.state IN ('waiting', 'offered'))::int AS waiting,
       (SELECT count(*) FROM queue_member m JOIN agent_presence p ON p.agent_id = m.agent_id
         WHERE m.queue_id = q.id AND p.status <> 'offline')::int AS signed_in,
       coalesce((SELECT jsonb_object_agg(x.key, x.level) FROM (
           SELECT s.key, max(k.level) AS level FROM queue_member m
             JOIN agent_presence p ON p.agent_id = m.agent_id AND p.status <> 'offline'
             JOIN agent_skill k ON k.agent_id = m.agent_id
              AND coalesce(k.valid_from <= %(day)s, true) AND coalesce(k.valid_to >= %(day)s, true)
             JOIN skill s ON s.id = k.skill_id AND s.kind = 'legal'
            WHERE m.queue_id = q.id GROUP BY s.key) x), '{}'::jsonb) AS legal
  FROM unnest(%(queues)s::uuid[]) AS q (id)"""


@dataclass(frozen=True, slots=True)
class Standing:
    """A Queue now: waiting items, members signed in, their best level of skills the law asks."""

    waiting: int
    signed_in: int
    legal: Mapping[str, int]
    lately: Lately


async def now(session: Session, queues: Sequence[UUID], at: datetime) -> dict[UUID, Standing]:
    """Return how Queues stand, by id."""
    params = {"queues": list(queues), "day": at.date()}
    found = await (await session.execute(_NOW, params)).fetchall()
    went = await chat_wait.lately(session, queues, chat_wait.LIVE, at)
    return {
        queue: Standing(waiting, signed_in, legal, went[queue])
        for queue, waiting, signed_in, legal in found
    }

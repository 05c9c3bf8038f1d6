"""Lines: how Queues stand at this moment: who waits, who could serve, which skills of the law."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import LiteralString
from uuid import UUID

from polyphony.domain.expected_wait import Lately
from polyphony.domain.overflow import FULL
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


async def room(session: Session, queues: Sequence[UUID]) -> dict[UUID, int]:
    """Return how many more may wait in those Queues that let only so many wait; never below 0.

    Counted at entry and without a lock: of two that come in one moment both may be let in. The
    triage of a Department takes all: what nothing else takes must be somewhere.
    """
    found = await session.execute(
        """SELECT q.id, greatest(0, q.max_waiting - (
                      SELECT count(*) FROM work_item w
                       WHERE w.queue_id = q.id AND w.state IN ('waiting', 'offered')))::int
             FROM queue q
            WHERE q.id = ANY(%s) AND q.max_waiting IS NOT NULL
              AND NOT EXISTS (SELECT FROM department d WHERE d.triage_queue = q.id)""",
        [list(queues)],
    )
    return dict(await found.fetchall())


async def unlicensed(
    session: Session, wanted: Sequence[tuple[str, int]], day: date
) -> set[tuple[str, int]]:
    """Return the skills (with their level) nobody of us has on a day."""
    found = await session.execute(
        """SELECT n.key, n.level FROM unnest(%(keys)s::text[], %(levels)s::int[]) AS n (key, level)
            WHERE NOT EXISTS (
                  SELECT FROM skill s JOIN agent_skill k ON k.skill_id = s.id
                    JOIN person p ON p.id = k.agent_id AND p.state <> 'disabled'
                   WHERE s.key = n.key AND k.level >= n.level
                     AND coalesce(k.valid_from <= %(day)s, true)
                     AND coalesce(k.valid_to >= %(day)s, true))""",
        {"keys": [one for one, _ in wanted], "levels": [one for _, one in wanted], "day": day},
    )
    return {(skill, level) for skill, level in await found.fetchall()}


async def shut_out(session: Session, batch: Sequence[tuple[UUID, UUID]]) -> None:
    """Note that items were not let into Queues that are full: they do not overflow there again."""
    await session.execute(
        """UPDATE work_item w SET visited = w.visited || n.queue, version = w.version + 1,
                  blocker = %(why)s
             FROM unnest(%(items)s::uuid[], %(queues)s::uuid[]) AS n (item, queue)
            WHERE w.id = n.item""",
        {"items": [one for one, _ in batch], "queues": [one for _, one in batch], "why": FULL},
    )

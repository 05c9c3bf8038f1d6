"""Shards: which router owns the agents and Queues, by lock and epoch."""

from collections.abc import Sequence
from typing import LiteralString
from uuid import UUID

from polyphony.store.database import Session

_LOCK = 70_656_431
HUNG = "5 seconds"
"""An owner that has not beaten for so long is hung: its epoch may be taken without its lock."""
_UNLOCKED = " (without lock)"


async def try_lock(connection: Session) -> bool:
    """Try for the advisory lock on a dedicated connection; it goes when the connection goes."""
    found = await connection.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
    one = await found.fetchone()
    return bool(one and one[0])


async def unlock(connection: Session) -> None:
    """Give the lock back."""
    await connection.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


_TAKE: LiteralString = f"""
UPDATE router_shard
   SET epoch = epoch + 1, beat_at = clock_timestamp(),
       owner = %(name)s || CASE WHEN %(locked)s THEN '' ELSE '{_UNLOCKED}' END
 WHERE id = 1
   AND (coalesce(beat_at, '-infinity') < clock_timestamp() - interval '{HUNG}'
        OR (%(locked)s AND owner IS DISTINCT FROM NULL AND right(owner, {len(_UNLOCKED)})
                                                           <> '{_UNLOCKED}')
        OR owner IS NULL)
RETURNING epoch"""


async def take(session: Session, name: str, *, locked: bool) -> int | None:
    """Begin a new epoch if the shard is free; None when a living owner has it.

    Free means: nobody owns it, its owner is hung, or we hold the lock that owner must have lost.
    """
    found = await session.execute(_TAKE, {"name": name[:200], "locked": locked})
    one = await found.fetchone()
    return int(one[0]) if one else None


async def beat(session: Session, name: str, epoch: int, *, locked: bool) -> bool:
    """Say that the owner lives; False when the epoch is another's by now."""
    owner = name[:200] + ("" if locked else _UNLOCKED)
    found = await session.execute(
        "UPDATE router_shard SET beat_at = clock_timestamp(), owner = %s"
        " WHERE id = 1 AND epoch = %s RETURNING id",
        [owner, epoch],
    )
    return await found.fetchone() is not None


async def resign(session: Session, epoch: int) -> None:
    """Leave the shard to whoever comes next, at once."""
    await session.execute(
        "UPDATE router_shard SET owner = NULL, beat_at = NULL WHERE id = 1 AND epoch = %s", [epoch]
    )


async def epoch(session: Session) -> int:
    """Return the present epoch."""
    found = await session.execute("SELECT epoch FROM router_shard WHERE id = 1")
    one = await found.fetchone()
    return int(one[0]) if one else 0


# Each part hangs on the one before: without that the planner chooses the order of the locks.
_LOCK_ALL: LiteralString = """
WITH fence AS MATERIALIZED (
         SELECT epoch FROM router_shard WHERE id = 1 AND epoch = %(epoch)s FOR SHARE),
     la AS MATERIALIZED (
         SELECT agent_id FROM agent_load
          WHERE agent_id = ANY(%(agents)s) AND EXISTS (SELECT FROM fence)
          ORDER BY agent_id FOR NO KEY UPDATE),
     lw AS MATERIALIZED (
         SELECT id FROM work_item
          WHERE id = ANY(%(items)s) AND EXISTS (SELECT FROM fence)
            AND (SELECT count(*) FROM la) >= 0
          ORDER BY id FOR NO KEY UPDATE)
SELECT (SELECT count(*) FROM fence) > 0 AND (SELECT count(*) FROM lw) >= 0"""


async def lock(session: Session, epoch: int, agents: Sequence[UUID], items: Sequence[UUID]) -> bool:
    """Take the fence, then all agents, then all items: the order of everybody.

    False when the epoch is another's: then nothing is locked.
    """
    found = await session.execute(
        _LOCK_ALL, {"epoch": epoch, "agents": list(agents), "items": list(items)}
    )
    one = await found.fetchone()
    return bool(one and one[0])

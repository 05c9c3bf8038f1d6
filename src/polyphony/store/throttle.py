"""Throttle: how often something happened within a window, one row per key."""

from datetime import datetime, timedelta

from polyphony.store.database import Session


async def count(session: Session, key: str, at: datetime, window: timedelta) -> int:
    """Count one more happening and return how many there are in the present window."""
    found = await session.execute(
        "INSERT INTO throttle (key, since, count) VALUES (%s, %s, 1)"
        " ON CONFLICT (key) DO UPDATE SET"
        "   since = CASE WHEN throttle.since <= %s THEN excluded.since ELSE throttle.since END,"
        "   count = CASE WHEN throttle.since <= %s THEN 1 ELSE throttle.count + 1 END"
        " RETURNING count",
        [key, at, at - window, at - window],
    )
    row = await found.fetchone()
    return int(row[0]) if row else 1


async def peek(session: Session, key: str, at: datetime, window: timedelta) -> int:
    """Return how often it happened in the present window without counting."""
    found = await session.execute(
        "SELECT count FROM throttle WHERE key = %s AND since > %s", [key, at - window]
    )
    row = await found.fetchone()
    return int(row[0]) if row else 0


async def clear(session: Session, key: str) -> None:
    """Forget a key (somebody proved himself)."""
    await session.execute("DELETE FROM throttle WHERE key = %s", [key])


async def prune(session: Session, before: datetime) -> None:
    """Drop windows that began long ago."""
    await session.execute("DELETE FROM throttle WHERE since < %s", [before])

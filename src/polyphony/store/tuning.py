"""Tuning: the house's own rules of capacity and weights of the score, kept as settings."""

from dataclasses import dataclass
from typing import Any

from psycopg.types.json import Jsonb

from polyphony.domain import capacity
from polyphony.domain.capacity import Capacity
from polyphony.domain.routing.score import Weights, read_weights
from polyphony.store.database import Session

CAPACITY, SCORE = "routing.capacity", "routing.score"
LISTENING = "routing.listening"


@dataclass(frozen=True, slots=True)
class Kept:
    """A setting as kept; version 0 = nobody has changed anything."""

    value: dict[str, Any]
    version: int


async def kept(session: Session, key: str) -> Kept:
    """Return what differs from the usual."""
    found = await session.execute("SELECT value, version FROM setting WHERE key = %s", [key])
    row = await found.fetchone()
    return Kept(dict(row[0]), int(row[1])) if row else Kept({}, 0)


async def keep(session: Session, key: str, value: dict[str, Any], seen: int) -> int | None:
    """Keep a value over the version seen; returns the new version, None when it has moved on."""
    found = await session.execute(
        """INSERT INTO setting AS s (key, value, version) SELECT %(key)s, %(value)s, 1
            WHERE %(seen)s = 0 OR EXISTS (SELECT FROM setting WHERE key = %(key)s)
               ON CONFLICT (key) DO UPDATE SET value = excluded.value, version = s.version + 1,
                  updated_at = now()
            WHERE s.version = %(seen)s RETURNING s.version""",
        {"key": key, "value": Jsonb(value), "seen": seen},
    )
    row = await found.fetchone()
    return int(row[0]) if row else None


async def both(session: Session) -> tuple[Capacity, Weights]:
    """Return both as the core takes them."""
    found = await session.execute(
        "SELECT key, value FROM setting WHERE key = ANY(%s)", [[CAPACITY, SCORE]]
    )
    said = {row[0]: row[1] for row in await found.fetchall()}
    return capacity.read(said.get(CAPACITY)), read_weights(said.get(SCORE) or {})

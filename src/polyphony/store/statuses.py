"""Statuses: what each status of Presence means per channel, those of the house included."""

from collections.abc import Mapping, Sequence
from typing import LiteralString
from uuid import UUID

from polyphony.domain.presence import Matrix, matrix_of
from polyphony.store.database import Session

STATUSES: LiteralString = """
SELECT coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'version', s.version, 'key', s.key,
    'name', s.name, 'matrix', s.matrix, 'reasons', s.reasons, 'colour', s.colour,
    'place', s.place, 'built_in', s.built_in) ORDER BY s.place, s.key), '[]')
  FROM presence_status s"""


async def matrices(session: Session) -> Mapping[str, Matrix]:
    """Return what each status means per channel, by its key."""
    found = await session.execute("SELECT key, matrix FROM presence_status")
    return {key: matrix_of(raw) for key, raw in await found.fetchall()}


async def agents_in(session: Session, status: UUID) -> Sequence[UUID]:
    """Return the agents who are in a status now."""
    found = await session.execute(
        "SELECT p.agent_id FROM agent_presence p JOIN presence_status s ON s.key = p.status"
        " WHERE s.id = %s ORDER BY p.agent_id",
        [status],
    )
    return [one[0] for one in await found.fetchall()]

"""Needs: what WorkItems ask of who serves them, and what their Queues ask."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from psycopg.types.json import Jsonb

from polyphony.domain.skill import Requirement, as_json
from polyphony.store.database import Session, rows

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Asked:
    """What an item asks, and the Queue it lies in."""

    id: UUID
    queue_id: UUID
    requirements: list[Mapping[str, object]]


async def of_items(session: Session, ids: Sequence[UUID]) -> list[Asked]:
    """Return what items ask, in the order of their ids."""
    return await rows(
        session,
        "SELECT id, queue_id, requirements FROM work_item WHERE id = ANY(%s) ORDER BY id",
        [list(ids)],
        Asked,
    )


async def of_queues(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[Json]]:
    """Return what Queues ask of everybody who serves them."""
    found = await session.execute(
        "SELECT id, requirements FROM queue WHERE id = ANY(%s)", [list(ids)]
    )
    return {row[0]: row[1] for row in await found.fetchall()}


async def keep(session: Session, asked: Mapping[UUID, Sequence[Requirement]]) -> None:
    """Let items, already locked, ask something else."""
    if asked:
        ids = sorted(asked)
        needs = [Jsonb([as_json(one) for one in asked[id_]]) for id_ in ids]
        await session.execute(
            """UPDATE work_item w SET requirements = n.needs
                 FROM unnest(%s::uuid[], %s::jsonb[]) AS n (id, needs) WHERE w.id = n.id""",
            [ids, needs],
        )

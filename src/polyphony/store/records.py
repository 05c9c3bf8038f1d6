"""Records: what each source says about somebody; never changed, only followed by a new version."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from polyphony.store import columns
from polyphony.store.database import Session, rows


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One Record; ``level`` is the best proof among the addresses it uses (0 = none)."""

    id: UUID
    customer_id: UUID
    source: str
    source_key: str
    name: str
    at: datetime
    trust: int = 0
    payload: dict[str, object] = field(default_factory=dict)
    superseded_by: UUID | None = None
    level: int = 0


async def of(session: Session, customers: Sequence[UUID]) -> list[RecordRow]:
    """Return all Records of some customers, oldest first, old versions too."""
    return await rows(
        session,
        """SELECT r.id, r.customer_id, r.source, r.source_key, r.name, r.at, r.trust, r.payload,
                  r.superseded_by, coalesce((SELECT max(u.level) FROM identity_use u
                     WHERE u.record_id = r.id AND u.role = 'uses' AND u.until IS NULL), 0) AS level
             FROM record r WHERE r.customer_id = ANY(%s) ORDER BY r.at, r.id""",
        [list(customers)],
        RecordRow,
    )


_SHAPE: columns.Shape = {
    "id": "uuid",
    "customer_id": "uuid",
    "source": "text",
    "source_key": "text",
    "name": "text",
    "at": "timestamptz",
    "trust": "smallint",
    "payload": "jsonb",
}
_ADD: LiteralString = columns.insert("record", _SHAPE)


async def add(session: Session, batch: Sequence[RecordRow]) -> None:
    """Add Records (new versions name what they follow by ``supersede``)."""
    await columns.add(session, _ADD, _SHAPE, batch)


async def supersede(session: Session, pairs: Sequence[tuple[UUID, UUID]]) -> None:
    """Note for each (old, new) which version follows."""
    if pairs:
        await session.execute(
            "UPDATE record r SET superseded_by = n.new"
            " FROM unnest(%s::uuid[], %s::uuid[]) AS n (old, new) WHERE r.id = n.old",
            [[one[0] for one in pairs], [one[1] for one in pairs]],
        )


async def move(session: Session, pairs: Sequence[tuple[UUID, UUID]]) -> None:
    """Give Records to customers: (record, customer); nothing that hangs on them is touched."""
    if pairs:
        await session.execute(
            "UPDATE record r SET customer_id = n.customer"
            " FROM unnest(%s::uuid[], %s::uuid[]) AS n (record, customer) WHERE r.id = n.record",
            [[one[0] for one in pairs], [one[1] for one in pairs]],
        )


async def touch_cases(session: Session, records: Sequence[UUID]) -> list[UUID]:
    """Raise the version of what is going on for Records; return those Cases, to be told of."""
    if not records:
        return []
    found = await session.execute(
        """UPDATE case_ SET version = version + 1 WHERE id IN (
               SELECT c.id FROM case_ c WHERE c.record_id = ANY(%s) AND c.state IN
                      ('open', 'wait_customer', 'wait_third_party', 'solved')
                ORDER BY c.id FOR UPDATE) RETURNING id""",
        [sorted(records)],
    )
    return sorted(one[0] for one in await found.fetchall())

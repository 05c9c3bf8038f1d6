"""Links: decisions about two Records, with reason and actor; revoked, never deleted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from polyphony.domain.event import Actor
from polyphony.store import columns
from polyphony.store.database import Session, row, rows


@dataclass(frozen=True, slots=True)
class LinkRow:
    """One decision; ``bits``, ``p`` and ``model`` only where a machine took it."""

    id: UUID
    a: UUID
    b: UUID
    verdict: str
    tier: str
    actor_kind: str
    actor_id: UUID | None
    reason: str
    at: datetime
    bits: float | None = None
    p: float | None = None
    levels: dict[str, object] | None = None
    model: int | None = None
    revoked_at: datetime | None = None
    revoked_by: UUID | None = None
    revoked_why: str = ""


_COLUMNS: LiteralString = """l.id, l.a, l.b, l.verdict, l.tier, l.actor_kind, l.actor_id, l.reason,
    l.at, l.bits, l.p, l.levels, l.model, l.revoked_at, l.revoked_by, l.revoked_why"""


async def active(session: Session, records: Sequence[UUID]) -> list[LinkRow]:
    """Return the Links in force that touch one of the Records, oldest first."""
    return await rows(
        session,
        f"""SELECT {_COLUMNS} FROM link l
             WHERE (l.a = ANY(%(ids)s) OR l.b = ANY(%(ids)s)) AND l.revoked_at IS NULL
             ORDER BY l.at, l.id""",
        {"ids": list(records)},
        LinkRow,
    )


async def one(session: Session, id_: UUID) -> LinkRow | None:
    """Return one Link, revoked or not."""
    return await row(session, f"SELECT {_COLUMNS} FROM link l WHERE l.id = %s", [id_], LinkRow)


_SHAPE: columns.Shape = {
    "id": "uuid",
    "a": "uuid",
    "b": "uuid",
    "verdict": "text",
    "tier": "text",
    "actor_kind": "text",
    "actor_id": "uuid",
    "reason": "text",
    "at": "timestamptz",
    "bits": "real",
    "p": "real",
    "levels": "jsonb",
    "model": "int",
}
_ADD: LiteralString = columns.insert("link", _SHAPE)


async def add(session: Session, batch: Sequence[LinkRow]) -> None:
    """Add decisions."""
    await columns.add(session, _ADD, _SHAPE, batch)


async def revoke(
    session: Session, ids: Sequence[UUID], actor: Actor, why: str, at: datetime
) -> list[UUID]:
    """Take decisions back; return those that were in force."""
    found = await session.execute(
        """UPDATE link SET revoked_at = %s, revoked_kind = %s, revoked_by = %s, revoked_why = %s
            WHERE id = ANY(%s) AND revoked_at IS NULL RETURNING id""",
        [at, actor.kind, actor.id, why, sorted(ids)],
    )
    return [one[0] for one in await found.fetchall()]


async def owners(session: Session, id_: UUID) -> list[UUID]:
    """Return whose the two Records of a Link are now: one customer or two."""
    found = await session.execute(
        "SELECT DISTINCT r.customer_id FROM link l JOIN record r ON r.id IN (l.a, l.b)"
        " WHERE l.id = %s ORDER BY 1",
        [id_],
    )
    return [one[0] for one in await found.fetchall()]

"""Urge: live work of Cases that are late weighs more, is seen by more, is asked of leads too."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import LiteralString
from uuid import UUID

from polyphony.store import columns, wake
from polyphony.store.database import Session, rows


@dataclass(slots=True)
class Pressed:
    """Live work as far as a late promise may change it."""

    id: UUID
    case_id: UUID
    queue_id: UUID
    state: str
    tier: str
    urgency: str
    ladder_step: int
    boost_milli: int
    requirements: list[Mapping[str, object]]
    sticky: UUID | None
    agent_id: UUID | None


_LIVE = """
SELECT id, case_id, queue_id, state, tier, urgency, ladder_step, boost_milli, requirements, sticky,
       agent_id
  FROM work_item WHERE case_id = ANY(%s) AND state NOT IN ('done', 'cancelled') ORDER BY id"""


async def live(session: Session, cases: Sequence[UUID]) -> list[Pressed]:
    """Return the live work of Cases."""
    return await rows(session, _LIVE, [sorted(cases)], Pressed) if cases else []


_SAVED: columns.Shape = {
    "id": "uuid",
    "tier": "text",
    "urgency": "text",
    "ladder_step": "int",
    "boost_milli": "int",
    "requirements": "jsonb",
    "sticky": "uuid",
}
_SAVE: LiteralString = f"""
UPDATE work_item w SET tier = n.tier, urgency = n.urgency, requirements = n.requirements,
       ladder_step = greatest(n.ladder_step, w.ladder_step), boost_milli = n.boost_milli,
       sticky = n.sticky, version = w.version + 1
  FROM {columns.source(_SAVED)}
 WHERE w.id = n.id AND w.state NOT IN ('done', 'cancelled') RETURNING w.id"""


async def save(session: Session, batch: Sequence[Pressed]) -> list[UUID]:
    """Write changed work (locked), each version one up; return what was still live."""
    if not batch:
        return []
    found = await session.execute(_SAVE, columns.params(_SAVED, batch))
    wake.mark(session, "work")
    return sorted(one[0] for one in await found.fetchall())


_EASE = """
UPDATE work_item SET boost_milli = 1000, version = version + 1
 WHERE id IN (SELECT id FROM work_item
               WHERE case_id = ANY(%s) AND boost_milli > 1000
                 AND state NOT IN ('done', 'cancelled') ORDER BY id FOR NO KEY UPDATE)
RETURNING id"""


async def ease(session: Session, cases: Sequence[UUID]) -> list[UUID]:
    """Let live work of Cases that were answered weigh what it did before it was late."""
    if not cases:
        return []
    found = await session.execute(_EASE, [cases])
    wake.mark(session, "work")
    return sorted(one[0] for one in await found.fetchall())


async def has_leads(session: Session) -> bool:
    """Tell whether the house has the skill ``lead``: who has it may be asked when it is late."""
    found = await session.execute("SELECT FROM skill WHERE key = 'lead'")
    return await found.fetchone() is not None

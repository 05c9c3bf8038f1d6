"""Again: the last work a Case asked for, so that it can be asked for once more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import LiteralString
from uuid import UUID

from polyphony.store.database import Session, rows


@dataclass(frozen=True, slots=True)
class LastWork:
    """The newest WorkItem of the newest Interaction of a Case that can still go on."""

    case_id: UUID
    interaction_id: UUID
    queue_id: UUID
    channel_kind: str
    units: int
    exclusive: bool
    target_ms: int
    tier: str
    urgency: str
    requirements: list[Mapping[str, object]]
    sticky: UUID | None


_LAST: LiteralString = """
SELECT DISTINCT ON (i.case_id) i.case_id, i.id AS interaction_id, w.queue_id, w.channel_kind,
       w.units, w.exclusive, w.target_ms, w.tier, w.urgency, w.requirements,
       coalesce(i.agent_id, w.agent_id, w.sticky) AS sticky
  FROM interaction i JOIN work_item w ON w.interaction_id = i.id
 WHERE i.case_id = ANY(%s) AND i.state = 'quiet'
   AND NOT EXISTS (SELECT FROM work_item l WHERE l.interaction_id = i.id
                      AND l.state NOT IN ('done', 'cancelled'))
 ORDER BY i.case_id, i.opened_at DESC, w.id DESC"""


async def last_of(session: Session, cases: Sequence[UUID]) -> dict[UUID, LastWork]:
    """Return the last work by Case, for Cases where nobody is asked at present."""
    found = await rows(session, _LAST, [list(cases)], LastWork)
    return {one.case_id: one for one in found}

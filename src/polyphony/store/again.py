"""Again: the last work a Case asked for, so that it can be asked for once more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import LiteralString
from uuid import UUID

from polyphony.store.database import Session, rows


@dataclass(frozen=True, slots=True)
class LastWork:
    """The newest WorkItem of the newest Interaction of a Case that can still go on.

    Where there was none (only machines wrote so far) the Queue is the account's or the triage, and
    what it costs is None.
    """

    case_id: UUID
    interaction_id: UUID
    queue_id: UUID
    channel_kind: str
    units: int | None
    exclusive: bool | None
    target_ms: int | None
    tier: str
    urgency: str
    requirements: list[Mapping[str, object]]
    sticky: UUID | None


_LAST: LiteralString = """
SELECT DISTINCT ON (i.case_id) i.case_id, i.id AS interaction_id,
       coalesce(w.queue_id, a.default_queue, d.triage_queue) AS queue_id, i.channel_kind,
       w.units, w.exclusive, w.target_ms, coalesce(w.tier, 'standard') AS tier,
       coalesce(w.urgency, c.priority) AS urgency,
       coalesce(w.requirements, '[]') AS requirements,
       coalesce(i.agent_id, w.agent_id, w.sticky) AS sticky
  FROM interaction i
  JOIN case_ c ON c.id = i.case_id
  JOIN department d ON d.id = c.department_id
  JOIN channel_account a ON a.id = i.account_id
  LEFT JOIN work_item w ON w.interaction_id = i.id
 WHERE i.case_id = ANY(%s) AND i.state = 'quiet'
   AND NOT EXISTS (SELECT FROM interaction o JOIN work_item l ON l.interaction_id = o.id
                    WHERE o.case_id = i.case_id AND l.state NOT IN ('done', 'cancelled'))
 ORDER BY i.case_id, i.id = ANY(%s) DESC, i.opened_at DESC, w.id DESC"""


async def last_of(
    session: Session, cases: Sequence[UUID], preferred: Sequence[UUID] = ()
) -> dict[UUID, LastWork]:
    """Return the last work by Case, for Cases where nobody is asked at present.

    Of several quiet Interactions the ``preferred`` one is taken, else the newest.
    """
    if not cases:
        return {}
    found = await rows(session, _LAST, [list(cases), list(preferred)], LastWork)
    return {one.case_id: one for one in found}

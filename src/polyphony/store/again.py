"""Again: the last work a Case asked for, so that it can be asked for once more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from polyphony.store.database import Session, rows
from polyphony.store.keys import keys


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
   AND NOT EXISTS (SELECT FROM work_item l
                    WHERE l.case_id = i.case_id AND l.state NOT IN ('done', 'cancelled'))
 ORDER BY i.case_id, i.id = ANY(%s) DESC, i.opened_at DESC, w.id DESC"""


_ANEW: LiteralString = """
INSERT INTO interaction (id, case_id, channel_kind, account_id, identity_id, record_id, thread_key,
                         direction, mode, state, language, subject, agent_id, opened_at, last_in_at,
                         last_out_at)
SELECT n.id, o.case_id, o.channel_kind, o.account_id, o.identity_id, o.record_id, o.thread_key,
       o.direction, 'async', 'quiet', o.language, o.subject, o.agent_id, %(at)s, o.last_in_at,
       o.last_out_at
  FROM unnest(%(cases)s::uuid[], %(ids)s::uuid[]) AS n (case_id, id)
 CROSS JOIN LATERAL (SELECT * FROM interaction i WHERE i.case_id = n.case_id
                      ORDER BY coalesce(i.last_in_at, i.opened_at) DESC, i.id DESC LIMIT 1) o
 WHERE NOT EXISTS (SELECT FROM interaction l WHERE l.case_id = n.case_id AND l.state <> 'ended')
RETURNING id, case_id"""


async def begin_anew(session: Session, cases: Sequence[UUID], at: datetime) -> dict[UUID, UUID]:
    """Begin an Interaction where all of a Case's have ended; return new → the newest ended one."""
    params = {"cases": list(cases), "ids": keys(at, len(cases)), "at": at}
    made: dict[UUID, UUID] = dict(await (await session.execute(_ANEW, params)).fetchall())
    if not made:
        return {}
    found = await session.execute(
        """SELECT DISTINCT ON (i.case_id) i.case_id, i.id FROM interaction i
            WHERE i.case_id = ANY(%s) AND i.state = 'ended'
            ORDER BY i.case_id, coalesce(i.last_in_at, i.opened_at) DESC, i.id DESC""",
        [list(made.values())],
    )
    ended: dict[UUID, UUID] = dict(await found.fetchall())
    return {new: ended[case] for new, case in made.items()}


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

"""Past Cases: how Cases of the last days began, as the rules saw them; for dry runs."""

from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from polyphony.domain.permission import Scope
from polyphony.store.database import Session, rows
from polyphony.store.visibility import visible_to


@dataclass(frozen=True, slots=True)
class Beginning:
    """The first message of a Case with everything rules may know of it."""

    case_id: UUID
    reference: str
    title: str
    opened_at: datetime
    channel: str
    account_id: UUID
    account_name: str
    account_address: str
    account_language: str
    default_queue: UUID | None
    triage_queue: UUID
    tier: str
    customer_language: str | None
    customer_name: str
    known: bool
    language: str | None
    subject: str
    text: str
    automated: str


_BEGINNINGS: LiteralString = """
SELECT c.id AS case_id, c.reference, c.title, c.opened_at, a.kind AS channel, a.id AS account_id,
       a.name AS account_name, a.address AS account_address, a.language AS account_language,
       a.default_queue, d.triage_queue, k.tier, k.language AS customer_language,
       k.name AS customer_name, n.first_seen < coalesce(v.received_at, m.at) AS known,
       m.language, m.subject, left(m.text, %(text)s) AS text, m.automated
  FROM case_ c
  JOIN LATERAL (SELECT m.*, i.account_id, i.identity_id AS writer
                  FROM interaction i JOIN message m ON m.interaction_id = i.id
                 WHERE i.case_id = c.id AND m.kind = 'in'
                 ORDER BY m.position LIMIT 1) m ON true
  JOIN channel_account a ON a.id = m.account_id
  JOIN department d ON d.id = a.department_id
  JOIN identity n ON n.id = m.writer
  JOIN record r ON r.id = c.record_id
  JOIN customer k ON k.id = r.customer_id
  LEFT JOIN arrival v ON v.id = m.arrival_id
 WHERE c.opened_at >= %(since)s AND {seen}
   AND (%(before)s::timestamptz IS NULL OR (c.opened_at, c.id) < (%(before)s, %(last)s))
 ORDER BY c.opened_at DESC, c.id DESC LIMIT %(limit)s"""


async def beginnings(
    session: Session,
    scope: Scope,
    since: datetime,
    after: Beginning | None,
    limit: int,
    text_max: int,
) -> list[Beginning]:
    """Return how Cases the actor sees began, newest first; ``after`` is the last of a page."""
    seen, params = visible_to(scope)
    query: LiteralString = _BEGINNINGS.replace("{seen}", seen)
    place = {
        "since": since,
        "before": after.opened_at if after else None,
        "last": after.case_id if after else None,
        "limit": limit,
        "text": text_max,
    }
    return await rows(session, query, {**params, **place}, Beginning)

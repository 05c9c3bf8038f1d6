"""Past Cases: how Cases of the last days began, as the rules saw them; for dry runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from polyphony.domain.permission import Scope
from polyphony.store.database import Session, rows
from polyphony.store.visibility import visible_to


@dataclass(frozen=True, slots=True)
class Opening:
    """When a Case was opened; a place in the order of all."""

    id: UUID
    opened_at: datetime


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


_OPENINGS: LiteralString = """
SELECT c.id, c.opened_at FROM case_ c
 WHERE c.opened_at >= %(since)s AND {seen}
   AND (%(before)s::timestamptz IS NULL OR (c.opened_at, c.id) < (%(before)s, %(last)s))
 ORDER BY c.opened_at DESC, c.id DESC LIMIT %(limit)s"""

# The first of each Interaction by itself: so an index is used, whatever the planner believes of
# tables that were filled a moment ago.
_BEGINNINGS: LiteralString = """
SELECT c.id AS case_id, c.reference, c.title, c.opened_at, a.kind AS channel, a.id AS account_id,
       a.name AS account_name, a.address AS account_address, a.language AS account_language,
       a.default_queue, d.triage_queue, k.tier, k.language AS customer_language,
       k.name AS customer_name, n.first_seen < coalesce(v.received_at, m.at) AS known,
       m.language, m.subject, left(m.text, %(text)s) AS text, m.automated
  FROM unnest(%(ids)s::uuid[]) WITH ORDINALITY AS w (id, place)
  JOIN case_ c ON c.id = w.id AND {seen}
  JOIN LATERAL (SELECT m.*, i.account_id, i.identity_id AS writer
                  FROM interaction i CROSS JOIN LATERAL (
                       SELECT m.position, m.arrival_id, m.at, m.language, m.subject, m.text,
                              m.automated
                         FROM message m WHERE m.interaction_id = i.id AND m.kind = 'in'
                        ORDER BY m.position LIMIT 1) m
                 WHERE i.case_id = c.id ORDER BY m.position LIMIT 1) m ON true
  JOIN channel_account a ON a.id = m.account_id
  JOIN department d ON d.id = a.department_id
  JOIN identity n ON n.id = m.writer
  JOIN record r ON r.id = c.record_id
  JOIN customer k ON k.id = r.customer_id
  LEFT JOIN arrival v ON v.id = m.arrival_id
 ORDER BY w.place"""


async def openings(
    session: Session, scope: Scope, since: datetime, after: Opening | None, limit: int
) -> list[Opening]:
    """Return which Cases the actor sees were opened since, newest first, behind ``after``."""
    seen, params = visible_to(scope)
    place = {
        "since": since,
        "before": after.opened_at if after else None,
        "last": after.id if after else None,
        "limit": limit,
    }
    return await rows(session, _OPENINGS.replace("{seen}", seen), {**params, **place}, Opening)


async def beginnings(
    session: Session, scope: Scope, cases: Sequence[UUID], text_max: int
) -> list[Beginning]:
    """Return how the Cases began in which somebody wrote to us, in the order they are given."""
    seen, params = visible_to(scope)
    query: LiteralString = _BEGINNINGS.replace("{seen}", seen)
    return await rows(session, query, {**params, "ids": list(cases), "text": text_max}, Beginning)

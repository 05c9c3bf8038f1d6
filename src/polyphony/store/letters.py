"""Letters: everything a door must know of what leaves, and what stands before it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from polyphony.store.database import Session, rows


@dataclass(frozen=True, slots=True)
class Letter:
    """Everything a door must know of a claimed delivery besides the account."""

    delivery_id: UUID
    kind: str
    scope: str
    case_id: UUID
    reference: str
    interaction_id: UUID
    live: bool
    text: str
    html: str | None
    subject: str
    language: str | None
    author_name: str
    to_name: str
    message_at: datetime
    root: str
    signature: str


_LETTERS: LiteralString = """
SELECT d.id AS delivery_id, CASE WHEN d.purpose = 'forward' THEN 'email'
            ELSE coalesce(n.kind, i.channel_kind) END AS kind,
       coalesce(n.scope, '') AS scope,
       i.case_id, c.reference, i.id AS interaction_id, i.mode = 'live' AS live,
       CASE WHEN d.purpose = 'forward' THEN coalesce(m.text_full, m.text) ELSE m.text END AS text,
       m.html,
       coalesce(nullif(m.subject, ''), nullif(i.subject, ''), c.title) AS subject,
       coalesce(m.language, i.language, c.language) AS language, m.author_name,
       coalesce(r.name, '') AS to_name, m.at AS message_at, i.thread_key AS root,
       coalesce(m.facts->>'signature', '') AS signature
  FROM delivery d
  JOIN message m ON m.id = d.message_id
  JOIN interaction i ON i.id = m.interaction_id
  JOIN case_ c ON c.id = i.case_id
  JOIN record r ON r.id = i.record_id
  LEFT JOIN identity n ON n.id = d.identity_id
 WHERE d.id = ANY(%s)"""


async def letters(session: Session, ids: Sequence[UUID]) -> dict[UUID, Letter]:
    """Return what leaves, by delivery."""
    found = await rows(session, _LETTERS, [list(ids)], Letter)
    return {one.delivery_id: one for one in found}


@dataclass(frozen=True, slots=True)
class Before:
    """An earlier Message of the Interaction, as threading headers and quotes need it."""

    interaction_id: UUID
    kind: str
    provider_key: str
    text: str
    author_name: str
    at: datetime


async def before(session: Session, deliveries: Sequence[UUID]) -> list[Before]:
    """Return the newest 20 Messages that stand before each delivery's own, newest first."""
    query: LiteralString = """
SELECT i.id AS interaction_id, b.kind, b.provider_key,
       CASE WHEN b.kind = 'in' THEN left(b.text, 20000) ELSE '' END AS text, b.author_name, b.at
  FROM (SELECT DISTINCT m.interaction_id AS id, max(m.position) AS position
          FROM delivery d JOIN message m ON m.id = d.message_id
         WHERE d.id = ANY(%s) GROUP BY m.interaction_id) i
  CROSS JOIN LATERAL (SELECT kind, provider_key, text, author_name, at, position FROM message
         WHERE interaction_id = i.id AND position < i.position AND kind IN ('in', 'out')
           AND provider_key <> '' AND NOT hidden ORDER BY position DESC LIMIT 20) b
 ORDER BY i.id, b.position DESC"""
    return await rows(session, query, [list(deliveries)], Before)


async def name_sent(session: Session, pairs: Sequence[tuple[UUID, str]]) -> None:
    """Give Messages the id their provider knows them by (first delivery wins)."""
    if pairs:
        await session.execute(
            "UPDATE message m SET provider_key = n.id"
            " FROM unnest(%s::uuid[], %s::text[]) AS n (message, id)"
            " WHERE m.id = n.message AND m.provider_key = ''",
            [[one[0] for one in pairs], [one[1] for one in pairs]],
        )

"""Doors: the ways back to the customer of a Case: stretches he used, addresses he proved."""

from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from polyphony.store.database import Session, rows


@dataclass(frozen=True, slots=True)
class DoorRow:
    """One way: an address of the customer, an account of ours, and the newest stretch by it."""

    interaction_id: UUID | None
    channel_kind: str
    account_id: UUID
    account: str
    account_state: str
    identity_id: UUID
    record_id: UUID
    address: str
    identity_state: str
    level: int
    participant: bool
    live: bool
    state: str | None
    last_in_at: datetime | None
    settings: dict[str, object]


_USED: LiteralString = """
SELECT DISTINCT ON (i.account_id, i.identity_id) i.id, i.channel_kind, i.account_id, i.identity_id,
       i.record_id, i.mode = 'live' AS live, i.state,
       coalesce(i.last_in_at, CASE WHEN i.direction = 'in' THEN i.opened_at END) AS last_in_at
  FROM interaction i WHERE i.case_id = %(case)s
 ORDER BY i.account_id, i.identity_id, i.state = 'ended', i.opened_at DESC, i.id DESC"""

# An address of the same customer by mail: the chat's own mailbox, else the Department's first.
_KNOWN: LiteralString = """
SELECT DISTINCT ON (n.id) n.id AS identity_id, u.record_id, u.level, b.id AS account_id
  FROM case_ c
  JOIN record r ON r.id = c.record_id
  JOIN record o ON o.customer_id = r.customer_id
  JOIN identity_use u ON u.record_id = o.id AND u.role = 'uses' AND u.until IS NULL
  JOIN identity n ON n.id = u.identity_id AND n.kind = 'email'
  JOIN LATERAL (
       SELECT a.id FROM channel_account a
        WHERE a.kind = 'email' AND a.state <> 'paused'
          AND (a.department_id = c.department_id OR a.id IN (
               SELECT w.mail_account FROM interaction i JOIN channel_account w
                   ON w.id = i.account_id WHERE i.case_id = c.id))
        ORDER BY a.id IN (SELECT w.mail_account FROM interaction i JOIN channel_account w
                              ON w.id = i.account_id WHERE i.case_id = c.id) DESC,
                 a.state = 'broken', a.created_at, a.id LIMIT 1) b ON true
 WHERE c.id = %(case)s AND NOT EXISTS (
       SELECT FROM interaction i WHERE i.case_id = c.id AND i.identity_id = n.id)
 ORDER BY n.id, u.level DESC, u.record_id"""


async def of_case(session: Session, case: UUID) -> list[DoorRow]:
    """Return every way that exists or could be begun; who may use which is decided elsewhere."""
    query: LiteralString = f"""
WITH used AS ({_USED}), known AS ({_KNOWN}),
ways AS (
    SELECT id AS interaction_id, account_id, identity_id, record_id, live, state, last_in_at
      FROM used
     UNION ALL
    SELECT NULL, account_id, identity_id, record_id, false, NULL, NULL FROM known)
SELECT w.interaction_id, a.kind AS channel_kind, a.id AS account_id, a.name AS account,
       a.state AS account_state, n.id AS identity_id, w.record_id, n.address,
       n.state AS identity_state, coalesce(u.level, 0) AS level, p.case_id IS NOT NULL
       AS participant, w.live, w.state, w.last_in_at, a.settings
  FROM ways w
  JOIN channel_account a ON a.id = w.account_id
  JOIN identity n ON n.id = w.identity_id
  LEFT JOIN identity_use u ON u.identity_id = n.id AND u.record_id = w.record_id
       AND u.role = 'uses' AND u.until IS NULL
  LEFT JOIN participant p ON p.case_id = %(case)s AND p.identity_id = n.id
 ORDER BY w.last_in_at DESC NULLS LAST, n.id"""
    return await rows(session, query, {"case": case}, DoorRow)


async def signature(session: Session, account: UUID, queue: UUID | None) -> dict[str, str]:
    """Return the signature per language: the Queue's own, else the brand's; empty when none."""
    found = await session.execute(
        "SELECT coalesce(q.signature, b.signature) FROM channel_account a"
        " LEFT JOIN brand b ON b.id = a.brand_id LEFT JOIN queue q ON q.id = %s WHERE a.id = %s",
        [queue, account],
    )
    row = await found.fetchone()
    return row[0] if row and isinstance(row[0], dict) else {}


async def scheduled_of(session: Session, cases: list[UUID]) -> list[UUID]:
    """Return the deliveries of Cases that wait for their moment and are not pinned."""
    found = await session.execute(
        "SELECT d.id FROM interaction i JOIN message m ON m.interaction_id = i.id"
        " JOIN delivery d ON d.message_id = m.id AND d.state = 'held' AND d.why = 'schedule'"
        " WHERE i.case_id = ANY(%s) AND NOT d.pinned ORDER BY d.id",
        [cases],
    )
    return [row[0] for row in await found.fetchall()]

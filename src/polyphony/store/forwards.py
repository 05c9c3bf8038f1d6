"""Forwards: what of a Case may be sent on, with files and the name of each author."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from polyphony.store.database import Session, rows


@dataclass(frozen=True, slots=True)
class Line:
    """A Message that may be sent on."""

    id: UUID
    author_name: str
    address: str
    at: datetime
    channel_kind: str
    subject: str
    text: str


async def lines(session: Session, case: UUID, message: UUID | None, limit: int) -> list[Line]:
    """Return one Message of a Case, or all of them, oldest first; never notes or hidden ones."""
    return await rows(
        session,
        """SELECT x.id, x.author_name, x.address, x.at, x.channel_kind, x.subject, x.text FROM (
               SELECT m.id, m.author_name, coalesce(n.address, '') AS address, m.at,
                      i.channel_kind, coalesce(nullif(m.subject, ''), i.subject) AS subject,
                      CASE WHEN %(message)s::uuid IS NULL THEN m.text
                           ELSE coalesce(m.text_full, m.text) END AS text, m.position
                 FROM message m JOIN interaction i ON i.id = m.interaction_id
                 LEFT JOIN identity n ON n.id = m.identity_id AND m.kind = 'in'
                WHERE i.case_id = %(case)s AND m.kind IN ('in', 'out') AND NOT m.hidden
                  AND coalesce(m.delivery_state, 'sent') NOT IN ('cancelled', 'expired')
                  AND (%(message)s::uuid IS NULL OR m.id = %(message)s)
                ORDER BY m.position DESC LIMIT %(limit)s) x ORDER BY x.position""",
        {"case": case, "message": message, "limit": limit},
        Line,
    )


async def mailboxes(session: Session, case: UUID) -> Sequence[UUID]:
    """Return mailboxes a letter of a Case may leave by: its own first, then its department's."""
    found = await session.execute(
        """SELECT a.id FROM channel_account a JOIN case_ c ON c.id = %(case)s
             LEFT JOIN LATERAL (SELECT max(i.opened_at) AS used FROM interaction i
                   WHERE i.case_id = c.id AND i.account_id = a.id) u ON true
            WHERE a.kind = 'email' AND a.state IN ('working', 'degraded')
              AND (u.used IS NOT NULL OR a.department_id = c.department_id)
            ORDER BY u.used DESC NULLS LAST, a.id""",
        {"case": case},
    )
    return [one[0] for one in await found.fetchall()]

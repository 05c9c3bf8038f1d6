"""Notices: what people should know; added and gathered, read, counted, dropped when old."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from polyphony.domain.permission import Scope
from polyphony.store import columns
from polyphony.store.database import Session
from polyphony.store.visibility import visible_to


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A notice to keep."""

    id: UUID
    person_id: UUID
    kind: str
    case_id: UUID | None
    message_id: UUID | None
    from_name: str
    text: str
    at: datetime
    urgent: bool = False
    run_id: UUID | None = None


_NEW: columns.Shape = {
    "id": "uuid",
    "person_id": "uuid",
    "kind": "text",
    "case_id": "uuid",
    "message_id": "uuid",
    "from_name": "text",
    "text": "text",
    "at": "timestamptz",
    "urgent": "bool",
    "run_id": "uuid",
}
_ADD = columns.insert("notice", _NEW)
_GATHER: LiteralString = f"""
UPDATE notice n SET message_id = f.message_id, from_name = f.from_name, text = f.text, at = f.at,
       version = n.version + 1
  FROM (SELECT DISTINCT ON (o.id) o.id AS old, f.*
          FROM {columns.source(_NEW, "f")}
          JOIN notice o ON o.person_id = f.person_id AND o.kind = f.kind
               AND o.case_id = f.case_id AND o.read_at IS NULL
         ORDER BY o.id, f.id DESC) f
 WHERE n.id = f.old RETURNING n.id, n.person_id, n.kind, n.case_id"""


async def gather(
    session: Session, batch: Sequence[NoticeRow]
) -> dict[tuple[UUID, str, UUID | None], UUID]:
    """Renew unread notices of the same person, kind and Case; return which, by those three."""
    if not batch:
        return {}
    found = await session.execute(_GATHER, columns.params(_NEW, batch))
    return {(person, kind, case): id_ for id_, person, kind, case in await found.fetchall()}


async def add(session: Session, batch: Sequence[NoticeRow]) -> None:
    """Add notices."""
    await columns.add(session, _ADD, _NEW, batch)


async def titles(session: Session, cases: Sequence[UUID]) -> dict[UUID, str]:
    """Return what Cases are about."""
    if not cases:
        return {}
    found = await session.execute(
        "SELECT id, title FROM case_ WHERE id = ANY(%s)", [sorted(set(cases))]
    )
    return dict(await found.fetchall())


async def page(session: Session, scope: Scope, *, unread: bool, limit: int) -> list[UUID]:
    """Return the reader's notices, newest first; those of Cases he sees no more are left out."""
    condition, params = visible_to(scope)
    found = await session.execute(
        f"""SELECT n.id FROM notice n LEFT JOIN case_ c ON c.id = n.case_id
             WHERE n.person_id = %(me)s AND (n.read_at IS NULL OR NOT %(unread)s)
               AND (n.case_id IS NULL OR {condition})
             ORDER BY n.at DESC, n.id DESC LIMIT %(limit)s""",
        {"me": scope.id, "unread": unread, "limit": limit, **params},
    )
    return [one[0] for one in await found.fetchall()]


async def unread(session: Session, scope: Scope) -> int:
    """Count the reader's unread notices, up to 1,000."""
    condition, params = visible_to(scope)
    found = await session.execute(
        f"""SELECT count(*) FROM (
                SELECT FROM notice n LEFT JOIN case_ c ON c.id = n.case_id
                 WHERE n.person_id = %(me)s AND n.read_at IS NULL
                   AND (n.case_id IS NULL OR {condition}) LIMIT 1000) x""",
        {"me": scope.id, **params},
    )
    one = await found.fetchone()
    return int(one[0]) if one else 0


async def mine(session: Session, person: UUID, notice: UUID) -> bool:
    """Tell whether a notice is this person's."""
    found = await session.execute(
        "SELECT FROM notice WHERE id = %s AND person_id = %s", [notice, person]
    )
    return await found.fetchone() is not None


async def read(
    session: Session, person: UUID, at: datetime, notices: Sequence[UUID] | None = None
) -> list[UUID]:
    """Mark a person's notices as read (None = all); return those that were not."""
    found = await session.execute(
        """UPDATE notice SET read_at = %(at)s, version = version + 1
            WHERE person_id = %(me)s AND read_at IS NULL
              AND (%(ids)s::uuid[] IS NULL OR id = ANY(%(ids)s)) RETURNING id""",
        {"me": person, "at": at, "ids": None if notices is None else list(notices)},
    )
    return [one[0] for one in await found.fetchall()]


async def read_of_case(session: Session, person: UUID, case: UUID, at: datetime) -> list[UUID]:
    """Mark as read what the person was told of a Case he looks at now."""
    found = await session.execute(
        """UPDATE notice SET read_at = %s, version = version + 1
            WHERE person_id = %s AND case_id = %s AND read_at IS NULL RETURNING id""",
        [at, person, case],
    )
    return [one[0] for one in await found.fetchall()]


async def prune(session: Session, before: datetime) -> None:
    """Drop what is old."""
    await session.execute("DELETE FROM notice WHERE at < %s", [before])

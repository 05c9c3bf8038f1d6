"""Timeline: everything said with one customer, over all channels and departments he may see."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from polyphony.domain.permission import Scope
from polyphony.store.database import Session, rows
from polyphony.store.inbox import escaped
from polyphony.store.visibility import visible_to

PAGE = 50
_TOUCHED = PAGE + 10
"""Cases looked at for the first page; some more than lines, for some end in unseen ones."""
_MOMENT: LiteralString = """m.id AS message_id, c.id AS case_id,
                   substr(c.reference, 1, 2) || ' ' || substr(c.reference, 3, 4) || ' '
                     || substr(c.reference, 7) AS reference,
                   i.channel_kind, m.kind, m.at, left(m.text, 200) AS preview, c.department_id,
                   m.author_name AS author, m.position, c.title,
                   (SELECT count(*) FROM message_file f WHERE f.message_id = m.id) AS files"""
_AT = 5
_SHOWN: LiteralString = (
    "m.kind IN ('in', 'out', 'note') AND NOT m.hidden AND NOT m.facts ? 'whisper_to'"
)
_WANTED: LiteralString = """
               AND (%(channel)s::text IS NULL OR i.channel_kind = %(channel)s)
               AND (%(kind)s::text IS NULL OR m.kind = %(kind)s)
               AND (%(department)s::uuid IS NULL OR c.department_id = %(department)s)
               AND (%(like)s::text IS NULL OR plain(left(m.text, 2000)) LIKE plain(%(like)s)
                    OR plain(c.title) LIKE plain(%(like)s))"""


@dataclass(frozen=True, slots=True)
class Moment:
    """One message in his timeline."""

    message_id: UUID
    case_id: UUID
    reference: str
    channel_kind: str
    kind: str
    at: datetime
    preview: str
    department_id: UUID
    author: str
    position: int
    title: str
    files: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the timeline is wanted; ``kind`` is in, out or note, ``words`` without diacritics."""

    channel: str | None = None
    kind: str | None = None
    department: UUID | None = None
    words: str = ""

    def params(self) -> dict[str, object]:
        """Return the parameters of the condition."""
        like = f"%{escaped(self.words)}%" if self.words else None
        return {
            "channel": self.channel,
            "kind": self.kind,
            "department": self.department,
            "like": like,
        }


_ALL = Wanted()


async def timeline(
    session: Session,
    scope: Scope,
    customer: UUID,
    before: tuple[datetime, UUID] | None,
    wanted: Wanted = _ALL,
) -> list[Moment]:
    """Return his visible messages over all channels, newest first, one more than a page.

    The first page comes from the Cases last touched, where they settle it; the whole past is read
    only when they do not (many of them end in lines nobody sees), and for older pages.
    """
    condition, params = visible_to(scope)
    params = {**params, **wanted.params()}
    if before is None:
        found = await _newest(session, customer, condition, params)
        if found is not None:
            return found
    at, last = before or (None, None)
    return await rows(
        session,
        f"""SELECT {_MOMENT}
              FROM record r JOIN case_ c ON c.record_id = r.id
              JOIN interaction i ON i.case_id = c.id
              JOIN message m ON m.interaction_id = i.id
             WHERE r.customer_id = %(id)s AND {_SHOWN} AND {condition} {_WANTED}
               AND (%(at)s::timestamptz IS NULL OR (m.at, m.id) < (%(at)s, %(last)s))
             ORDER BY m.at DESC, m.id DESC LIMIT {PAGE + 1}""",
        {"id": customer, "at": at, "last": last, **params},
        Moment,
    )


async def _newest(
    session: Session, customer: UUID, condition: LiteralString, params: Mapping[str, object]
) -> list[Moment] | None:
    """Read the first page from the Cases last touched; None when an older one may belong to it.

    Nothing shown in a Case is later than its ``last_at``. So the page is whole if all Cases were
    read, or if its last line is later than the first Case that was not.
    """
    cursor = await session.execute(
        f"""WITH touched AS MATERIALIZED (
                 SELECT c.id, c.reference, c.department_id, c.title, c.last_at
                   FROM record r JOIN case_ c ON c.record_id = r.id
                  WHERE r.customer_id = %(id)s AND {condition}
                  ORDER BY c.last_at DESC, c.id LIMIT {_TOUCHED + 1}),
              edge AS (SELECT last_at FROM touched ORDER BY last_at DESC, id OFFSET {_TOUCHED})
            SELECT {_MOMENT}, (SELECT last_at FROM edge) AS edge
              FROM touched c JOIN interaction i ON i.case_id = c.id
              JOIN message m ON m.interaction_id = i.id
             WHERE {_SHOWN} {_WANTED}
             ORDER BY m.at DESC, m.id DESC LIMIT {PAGE + 1}""",
        {"id": customer, **params},
    )
    found = await cursor.fetchall()
    if not found:
        return None
    edge = found[-1][-1]
    whole = edge is None or (len(found) > PAGE and found[-1][_AT] > edge)
    return [Moment(*line[:-1]) for line in found] if whole else None

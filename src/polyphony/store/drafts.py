"""Drafts: unsent text of one author for one Case, mode and channel; the newer version wins."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from psycopg.types.json import Jsonb

from polyphony.store.database import Session, row, rows


@dataclass(frozen=True, slots=True)
class Place:
    """Where a draft lies: its key."""

    case: UUID
    person: UUID
    mode: str
    channel: str = ""

    @property
    def params(self) -> dict[str, object]:
        """The key as parameters of a statement."""
        return {
            "case": self.case,
            "person": self.person,
            "mode": self.mode,
            "channel": self.channel,
        }


@dataclass(frozen=True, slots=True)
class Wish:
    """Text to keep; ``version`` is the one it was made from, ``html`` its rich form."""

    text: str
    html: str | None
    files: Sequence[UUID]
    version: int
    shared: bool = True


@dataclass(frozen=True, slots=True)
class Draft:
    """Unsent text as its reader may see it; one that is not shared shows others no words."""

    id: UUID
    case_id: UUID
    person_id: UUID
    person: str
    mode: str
    channel: str
    text: str
    html: str | None
    files: list[object]
    shared: bool
    version: int
    updated_at: datetime


_WHERE: LiteralString = (
    "case_id = %(case)s AND person_id = %(person)s AND mode = %(mode)s AND channel = %(channel)s"
)
_FILES: LiteralString = """coalesce((
    SELECT jsonb_agg(jsonb_build_object('id', u.id, 'name', u.name, 'media_type', u.media_type,
                                        'size', u.size) ORDER BY x.n)
      FROM jsonb_array_elements_text(d.files) WITH ORDINALITY AS x(id, n)
      JOIN upload u ON u.id = x.id::uuid AND u.principal = 'person:' || d.person_id), '[]')"""
_OPEN: LiteralString = "(d.person_id = %(me)s OR d.shared)"
_READ: LiteralString = f"""
SELECT d.id, d.case_id, d.person_id, p.name AS person, d.mode, d.channel,
       CASE WHEN {_OPEN} THEN d.text ELSE '' END AS text,
       CASE WHEN {_OPEN} THEN d.html END AS html,
       CASE WHEN {_OPEN} THEN {_FILES} ELSE '[]' END AS files,
       d.shared, d.version, d.updated_at
  FROM draft d JOIN person p ON p.id = d.person_id"""


_HOLDS: LiteralString = """EXISTS (
    SELECT FROM work_item w
     WHERE w.case_id = d.case_id AND w.state IN ('in_work', 'suspended', 'wrap_up')
       AND w.agent_id = """


async def of_case(session: Session, case: UUID, reader: UUID) -> list[Draft]:
    """Return the drafts of a Case one of us may know of.

    Of one that is not shared only whoever took the work over from its author learns.
    """
    query: LiteralString = (
        f"{_READ} WHERE d.case_id = %(case)s AND ({_OPEN} OR ({_HOLDS} %(me)s)"
        f" AND NOT {_HOLDS} d.person_id))) ORDER BY d.updated_at, d.id"
    )
    return await rows(session, query, {"case": case, "me": reader}, Draft)


async def begun(session: Session, cases: Sequence[UUID], reader: UUID) -> list[UUID]:
    """Return the drafts in these Cases one of us may know of: shared ones and his own."""
    found = await session.execute(
        "SELECT id FROM draft WHERE case_id = ANY(%s) AND (shared OR person_id = %s)",
        [list(cases), reader],
    )
    return [UUID(str(id_)) for (id_,) in await found.fetchall()]


async def shared_by(session: Session, person: UUID) -> list["Gone"]:
    """Return the drafts of a person that others see, locked."""
    query: LiteralString = (
        "SELECT id, case_id, person_id, version FROM draft WHERE person_id = %s AND shared"
        " ORDER BY id FOR UPDATE"
    )
    return await rows(session, query, [person], Gone)


async def hide(session: Session, ids: Sequence[UUID]) -> None:
    """Keep drafts from everybody but their author."""
    await session.execute("UPDATE draft SET shared = false WHERE id = ANY(%s)", [list(ids)])


async def at(session: Session, place: Place) -> Draft | None:
    """Return the draft of a place with all its words, under its row lock."""
    query: LiteralString = (
        f"{_READ} WHERE d.case_id = %(case)s AND d.person_id = %(person)s"
        " AND d.mode = %(mode)s AND d.channel = %(channel)s FOR UPDATE OF d"
    )
    return await row(session, query, {**place.params, "me": place.person}, Draft)


async def by_id(session: Session, id_: UUID, reader: UUID) -> Draft | None:
    """Return one draft as one of us may read it."""
    query: LiteralString = f"{_READ} WHERE d.id = %(id)s"
    return await row(session, query, {"id": id_, "me": reader}, Draft)


async def put(session: Session, place: Place, wish: Wish, id_: UUID, at: datetime) -> UUID:
    """Write a draft over whatever lies there, its version one up; return its id."""
    found = await session.execute(
        """INSERT INTO draft AS d (id, case_id, person_id, mode, channel, text, html, files, shared,
                                   version, updated_at)
           VALUES (%(id)s, %(case)s, %(person)s, %(mode)s, %(channel)s, %(text)s, %(html)s,
                   %(files)s, %(shared)s, %(version)s + 1, %(at)s)
           ON CONFLICT (case_id, person_id, mode, channel) DO UPDATE
              SET text = excluded.text, html = excluded.html, files = excluded.files,
                  shared = excluded.shared, version = d.version + 1,
                  updated_at = excluded.updated_at
           RETURNING d.id""",
        {
            **place.params,
            "id": id_,
            "text": wish.text,
            "html": wish.html,
            "files": Jsonb([str(one) for one in wish.files]),
            "shared": wish.shared,
            "version": wish.version,
            "at": at,
        },
    )
    kept = await found.fetchone()
    return UUID(str(kept[0])) if kept else id_


@dataclass(frozen=True, slots=True)
class Gone:
    """A draft that is no more."""

    id: UUID
    case_id: UUID
    person_id: UUID
    version: int


_GONE: LiteralString = " RETURNING id, case_id, person_id, version"


async def drop(session: Session, place: Place) -> list[Gone]:
    """Forget the draft of a place."""
    return await rows(session, f"DELETE FROM draft WHERE {_WHERE}{_GONE}", place.params, Gone)


async def drop_by_id(session: Session, id_: UUID) -> list[Gone]:
    """Forget one draft."""
    return await rows(session, f"DELETE FROM draft WHERE id = %s{_GONE}", [id_], Gone)


async def drop_of_cases(session: Session, cases: Sequence[UUID]) -> list[Gone]:
    """Forget all drafts of Cases (they were closed), their other versions too."""
    ids = [list(cases)]
    await session.execute("DELETE FROM draft_other WHERE case_id = ANY(%s)", ids)
    return await rows(session, f"DELETE FROM draft WHERE case_id = ANY(%s){_GONE}", ids, Gone)


async def drop_before(session: Session, drafts: datetime, others: datetime) -> list[Gone]:
    """Forget drafts nobody touched since a moment, and other versions older than another."""
    await session.execute("DELETE FROM draft_other WHERE at < %s", [others])
    query: LiteralString = f"DELETE FROM draft WHERE updated_at < %s{_GONE}"
    return await rows(session, query, [drafts], Gone)


# ── other versions ──────────────────────────────────────────────────────────────────────────────

OTHERS_MAX = 20


@dataclass(frozen=True, slots=True)
class Other:
    """What stood in a place until another device wrote over it."""

    id: UUID
    text: str
    html: str | None
    at: datetime


async def keep_other(session: Session, place: Place, id_: UUID, at: datetime) -> None:
    """Keep what lies in a place as another version; the oldest beyond twenty go."""
    await session.execute(
        f"""INSERT INTO draft_other (id, case_id, person_id, mode, channel, text, html, files, at)
            SELECT %(id)s, case_id, person_id, mode, channel, text, html, files, %(at)s
              FROM draft WHERE {_WHERE} AND text <> ''""",
        {**place.params, "id": id_, "at": at},
    )
    await session.execute(
        f"""DELETE FROM draft_other WHERE id IN (SELECT id FROM draft_other WHERE {_WHERE}
             ORDER BY at DESC, id DESC OFFSET {OTHERS_MAX})""",
        place.params,
    )


async def others(session: Session, place: Place) -> list[Other]:
    """Return the other versions of a place, newest first."""
    query: LiteralString = (
        f"SELECT id, text, html, at FROM draft_other WHERE {_WHERE} ORDER BY at DESC, id DESC"
    )
    return await rows(session, query, place.params, Other)


async def hand_files(session: Session, draft: UUID, to: UUID) -> None:
    """Let the uploads of a draft belong to who takes it over."""
    await session.execute(
        """UPDATE upload u SET principal = 'person:' || %(to)s::text
             FROM draft d CROSS JOIN LATERAL jsonb_array_elements_text(d.files) AS x(id)
            WHERE d.id = %(draft)s AND u.id = x.id::uuid
              AND u.principal = 'person:' || d.person_id""",
        {"draft": draft, "to": to},
    )

"""Search index: what is to be indexed of Messages, Cases and customers; entries; how far it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from polyphony.store.database import Session, rows

LAST = UUID("ffffffff-ffff-ffff-ffff-ffffffffffff")


@dataclass(frozen=True, slots=True)
class Source:
    """What one entry is made of; ``head`` weighs more than ``body``; ``marks`` are no words."""

    id: UUID
    at: datetime
    head: list[str]
    body: list[str]
    marks: list[str]


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the index; ``words`` in the notation of a tsvector."""

    id: UUID
    at: datetime
    words: str


_MESSAGES: LiteralString = """
SELECT m.id, m.at,
       ARRAY[CASE WHEN m.subject <> '' THEN m.subject ELSE i.subject END] AS head,
       ARRAY[m.text, m.author_name] || ARRAY(
           SELECT f.name FROM message_file f WHERE f.message_id = m.id AND NOT f.inline
            ORDER BY f.ordinal LIMIT 50) AS body,
       array_remove(ARRAY['message', m.kind, i.channel_kind, 'r' || i.record_id,
           CASE WHEN m.author_kind = 'person' THEN 'a' || m.author_id END,
           CASE WHEN EXISTS (SELECT FROM message_file f WHERE f.message_id = m.id
                                AND NOT f.inline) THEN 'file' END], NULL) AS marks
  FROM message m JOIN interaction i ON i.id = m.interaction_id
 WHERE m.kind <> 'system' AND NOT m.hidden AND """
_CASES: LiteralString = """
SELECT c.id, c.opened_at AS at, ARRAY[c.title, c.reference, substr(c.reference, 1, 2) || ' '
           || substr(c.reference, 3, 4) || ' ' || substr(c.reference, 7)] AS head, c.tags AS body,
       ARRAY['case', c.opened_via, 'r' || c.record_id] AS marks
  FROM case_ c WHERE """
_CUSTOMERS: LiteralString = """
SELECT k.id, k.created_at AS at,
       ARRAY[k.name] || ARRAY(
           SELECT DISTINCT n.address FROM record r
             JOIN identity_use u ON u.record_id = r.id AND u.role = 'uses'
             JOIN identity n ON n.id = u.identity_id
            WHERE r.customer_id = k.id AND n.kind <> 'chat' ORDER BY 1 LIMIT 50) AS head,
       ARRAY(SELECT n.text FROM customer o JOIN customer_note n ON n.customer_id = o.id
              WHERE o.id = k.id OR o.merged_into = k.id
              ORDER BY n.at DESC LIMIT 50) AS body,
       ARRAY['customer'] AS marks
  FROM customer k WHERE k.state = 'live' AND """
_SOURCES: Mapping[str, tuple[LiteralString, LiteralString]] = {
    "message": (_MESSAGES, "m.id"),
    "case": (_CASES, "c.id"),
    "customer": (_CUSTOMERS, "k.id"),
}


async def sources(session: Session, kind: str, ids: Sequence[UUID]) -> list[Source]:
    """Return what is to be indexed of these; what is gone, hidden or a system line is missing."""
    text, key = _SOURCES[kind]
    return await rows(session, f"{text} {key} = ANY(%s)", [list(ids)], Source)


async def page(session: Session, kind: str, below: UUID, limit: int) -> list[Source]:
    """Return the ``limit`` sources with the next smaller ids, largest first."""
    text, key = _SOURCES[kind]
    return await rows(
        session, f"{text} {key} < %s ORDER BY {key} DESC LIMIT %s", [below, limit], Source
    )


async def customers_of(session: Session, cases: Sequence[UUID]) -> list[UUID]:
    """Return whose Cases these are."""
    found = await session.execute(
        "SELECT DISTINCT r.customer_id FROM case_ c JOIN record r ON r.id = c.record_id"
        " WHERE c.id = ANY(%s) ORDER BY 1",
        [list(cases)],
    )
    return [one for (one,) in await found.fetchall()]


async def keep(session: Session, entries: Sequence[Entry]) -> None:
    """Write entries in one statement; those that say the same as before are left alone."""
    if not entries:
        return
    ordered = sorted(entries, key=lambda one: one.id)
    await session.execute(
        """INSERT INTO search_doc AS d (id, at, words)
           SELECT n.id, n.at, n.words::tsvector
             FROM unnest(%s::uuid[], %s::timestamptz[], %s::text[]) AS n (id, at, words)
           ON CONFLICT (id) DO UPDATE SET at = excluded.at, words = excluded.words
            WHERE d.words <> excluded.words OR d.at <> excluded.at""",
        [[one.id for one in ordered], [one.at for one in ordered], [one.words for one in ordered]],
    )


async def forget(session: Session, ids: Sequence[UUID]) -> None:
    """Take entries out: for what was hidden or erased."""
    if ids:
        await session.execute("DELETE FROM search_doc WHERE id = ANY(%s)", [sorted(ids)])


# ── how far it is ───────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Fill:
    """How far the filling with older things is; ``at``: back to when, None before its begin."""

    kind: str
    id: UUID
    at: datetime | None
    rows: int
    done: bool


async def fills(session: Session) -> list[Fill]:
    """Return how far each kind is."""
    return await rows(
        session, "SELECT kind, id, at, rows, done FROM search_fill ORDER BY kind", [], Fill
    )


async def next_fill(session: Session) -> Fill | None:
    """Return the first kind that is not done; whoever asks holds the turn of the reader."""
    found = await rows(
        session,
        """SELECT kind, id, at, rows, done FROM search_fill WHERE NOT done
            ORDER BY array_position(ARRAY['customer', 'case', 'message'], kind::text)
            LIMIT 1""",
        [],
        Fill,
    )
    return found[0] if found else None


async def filled(session: Session, now: Fill) -> None:
    """Note how far a kind has come."""
    await session.execute(
        "UPDATE search_fill SET id = %s, at = %s, rows = %s, done = %s WHERE kind = %s",
        [now.id, now.at, now.rows, now.done, now.kind],
    )


async def refill(session: Session) -> None:
    """Begin to fill from the newest again: after a past was written beside the log, or by hand."""
    await session.execute(
        "UPDATE search_fill SET id = %s, at = NULL, rows = 0, done = false", [LAST]
    )


async def strays(session: Session, limit: int) -> int:
    """Take out entries whose thing is gone; return how many. Triggers leave none: a safety net."""
    found = await session.execute(
        """WITH stray AS (
             SELECT d.id FROM search_doc d
              WHERE NOT EXISTS (SELECT FROM message m WHERE m.id = d.id)
                AND NOT EXISTS (SELECT FROM case_ c WHERE c.id = d.id)
                AND NOT EXISTS (SELECT FROM customer k WHERE k.id = d.id) LIMIT %s)
           DELETE FROM search_doc d USING stray s WHERE d.id = s.id""",
        [limit],
    )
    return found.rowcount

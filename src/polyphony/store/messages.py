"""Messages: what was said, its files, notes and drafts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from polyphony.store import columns
from polyphony.store.database import Session, row, rows


@dataclass(slots=True)
class MessageRow:
    """A Message to keep."""

    id: UUID
    interaction_id: UUID
    position: int
    kind: str
    author_kind: str
    at: datetime
    author_id: UUID | None = None
    author_name: str = ""
    identity_id: UUID | None = None
    arrival_id: UUID | None = None
    provider_key: str = ""
    cid: UUID | None = None
    reply_to: UUID | None = None
    text: str = ""
    text_full: str | None = None
    html: str | None = None
    subject: str = ""
    language: str | None = None
    automated: str = "no"
    defects: Sequence[str] = ()
    facts: object = field(default_factory=dict)
    delivery_state: str | None = None
    sent_at: datetime | None = None


_NEW: columns.Shape = {
    "id": "uuid",
    "interaction_id": "uuid",
    "position": "bigint",
    "kind": "text",
    "author_kind": "text",
    "author_id": "uuid",
    "author_name": "text",
    "identity_id": "uuid",
    "arrival_id": "uuid",
    "provider_key": "text",
    "cid": "uuid",
    "reply_to": "uuid",
    "text": "text",
    "text_full": "text",
    "html": "text",
    "subject": "text",
    "language": "text",
    "automated": "text",
    "defects": "words",
    "facts": "jsonb",
    "delivery_state": "text",
    "sent_at": "timestamptz",
    "at": "timestamptz",
}
_ADD = columns.insert("message", _NEW)


async def positions(session: Session, n: int) -> list[int]:
    """Take the next ``n`` positions; the caller holds the locks of the Cases."""
    found = await session.execute(
        "SELECT nextval('message_position_seq') FROM generate_series(1, %s)", [n]
    )
    return [one[0] for one in await found.fetchall()]


async def add(session: Session, batch: Sequence[MessageRow]) -> None:
    """Add Messages."""
    await columns.add(session, _ADD, _NEW, batch)


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file of a Message; the bytes are in the file store already."""

    id: UUID
    message_id: UUID
    ordinal: int
    sha256: str
    name: str
    media_type: str
    size: int
    inline: bool = False
    cid: str | None = None


_FILE: columns.Shape = {
    "id": "uuid",
    "message_id": "uuid",
    "ordinal": "smallint",
    "sha256": "text",
    "name": "text",
    "media_type": "text",
    "size": "bigint",
    "inline": "bool",
    "cid": "text",
}
_ADD_FILE = columns.insert("message_file", _FILE)


async def add_files(session: Session, batch: Sequence[FileRow]) -> None:
    """Add files of Messages."""
    await columns.add(session, _ADD_FILE, _FILE, batch)


async def files_of(session: Session, messages: Sequence[UUID]) -> list[FileRow]:
    """Return the files of Messages in order."""
    query: LiteralString = (
        "SELECT id, message_id, ordinal, sha256, name, media_type, size, inline, cid"
        " FROM message_file WHERE message_id = ANY(%s) ORDER BY message_id, ordinal"
    )
    return await rows(session, query, [list(messages)], FileRow)


async def also_received(session: Session, pairs: Sequence[tuple[UUID, UUID]]) -> list[UUID]:
    """Note that a Message came to another account too; return the Messages that changed."""
    if not pairs:
        return []
    found = await session.execute(
        "UPDATE message m SET also_received = m.also_received || n.accounts,"
        " version = m.version + 1"
        " FROM (SELECT message, array_agg(DISTINCT account) AS accounts"
        "         FROM unnest(%s::uuid[], %s::uuid[]) AS p (message, account)"
        "        GROUP BY message) n"
        " WHERE m.id = n.message AND NOT m.also_received @> n.accounts RETURNING m.id",
        [[one[0] for one in pairs], [one[1] for one in pairs]],
    )
    return [one[0] for one in await found.fetchall()]


async def last_with_code(session: Session, interaction: UUID, code: str) -> UUID | None:
    """Return who wrote the newest system line with a code in an Interaction."""
    found = await session.execute(
        "SELECT author_id FROM message WHERE interaction_id = %s AND kind = 'system'"
        " AND facts->>'code' = %s ORDER BY position DESC LIMIT 1",
        [interaction, code],
    )
    one = await found.fetchone()
    return one[0] if one else None


async def name_of(session: Session, person: UUID) -> str:
    """Return the name a person signs with."""
    found = await session.execute("SELECT name FROM person WHERE id = %s", [person])
    one = await found.fetchone()
    return str(one[0]) if one else ""


async def by_cid(session: Session, author: UUID, cid: UUID) -> UUID | None:
    """Return the Message an author once wrote under a client id."""
    found = await session.execute(
        "SELECT id FROM message WHERE author_id = %s AND cid = %s", [author, cid]
    )
    one = await found.fetchone()
    return one[0] if one else None


async def explained(session: Session, case: UUID, channel: str) -> bool:
    """Tell whether somebody has said why this Case is answered by a channel."""
    found = await session.execute(
        "SELECT EXISTS (SELECT FROM interaction i JOIN message m ON m.interaction_id = i.id"
        " WHERE i.case_id = %s AND i.channel_kind = %s AND m.kind = 'out'"
        " AND m.facts ? 'channel_reason')",
        [case, channel],
    )
    return bool((await found.fetchone() or (False,))[0])


@dataclass(frozen=True, slots=True)
class Line:
    """A newer line of a Case."""

    id: UUID
    position: int
    kind: str
    author_id: UUID | None


async def newer(session: Session, case: UUID, than: int) -> list[Line]:
    """Return the lines of a Case after a position, oldest first.

    Taken-back and whispered ones do not count: nobody else learns of a whisper.
    """
    query: LiteralString = """
SELECT m.id, m.position, m.kind, m.author_id
  FROM interaction i JOIN message m ON m.interaction_id = i.id
 WHERE i.case_id = %s AND m.position > %s AND NOT m.hidden
   AND coalesce(m.delivery_state, '') <> 'cancelled' AND NOT m.facts ? 'whisper_to'
 ORDER BY m.position LIMIT 50"""
    return await rows(session, query, [case, than], Line)


@dataclass(frozen=True, slots=True)
class Original:
    """What an answer answers: the customer's newest Message of the Interaction."""

    id: UUID
    text: str
    author_name: str
    at: datetime
    provider_key: str
    subject: str
    language: str | None


async def last_in(session: Session, interaction: UUID) -> Original | None:
    """Return the customer's newest Message of an Interaction."""
    query: LiteralString = (
        "SELECT id, text, author_name, at, provider_key, subject, language FROM message"
        " WHERE interaction_id = %s AND kind = 'in' AND NOT hidden ORDER BY position DESC LIMIT 1"
    )
    return await row(session, query, [interaction], Original)


@dataclass(frozen=True, slots=True)
class Said:
    """An outgoing Message as its release needs it."""

    id: UUID
    interaction_id: UUID
    author_id: UUID | None
    author_kind: str
    facts: dict[str, object]
    position: int


async def said(session: Session, ids: Sequence[UUID]) -> dict[UUID, Said]:
    """Return outgoing Messages by id."""
    query: LiteralString = (
        "SELECT id, interaction_id, author_id, author_kind, facts, position FROM message"
        " WHERE id = ANY(%s)"
    )
    return {one.id: one for one in await rows(session, query, [list(ids)], Said)}


async def authors(
    session: Session, ids: Sequence[UUID]
) -> list[tuple[UUID, UUID, UUID | None, str]]:
    """Return (Message, Case, author, beginning of the text) of what our people wrote.

    What a process said is its Case's owner's; None: nobody's by name.
    """
    if not ids:
        return []
    found = await session.execute(
        """SELECT m.id, i.case_id, coalesce(m.author_id, c.owner_id), left(m.text, 400)
             FROM message m JOIN interaction i ON i.id = m.interaction_id
             JOIN case_ c ON c.id = i.case_id
            WHERE m.id = ANY(%s)
              AND (m.author_kind = 'person' AND m.author_id IS NOT NULL
                   OR m.author_kind = 'system' AND m.facts->>'code' = 'step')""",
        [list(ids)],
    )
    return [(message, case, author, text) for message, case, author, text in await found.fetchall()]


async def rehoused(session: Session, interactions: Sequence[UUID], limit: int) -> list[UUID]:
    """Raise the version of all Messages whose Interactions changed the Case; return the newest.

    A screen takes only newer versions: without it, it would keep them where they were.
    """
    found = await session.execute(
        "WITH moved AS (UPDATE message SET version = version + 1 WHERE interaction_id = ANY(%s)"
        " RETURNING id, position) SELECT id FROM moved ORDER BY position DESC LIMIT %s",
        [list(interactions), limit],
    )
    return [one[0] for one in await found.fetchall()]


async def shown_state(session: Session, ids: Sequence[UUID]) -> None:
    """Let Messages show the worst state of their newest deliveries, each version one up."""
    if not ids:
        return
    await session.execute(
        "UPDATE message m SET version = m.version + 1, delivery_state = d.state,"
        " sent_at = CASE WHEN d.state IN ('sent', 'delivered', 'read')"
        "                THEN coalesce(m.sent_at, d.settled_at) ELSE m.sent_at END"
        " FROM (SELECT DISTINCT ON (x.message_id, x.to_address) x.message_id, x.state, x.settled_at"
        "         FROM delivery x WHERE x.message_id = ANY(%(ids)s)"
        "        ORDER BY x.message_id, x.to_address, x.created_at DESC, x.id DESC) d"
        " WHERE m.id = d.message_id",
        {"ids": sorted(set(ids))},
    )

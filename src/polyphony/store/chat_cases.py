"""Chat Cases: the matters of one visitor as his widget lists them, and his opinion of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from polyphony.store.chat import ChatSession
from polyphony.store.database import Session, row, rows

LISTED = 50
"""A visitor sees so many of his newest matters."""

_SHOWN: LiteralString = """
   m.kind IN ('in', 'out') AND NOT m.hidden
   AND coalesce(m.delivery_state, 'sent') NOT IN ('held', 'queued', 'cancelled', 'expired')"""


@dataclass(frozen=True, slots=True)
class ChatCase:
    """One matter: the visitor's own first words, the newest line, who answers, what is unread.

    ``agent`` is empty while nobody is on it; ``talk`` is the state of its newest chat, which
    ``answered`` says a person has answered; ``score`` are the stars given to it, ``read`` is the
    position up to which he has read.
    """

    id: UUID
    reference: str
    state: str
    title: str
    last_text: str
    last_from: str
    last_at: datetime
    unread: int
    read: int
    agent: str
    talk: str
    talk_id: UUID
    answered: bool
    score: int | None


_LIST: LiteralString = f"""
WITH mine AS (
  SELECT i.*, greatest(k.read_pos, %(read)s) AS read_upto
    FROM interaction i LEFT JOIN chat_mark k ON k.interaction_id = i.id
   WHERE i.identity_id = %(identity)s AND i.account_id = %(account)s AND i.channel_kind = 'chat'
     AND (%(case)s::uuid IS NULL OR i.case_id = %(case)s)),
matter AS (
  SELECT DISTINCT ON (case_id) case_id, id, state, agent_id, first_human_reply_at
    FROM mine ORDER BY case_id, opened_at DESC, id DESC)
SELECT c.id, c.reference, c.state, coalesce(f.text, '') AS title,
       coalesce(l.text, '') AS last_text, coalesce(l.kind, '') AS last_from,
       coalesce(l.at, c.opened_at) AS last_at, coalesce(u.n, 0)::int AS unread,
       (SELECT max(i.read_upto) FROM mine i WHERE i.case_id = c.id) AS read,
       CASE WHEN t.state = 'with_agent' THEN coalesce(p.name, '') ELSE '' END AS agent,
       t.state AS talk, t.id AS talk_id, t.first_human_reply_at IS NOT NULL AS answered, r.score
  FROM matter t
  JOIN case_ c ON c.id = t.case_id AND c.state NOT IN ('merged', 'discarded')
  LEFT JOIN person p ON p.id = t.agent_id
  LEFT JOIN rating r ON r.interaction_id = t.id
  LEFT JOIN LATERAL (
       SELECT left(m.text, 200) AS text FROM mine i JOIN message m ON m.interaction_id = i.id
        WHERE i.case_id = c.id AND m.kind = 'in' AND NOT m.hidden AND m.text <> ''
        ORDER BY m.position LIMIT 1) f ON true
  LEFT JOIN LATERAL (
       SELECT left(m.text, 200) AS text, m.kind, m.at
         FROM mine i JOIN message m ON m.interaction_id = i.id
        WHERE i.case_id = c.id AND {_SHOWN} ORDER BY m.position DESC LIMIT 1) l ON true
  LEFT JOIN LATERAL (
       SELECT count(*) AS n FROM mine i JOIN message m ON m.interaction_id = i.id
        WHERE i.case_id = c.id AND {_SHOWN} AND m.kind = 'out'
          AND m.position > i.read_upto) u ON true
 ORDER BY coalesce(l.at, c.opened_at) DESC, c.id DESC LIMIT %(limit)s"""


async def listed(session: Session, who: ChatSession, case_id: UUID | None = None) -> list[ChatCase]:
    """Return the matters of a visitor, the one spoken of last first; or only one of them."""
    params = {
        "identity": who.identity_id,
        "account": who.account_id,
        "read": who.read_pos,
        "case": case_id,
        "limit": LISTED,
    }
    return await rows(session, _LIST, params, ChatCase)


@dataclass(frozen=True, slots=True)
class Rating:
    """An opinion as kept; ``message_id`` is the line that tells it to the agents."""

    id: UUID
    interaction_id: UUID
    identity_id: UUID
    agent_id: UUID | None
    message_id: UUID
    score: int
    words: str
    given_at: datetime


async def rating_of(session: Session, interaction: UUID) -> Rating | None:
    """Return the opinion of a chat, held until the transaction ends."""
    return await row(
        session,
        "SELECT id, interaction_id, identity_id, agent_id, message_id, score, words, given_at"
        " FROM rating WHERE interaction_id = %s FOR UPDATE",
        [interaction],
        Rating,
    )


async def rate(session: Session, new: Rating) -> None:
    """Keep an opinion; a later one of the same chat replaces stars and words."""
    await session.execute(
        "INSERT INTO rating (id, interaction_id, identity_id, agent_id, message_id, score, words,"
        " given_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"
        " ON CONFLICT (interaction_id) DO UPDATE SET score = excluded.score,"
        " words = excluded.words, given_at = excluded.given_at, version = rating.version + 1",
        [
            *(new.id, new.interaction_id, new.identity_id, new.agent_id),
            *(new.message_id, new.score, new.words, new.given_at),
        ],
    )


async def retell(session: Session, message: UUID, text: str, score: int) -> None:
    """Change the line that tells an opinion."""
    await session.execute(
        "UPDATE message SET text = %s, version = version + 1,"
        " facts = facts || jsonb_build_object('score', %s::int) WHERE id = %s",
        [text, score, message],
    )


@dataclass(frozen=True, slots=True)
class Spoken:
    """One line as a transcript shows it; ``files`` are names."""

    kind: str
    author: str
    text: str
    at: datetime
    files: list[str]


async def spoken(session: Session, who: ChatSession, case_id: UUID, limit: int) -> Sequence[Spoken]:
    """Return the newest lines of a visitor's own chats in a Case, oldest first."""
    query: LiteralString = f"""
SELECT m.kind, m.author_name AS author, m.text, m.at,
       coalesce((SELECT array_agg(f.name ORDER BY f.ordinal) FROM message_file f
                  WHERE f.message_id = m.id), '{{}}') AS files
  FROM interaction i JOIN message m ON m.interaction_id = i.id
 WHERE i.account_id = %s AND i.identity_id = %s AND i.channel_kind = 'chat' AND i.case_id = %s
   AND {_SHOWN} ORDER BY m.position DESC LIMIT %s"""
    params = [who.account_id, who.identity_id, case_id, limit]
    return (await rows(session, query, params, Spoken))[::-1]


async def add_link(
    session: Session, token_hash: bytes, session_id: UUID, at: datetime, until: datetime
) -> None:
    """Keep a link to another device."""
    await session.execute(
        "INSERT INTO chat_link (token_hash, session_id, made_at, expires_at)"
        " VALUES (%s, %s, %s, %s)",
        [token_hash, session_id, at, until],
    )


async def take_link(session: Session, token_hash: bytes, at: datetime) -> UUID | None:
    """Use a link up; return the session it was made in, None when it opens nothing (any more)."""
    found = await session.execute(
        "UPDATE chat_link SET used_at = %(at)s"
        " WHERE token_hash = %(hash)s AND used_at IS NULL AND expires_at > %(at)s"
        " RETURNING session_id",
        {"hash": token_hash, "at": at},
    )
    one = await found.fetchone()
    return one[0] if one else None


async def drop_links(session: Session, before: datetime) -> None:
    """Forget links that ended before a moment."""
    await session.execute("DELETE FROM chat_link WHERE expires_at < %s", [before])

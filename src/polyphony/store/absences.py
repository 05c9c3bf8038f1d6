"""Absences: chats whose visitor may have left before he read our answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from polyphony.store import wake
from polyphony.store.database import Session, rows
from polyphony.store.keys import keys

KIND = "chat_watch"


@dataclass(frozen=True, slots=True)
class Absent:
    """One chat: how far its visitor read, when he was seen, where answers may go.

    ``unread_*`` describe our answers he has not read and that were not mailed yet.
    ``session_id`` is the newest session, the one that may be asked for a code.
    """

    interaction_id: UUID
    case_id: UUID
    account_id: UUID
    mail_account: UUID | None
    session_id: UUID
    seen_at: datetime
    email_identity: UUID | None
    email: str | None
    email_claimed: str | None
    language: str
    unread_since: datetime | None
    unread_last: int
    unread: list[UUID]


_FACTS: LiteralString = """
SELECT i.id AS interaction_id, i.case_id, i.account_id, a.mail_account, s.session_id, s.seen_at,
       e.id AS email_identity, e.address AS email, s.email_claimed,
       coalesce(s.language, i.language, a.language) AS language,
       m.since AS unread_since, coalesce(m.last, 0) AS unread_last,
       coalesce(m.ids, '{}') AS unread
  FROM interaction i
  JOIN channel_account a ON a.id = i.account_id
  JOIN LATERAL (
       SELECT (array_agg(id ORDER BY created_at DESC, id DESC))[1] AS session_id,
              max(seen_at) AS seen_at, max(read_pos) AS read_pos, max(mailed_pos) AS mailed_pos,
              (array_agg(email_identity ORDER BY created_at DESC, id DESC)
                 FILTER (WHERE email_identity IS NOT NULL))[1] AS email_identity,
              (array_agg(email_claimed ORDER BY created_at DESC, id DESC)
                 FILTER (WHERE email_claimed IS NOT NULL))[1] AS email_claimed,
              (array_agg(language ORDER BY created_at DESC, id DESC)
                 FILTER (WHERE language IS NOT NULL))[1] AS language
         FROM chat_session
        WHERE identity_id = i.identity_id AND account_id = i.account_id
       HAVING count(*) > 0) s ON true
  LEFT JOIN identity e ON e.id = s.email_identity AND e.state = 'good'
  LEFT JOIN chat_mark k ON k.interaction_id = i.id
  LEFT JOIN LATERAL (
       SELECT min(coalesce(m.sent_at, m.at)) AS since, max(m.position) AS last,
              array_agg(m.id ORDER BY m.position) AS ids
         FROM message m
        WHERE m.interaction_id = i.id AND m.kind = 'out' AND m.automated = 'no' AND NOT m.hidden
          AND m.position > greatest(s.read_pos, s.mailed_pos, k.read_pos, k.mailed_pos)
          AND coalesce(m.delivery_state, 'sent') IN ('sent', 'delivered')) m ON true
 WHERE i.id = ANY(%s) AND i.channel_kind = 'chat'
 ORDER BY i.id"""


async def facts(session: Session, interactions: Sequence[UUID]) -> list[Absent]:
    """Return the facts of chats; those without any session are missing."""
    return await rows(session, _FACTS, [list(interactions)], Absent)


async def cases_of(session: Session, interactions: Sequence[UUID]) -> list[UUID]:
    """Return the Cases of Interactions, each once, in order."""
    found = await session.execute(
        "SELECT DISTINCT case_id FROM interaction WHERE id = ANY(%s) ORDER BY case_id",
        [list(interactions)],
    )
    return [one[0] for one in await found.fetchall()]


async def watch(session: Session, batch: Sequence[tuple[UUID, datetime]], at: datetime) -> None:
    """Look at chats at a moment; an earlier moment that is set already stays."""
    if not batch:
        return
    await session.execute(
        "INSERT INTO timer (id, due_at, kind, entity_id, key)"
        " SELECT n.id, n.due, %(kind)s, n.entity, %(kind)s || ':' || n.entity"
        "   FROM unnest(%(ids)s::uuid[], %(due)s::timestamptz[], %(entity)s::uuid[])"
        "        AS n (id, due, entity) ORDER BY n.entity"
        " ON CONFLICT (key) DO UPDATE SET due_at = least(timer.due_at, excluded.due_at)",
        {
            "kind": KIND,
            "ids": keys(at, len(batch)),
            "due": [due for _, due in batch],
            "entity": [one for one, _ in batch],
        },
    )
    wake.mark(session, "timers")


async def mailed(session: Session, batch: Sequence[tuple[UUID, int]]) -> None:
    """Note up to which position the answers of chats have gone on by e-mail."""
    await session.execute(
        "INSERT INTO chat_mark (interaction_id, mailed_pos)"
        " SELECT n.interaction, n.position FROM unnest(%s::uuid[], %s::bigint[])"
        "        AS n (interaction, position) ORDER BY n.interaction"
        " ON CONFLICT (interaction_id) DO UPDATE"
        "   SET mailed_pos = greatest(chat_mark.mailed_pos, excluded.mailed_pos)",
        [[one for one, _ in batch], [position for _, position in batch]],
    )


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that goes on by e-mail."""

    id: UUID
    interaction_id: UUID
    position: int
    author_name: str
    text: str


async def answers(session: Session, ids: Sequence[UUID]) -> list[Answer]:
    """Return answers in their order."""
    return await rows(
        session,
        "SELECT id, interaction_id, position, author_name, text FROM message"
        " WHERE id = ANY(%s) ORDER BY position",
        [list(ids)],
        Answer,
    )


async def chats_of(session: Session, session_id: UUID) -> list[UUID]:
    """Return the chats that go on of the customer of a session."""
    found = await session.execute(
        "SELECT i.id FROM chat_session s JOIN interaction i"
        " ON i.identity_id = s.identity_id AND i.account_id = s.account_id"
        " WHERE s.id = %s AND i.state <> 'ended' ORDER BY i.id",
        [session_id],
    )
    return [one[0] for one in await found.fetchall()]

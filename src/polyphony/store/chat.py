"""Chat: accounts as the widget sees them, sessions, uploads and files of a visitor."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from psycopg.types.json import Jsonb

from polyphony.store.database import Params, Session, row, rows


@dataclass(frozen=True, slots=True)
class ChatAccount:
    """A chat account; ``secrets`` are sealed. ``hours`` is the calendar its customers wait for.

    The brand fills what the settings leave open: its name, its colour, its logo.
    """

    id: UUID
    name: str
    address: str
    language: str
    state: str
    settings: dict[str, object]
    secrets: bytes | None
    mail_account: UUID | None
    calendar_id: UUID
    demo: bool
    brand: str | None
    brand_colour: str | None
    logo_sha256: str | None


@dataclass(frozen=True, slots=True)
class NewSession:
    """A session to begin; ``token_hash`` is all we keep of the bearer."""

    id: UUID
    identity_id: UUID
    account_id: UUID
    key: str
    token_hash: bytes
    assurance: int
    how: str
    name: str
    email_claimed: str | None
    language: str | None
    page: str | None
    at: datetime
    expires_at: datetime
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ChatSession:
    """A living session: who writes, in which account, and what is proved of his address."""

    id: UUID
    account_id: UUID
    identity_id: UUID
    key: str
    assurance: int
    how: str
    name: str
    email_claimed: str | None
    email: str | None
    language: str | None
    page: str | None
    expires_at: datetime
    read_pos: int
    attributes: dict[str, str]


_ACCOUNT: LiteralString = """
SELECT a.id, a.name, a.address, a.language, a.state, a.settings, a.secrets, a.mail_account,
       coalesce(q.calendar_id, d.calendar_id) AS calendar_id, a.demo,
       b.name AS brand, b.colour AS brand_colour, b.logo_sha256
  FROM channel_account a
  LEFT JOIN brand b ON b.id = a.brand_id
  JOIN department d ON d.id = a.department_id
  LEFT JOIN queue q ON q.id = a.default_queue
 WHERE a.kind = 'chat' """

_SESSION: LiteralString = """
SELECT s.id, s.account_id, s.identity_id, n.address AS key, s.assurance, s.how, s.name,
       s.email_claimed, e.address AS email, s.language, s.page, s.expires_at, s.read_pos,
       s.attributes
  FROM {source} s
  JOIN identity n ON n.id = s.identity_id
  LEFT JOIN identity e ON e.id = s.email_identity"""


async def account(session: Session, key: str) -> ChatAccount | None:
    """Return the chat account with this public key, or with it as the key of a former product."""
    query = _ACCOUNT + (
        "AND (a.address = %(key)s OR a.settings->>'former_key' = %(key)s)"
        " ORDER BY a.address = %(key)s DESC, a.created_at LIMIT 1"
    )
    return await row(session, query, {"key": key}, ChatAccount)


async def account_by_id(session: Session, account_id: UUID) -> ChatAccount | None:
    """Return one chat account."""
    return await row(session, _ACCOUNT + "AND a.id = %s", [account_id], ChatAccount)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Service hours as stored."""

    zone: str
    frames: dict[str, list[list[str]]]
    exceptions: dict[str, list[list[str]]]
    always: bool
    country: str | None = None
    worked: list[str] = field(default_factory=list)


async def calendar(session: Session, calendar_id: UUID) -> Calendar:
    """Return a calendar; one that does not exist is always open."""
    found = await row(
        session,
        "SELECT zone, frames, exceptions, always, country, worked FROM calendar WHERE id = %s",
        [calendar_id],
        Calendar,
    )
    return found or Calendar("UTC", {}, {}, always=True)


async def origins(session: Session) -> frozenset[str]:
    """Return every origin any chat account admits."""
    found = await session.execute(
        "SELECT DISTINCT o FROM channel_account a"
        " CROSS JOIN LATERAL jsonb_array_elements_text(CASE jsonb_typeof(a.settings->'origins')"
        "   WHEN 'array' THEN a.settings->'origins' ELSE '[]' END) o WHERE a.kind = 'chat'"
    )
    return frozenset(one[0] for one in await found.fetchall())


async def begin(session: Session, new: NewSession) -> ChatSession:
    """Keep a session and its identity (found or made) in one statement."""
    query = """
WITH who AS (
  INSERT INTO identity (id, kind, scope, address, raw, first_seen)
  VALUES (%(identity_id)s, 'chat', %(account_id)s::uuid::text, %(key)s, %(key)s, %(at)s)
  ON CONFLICT (kind, scope, address) DO UPDATE SET raw = identity.raw
  RETURNING id, address),
made AS (
  INSERT INTO chat_session (id, account_id, identity_id, token_hash, assurance, how, name,
                            email_claimed, language, page, attributes, seen_at, created_at,
                            expires_at)
  SELECT %(id)s, %(account_id)s, who.id, %(token_hash)s, %(assurance)s, %(how)s, %(name)s,
         %(email_claimed)s, %(language)s, %(page)s, %(attributes)s::jsonb, %(at)s, %(at)s,
         %(expires_at)s FROM who
  RETURNING *)
SELECT s.id, s.account_id, s.identity_id, who.address AS key, s.assurance, s.how, s.name,
       s.email_claimed, NULL::text AS email, s.language, s.page, s.expires_at, s.read_pos,
       s.attributes
  FROM made s JOIN who ON who.id = s.identity_id"""
    params = {name: getattr(new, name) for name in NewSession.__dataclass_fields__}
    params["attributes"] = Jsonb(new.attributes)
    made = await row(session, query, params, ChatSession)
    if made is None:
        raise LookupError("an inserted session came back empty")
    return made


async def resume(
    session: Session, token_hash: bytes, account_id: UUID, at: datetime, expires_at: datetime
) -> ChatSession | None:
    """Prolong a living session of an account; None when there is none with this bearer."""
    query = (
        "WITH s AS (UPDATE chat_session SET seen_at = %(at)s, expires_at = %(expires_at)s"
        " WHERE token_hash = %(hash)s AND account_id = %(account)s AND expires_at > %(at)s"
        " RETURNING *) " + _SESSION.format(source="s")
    )
    params: Params = {
        "hash": token_hash,
        "account": account_id,
        "at": at,
        "expires_at": expires_at,
    }
    return await row(session, query, params, ChatSession)


async def by_token(session: Session, token_hash: bytes, at: datetime) -> ChatSession | None:
    """Return the living session of a bearer."""
    query = _SESSION.format(source="chat_session") + (
        " WHERE s.token_hash = %s AND s.expires_at > %s"
    )
    return await row(session, query, [token_hash, at], ChatSession)


async def by_id(session: Session, session_id: UUID, at: datetime) -> ChatSession | None:
    """Return a living session."""
    query = _SESSION.format(source="chat_session") + " WHERE s.id = %s AND s.expires_at > %s"
    return await row(session, query, [session_id, at], ChatSession)


async def end(session: Session, session_id: UUID, at: datetime) -> None:
    """Let a session end now; its bearer opens nothing any more."""
    await session.execute(
        "UPDATE chat_session SET expires_at = %s WHERE id = %s AND expires_at > %s",
        [at, session_id, at],
    )


async def seen(session: Session, session_ids: Sequence[UUID], at: datetime) -> None:
    """Note a sign of life of many visitors."""
    await session.execute(
        "UPDATE chat_session SET seen_at = %(at)s WHERE id = ANY(%(ids)s) AND seen_at < %(at)s",
        {"ids": sorted(session_ids), "at": at},
    )


async def claim_email(session: Session, session_id: UUID, address: str) -> None:
    """Note what a visitor typed; it stays a claim."""
    await session.execute(
        "UPDATE chat_session SET email_claimed = %s WHERE id = %s", [address, session_id]
    )


async def describe(session: Session, session_id: UUID, attributes: Mapping[str, str]) -> None:
    """Note what the page says of its visitor, in place of what it said before."""
    await session.execute(
        "UPDATE chat_session SET attributes = %s WHERE id = %s",
        [Jsonb(dict(attributes)), session_id],
    )


async def agent_of(
    session: Session, who: ChatSession, case_id: UUID | None = None
) -> tuple[str, UUID | None, str]:
    """Return display name of the agent, id and state of the newest open chat (of one Case)."""
    found = await session.execute(
        "SELECT coalesce(p.name, ''), i.id, i.state FROM interaction i"
        " LEFT JOIN person p ON p.id = i.agent_id AND i.state = 'with_agent'"
        " WHERE i.account_id = %s AND i.identity_id = %s AND i.state <> 'ended'"
        " AND (%s::uuid IS NULL OR i.case_id = %s) ORDER BY i.opened_at DESC LIMIT 1",
        [who.account_id, who.identity_id, case_id, case_id],
    )
    one = await found.fetchone()
    return (one[0], one[1], one[2]) if one else ("", None, "")


async def open_talks(session: Session, who: ChatSession) -> list[UUID]:
    """Return the Cases in which a chat of this customer goes on, each once."""
    found = await session.execute(
        "SELECT DISTINCT case_id FROM interaction WHERE account_id = %s AND identity_id = %s"
        " AND channel_kind = 'chat' AND state <> 'ended' ORDER BY case_id",
        [who.account_id, who.identity_id],
    )
    return [one[0] for one in await found.fetchall()]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file somebody uploaded and has not sent yet."""

    id: UUID
    sha256: str
    name: str
    media_type: str
    size: int


async def uploads(session: Session, principal: str, ids: Sequence[UUID]) -> list[Upload]:
    """Return the uploads of this principal among these ids, in the order asked."""
    return await rows(
        session,
        "SELECT u.id, u.sha256, u.name, u.media_type, u.size FROM upload u"
        " JOIN unnest(%s::uuid[]) WITH ORDINALITY o (id, n) ON o.id = u.id"
        " WHERE u.principal = %s ORDER BY o.n",
        [list(ids), principal],
        Upload,
    )


async def add_upload(session: Session, principal: str, upload: Upload, at: datetime) -> None:
    """Note a stored file as uploaded by this principal."""
    await session.execute(
        "WITH f AS (INSERT INTO file (sha256, size, created_at) VALUES (%(sha)s, %(size)s, %(at)s)"
        " ON CONFLICT DO NOTHING)"
        " INSERT INTO upload (id, principal, sha256, name, media_type, size, created_at)"
        " VALUES (%(id)s, %(who)s, %(sha)s, %(name)s, %(type)s, %(size)s, %(at)s)",
        {
            "id": upload.id,
            "who": principal,
            "sha": upload.sha256,
            "name": upload.name,
            "type": upload.media_type,
            "size": upload.size,
            "at": at,
        },
    )


async def file_of(session: Session, who: ChatSession, file_id: UUID) -> Upload | None:
    """Return a file of the customer's own chats that he may see."""
    return await row(
        session,
        "SELECT f.id, f.sha256, f.name, f.media_type, f.size FROM message_file f"
        " JOIN message m ON m.id = f.message_id JOIN interaction i ON i.id = m.interaction_id"
        " WHERE f.id = %s AND i.account_id = %s AND i.identity_id = %s AND NOT m.hidden"
        " AND m.kind IN ('in', 'out') AND coalesce(m.delivery_state, 'sent')"
        "     NOT IN ('held', 'queued', 'cancelled', 'expired')",
        [file_id, who.account_id, who.identity_id],
        Upload,
    )


async def over(session: Session, session_ids: Sequence[UUID], at: datetime) -> set[UUID]:
    """Return those of these sessions that have ended."""
    found = await session.execute(
        "SELECT id FROM chat_session WHERE id = ANY(%s) AND expires_at <= %s",
        [list(session_ids), at],
    )
    return {one[0] for one in await found.fetchall()}


async def cases_of(session: Session, identities: Sequence[UUID]) -> list[tuple[UUID, UUID]]:
    """Return (Case, identity) of the open chats of these customers."""
    found = await session.execute(
        "SELECT case_id, identity_id FROM interaction"
        " WHERE identity_id = ANY(%s) AND channel_kind = 'chat' AND state <> 'ended'",
        [list(identities)],
    )
    return [(one[0], one[1]) for one in await found.fetchall()]

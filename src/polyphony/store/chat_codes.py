"""Codes mailed to a typed address: kept as MACs, counted, sent once, used once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from polyphony.store import wake
from polyphony.store.database import Params, Session, row, rows


@dataclass(frozen=True, slots=True)
class NewCode:
    """A code to mail; ``sealed`` is readable for the sender only, until it has left."""

    id: UUID
    session_id: UUID
    address: str
    mac: bytes
    sealed: bytes
    account_id: UUID
    language: str
    at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class MailedCode:
    """A code as it is checked."""

    id: UUID
    address: str
    mac: bytes
    tries: int
    expires_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class CodeMail:
    """A code claimed for sending."""

    id: UUID
    address: str
    sealed: bytes
    account_id: UUID
    language: str
    expires_at: datetime
    sends: int


async def lock_address(session: Session, address: str) -> None:
    """Let requests for one address follow each other, so that the count is exact."""
    await session.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended('mailed_code ' || %s, 0))", [address]
    )


async def sent_since(session: Session, address: str, since: datetime) -> int:
    """Count the codes made for an address since a moment, whoever asked."""
    found = await session.execute(
        "SELECT count(*) FROM mailed_code WHERE address = %s AND created_at > %s", [address, since]
    )
    one = await found.fetchone()
    return int(one[0]) if one else 0


async def add(session: Session, new: NewCode) -> None:
    """Promise to mail a code; older ones of the session stop counting."""
    await session.execute(
        "WITH old AS (UPDATE mailed_code SET expires_at = %(at)s WHERE session_id = %(session_id)s"
        "  AND used_at IS NULL AND expires_at > %(at)s)"
        " INSERT INTO mailed_code (id, session_id, address, mac, sealed, account_id, language,"
        "  expires_at, not_before, created_at)"
        " VALUES (%(id)s, %(session_id)s, %(address)s, %(mac)s, %(sealed)s, %(account_id)s,"
        "  %(language)s, %(expires_at)s, %(at)s, %(at)s)",
        {name: getattr(new, name) for name in NewCode.__dataclass_fields__},
    )
    wake.mark(session, "chat_code")


async def try_newest(session: Session, session_id: UUID) -> MailedCode | None:
    """Count one try on the newest code of a session; return it as it was before."""
    query: LiteralString = """
WITH c AS (SELECT * FROM mailed_code WHERE session_id = %s
            ORDER BY created_at DESC, id DESC LIMIT 1 FOR UPDATE),
     t AS (UPDATE mailed_code m SET tries = m.tries + 1 FROM c WHERE m.id = c.id)
SELECT c.id, c.address, c.mac, c.tries, c.expires_at, c.used_at FROM c"""
    return await row(session, query, [session_id], MailedCode)


async def use(session: Session, code_id: UUID, at: datetime) -> None:
    """Mark a code as used."""
    await session.execute("UPDATE mailed_code SET used_at = %s WHERE id = %s", [at, code_id])


async def prove(
    session: Session, session_id: UUID, address: str, fresh: UUID, method: str, at: datetime
) -> UUID:
    """Raise a session to a proved address; link the address to what this customer wrote so far."""
    query: LiteralString = """
WITH who AS (
  INSERT INTO identity (id, kind, scope, address, raw, first_seen)
  VALUES (%(fresh)s, 'email', '', %(address)s, %(address)s, %(at)s)
  ON CONFLICT (kind, scope, address) DO UPDATE SET raw = identity.raw RETURNING id),
raised AS (
  UPDATE chat_session s SET email_identity = who.id, email_claimed = %(address)s,
         assurance = greatest(s.assurance, 3::smallint)
    FROM who WHERE s.id = %(session)s RETURNING s.identity_id, s.account_id),
linked AS (
  INSERT INTO identity_use (identity_id, record_id, role, level, method, since)
  SELECT who.id, i.record_id, CASE WHEN EXISTS (
             SELECT FROM identity_use o WHERE o.identity_id = who.id AND o.role = 'uses'
                AND o.record_id <> i.record_id) THEN 'claims' ELSE 'uses' END,
         3, %(method)s, %(at)s::timestamptz
    FROM who, raised r
    JOIN LATERAL (SELECT record_id FROM interaction WHERE identity_id = r.identity_id
                     AND account_id = r.account_id ORDER BY opened_at DESC LIMIT 1) i ON true
  ON CONFLICT (identity_id, record_id, role) DO UPDATE
     SET level = greatest(identity_use.level, 3::smallint), method = excluded.method)
SELECT id FROM who"""
    params: Params = {
        "fresh": fresh,
        "address": address,
        "session": session_id,
        "method": method,
        "at": at,
    }
    found = await session.execute(query, params)
    one = await found.fetchone()
    if one is None:
        raise LookupError("an identity came back empty")
    return UUID(str(one[0]))


async def address_of(session: Session, session_id: UUID) -> UUID | None:
    """Return the identity of the address a session has confirmed, while mail gets through to it."""
    found = await session.execute(
        "SELECT e.id FROM chat_session s JOIN identity e ON e.id = s.email_identity"
        " WHERE s.id = %s AND e.state = 'good'",
        [session_id],
    )
    one = await found.fetchone()
    return one[0] if one else None


async def inherit(session: Session, session_id: UUID, older: UUID) -> None:
    """Let a session know the address an older one of the same customer has confirmed."""
    await session.execute(
        "UPDATE chat_session s SET email_identity = o.email_identity,"
        " email_claimed = o.email_claimed FROM chat_session o"
        " WHERE s.id = %s AND o.id = %s AND o.identity_id = s.identity_id",
        [session_id, older],
    )


async def claim(session: Session, n: int, at: datetime, lease_until: datetime) -> list[CodeMail]:
    """Take codes that must leave, at most ``n``; too old ones are marked as expired.

    A lease that ran out means nobody knows whether the mail left: such a code is not sent again,
    the visitor asks for a new one.
    """
    query: LiteralString = """
WITH due AS (
  SELECT id, state, expires_at FROM mailed_code
   WHERE state IN ('queued', 'sending') AND not_before <= %(at)s
     AND (lease_until IS NULL OR lease_until <= %(at)s)
   ORDER BY not_before, id LIMIT %(n)s FOR UPDATE SKIP LOCKED)
UPDATE mailed_code m
   SET state = CASE WHEN due.state = 'sending' THEN 'uncertain'
                    WHEN due.expires_at <= %(at)s THEN 'expired' ELSE 'sending' END,
       lease_until = %(lease)s, sends = m.sends + 1
  FROM due WHERE m.id = due.id
RETURNING m.id, m.address, m.sealed, m.account_id, m.language, m.expires_at, m.sends, m.state"""
    found = await session.execute(query, {"at": at, "n": n, "lease": lease_until})
    return [CodeMail(*one[:7]) for one in await found.fetchall() if one[7] == "sending"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a code mail; ``not_before`` only when it shall be tried again."""

    id: UUID
    state: str
    why: str = ""
    not_before: datetime | None = None


async def settle(session: Session, batch: Sequence[Verdict]) -> None:
    """Write what became of the mails; the readable code is forgotten unless it is tried again."""
    if not batch:
        return
    await session.execute(
        "UPDATE mailed_code m SET state = v.state, why = nullif(v.why, ''), lease_until = NULL,"
        " not_before = coalesce(v.not_before, m.not_before),"
        " sealed = CASE WHEN v.state = 'queued' THEN m.sealed END"
        " FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::timestamptz[])"
        "      AS v (id, state, why, not_before)"
        " WHERE m.id = v.id AND m.state = 'sending'",
        [
            [one.id for one in batch],
            [one.state for one in batch],
            [one.why for one in batch],
            [one.not_before for one in batch],
        ],
    )


@dataclass(frozen=True, slots=True)
class Counted:
    """How often something happened in the running window."""

    count: int
    since: datetime


async def count(session: Session, key: str, window_s: int, at: datetime) -> Counted:
    """Count one more under a key; a window that is over begins anew."""
    found = await rows(
        session,
        "INSERT INTO throttle AS t (key, since, count) VALUES (%(key)s, %(at)s, 1)"
        " ON CONFLICT (key) DO UPDATE SET"
        "  since = CASE WHEN t.since <= %(at)s::timestamptz - make_interval(secs => %(w)s)"
        "               THEN excluded.since ELSE t.since END,"
        "  count = CASE WHEN t.since <= %(at)s::timestamptz - make_interval(secs => %(w)s)"
        "               THEN 1 ELSE t.count + 1 END"
        " RETURNING count, since",
        {"key": key, "at": at, "w": window_s},
        Counted,
    )
    return found[0]

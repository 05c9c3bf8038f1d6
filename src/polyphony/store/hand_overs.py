"""Hand-overs: links by which a customer goes on with a Case elsewhere; hashes, used once."""

from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from polyphony.store.database import Session, row

CANDIDATES = 20


@dataclass(frozen=True, slots=True)
class HandOver:
    """A link to a Case: its chat account, who made it and until when it opens."""

    token_hash: bytes
    case_id: UUID
    account_id: UUID
    made_by: UUID
    made_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Taken:
    """What a link that was just used up leads to, and who of us made it."""

    case_id: UUID
    made_by: UUID
    made_by_name: str


async def add(session: Session, new: HandOver) -> None:
    """Keep a link; those that ended are forgotten."""
    await session.execute("DELETE FROM hand_over WHERE expires_at < %s", [new.made_at])
    await session.execute(
        "INSERT INTO hand_over (token_hash, case_id, account_id, made_by, made_at, expires_at)"
        " VALUES (%s, %s, %s, %s, %s, %s)",
        [new.token_hash, new.case_id, new.account_id, new.made_by, new.made_at, new.expires_at],
    )


async def take(session: Session, token_hash: bytes, account: UUID, at: datetime) -> Taken | None:
    """Use a link up; None when it opens nothing (any more) in this account."""
    query: LiteralString = """
UPDATE hand_over h SET used_at = %(at)s FROM person p
 WHERE h.token_hash = %(hash)s AND h.account_id = %(account)s AND h.used_at IS NULL
   AND h.expires_at > %(at)s AND p.id = h.made_by
RETURNING h.case_id, h.made_by, p.name AS made_by_name"""
    return await row(session, query, {"at": at, "hash": token_hash, "account": account}, Taken)


async def chats_for(session: Session, case: UUID) -> list[UUID]:
    """Return the chat accounts a Case may go on in: one it has used, its department's, others.

    A pretended Case goes on in pretended accounts only, a real one in real ones.
    """
    query: LiteralString = """
SELECT a.id FROM case_ c
  JOIN channel_account a ON a.kind = 'chat' AND a.state <> 'paused' AND a.demo = c.demo
  LEFT JOIN LATERAL (SELECT max(i.opened_at) AS at FROM interaction i
                      WHERE i.case_id = c.id AND i.account_id = a.id) u ON true
 WHERE c.id = %s
 ORDER BY u.at DESC NULLS LAST, a.department_id <> c.department_id, a.name, a.id LIMIT %s"""
    found = await session.execute(query, [case, CANDIDATES])
    return [UUID(str(id_)) for (id_,) in await found.fetchall()]


async def bind(session: Session, identity: UUID, record: UUID, level: int, at: datetime) -> None:
    """Note that a new address is the customer's: he came by a link that was handed to him."""
    await session.execute(
        "INSERT INTO identity_use (identity_id, record_id, role, level, method, since)"
        " VALUES (%s, %s, 'uses', %s, 'hand_over', %s) ON CONFLICT DO NOTHING",
        [identity, record, level, at],
    )

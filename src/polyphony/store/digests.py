"""Digests: notices nobody has read, gathered per person; the mails that tell of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from polyphony.store.database import Session, rows


@dataclass(frozen=True, slots=True)
class Unread:
    """A notice that lies unread, and whom it is for."""

    id: UUID
    person_id: UUID
    kind: str
    case_id: UUID | None
    reference: str | None
    from_name: str
    text: str
    email: str
    language: str
    zone: str
    settings: dict[str, object]


@dataclass(frozen=True, slots=True)
class NewDigest:
    """A mail to write down; ``notices`` are told of by it."""

    id: UUID
    person_id: UUID
    account_id: UUID
    address: str
    language: str
    subject: str
    body: str
    at: datetime
    notices: Sequence[UUID]


@dataclass(frozen=True, slots=True)
class DigestMail:
    """A mail that is to leave now."""

    id: UUID
    account_id: UUID
    address: str
    language: str
    subject: str
    body: str
    sends: int


@dataclass(frozen=True, slots=True)
class Window:
    """Which notices: told between ``since`` and ``before``; nobody mailed after ``mailed``."""

    since: datetime
    before: datetime
    mailed: datetime


_DUE: LiteralString = """
SELECT n.id, n.person_id, n.kind, n.case_id, c.reference, n.from_name, n.text, p.email, p.language,
       p.zone, p.settings
  FROM person p JOIN notice n ON n.person_id = p.id LEFT JOIN case_ c ON c.id = n.case_id
 WHERE p.state = 'active' AND NOT p.simulated
   AND p.settings @? '$.notify.*.email ? (@ == true)'
   AND n.read_at IS NULL AND n.digest_id IS NULL AND n.at > %(since)s AND n.at <= %(before)s
   AND NOT EXISTS (SELECT FROM digest d WHERE d.person_id = p.id AND d.at > %(mailed)s)
 ORDER BY n.person_id, n.at, n.id LIMIT %(many)s FOR UPDATE OF n SKIP LOCKED"""


async def unread(session: Session, window: Window, many: int) -> Sequence[Unread]:
    """Return unread notices of people who want any by e-mail, by person, the oldest first."""
    params = {"since": window.since, "before": window.before, "mailed": window.mailed}
    return await rows(session, _DUE, {**params, "many": many}, Unread)


async def add(session: Session, batch: Sequence[NewDigest]) -> None:
    """Write mails down; their notices are not told of again."""
    for one in batch:  # one for each person an hour
        await session.execute(
            """INSERT INTO digest (id, person_id, account_id, address, language, subject, body, at,
                   not_before) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)""",
            [
                *(one.id, one.person_id, one.account_id, one.address, one.language),
                *(one.subject, one.body, one.at, one.at),
            ],
        )
        await session.execute(
            "UPDATE notice SET digest_id = %s WHERE id = ANY(%s)", [one.id, list(one.notices)]
        )


_CLAIM: LiteralString = """
WITH due AS (
  SELECT id, state FROM digest
   WHERE state IN ('queued', 'sending') AND not_before <= %(at)s
     AND (lease_until IS NULL OR lease_until <= %(at)s)
   ORDER BY not_before, id LIMIT %(n)s FOR UPDATE SKIP LOCKED)
UPDATE digest d
   SET state = CASE WHEN due.state = 'sending' THEN 'uncertain' ELSE 'sending' END,
       lease_until = %(lease)s, sends = d.sends + 1
  FROM due WHERE d.id = due.id
RETURNING d.id, d.account_id, d.address, d.language, d.subject, d.body, d.sends, d.state"""


async def claim(session: Session, n: int, at: datetime, lease: datetime) -> list[DigestMail]:
    """Take mails that must leave; whose lease ran out may have left and is not sent again."""
    found = await session.execute(_CLAIM, {"at": at, "n": n, "lease": lease})
    return [DigestMail(*one[:7]) for one in await found.fetchall() if one[7] == "sending"]


async def settle(
    session: Session, digest: UUID, state: str, why: str, not_before: datetime | None
) -> None:
    """Write what became of a mail; its words are forgotten unless it is tried again."""
    await session.execute(
        """UPDATE digest SET state = %(state)s, why = nullif(%(why)s, ''), lease_until = NULL,
               not_before = coalesce(%(later)s, not_before),
               body = CASE WHEN %(state)s = 'queued' THEN body END
            WHERE id = %(id)s AND state = 'sending'""",
        {"id": digest, "state": state, "why": why, "later": not_before},
    )


async def tidy(session: Session, before: datetime) -> None:
    """Forget mails of long ago."""
    await session.execute("DELETE FROM digest WHERE at < %s", [before])

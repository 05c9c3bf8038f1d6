"""Idempotency: the answer of a request kept with its effect, so that a repeat gets the same one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from psycopg.types.json import Jsonb

from polyphony.domain.errors import Conflict, Invalid
from polyphony.store.database import Session, row


@dataclass(frozen=True, slots=True)
class Kept:
    """A finished answer."""

    fingerprint: bytes
    status: int | None
    body: bytes | None
    headers: dict[str, str]


async def begin(session: Session, principal: str, key: str, fingerprint: bytes) -> Kept | None:
    """Take the key for this transaction; return the kept answer when there is one already.

    Raises Conflict idempotency.in_flight while another transaction holds it, and Invalid
    idempotency.mismatch when it was used for another request.
    """
    cursor = await session.execute(
        "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 7065643))", [f"{principal}\x1f{key}"]
    )
    if (await cursor.fetchone() or (False,))[0] is not True:
        raise Conflict("idempotency.in_flight", {"after_s": 1})
    kept = await row(
        session,
        "SELECT fingerprint, status, body, headers FROM idempotency"
        " WHERE principal = %s AND key = %s",
        [principal, key],
        Kept,
    )
    if kept is not None:
        if kept.fingerprint != fingerprint:
            raise Invalid("idempotency.mismatch")
        return kept
    await session.execute(
        "INSERT INTO idempotency (principal, key, fingerprint) VALUES (%s, %s, %s)",
        [principal, key, fingerprint],
    )
    return None


async def finish(
    session: Session, principal: str, key: str, status: int, body: bytes, headers: Mapping[str, str]
) -> None:
    """Keep the answer in the transaction of the effect."""
    await session.execute(
        "UPDATE idempotency SET status = %s, body = %s, headers = %s"
        " WHERE principal = %s AND key = %s",
        [status, body, Jsonb(dict(headers)), principal, key],
    )


async def prune(session: Session, before: datetime) -> None:
    """Forget answers nobody repeats any more."""
    await session.execute("DELETE FROM idempotency WHERE at < %s", [before])

"""Collectors: which worker tends which pulled account, and how far it got."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from polyphony.store.database import Session


async def lease(session: Session, account: UUID, owner: str, at: datetime, seconds: float) -> bool:
    """Take or renew the lease of an account; tell whether it is the owner's now."""
    found = await session.execute(
        "INSERT INTO collector (account_id, lease_owner, lease_until) VALUES (%s, %s, %s)"
        " ON CONFLICT (account_id) DO UPDATE"
        " SET lease_owner = excluded.lease_owner, lease_until = excluded.lease_until"
        " WHERE collector.lease_owner IS NULL OR collector.lease_owner = excluded.lease_owner"
        "    OR collector.lease_until < %s RETURNING account_id",
        [account, owner, at + timedelta(seconds=seconds), at],
    )
    return await found.fetchone() is not None


async def release(session: Session, account: UUID, owner: str) -> None:
    """Give the lease back."""
    await session.execute(
        "UPDATE collector SET lease_owner = NULL, lease_until = NULL"
        " WHERE account_id = %s AND lease_owner = %s",
        [account, owner],
    )


async def mark(session: Session, account: UUID) -> Mapping[str, object]:
    """Return the watermark up to which everything is kept."""
    found = await session.execute("SELECT mark FROM collector WHERE account_id = %s", [account])
    row = await found.fetchone()
    return dict(row[0]) if row else {}

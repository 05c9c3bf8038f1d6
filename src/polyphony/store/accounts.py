"""Accounts: our ends of the channels, their sealed secrets, their health."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import LiteralString
from uuid import UUID

from psycopg.types.json import Jsonb

from polyphony.store.database import Session, rows


@dataclass(frozen=True, slots=True)
class AccountRow:
    """A ChannelAccount with what intake and sending need of its Department."""

    id: UUID
    kind: str
    name: str
    address: str
    department_id: UUID
    queue_id: UUID
    triage_queue: UUID
    mail_account: UUID | None
    language: str
    settings: Mapping[str, object]
    secrets: bytes | None
    state: str
    demo: bool
    visibility: str
    default_queue: UUID | None


_SELECT: LiteralString = """
SELECT a.id, a.kind, a.name, a.address, a.department_id,
       coalesce(a.default_queue, d.triage_queue) AS queue_id, d.triage_queue, a.mail_account,
       a.language, a.settings, a.secrets, a.state, a.demo, d.visibility, a.default_queue
  FROM channel_account a JOIN department d ON d.id = a.department_id"""


async def by_ids(session: Session, ids: Sequence[UUID]) -> dict[UUID, AccountRow]:
    """Return accounts by id."""
    found = await rows(session, _SELECT + " WHERE a.id = ANY(%s)", [list(ids)], AccountRow)
    return {one.id: one for one in found}


async def of_kind(session: Session, kind: str) -> list[AccountRow]:
    """Return all accounts of a kind, oldest first."""
    return await rows(session, _SELECT + " WHERE a.kind = %s ORDER BY a.id", [kind], AccountRow)


async def by_address(session: Session, kind: str, address: str) -> AccountRow | None:
    """Return the account of an address (mailbox, or public key of a widget)."""
    found = await rows(
        session, _SELECT + " WHERE a.kind = %s AND a.address = %s", [kind, address], AccountRow
    )
    return found[0] if found else None


async def our_addresses(session: Session) -> frozenset[str]:
    """Return the addresses of all our mailboxes in lower case (loop test)."""
    found = await session.execute("SELECT lower(address) FROM channel_account WHERE kind = 'email'")
    return frozenset(row[0] for row in await found.fetchall())


@dataclass(frozen=True, slots=True)
class HealthNow:
    """What a check or a try found out about an account."""

    id: UUID
    state: str
    health: Mapping[str, object]


async def set_health(session: Session, now: HealthNow) -> bool:
    """Write state and health; return whether the state changed. A paused account stays paused."""
    found = await session.execute(
        "UPDATE channel_account SET health = health || %s, version = version + 1,"
        " state = CASE WHEN state = 'paused' THEN state ELSE %s END"
        " WHERE id = %s RETURNING (SELECT o.state FROM channel_account o WHERE o.id = %s) <> state",
        [Jsonb(dict(now.health)), now.state, now.id, now.id],
    )
    row = await found.fetchone()
    return bool(row and row[0])


async def forget_sign_in_until(session: Session, account: UUID) -> None:
    """Drop what a check said of a refresh token that was replaced since."""
    await session.execute(
        "UPDATE channel_account SET health = health - 'sign_in_until' WHERE id = %s", [account]
    )


async def states(session: Session, state: str) -> list[AccountRow]:
    """Return all accounts in a state."""
    return await rows(session, _SELECT + " WHERE a.state = %s ORDER BY a.id", [state], AccountRow)

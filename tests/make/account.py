"""A ChannelAccount: one of our mailboxes, widgets or loopback ends."""

from uuid import UUID

from psycopg.types.json import Jsonb
from tests.make.moment import new_id

from polyphony.domain.channel import ChannelKind
from polyphony.ports import Account
from polyphony.store.database import Session


async def account(
    session: Session,
    department: UUID,
    *,
    kind: str = "email",
    address: str = "",
    queue: UUID | None = None,
    settings: dict[str, object] | None = None,
    language: str = "en",
    mail_account: UUID | None = None,
) -> UUID:
    made = new_id()
    await session.execute(
        "INSERT INTO channel_account (id, kind, name, address, department_id, default_queue,"
        " settings, language, mail_account) VALUES (%s, %s, 'Desk', %s, %s, %s, %s, %s, %s)",
        [
            *(made, kind, address or f"desk-{made}@desk.example", department, queue),
            *(Jsonb(settings or {}), language, mail_account),
        ],
    )
    return made


def as_port(account_id: UUID, kind: str = "email", address: str = "desk@desk.example") -> Account:
    """The same account as a door sees it."""
    return Account(account_id, ChannelKind(kind), "Desk", address)

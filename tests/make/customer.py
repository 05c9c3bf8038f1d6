"""A Customer known by one address: customer, record, identity and the use between them."""

from dataclasses import dataclass
from uuid import UUID

from tests.make.moment import AT, new_id

from polyphony.store.database import Session


@dataclass(frozen=True)
class Customer:
    id: UUID
    record: UUID
    identity: UUID
    address: str


async def customer(
    session: Session,
    address: str = "",
    *,
    name: str = "Petr Novák",
    kind: str = "email",
    scope: str = "",
    level: int = 1,
    tier: str = "standard",
) -> Customer:
    made = Customer(new_id(), new_id(), new_id(), address or f"{new_id()}@customer.example")
    await session.execute(
        "INSERT INTO customer (id, name, tier) VALUES (%s, %s, %s)", [made.id, name, tier]
    )
    await session.execute(
        "INSERT INTO record (id, customer_id, source, source_key, name, at)"
        " VALUES (%s, %s, %s, %s, %s, %s)",
        [made.record, made.id, kind, made.address, name, AT],
    )
    await session.execute(
        "INSERT INTO identity (id, kind, scope, address, raw, first_seen)"
        " VALUES (%s, %s, %s, %s, %s, %s)",
        [made.identity, kind, scope, made.address, made.address, AT],
    )
    await session.execute(
        "INSERT INTO identity_use (identity_id, record_id, role, level, method, since)"
        " VALUES (%s, %s, 'uses', %s, 'seen', %s)",
        [made.identity, made.record, level, AT],
    )
    return made

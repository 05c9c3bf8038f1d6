"""The moment tests begin at, and new keys of it."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from polyphony.store import keys

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)  # a Monday


def at(seconds: float = 0) -> datetime:
    return AT + timedelta(seconds=seconds)


def new_id() -> UUID:
    return keys.key(AT)

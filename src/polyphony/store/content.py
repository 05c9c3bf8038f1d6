"""Content: what signed links open; a file of a message, the safe HTML of a mail, raw bytes."""

from dataclasses import dataclass
from uuid import UUID

from polyphony.domain.permission import Scope, listed
from polyphony.store.database import Session, row, rows


@dataclass(frozen=True, slots=True)
class Kept:
    """A file of a message."""

    id: UUID
    sha256: str
    name: str
    media_type: str
    size: int
    cid: str | None


async def file(session: Session, file_id: UUID) -> Kept | None:
    """Return one file of a message."""
    return await row(
        session,
        "SELECT id, sha256, name, media_type, size, cid FROM message_file WHERE id = %s",
        [file_id],
        Kept,
    )


@dataclass(frozen=True, slots=True)
class Body:
    """The sanitised HTML of a message."""

    html: str | None
    text: str


async def body(session: Session, message: UUID) -> Body | None:
    """Return the body of a message."""
    return await row(session, "SELECT html, text FROM message WHERE id = %s", [message], Body)


async def pictures(session: Session, message: UUID) -> list[Kept]:
    """Return the files its HTML may show by ``cid:``."""
    return await rows(
        session,
        """SELECT id, sha256, name, media_type, size, cid FROM message_file
            WHERE message_id = %s AND cid IS NOT NULL""",
        [message],
        Kept,
    )


@dataclass(frozen=True, slots=True)
class RawBytes:
    """An arrival as it came: in the row or in the file store."""

    key: str
    body: bytes | None
    sha256: str | None
    state: str
    department_id: UUID


async def raw(session: Session, arrival: UUID) -> RawBytes | None:
    """Return the bytes of an arrival, or where they lie."""
    return await row(
        session,
        """SELECT r.key, r.body, r.sha256, r.state, a.department_id FROM arrival r
             JOIN channel_account a ON a.id = r.account_id WHERE r.id = %s""",
        [arrival],
        RawBytes,
    )


def handles(scope: Scope, arrival: RawBytes) -> bool:
    """Tell whether the actor looks after the department an unread arrival came to."""
    return arrival.department_id in listed(scope)


async def read_again(session: Session, arrival: UUID) -> bool:
    """Put a quarantined arrival back in line; False when it is not quarantined."""
    found = await session.execute(
        """UPDATE arrival SET state = 'new', tries = 0, lease_until = NULL, error = NULL
            WHERE id = %s AND state = 'quarantined'""",
        [arrival],
    )
    return found.rowcount == 1

"""Customer notes: what colleagues should know of a customer whatever the matter."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from polyphony.store.database import Session, row, rows

SHOWN = 200


@dataclass(frozen=True, slots=True)
class Note:
    """One note with the name of who wrote it."""

    id: UUID
    customer_id: UUID
    author_id: UUID
    author: str
    text: str
    at: datetime
    edited_at: datetime | None
    version: int


async def of(session: Session, customer: UUID) -> list[Note]:
    """Return the notes about a customer under any id that means him, newest first."""
    return await rows(
        session,
        f"""SELECT n.id, n.customer_id, n.author_id, p.name AS author, n.text, n.at, n.edited_at,
                   n.version
              FROM customer k JOIN customer_note n ON n.customer_id = k.id
              JOIN person p ON p.id = n.author_id
             WHERE k.id = %(id)s OR k.merged_into = %(id)s
             ORDER BY n.at DESC, n.id LIMIT {SHOWN}""",
        {"id": customer},
        Note,
    )


async def one(session: Session, id_: UUID) -> Note | None:
    """Return one note."""
    return await row(
        session,
        """SELECT n.id, n.customer_id, n.author_id, p.name AS author, n.text, n.at, n.edited_at,
                  n.version
             FROM customer_note n JOIN person p ON p.id = n.author_id WHERE n.id = %s""",
        [id_],
        Note,
    )


async def add(
    session: Session, id_: UUID, customer: UUID, author: UUID, text: str, at: datetime
) -> None:
    """Write a note."""
    await session.execute(
        "INSERT INTO customer_note (id, customer_id, author_id, text, at)"
        " VALUES (%s, %s, %s, %s, %s)",
        [id_, customer, author, text, at],
    )


async def edit(
    session: Session, id_: UUID, text: str, at: datetime, version: int | None
) -> int | None:
    """Change the text; return the new version, None when it has moved on."""
    found = await session.execute(
        "UPDATE customer_note SET text = %s, edited_at = %s, version = version + 1"
        " WHERE id = %s AND (%s::bigint IS NULL OR version = %s) RETURNING version",
        [text, at, id_, version, version],
    )
    changed = await found.fetchone()
    return int(changed[0]) if changed else None


async def remove(session: Session, id_: UUID) -> None:
    """Take a note away."""
    await session.execute("DELETE FROM customer_note WHERE id = %s", [id_])

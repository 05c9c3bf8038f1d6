"""Drafts: unsent text of one author for one Case and mode; the newer version wins."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg.types.json import Jsonb

from polyphony.store import dossier
from polyphony.store.database import Session, row


@dataclass(frozen=True, slots=True)
class Draft:
    """Text to keep; ``version`` is the one it was made from."""

    case_id: UUID
    person_id: UUID
    mode: str
    text: str
    files: Sequence[UUID]
    version: int


async def keep(session: Session, new: Draft, at: datetime) -> dossier.Draft | None:
    """Keep a draft; None when a newer version is already there."""
    return await row(
        session,
        """INSERT INTO draft AS d (case_id, person_id, mode, text, files, version, updated_at)
           VALUES (%(case)s, %(person)s, %(mode)s, %(text)s, %(files)s, %(version)s + 1, %(at)s)
           ON CONFLICT (case_id, person_id, mode) DO UPDATE
              SET text = excluded.text, files = excluded.files, version = d.version + 1,
                  updated_at = excluded.updated_at
            WHERE d.version <= %(version)s
           RETURNING case_id, person_id, ''::text AS person, mode, text, files, version,
                     updated_at""",
        {
            "case": new.case_id,
            "person": new.person_id,
            "mode": new.mode,
            "text": new.text,
            "files": Jsonb([str(one) for one in new.files]),
            "version": new.version,
            "at": at,
        },
        dossier.Draft,
    )


async def drop(session: Session, case: UUID, person: UUID, mode: str) -> None:
    """Forget a draft."""
    await session.execute(
        "DELETE FROM draft WHERE case_id = %s AND person_id = %s AND mode = %s",
        [case, person, mode],
    )

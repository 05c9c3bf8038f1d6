"""Files: which blobs exist, who uploaded what, which nobody needs any more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from polyphony.store.database import Session, rows


async def know(session: Session, blobs: Sequence[tuple[str, int]], at: datetime) -> None:
    """Note blobs (SHA-256, size) that are on disk already."""
    if not blobs:
        return
    unique = sorted(dict(blobs).items())
    await session.execute(
        "INSERT INTO file (sha256, size, created_at)"
        " SELECT s, z, %s FROM unnest(%s::text[], %s::bigint[]) AS n (s, z) ON CONFLICT DO NOTHING",
        [at, [one[0] for one in unique], [one[1] for one in unique]],
    )


@dataclass(frozen=True, slots=True)
class Upload:
    """A file somebody uploaded and has not sent yet."""

    id: UUID
    principal: str
    sha256: str
    name: str
    media_type: str
    size: int


async def uploads(session: Session, principal: str, ids: Sequence[UUID]) -> list[Upload]:
    """Return the principal's own uploads in the order of the ids; foreign ones are missing."""
    found = await rows(
        session,
        "SELECT id, principal, sha256, name, media_type, size FROM upload"
        " WHERE principal = %s AND id = ANY(%s)",
        [principal, list(ids)],
        Upload,
    )
    by_id = {one.id: one for one in found}
    return [by_id[one] for one in dict.fromkeys(ids) if one in by_id]


async def add_upload(session: Session, upload: Upload, at: datetime) -> None:
    """Note an upload whose bytes are on disk."""
    await know(session, [(upload.sha256, upload.size)], at)
    await session.execute(
        "INSERT INTO upload (id, principal, sha256, name, media_type, size, created_at)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s)",
        [
            *(upload.id, upload.principal, upload.sha256, upload.name, upload.media_type),
            *(upload.size, at),
        ],
    )


async def drop_uploads(session: Session, ids: Sequence[UUID]) -> None:
    """Forget uploads that were sent."""
    if ids:
        await session.execute("DELETE FROM upload WHERE id = ANY(%s)", [list(ids)])


async def orphans(session: Session, before: datetime, limit: int) -> list[str]:
    """Drop old uploads, then rows of blobs nobody names since; return those blobs for the disk."""
    await session.execute("DELETE FROM upload WHERE created_at < %s", [before])
    found = await session.execute(
        "DELETE FROM file f WHERE f.sha256 IN (SELECT o.sha256 FROM file o"
        "   WHERE o.created_at < %s"
        "     AND NOT EXISTS (SELECT FROM message_file m WHERE m.sha256 = o.sha256)"
        "     AND NOT EXISTS (SELECT FROM upload u WHERE u.sha256 = o.sha256)"
        "     AND NOT EXISTS (SELECT FROM arrival a WHERE a.sha256 = o.sha256)"
        "     AND NOT EXISTS (SELECT FROM brand b WHERE b.logo_sha256 = o.sha256)"
        "   LIMIT %s) RETURNING f.sha256",
        [before, limit],
    )
    return [row[0] for row in await found.fetchall()]

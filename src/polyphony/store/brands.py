"""Brands: which pictures are logos."""

from polyphony.store.database import Session


async def has_logo(session: Session, sha256: str) -> bool:
    """Tell whether a blob is the logo of a brand."""
    found = await session.execute(
        "SELECT EXISTS (SELECT FROM brand WHERE logo_sha256 = %s)", [sha256]
    )
    return bool((await found.fetchone() or (False,))[0])

"""Keep: raw bytes once per key, in one transaction with the promise to read them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from polyphony.ports import Files
from polyphony.store import arrivals, files
from polyphony.store.arrivals import INLINE_BYTES, NewArrival
from polyphony.store.database import Session
from polyphony.store.keys import keys


@dataclass(frozen=True, slots=True)
class Kept:
    """Bytes of a provider; larger than 256 KiB they are shelved first and ``sha256`` names them."""

    account: UUID
    key: str
    body: bytes | None
    received_at: datetime
    sha256: str | None = None
    size: int | None = None


async def shelve(store: Files, kept: Kept) -> Kept:
    """Put a large body into the file store (on disk before this returns); small ones stay."""
    if kept.body is None or len(kept.body) <= INLINE_BYTES:
        return kept
    digest = await store.put(kept.body)
    return replace(kept, body=None, sha256=digest, size=len(kept.body))


async def keep(
    session: Session,
    batch: Sequence[Kept],
    mark: tuple[UUID, Mapping[str, object]] | None = None,
) -> list[UUID]:
    """Keep a batch and, with it, the collector's watermark; return the id of each in order.

    A key seen before answers with the id it had: the same bytes may come any number of times.
    """
    first: dict[tuple[UUID, str], Kept] = {}
    for one in batch:
        first.setdefault((one.account, one.key), one)
    if batch:
        ids = keys(batch[0].received_at, len(first))
        rows = [_row(id_, one) for id_, one in zip(ids, first.values(), strict=True)]
        await files.know(
            session, [(r.sha256, r.size) for r in rows if r.sha256], batch[0].received_at
        )
        found = await arrivals.keep(session, rows)
    if mark is not None:
        await arrivals.set_mark(session, *mark)
    return [found[(one.account, one.key)][0] for one in batch]


def _row(id_: UUID, one: Kept) -> NewArrival:
    size = one.size if one.size is not None else len(one.body or b"")
    return NewArrival(id_, one.account, one.key, one.body, one.sha256, size, one.received_at)

"""Calendars: working hours as they are kept, ready to count by."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from polyphony.domain.service_hours import ROUND_THE_CLOCK, ServiceHours, service_hours
from polyphony.store.database import Session, rows

_known: dict[tuple[UUID, int], ServiceHours] = {}
_KNOWN_MAX = 256


@dataclass(frozen=True, slots=True)
class _Row:
    id: UUID
    zone: str
    always: bool
    frames: dict[str, list[list[str]]]
    exceptions: dict[str, list[list[str]]]
    country: str | None
    worked: list[str]
    imported: dict[str, str]
    version: int


async def hours(session: Session, ids: Sequence[UUID] | None = None) -> dict[UUID, ServiceHours]:
    """Return working hours by calendar (all of them without ``ids``); known versions are reused."""
    found = await rows(
        session,
        "SELECT id, zone, always, frames, exceptions, country, worked, imported, version"
        " FROM calendar"
        " WHERE %(ids)s::uuid[] IS NULL OR id = ANY(%(ids)s)",
        {"ids": None if ids is None else list(ids)},
        _Row,
    )
    return {row.id: _hours(row) for row in found}


def _hours(row: _Row) -> ServiceHours:
    if row.always:
        return ROUND_THE_CLOCK
    key = (row.id, row.version)
    if key not in _known:
        while len(_known) >= _KNOWN_MAX:
            del _known[next(iter(_known))]
        _known[key] = service_hours(
            row.zone,
            row.frames,
            row.exceptions,
            always=False,
            country=row.country,
            worked=row.worked,
            imported=row.imported,
        )
    return _known[key]

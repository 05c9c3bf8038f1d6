"""Foresee: what of the waiting work will be late if nothing changes, by place and pace."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from polyphony.domain.routing.foresee import Foreseen, InLine, Line, foresee
from polyphony.domain.service_hours import ServiceHours, to_datetime, to_ms
from polyphony.store import calendars, in_line
from polyphony.store.database import Session
from polyphony.store.in_line import Waits


@dataclass(frozen=True, slots=True)
class Turn:
    """When the turn of waiting work comes, and by how many seconds that is too late."""

    item: UUID
    case: UUID
    queue: UUID
    place: int
    at: datetime | None
    due_at: datetime | None
    late_s: int | None

    def as_json(self) -> dict[str, object]:
        """Write it for a screen."""
        return {
            "work_item_id": self.item,
            "case_id": self.case,
            "queue_id": self.queue,
            "place": self.place,
            "at": self.at,
            "due_at": self.due_at,
            "late_s": self.late_s,
        }


async def turns(session: Session, queues: Sequence[UUID], at: datetime) -> list[Turn]:
    """Return the turns of everything that waits in Queues, each Queue in the order of service."""
    known = await in_line.served(session, sorted(set(queues)), at)
    hours = await calendars.hours(session, sorted({one.calendar_id for one in known}))
    waits = await in_line.waiting(session, [one.queue_id for one in known])
    now, found = to_ms(at), list[Turn]()
    for one in known:
        mine = {row.id: row for row in waits if row.queue_id == one.queue_id}
        line = Line(hours[one.calendar_id], one.weight_milli, one.taken)
        seen = foresee(line, [_in_line(row, line.hours, now) for row in mine.values()], now)
        found += [_turn(mine[turn.id], turn) for turn in seen]
    return found


def _in_line(row: Waits, hours: ServiceHours, now: int) -> InLine:
    since = to_ms(row.waiting_since)
    return InLine(
        row.id,
        since,
        row.target_used_ms + hours.between(since, now),
        row.target_ms,
        row.channel_kind,
        None if row.due_at is None else to_ms(row.due_at),
        row.tier,
        row.urgency,
        row.boost_milli,
    )


def _turn(row: Waits, seen: Foreseen) -> Turn:
    return Turn(
        row.id,
        row.case_id,
        row.queue_id,
        seen.place,
        None if seen.at is None else to_datetime(seen.at),
        row.due_at,
        None if seen.late_ms is None else seen.late_ms // 1000,
    )

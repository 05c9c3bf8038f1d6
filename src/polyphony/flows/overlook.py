"""Overlook: what a board shows beside its counters: the half hour to come, doors, levers, lag."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from polyphony.domain.forecast import HORIZON_MS, STARTS_MIN, VERSION, Stand, forecast
from polyphony.domain.routing.foresee import InLine, Line, ranked
from polyphony.domain.service_hours import ServiceHours, to_ms
from polyphony.store import calendars, overlook
from polyphony.store.database import Session
from polyphony.store.overlook import LineRow, WaitRow

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class _Queue:
    row: LineRow
    hours: ServiceHours
    waits: Sequence[WaitRow]
    now: int

    def told(self) -> Json:
        """Say how a Queue goes on: the wait of who comes now, the level to come, the warned."""
        row = self.row
        found: Json = {"queue_id": row.queue_id, "waiting": len(self.waits), "warned": row.warned}
        level = forecast(self._stand()) if self.hours.is_open(self.now) else None
        if level is not None:
            found["level"] = {
                "in_time": level.in_time,
                "judged": level.judged,
                "low": level.low,
                "high": level.high,
            }
        return found | {"wait_ms": self._wait()}

    def _wait(self) -> int | None:
        """Place times pace: what who comes now would wait; None where nobody knows."""
        if self.row.starts < STARTS_MIN or not self.hours.is_open(self.now):
            return None
        return len(self.waits) * HORIZON_MS // self.row.starts

    def _stand(self) -> Stand:
        line = Line(self.hours, self.row.weight_milli)
        order = ranked(line, [_in_line(one, self.hours, self.now) for one in self.waits])
        left = [one.target_ms - one.used_ms for one in order]
        return Stand(left, self.row.arrivals, self.row.starts, self.row.target_ms)


def _in_line(row: WaitRow, hours: ServiceHours, now: int) -> InLine:
    since = to_ms(row.waiting_since)
    used = row.target_used_ms + hours.between(since, now)
    due = None if row.due_at is None else to_ms(row.due_at)
    return InLine(
        row.id, since, used, row.target_ms, row.channel_kind, due, row.tier, row.urgency,
        row.boost_milli,
    )  # fmt: skip


async def over(session: Session, departments: Collection[UUID], at: datetime) -> Json:
    """Return what a board of departments shows beside its counters."""
    lines = await overlook.lines(session, departments, at)
    hours = await calendars.hours(session, sorted({one.calendar_id for one in lines}))
    waits: Mapping[UUID, list[WaitRow]] = defaultdict(list)
    for row in await overlook.waiting(session, [one.queue_id for one in lines]):
        waits[row.queue_id].append(row)
    now = to_ms(at)
    queues = [_Queue(one, hours[one.calendar_id], waits[one.queue_id], now) for one in lines]
    doors = await overlook.doors(session, departments, at)
    levers = await overlook.in_force(session, departments)
    return {
        "queues": [one.told() for one in queues],
        "doors": [asdict(one) for one in doors],
        "levers": [asdict(one) for one in levers],
        "log_lag_ms": await overlook.behind(session, at),
        "forecast": {"version": VERSION, "horizon_ms": HORIZON_MS, "starts_min": STARTS_MIN},
        "at": at,
    }

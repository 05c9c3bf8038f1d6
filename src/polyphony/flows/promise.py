"""Promise: what is promised of a Case: a policy's target, the Queue's own, the channel's usual."""

from dataclasses import dataclass
from uuid import UUID

from polyphony.domain import escalation, sla
from polyphony.domain.service_hours import ServiceHours, service_hours
from polyphony.domain.sla import ClockType
from polyphony.domain.sla_policy import Chosen, Facts, Level, Own, choose
from polyphony.store.clocks import CalendarRow, ClockRow
from polyphony.store.sla import Book

_REMEMBERED_MAX = 256
_remembered: dict[tuple[UUID, int], ServiceHours] = {}


@dataclass(frozen=True, slots=True)
class Target:
    """Where a clock counts: Case, Interaction, channel, the customer's tier, the Queue's hours."""

    case: UUID
    interaction: UUID
    channel: str
    tier: str
    hours: CalendarRow
    kind: str = "request"
    customer: UUID | None = None
    account: UUID | None = None
    tags: tuple[str, ...] = ()
    hand: UUID | None = None

    @property
    def facts(self) -> Facts:
        """What the choice of a policy must know."""
        return Facts(
            self.channel,
            self.tier,
            self.kind,
            str(self.customer or ""),
            str(self.hours.queue_id),
            str(self.account or ""),
            str(self.hours.department_id),
            frozenset(self.tags),
            self.hand,
        )


def promised(book: Book, target: Target, kind: ClockType) -> Chosen:
    """Choose what is promised of an answer or the resolution."""
    usual = resolution_ms if kind is ClockType.RESOLUTION else first_response_ms
    own = Own(_own_ms(target, kind), usual(target))
    if not book.policies.all:  # the common house: nothing to weigh
        level = Level.USUAL if own.queue_ms is None else Level.QUEUE
        return Chosen(None, level, own.queue_ms or own.usual_ms or 0)
    found = choose(book.policies.all, target.facts, kind, own)
    return found or Chosen(None, Level.USUAL, own.usual_ms or 0)


def mark(row: ClockRow, chosen: Chosen) -> None:
    """Note beside a clock which promise it keeps and which ones lost."""
    row.policy_id = chosen.policy.id if chosen.policy else None
    row.level = chosen.level.name.lower()
    row.losers = [one.as_json() for one in chosen.losers]


@dataclass(frozen=True, slots=True)
class Span:
    """A deadline of the law: since when (epoch ms), how long, its warning and its ladder."""

    since: int
    target_ms: int
    warn_pct: int = sla.WARN_PCT
    ladder: escalation.Ladder | None = None


def hours_of(row: CalendarRow) -> ServiceHours:
    """Return the service hours of a calendar; known days are remembered per version."""
    key = (row.calendar_id, row.version)
    if key not in _remembered:
        if len(_remembered) >= _REMEMBERED_MAX:
            _remembered.clear()
        _remembered[key] = service_hours(
            row.zone,
            row.frames,
            row.exceptions,
            always=row.always,
            country=row.country,
            worked=row.worked,
            imported=row.imported,
        )
    return _remembered[key]


def _own_ms(target: Target, kind: ClockType) -> int | None:
    """The Queue's own target for a channel, in working ms."""
    name = "resolution_s" if kind is ClockType.RESOLUTION else "first_response_s"
    own = target.hours.targets.get(target.channel, {}).get(name)
    return own * 1000 if own else None


def first_response_ms(target: Target) -> int:
    """Return the usual target of an answer on a channel."""
    return sla.first_response_ms(target.channel, target.tier)


def resolution_ms(target: Target) -> int:
    """Return the usual target of a resolution on a channel."""
    return sla.resolution_ms(target.channel)

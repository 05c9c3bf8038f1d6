"""Roster: who of a Department is on call now: turns by the week, and turns with from and until."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from polyphony.domain.errors import Invalid

PEOPLE_MAX = 50
TURNS_MAX = 200
WEEK = 7


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody is on call from one moment until another."""

    person: UUID
    begins: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Roster:
    """Weeks in the order of ``people`` from ``begins`` on, changing at ``hour``; turns go before.

    ``zone`` is that of the Department: the hour is its own.
    """

    people: tuple[UUID, ...] = ()
    begins: date | None = None
    hour: int = 8
    turns: tuple[Turn, ...] = ()
    zone: str = "UTC"


def on_call(roster: Roster, at: datetime) -> UUID | None:
    """Return who is on call; of turns that overlap the one that began last; None = nobody."""
    now = [one for one in roster.turns if one.begins <= at < one.until]
    if now:
        return max(now, key=lambda one: (one.begins, one.person)).person
    if not roster.people or roster.begins is None:
        return None
    local = at.astimezone(ZoneInfo(roster.zone))
    day = local.date() - timedelta(days=1 if local.hour < roster.hour else 0)
    passed = (day - roster.begins).days
    return roster.people[passed // WEEK % len(roster.people)] if passed >= 0 else None


def turns(raw: Sequence[Mapping[str, object]]) -> tuple[Turn, ...]:
    """Read turns as they are kept; raise Invalid ``roster.turn`` with the number of the wrong."""
    if len(raw) > TURNS_MAX:
        raise Invalid("roster.turn", {"max": TURNS_MAX})
    return tuple(_turn(number, one) for number, one in enumerate(raw, 1))


def _turn(number: int, raw: Mapping[str, object]) -> Turn:
    try:
        begins = datetime.fromisoformat(str(raw["from"]))
        until = datetime.fromisoformat(str(raw["until"]))
        found = Turn(UUID(str(raw["person"])), begins, until)
    except (KeyError, ValueError) as wrong:
        raise Invalid("roster.turn", {"turn": number}) from wrong
    if begins.tzinfo is None or until.tzinfo is None or until <= begins:
        raise Invalid("roster.turn", {"turn": number})
    return found

"""Deadline: when the law wants an answer: templates, where counting starts, where an end rolls to.

Whoever uses one confirms it with counsel; what we could not read in the statute is marked.
"""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from polyphony.domain.errors import Invalid, NotFound
from polyphony.domain.holiday import COUNTRIES, YEARS, rests

AMOUNT_MAX = 3660


class Unit(StrEnum):
    """What is counted."""

    DAYS = "days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"


@dataclass(frozen=True, slots=True)
class Template:
    """A deadline of a law.

    Counting starts the day after it came, unless ``start`` is ``same_day``. ``roll``: an end on a
    day of rest moves to the next working day. ``extended`` is the amount once the customer was
    told why it takes longer. ``silence`` says what follows when nobody answers. Days are those of
    ``zone``, holidays those of ``country``.
    """

    key: str
    unit: Unit
    amount: int
    extended: int | None
    zone: str
    country: str | None
    start: str = "next_day"
    roll: bool = False
    silence: str = ""
    unverified: bool = True
    extended_unverified: bool = True

    def __post_init__(self) -> None:
        """Refuse what nobody can count by."""
        try:
            ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError) as wrong:
            raise Invalid("deadline.zone", {"zone": self.zone[:60]}) from wrong
        amounts = (self.amount, *(() if self.extended is None else (self.extended,)))
        if not all(1 <= one <= AMOUNT_MAX for one in amounts):
            raise Invalid("deadline.amount", {"max": AMOUNT_MAX})
        if self.start not in {"same_day", "next_day"}:
            raise Invalid("deadline.start", {"known": ["same_day", "next_day"]})
        if self.country is not None and self.country not in COUNTRIES:
            raise Invalid("deadline.country", {"known": sorted(COUNTRIES)})


TEMPLATES: Mapping[str, Template] = MappingProxyType(
    {
        one.key: one
        for one in (
            # Act 634/1992, section 19: read in the statute.
            Template(
                "cz_consumer_claim",
                Unit.DAYS,
                30,
                None,
                "Europe/Prague",
                "CZ",
                roll=True,
                silence="withdraw_or_discount",
                unverified=False,
            ),
            # Act of 5 August 2015: no answer in time = accepted as the customer wished. An end on a
            # day of rest does not roll: the earlier day is the safe one.
            Template(
                "pl_financial_complaint",
                Unit.DAYS,
                30,
                60,
                "Europe/Warsaw",
                "PL",
                silence="accepted",
                unverified=False,
                extended_unverified=False,
            ),
            # PSD2, article 101: figures known from secondary pages only.
            Template("psd2_complaint", Unit.WORKING_DAYS, 15, 35, "Europe/Prague", "CZ"),
            # GDPR, article 12(3): one month; the extension by two is not verified.
            Template("gdpr_request", Unit.MONTHS, 1, 3, "Europe/Prague", "CZ", unverified=False),
        )
    }
)
"""What a new house finds; each is data and may be changed."""


def known(key: str, own: Mapping[str, Template]) -> Template:
    """Return a template by its key; raise NotFound."""
    found = own.get(key) or TEMPLATES.get(key)
    if found is None:
        raise NotFound("deadline.unknown", {"key": key[:60]})
    return found


def last_day(template: Template, received: date, *, extended: bool = False) -> date:
    """Return the last day on which an answer is in time."""
    amount = (template.extended if extended else None) or template.amount
    begin = received if template.start == "same_day" else received + timedelta(days=1)
    if template.unit is Unit.MONTHS:
        end = _months(received, amount)
    elif template.unit is Unit.WORKING_DAYS:
        end = _working(template, begin, amount)
    else:
        end = begin + timedelta(days=amount - 1)
    return _rolled(template, end) if template.roll else end


def legal_due(template: Template, received: datetime, *, extended: bool = False) -> datetime:
    """Return the moment (UTC) at which the deadline is over: the end of its last local day."""
    zone = ZoneInfo(template.zone)
    day = last_day(template, received.astimezone(zone).date(), extended=extended)
    midnight = datetime.combine(day + timedelta(days=1), time(), zone)
    return midnight.astimezone(UTC)


def works(template: Template, day: date) -> bool:
    """Tell whether a day is a working day of the jurisdiction."""
    return day.isoweekday() <= 5 and not rests(template.country, day)


def _months(received: date, amount: int) -> date:
    """The day of the same number; a month that has none ends it with its last day."""
    year, month = divmod(received.year * 12 + received.month - 1 + amount, 12)
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(received.day, last))


def _working(template: Template, begin: date, amount: int) -> date:
    day, left = begin, amount
    while True:
        left -= works(template, day)
        if left == 0:
            return day
        day += timedelta(days=1)


def _rolled(template: Template, end: date) -> date:
    while not works(template, end) and end.year <= YEARS[1]:
        end += timedelta(days=1)
    return end


def template_of(key: str, raw: Mapping[str, Any], *, unverified: bool) -> Template:
    """Read a template as it is stored; raise Invalid when it is none."""
    try:
        return Template(
            key,
            Unit(str(raw["unit"])),
            int(raw["amount"]),
            None if raw.get("extended") is None else int(raw["extended"]),
            str(raw["zone"]),
            raw.get("country"),
            str(raw.get("start", "next_day")),
            bool(raw.get("roll", False)),
            str(raw.get("silence", "")),
            unverified,
            bool(raw.get("extended_unverified", True)),
        )
    except (KeyError, ValueError, TypeError) as wrong:
        raise Invalid("deadline.template", {"key": key[:60]}) from wrong

"""Callback: a customer leaves the line and is called or written to when his turn comes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from polyphony.domain.chat import address as mail_address
from polyphony.domain.errors import Invalid
from polyphony.domain.service_hours import ServiceHours, to_ms

CHANNEL = "callback"
WAYS = ("phone", "chat", "email")
OUTCOMES = ("reached", "busy", "no_answer", "wrong_number")
ATTEMPTS_MAX = 3
PAUSES_MS = (0, 300_000, 1_800_000)
"""Before the first, the second, the third attempt."""
OFFERED_FROM_MS = 120_000
"""A callback is offered when the wait is expected to be longer."""
SLOT_MS = 7_200_000
SLOTS_MAX = 8
AHEAD_MS = 7 * 86_400_000
REASON_MAX = 500
_UNENDING_MS = 2 * 86_400_000
"""Round the clock there is no end of a working day: two days then."""
_HOUR_MS = 3_600_000
_FILLED = re.compile(r"[\s().\-/]")
_NUMBER = re.compile(r"\+?[0-9]{6,15}")


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks for; ``window`` in epoch ms, None = as soon as it is his turn."""

    way: str
    address: str = ""
    reason: str = ""
    window: tuple[int, int] | None = None


def read(raw: Mapping[str, object]) -> Wish:
    """Read a wish as a widget sends it; raise Invalid ``callback.*``."""
    way = raw.get("way")
    if way not in WAYS:
        raise Invalid("callback.way", {"known": list(WAYS)})
    reason = raw.get("reason") or ""
    if not isinstance(reason, str) or len(reason) > REASON_MAX:
        raise Invalid("callback.reason", {"max": REASON_MAX})
    address = ""
    if way == "phone":
        address = number(raw.get("address"))
    elif way == "email":
        address = mail_address(raw.get("address"))
    begins, ends = _moment(raw.get("from")), _moment(raw.get("to"))
    window = None if begins is None or ends is None else (begins, ends)
    return Wish(str(way), address, reason.strip(), window)


def number(raw: object) -> str:
    """Return a telephone number without its blanks and dashes; raise Invalid."""
    plain = _FILLED.sub("", raw) if isinstance(raw, str) and len(raw) <= 40 else ""
    if plain.startswith("00"):
        plain = f"+{plain[2:]}"
    if not _NUMBER.fullmatch(plain):
        raise Invalid("callback.number")
    return plain


def _moment(raw: object) -> int | None:
    if raw is None or raw == "":
        return None
    try:
        found = datetime.fromisoformat(str(raw))
    except ValueError as wrong:
        raise Invalid("callback.window") from wrong
    if found.tzinfo is None:
        raise Invalid("callback.window")
    return to_ms(found)


def slots(hours: ServiceHours, at: int) -> list[tuple[int, int]]:
    """Return times somebody may choose: whole hours that lie inside working time."""
    found: list[tuple[int, int]] = []
    begins = (at // _HOUR_MS + 1) * _HOUR_MS
    while begins < at + AHEAD_MS and len(found) < SLOTS_MAX:
        if hours.between(begins, begins + SLOT_MS) == SLOT_MS:
            found.append((begins, begins + SLOT_MS))
            begins += SLOT_MS
        else:
            begins += _HOUR_MS
    return found


def check_window(window: tuple[int, int] | None, hours: ServiceHours, at: int) -> int | None:
    """Return the moment a callback waits for, None = now; raise Invalid ``callback.window``.

    A window lies inside working time, begins neither in the past nor in more than a week. Who
    names none when the Queue is closed waits for its opening.
    """
    if window is None:
        opens = hours.opens(at)
        return None if opens is None or opens <= at else opens
    begins, ends = window
    if not at <= begins <= at + AHEAD_MS or ends <= begins or not hours.is_open(begins):
        raise Invalid("callback.window")
    return begins


def expires(hours: ServiceHours, begins: int) -> int:
    """Return when a callback is over: at the end of the working day after the one it begins on."""
    today = hours.closes(begins)
    if today is None:
        opens = hours.opens(begins)
        today = None if opens is None else hours.closes(opens)
    tomorrow = None if today is None else hours.opens(today)
    end = None if tomorrow is None else hours.closes(tomorrow)
    return end if end is not None else begins + _UNENDING_MS


def next_try(attempts: int, at: int, hours: ServiceHours, until: int) -> int | None:
    """Return when somebody is called again after so many attempts; None = never."""
    if attempts >= ATTEMPTS_MAX:
        return None
    moment = hours.opens(at + PAUSES_MS[attempts])
    return moment if moment is not None and moment < until else None


def shown(address: str) -> str:
    """Return an address as those may see it who do not work on it: its last three signs."""
    return f"…{address[-3:]}" if address else ""

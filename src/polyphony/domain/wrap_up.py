"""Wrap-up: the time after work in which its outcome is written; its length, and how it grows."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from polyphony.domain.errors import Conflict, Invalid

LENGTH_S: Mapping[str, int] = {"voice": 30, "video": 30, "visit": 60}
"""Seconds after work of a channel kind; the others have none unless the Queue says so."""
LEAST_S, MOST_S = 10, 3600
EXTENSIONS = 3
"""So often a wrap-up may be made longer."""


def length_s(channel: str, of_queue: int) -> int:
    """Seconds of the wrap-up after work on a channel; the Queue's own count first."""
    return of_queue or LENGTH_S.get(channel, 0)


def extended(until: datetime, times: int, usual_s: int, wanted_s: int | None = None) -> datetime:
    """Return the new end of a wrap-up that was made longer ``times`` times before.

    Raises Conflict ``wrap_up.used_up`` after the third time, Invalid for less than 10 seconds or
    more than an hour.
    """
    if times >= EXTENSIONS:
        raise Conflict("wrap_up.used_up", {"times": EXTENSIONS})
    seconds = usual_s if wanted_s is None else wanted_s
    if not LEAST_S <= seconds <= MOST_S:
        raise Invalid("wrap_up.seconds", {"least": LEAST_S, "most": MOST_S})
    return until + timedelta(seconds=seconds)

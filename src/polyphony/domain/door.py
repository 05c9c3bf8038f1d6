"""Door: the ways back to a customer in one Case, ranked, each with its reason in a code."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

PROVED = 2
"""Level from which an address nobody wrote from in this Case may be written to."""


@dataclass(frozen=True, slots=True)
class Way:
    """What is known of one way: an address of the customer and an account of ours.

    ``level`` is how sure it is that the address is his; ``stretch`` says how the Interaction by
    this way stands (None: there is none yet); ``participant``: he wrote from it in this Case.
    """

    kind: str
    account_state: str
    address_state: str
    level: int
    participant: bool
    live: bool = False
    stretch: str | None = None
    last_in_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """Whether a way is open, and the code of the reason: why not, or why it stands here."""

    allowed: bool
    why: str


def judge(way: Way) -> Judged:
    """Decide about one way on its own."""
    if way.address_state != "good":
        return Judged(allowed=False, why="address_" + way.address_state)
    if way.account_state == "paused":
        return Judged(allowed=False, why="account_paused")
    if way.kind == "chat" and (way.stretch is None or (way.live and way.stretch == "ended")):
        return Judged(allowed=False, why="chat_over")
    if not way.participant and way.level < PROVED:
        return Judged(allowed=False, why="address_not_proved")
    if way.account_state == "broken":
        return Judged(allowed=True, why="account_broken")
    return Judged(allowed=True, why="wrote_here" if way.last_in_at else "known_address")


def rank(ways: Sequence[Way]) -> list[tuple[int, Judged]]:
    """Return the ways by their place in the given order, best first: open, then used last."""
    judged = [(number, judge(way)) for number, way in enumerate(ways)]

    def key(one: tuple[int, Judged]) -> tuple[bool, bool, float, int]:
        last = ways[one[0]].last_in_at
        return (not one[1].allowed, last is None, -last.timestamp() if last else 0.0, one[0])

    return sorted(judged, key=key)

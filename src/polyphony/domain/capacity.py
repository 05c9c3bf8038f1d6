"""Capacity: units of attention, what each channel costs, and what still fits."""

from collections.abc import Mapping
from dataclasses import dataclass

CAP_MAX = 100
"""Units of an Agent unless said otherwise (10-300 by role)."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one WorkItem takes: units, and whether it needs the Agent for itself."""

    units: int
    exclusive: bool = False


COSTS: Mapping[str, Cost] = {
    "voice": Cost(100, exclusive=True),
    "video": Cost(100, exclusive=True),
    "visit": Cost(100, exclusive=True),
    "callback": Cost(100, exclusive=True),
    "chat": Cost(33),  # three of 34 would be 102: 33 is deliberate
    "messenger": Cost(25),
    "sms": Cost(25),
    "social": Cost(25),
    "email": Cost(50),
    "letter": Cost(50),
    "case_step": Cost(50),
}

_BY_EXCLUSIVE = frozenset({"email", "letter", "sms", "social", "case_step"})
_BY_CHAT = frozenset({"email", "letter", "case_step"})
INTERRUPTS: frozenset[tuple[str, str]] = frozenset(
    {(one, held) for one in ("voice", "video", "visit", "callback") for held in _BY_EXCLUSIVE}
    | {("chat", held) for held in _BY_CHAT}
)
"""What may interrupt what: (channel that arrives, channel that is held)."""


def cost_of(channel: str) -> Cost:
    """Look up what a channel costs; unknown channels count as e-mail."""
    return COSTS.get(channel, COSTS["email"])


def fits(cost: Cost, used: int, cap_max: int, exclusive_live: int) -> bool:
    """Tell whether one more WorkItem fits beside what the Agent already holds.

    An exclusive one needs all units free; beside an exclusive one nothing fits.
    """
    if exclusive_live:
        return False
    if cost.exclusive and used:
        return False
    return used + cost.units <= cap_max

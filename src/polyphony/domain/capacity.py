"""Capacity: units of attention, what each channel costs, and what still fits."""

from collections.abc import Mapping
from dataclasses import dataclass

from polyphony.domain.errors import Invalid

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


def cost_of(channel: str, costs: Mapping[str, Cost] = COSTS) -> Cost:
    """Look up what a channel costs; unknown channels count as e-mail."""
    return costs.get(channel) or costs.get("email") or COSTS["email"]


@dataclass(frozen=True, slots=True)
class Capacity:
    """The house's rules of capacity: what a channel costs, and what may interrupt what."""

    costs: Mapping[str, Cost]
    interrupts: frozenset[tuple[str, str]]


USUAL = Capacity(COSTS, INTERRUPTS)
UNITS_MAX = 300


def read(raw: Mapping[str, object] | None) -> Capacity:
    """Read the rules from their JSON; raise Invalid. What is left out is as usual.

    ``{costs: {channel: {units, exclusive}}, interrupts: [[channel that arrives, channel held]]}``
    """
    if not raw:
        return USUAL
    if raw.keys() - {"costs", "interrupts"}:
        raise Invalid("capacity.malformed", {"names": sorted(raw.keys())[:20]})
    given = raw.get("costs", {})
    if not isinstance(given, Mapping) or given.keys() - COSTS.keys():
        raise Invalid("capacity.malformed", {"names": ["costs"]})
    costs = {**COSTS, **{channel: _cost(channel, one) for channel, one in given.items()}}
    pairs = raw.get("interrupts")
    interrupts = INTERRUPTS if pairs is None else _pairs(pairs, costs)
    return Capacity(costs, interrupts)


def _cost(channel: str, raw: object) -> Cost:
    units = raw.get("units") if isinstance(raw, Mapping) else None
    exclusive = raw.get("exclusive", False) if isinstance(raw, Mapping) else None
    plain = isinstance(units, int) and not isinstance(units, bool)
    if not plain or not isinstance(exclusive, bool) or not 1 <= int(str(units)) <= UNITS_MAX:
        raise Invalid("capacity.malformed", {"names": [f"costs.{channel}"]})
    return Cost(int(str(units)), exclusive)


def _pairs(raw: object, costs: Mapping[str, Cost]) -> frozenset[tuple[str, str]]:
    if not isinstance(raw, (list, tuple)):
        raise Invalid("capacity.malformed", {"names": ["interrupts"]})
    found = set[tuple[str, str]]()
    for one in raw:
        names = [str(name) for name in one] if isinstance(one, (list, tuple)) else []
        if len(names) != 2 or names[0] == names[1] or not set(names) <= costs.keys():
            raise Invalid("capacity.malformed", {"names": ["interrupts", str(one)[:60]]})
        if costs[names[1]].exclusive:
            raise Invalid("capacity.exclusive", {"names": names})
        found.add((names[0], names[1]))
    return frozenset(found)


def as_json(capacity: Capacity) -> dict[str, object]:
    """Write the rules as JSON; ``read`` reads them back."""
    return {
        "costs": {
            channel: {"units": one.units, "exclusive": one.exclusive}
            for channel, one in capacity.costs.items()
        },
        "interrupts": sorted([list(pair) for pair in capacity.interrupts]),
    }


def fits(cost: Cost, used: int, cap_max: int, exclusive_live: int) -> bool:
    """Tell whether one more WorkItem fits beside what the Agent already holds.

    An exclusive one needs all units free; beside an exclusive one nothing fits.
    """
    if exclusive_live:
        return False
    if cost.exclusive and used:
        return False
    return used + cost.units <= cap_max

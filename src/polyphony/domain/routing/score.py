"""Scores in integers only (ms, milli-weights, micro-points): every platform agrees bit for bit."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from polyphony.domain.errors import Invalid

MICRO = 1_000_000
X_MAX = 3 * MICRO
IDLE_CAP_MS = 600_000
IDLE_POINTS = 1_500_000
KEEP_POINTS = 800_000
STICKY_POINTS = 600_000
LEVEL_POINTS = 100
INTERRUPT_POINTS = 500_000
SCALE = 300_000
_HOUR_MS = 3_600_000
_AGEING = 100_000

TIER_MILLI: Mapping[str, int] = {"standard": 1000, "priority": 3000, "vip": 9000}
URGENCY_MILLI: Mapping[str, int] = {"low": 800, "normal": 1000, "high": 2000, "critical": 4000}
CHANNEL_MILLI: Mapping[str, int] = {
    "voice": 1000,
    "video": 1000,
    "visit": 1000,
    "callback": 1000,
    "chat": 800,
    "social": 700,
    "messenger": 700,
    "sms": 700,
    "email": 600,
    "case_step": 500,
    "letter": 300,
}
HANDLE_MS: Mapping[str, int] = {
    "voice": 300_000,
    "video": 300_000,
    "visit": 600_000,
    "callback": 300_000,
    "chat": 480_000,
    "email": 360_000,
    "letter": 600_000,
}
"""Mean handle times assumed until own figures exist."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What counts how much: milli by tier, channel and urgency, points of an Agent's terms.

    ``level`` are points per thousandth of a mean level.
    """

    tier: Mapping[str, int] = field(default_factory=lambda: TIER_MILLI)
    channel: Mapping[str, int] = field(default_factory=lambda: CHANNEL_MILLI)
    urgency: Mapping[str, int] = field(default_factory=lambda: URGENCY_MILLI)
    keep: int = KEEP_POINTS
    idle: int = IDLE_POINTS
    sticky: int = STICKY_POINTS
    level: int = LEVEL_POINTS
    interrupt: int = INTERRUPT_POINTS


WEIGHTS = Weights()


_MILLI_MAX, _POINTS_MAX = 100_000, 10_000_000


def read_weights(raw: Mapping[str, object]) -> Weights:
    """Read weights from their JSON; raise Invalid. What is left out is as usual."""
    named = {"tier": TIER_MILLI, "channel": CHANNEL_MILLI, "urgency": URGENCY_MILLI}
    usual = {name: getattr(WEIGHTS, name) for name in _POINTS}
    unknown = raw.keys() - named.keys() - usual.keys()
    if unknown:
        raise Invalid("score.malformed", {"names": sorted(unknown)[:20]})
    milli = [_milli(name, raw.get(name) or {}, known) for name, known in named.items()]
    points = [_points(name, raw.get(name, mine)) for name, mine in usual.items()]
    tier, channel, urgency = milli
    keep, idle, sticky, level, interrupt = points
    return Weights(tier, channel, urgency, keep, idle, sticky, level, interrupt)


_POINTS = ("keep", "idle", "sticky", "level", "interrupt")


def _milli(name: str, raw: object, usual: Mapping[str, int]) -> Mapping[str, int]:
    if not isinstance(raw, Mapping) or raw.keys() - usual.keys():
        raise Invalid("score.malformed", {"names": [name]})
    for key, value in raw.items():
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= _MILLI_MAX:
            raise Invalid("score.malformed", {"names": [f"{name}.{key}"]})
    return {**usual, **raw}


def _points(name: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _POINTS_MAX:
        raise Invalid("score.malformed", {"names": [name]})
    return value


def weights_json(weights: Weights) -> dict[str, object]:
    """Write weights as JSON; ``read_weights`` reads them back."""
    milli = {name: dict(getattr(weights, name)) for name in ("tier", "channel", "urgency")}
    return {**milli, **{name: getattr(weights, name) for name in _POINTS}}


def handle_mean(channel: str) -> int:
    """Look up the assumed mean handle time of a channel, in ms."""
    return HANDLE_MS.get(channel, HANDLE_MS["email"])


def weight(
    tier: str, channel: str, urgency: str, milli: int = 1000, weights: Weights = WEIGHTS
) -> int:
    """Multiply tier, channel, urgency and ``milli`` into one weight in milli, 10 to 100,000."""
    product = (
        weights.tier.get(tier, 1000)
        * weights.channel.get(channel, CHANNEL_MILLI["email"])
        * weights.urgency.get(urgency, 1000)
        * milli
    )
    return min(max(product // 1_000_000_000, 10), 100_000)


def slack(used: int, target: int) -> int:
    """Return x, the share of the target used, in micro, at most 3,000,000."""
    return min((used + 1000) * MICRO // target, X_MAX)


def used_at(x: int, target: int) -> int:
    """Smallest ``used`` at which ``slack`` reaches x."""
    return -(-x * target // MICRO) - 1000


def shrunk(mean: int, own: tuple[int, int] | None) -> int:
    """Handle time of an Agent in a class, drawn towards the class mean by 20 observations."""
    if own is None:
        return mean
    total, count = own
    return (total + 20 * mean) // (count + 20)


def ageing(used: int, target: int) -> int:
    """Points for waiting past the target: a tenth per hour, so that nothing starves."""
    return max(0, used - target) * _AGEING // _HOUR_MS


def item_score(weight_milli: int, used: int, target: int, handle_ms: int) -> int:
    """Score of an item for an Agent who frees: the highest is served."""
    x = slack(used, target)
    return weight_milli * x * SCALE // (handle_ms * 1000) + ageing(used, target)


class AgentTerms(NamedTuple):
    """The score of an Agent for an item, term by term; the lowest total is chosen."""

    flex: int
    speed: int
    idle: int
    keep: int
    level: int
    sticky: int
    interrupt: int = 0

    @property
    def total(self) -> int:
        """Sum of all terms."""
        return sum(self)


def speed_term(handle_ms: int, mean: int) -> int:
    """How slow an Agent is in a class; 1,000,000 is the mean."""
    return handle_ms * MICRO // mean


def idle_term(idle_ms: int, points: int = IDLE_POINTS) -> int:
    """Reward for having been idle, up to ten minutes (negative)."""
    return -(min(max(idle_ms, 0), IDLE_CAP_MS) * points // IDLE_CAP_MS)

"""What the router holds in memory of one WorkItem and of one Agent."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from uuid import UUID

from polyphony.domain.capacity import COSTS, Cost, cost_of
from polyphony.domain.presence import Mode, Status, takes
from polyphony.domain.routing.classes import (
    START_SHIFT,
    Chain,
    Curve,
    Line,
    Profile,
    key_of,
)
from polyphony.domain.routing.facts import HandleClass, ItemFacts
from polyphony.domain.work import WorkState

if TYPE_CHECKING:
    from polyphony.domain.offer import Exclusion

LEAST_UNITS = min(cost.units for cost in COSTS.values())
NONE: Mapping[Any, Any] = MappingProxyType({})
"""Nothing, one for all: what each of a hundred thousand has for itself is never in a cache."""
LIMBO = -1
"""Version of a thing whose truth must be read again before anything is decided about it."""


class Item:
    """A WorkItem in memory; ``tag`` is its id as an integer.

    Of a hundred thousand no two lie near each other: what is equal for many is kept by its curve,
    what is asked rarely by its facts, so that a decision touches and frees little.
    """

    __slots__ = (
        "agent",
        "apart",
        "chain",
        "curve",
        "deadline",
        "exclusions",
        "facts",
        "held_for",
        "hold_until",
        "id",
        "key",
        "ladder_due",
        "state",
        "step",
        "sticky",
        "tag",
        "version",
        "widened",
    )

    def __init__(self, identifier: UUID) -> None:
        self.id = identifier
        self.tag = identifier.int
        self.version = LIMBO
        self.chain: Chain | None = None
        self.agent: Agent | None = None
        self.held_for: Agent | None = None
        self.apart: Mapping[int, int] = NONE  # agents kept away until a moment
        self.ladder_due: int | None = None
        self.widened = 0

    def take(self, facts: ItemFacts, curve: Curve) -> None:
        """Take over newer facts; whoever holds it is set by the state."""
        self.facts = facts
        self.version = facts.version
        self.state = facts.state
        self.step = facts.ladder_step
        self.sticky = facts.sticky.int if facts.sticky is not None else None
        self.hold_until = facts.hold_until
        self.deadline = facts.deadline
        self.exclusions: Mapping[int, Exclusion] = NONE
        if facts.exclusions:
            self.exclusions = {one.agent.int: one for one in facts.exclusions}
        self.rest_on(curve)

    def rest_on(self, curve: Curve) -> None:
        """Take the weight and order a policy gives."""
        self.curve = curve
        since = self.facts.since
        self.key = key_of(curve.line.hours.axis(since) - self.facts.used_ms, since, self.id)

    @property
    def line(self) -> Line:
        """Its Queue."""
        return self.curve.line

    @property
    def start(self) -> int:
        """Working ms of its Queue at which its response clock began."""
        return self.key >> START_SHIFT

    def excludes(self, agent: int, now: int) -> bool:
        """Tell whether an Agent (by tag) gets no Offer of it now."""
        if self.apart.get(agent, 0) > now:
            return True
        one = self.exclusions.get(agent)
        if one is None:
            return False
        used = self.line.axis(now) - self.start
        return one.holds(now, target_used=used + 1000 >= self.curve.target)


Place = tuple[list[tuple[int, int]], tuple[int, int]]
"""A list of the free, and the entry of one of them in it: idle since, tag."""


class Agent:
    """An Agent in memory; ``used`` counts the units of all items he holds."""

    __slots__ = (
        "cap",
        "enrolled",
        "excluded",
        "exclusive",
        "handled",
        "held",
        "id",
        "idle_since",
        "items",
        "listed",
        "misses",
        "modes",
        "on",
        "profile",
        "signed_in",
        "status",
        "tag",
        "used",
        "version",
    )

    def __init__(self, identifier: UUID, profile: Profile) -> None:
        self.id = identifier
        self.tag = identifier.int
        self.version = LIMBO
        self.status = Status.OFFLINE
        self.modes: dict[str, Mode] = {}
        self.on: frozenset[str] = frozenset()
        self.profile = profile
        self.cap = 0
        self.used = 0
        self.exclusive = 0
        self.idle_since = 0
        self.misses: Mapping[str, int] = NONE
        self.handled: Mapping[HandleClass, tuple[int, int]] = NONE
        self.items: list[Item] = []
        self.held: frozenset[int] = frozenset()  # items kept for him
        self.excluded: frozenset[int] = frozenset()  # items he may not get (perhaps lapsed)
        self.listed: tuple[Place, ...] = ()
        self.signed_in = False
        self.enrolled = False  # counted among the skilled of his profile


@cache
def costs_of(on: frozenset[str]) -> tuple[tuple[str, Cost], ...]:
    """Channels with what one more item on each would cost."""
    return tuple((channel, cost_of(channel)) for channel in sorted(on))


def fits_now(item: Item, agent: Agent) -> bool:
    """Tell whether an Agent takes this channel now and the item fits beside what he holds."""
    curve = item.curve
    if curve.channel not in agent.on or agent.exclusive or (curve.exclusive and agent.used):
        return False
    return agent.used + curve.units <= agent.cap


def reaches(item: Item, agent: Agent) -> bool:
    """Tell whether an Offer may stay with an Agent: he takes the channel, or a person chose him."""
    mode = agent.modes.get(item.curve.channel, Mode.OFF)
    return takes(mode, by_hand=item.facts.by_hand)


def handle_ms(agent: Agent, queue: UUID, channel: str, mean: int) -> int:
    """Handle time of an Agent in a class, in ms."""
    own = agent.handled.get((queue, channel)) if agent.handled else None
    return mean if own is None else (own[0] + 20 * mean) // (own[1] + 20)


def is_waiting(item: Item) -> bool:
    """Tell whether an item waits in a class or is kept for somebody."""
    return item.state is WorkState.WAITING and (item.chain is not None or item.held_for is not None)

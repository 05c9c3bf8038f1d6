"""What the router holds in memory of one WorkItem and of one Agent."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from uuid import UUID

from polyphony.domain.capacity import UNITS_MAX, Cost
from polyphony.domain.presence import Mode, Status, takes
from polyphony.domain.routing.classes import (
    START_SHIFT,
    Chain,
    Curve,
    Line,
    Profile,
    key_of,
    klass_of,
)
from polyphony.domain.routing.facts import HandleClass, ItemFacts
from polyphony.domain.routing.reserve import SPOKEN
from polyphony.domain.work import HELD, WorkState

if TYPE_CHECKING:
    from polyphony.domain.offer import Exclusion

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
        "asked_at",
        "blocker",
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
        "overflow_due",
        "render_by",
        "state",
        "step",
        "sticky",
        "suspended_at",
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
        self.overflow_due: int | None = None
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
        self.render_by = facts.render_by
        self.suspended_at = facts.suspended_at
        self.asked_at = facts.ask_back_at
        self.blocker = facts.blocker
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
        return one.holds(now, target_used=self.target_used(now))

    def target_used(self, now: int) -> bool:
        """Tell whether no part of its target is left."""
        return self.line.axis(now) - self.start + 1000 >= self.curve.target


Place = tuple[list[tuple[int, int]], tuple[int, int]]
"""A list of the free, and the entry of one of them in it: idle since, tag."""


class Agent:
    """An Agent in memory; ``used`` counts the units of all items he holds."""

    __slots__ = (
        "asleep",
        "cap",
        "caps",
        "enrolled",
        "excluded",
        "exclusive",
        "flex",
        "handled",
        "held",
        "id",
        "idle_since",
        "items",
        "listed",
        "misses",
        "modes",
        "on",
        "open",
        "own",
        "profile",
        "signed_in",
        "status",
        "tag",
        "used",
        "version",
        "voice",
        "whole",
    )

    def __init__(self, identifier: UUID, profile: Profile) -> None:
        self.id = identifier
        self.tag = identifier.int
        self.version = LIMBO
        self.status = Status.OFFLINE
        self.modes: dict[str, Mode] = {}
        self.on: frozenset[str] = frozenset()
        self.open: frozenset[str] = frozenset()  # without those on which he has as many as he may
        self.voice = False  # on a channel calls come by
        self.whole = False  # counted among those who could take a call now
        self.profile = profile
        self.cap = 0
        self.caps: Mapping[str, int] = NONE  # most items of a channel at once
        self.used = 0
        self.exclusive = 0
        self.idle_since = 0
        self.misses: Mapping[str, int] = NONE
        self.handled: Mapping[HandleClass, tuple[int, int]] = NONE
        self.own: Mapping[str, tuple[int, int]] = NONE  # the same by the name of the class
        self.items: list[Item] = []
        self.asleep = 0  # of them suspended
        self.flex = 0  # how much of a generalist he is, in micro
        self.held: frozenset[int] = frozenset()  # items kept for him
        self.excluded: frozenset[int] = frozenset()  # items he may not get (perhaps lapsed)
        self.listed: tuple[Place, ...] = ()
        self.signed_in = False
        self.enrolled = False  # counted among the skilled of his profile

    def be_on(self, on: frozenset[str]) -> None:
        """Be present on these channels and no others."""
        self.on = on
        self.voice = not SPOKEN.isdisjoint(on)
        self.count()

    def count(self) -> None:
        """See on which channels he may have one item more."""
        self.open = self.on
        if self.caps:
            held = [item.curve.channel for item in self.items if item.state in HELD]
            self.open = frozenset(
                one for one in self.on if held.count(one) < self.caps.get(one, UNITS_MAX)
            )

    def learn(self, handled: Mapping[HandleClass, tuple[int, int]]) -> None:
        """Take over his own handle times."""
        self.handled, self.own = NONE, NONE
        if handled:
            self.handled = dict(handled)
            self.own = {klass_of(*one): times for one, times in handled.items()}


Costs = tuple[tuple[str, Cost], ...]
"""Channels with what one more item on each would cost."""


def fits_now(item: Item, agent: Agent) -> bool:
    """Tell whether an Agent takes this channel now and the item fits beside what he holds."""
    return fits(item.curve, agent)


def fits(curve: Curve, agent: Agent) -> bool:
    """Tell the same of any item of a curve."""
    if curve.channel not in agent.open or agent.exclusive or (curve.exclusive and agent.used):
        return False
    return agent.used + curve.units <= agent.cap


def reaches(item: Item, agent: Agent) -> bool:
    """Tell whether an Offer may stay with an Agent: he takes the channel, or a person chose him."""
    mode = agent.modes.get(item.curve.channel, Mode.OFF)
    return takes(mode, by_hand=item.facts.by_hand)


def handle_ms(agent: Agent, curve: Curve) -> int:
    """Handle time of an Agent in the class of a curve, in ms."""
    own = agent.own.get(curve.klass) if agent.own else None
    return curve.mean if own is None else (own[0] + 20 * curve.mean) // (own[1] + 20)


def is_waiting(item: Item) -> bool:
    """Tell whether an item waits in a class or is kept for somebody."""
    return item.state is WorkState.WAITING and (item.chain is not None or item.held_for is not None)

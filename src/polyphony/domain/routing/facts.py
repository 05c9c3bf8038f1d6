"""What routing may know of items and agents, as inputs with a version and a moment each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from polyphony.domain.capacity import COSTS, INTERRUPTS, Cost
from polyphony.domain.offer import MISS_LIMIT_ALL, Exclusion
from polyphony.domain.overflow import Rule
from polyphony.domain.presence import Mode, Status
from polyphony.domain.routing.ladder import DEFAULT, Ladder
from polyphony.domain.routing.score import WEIGHTS, Weights
from polyphony.domain.service_hours import ROUND_THE_CLOCK, ServiceHours
from polyphony.domain.skill import Requirement
from polyphony.domain.work import WorkState

HandleClass = tuple[UUID, str]
"""Queue and channel: whose handle times are comparable."""


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """All that routing knows of a WorkItem; moments in epoch ms, amounts in working ms.

    ``since`` is the waiting start, ``used_ms`` what the response clock had consumed then.
    ``hold_until`` keeps it for ``sticky``; ``deadline`` is that of its live Offer, ``by_hand`` says
    that a person chose whom it is offered to. ``moved_at`` is the moment of its last move: when an
    Agent was released by it, if it released one. ``boost_milli`` multiplies its weight,
    ``visited`` are the Queues it overflowed from in ``moves`` moves, ``overflow`` says that it may.
    ``suspended_at`` is since when it is interrupted (0 = it is not), ``ask_back_at`` when its Agent
    was asked whether he gives it back (None = not yet); ``require_direct`` keeps it for the
    person it was sent to. ``blocker`` is the last reason the router noted, ``render_by`` until when
    the card of its Offer must be on a screen, where Offers accept themselves.
    """

    id: UUID
    version: int
    at: int
    state: WorkState
    queue: UUID
    channel: str
    units: int
    target_ms: int
    since: int
    exclusive: bool = False
    used_ms: int = 0
    tier: str = "standard"
    urgency: str = "normal"
    requirements: tuple[Requirement, ...] = ()
    ladder_step: int = 0
    agent: UUID | None = None
    sticky: UUID | None = None
    hold_until: int | None = None
    deadline: int | None = None
    moved_at: int = 0
    exclusions: tuple[Exclusion, ...] = ()
    by_hand: bool = False
    boost_milli: int = 1000
    visited: tuple[UUID, ...] = ()
    moves: int = 0
    overflow: bool = True
    suspended_at: int = 0
    ask_back_at: int | None = None
    require_direct: bool = False
    blocker: str = ""
    render_by: int | None = None


@dataclass(frozen=True, slots=True)
class AgentFacts:
    """All that routing knows of an Agent; ``version`` is that of the Presence.

    ``modes`` per channel he has a right for, ``queues`` maps a Queue to the member's rank,
    ``handled`` maps a handle class to (sum of own ms, number) of the last 28 days. ``cap_channels``
    is the most items of a channel at once, ``lent_until`` the end of a loan to other Queues.
    """

    id: UUID
    version: int
    at: int
    status: Status
    modes: Mapping[str, Mode]
    skills: Mapping[str, int] = field(default_factory=dict)
    queues: Mapping[UUID, int] = field(default_factory=dict)
    cap_max: int = 100
    idle_since: int = 0
    misses: Mapping[str, int] = field(default_factory=dict)
    handled: Mapping[HandleClass, tuple[int, int]] = field(default_factory=dict)
    cap_channels: Mapping[str, int] = field(default_factory=dict)
    lent_until: int | None = None


@dataclass(frozen=True, slots=True)
class Tick:
    """Time passed."""

    at: int


@dataclass(frozen=True, slots=True)
class Refused:
    """The database did not take a decision about this pair: forget both until fresh facts come.

    The same pair is kept apart for a second, so that a lasting difference between state and tables
    costs one transaction a second and not one a millisecond.
    """

    at: int
    item: UUID
    agent: UUID | None = None


@dataclass(frozen=True, slots=True)
class Gone:
    """An item or agent that is no longer there at all."""

    at: int
    id: UUID


@dataclass(frozen=True, slots=True)
class Pace:
    """How much live work comes in and how long Queues let wait; told every 30 s.

    ``pools``: language skill (else Queue) → (arrivals of the last 30 minutes, mean handle ms);
    ``waits``: Queue → expected wait in ms, as far as it is known.
    """

    at: int
    pools: Mapping[str, tuple[int, int]]
    waits: Mapping[UUID, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rendered:
    """The card of an Offer that accepts itself is on the Agent's screen."""

    at: int
    item: UUID
    agent: UUID


Input = ItemFacts | AgentFacts | Tick | Refused | Gone | Pace | Rendered


@dataclass(frozen=True, slots=True)
class QueuePolicy:
    """What routing may know of a Queue.

    ``reserve`` is how many whole Agents it keeps free (None = by the rule), ``closed_today`` the
    moment until which it is closed whatever its hours say (``open_today``: open), ``x_floor`` the
    share of the target (micro) its items count as used at least, ``misses`` its own limits by
    channel, ``overflow`` what may happen to work that waits.
    """

    hours: ServiceHours = ROUND_THE_CLOCK
    weight_milli: int = 1000
    delivery: str = "push"
    sticky: str = "prefer"
    offer_timeout_s: Mapping[str, int] = field(default_factory=dict)
    related: tuple[UUID, ...] = ()
    name: str = ""
    ladder: Ladder = DEFAULT
    ordering: str = "score"
    reserve: int | None = None
    reserve_off_ms: int = 0
    paused: bool = False
    closed_today: int | None = None
    x_floor: int = 0
    misses: Mapping[str, int] = field(default_factory=dict)
    misses_all: int = MISS_LIMIT_ALL
    auto_accept: bool = False
    skip_if_nobody: bool = True
    overflow: tuple[Rule, ...] = ()
    open_today: int | None = None

    def is_open(self, at: int) -> bool:
        """Tell whether it is open: by hand for a while, else by its hours."""
        if self.closed_today is not None and at < self.closed_today:
            return False
        return (self.open_today is not None and at < self.open_today) or self.hours.is_open(at)

    def closes(self, at: int) -> int | None:
        """End of the working day; ``at`` itself while it is closed by hand, None = never."""
        if self.closed_today is not None and at < self.closed_today:
            return at
        by_hours = self.hours.closes(at)
        if self.open_today is None or at >= self.open_today:
            return by_hours
        by_hours = by_hours if by_hours is not None and self.hours.is_open(at) else None
        return max(self.open_today, by_hours or 0)


SeenClass = tuple[UUID, str, tuple[Requirement, ...]]


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules of one version; a new version makes the state index itself anew.

    ``seen`` are the requirement classes of the last 28 days and ``languages`` the language skills:
    from both follows how much of a generalist an Agent is. ``handle_ms`` are class means.
    ``costs`` are units by channel, ``interrupts`` pairs of (channel that arrives, channel held).
    ``outages`` are channels of which nothing is offered.
    """

    version: int
    queues: Mapping[UUID, QueuePolicy] = field(default_factory=dict)
    handle_ms: Mapping[HandleClass, int] = field(default_factory=dict)
    languages: frozenset[str] = frozenset()
    seen: tuple[SeenClass, ...] = ()
    skip_if_nobody: bool = True
    costs: Mapping[str, Cost] = field(default_factory=lambda: COSTS)
    interrupts: frozenset[tuple[str, str]] = INTERRUPTS
    weights: Weights = WEIGHTS
    outages: frozenset[str] = frozenset()


NO_QUEUE = QueuePolicy()

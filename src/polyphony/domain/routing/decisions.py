"""What the router decided, each with its reasons; flows carry it out or report it refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from polyphony.domain.offer import Exclusion

Why = dict[str, Any]
"""JSON-able reasons, at most 1 KB."""


@dataclass(slots=True)
class Offer:
    """Propose an item to an Agent; versions are those the decision was made against."""

    at: int
    item: UUID
    agent: UUID
    item_version: int
    presence_version: int
    deadline: int
    units: int
    exclusive: bool
    grounds: "Grounds"

    def why(self) -> Why:
        """Return the reasons as JSON."""
        return self.grounds.why()


class Grounds(Protocol):
    """Reasons kept as they were at the moment of decision, written out only when asked for."""

    def why(self) -> Why:
        """Return the reasons as JSON."""
        ...


@dataclass(slots=True)
class Expire:
    """The deadline passed unanswered: a miss, with the exclusion and the counters that follow."""

    at: int
    item: UUID
    agent: UUID
    item_version: int
    exclusion: Exclusion
    misses: Mapping[str, int]

    def why(self) -> Why:
        """Return the reasons as JSON."""
        return {
            "code": "missed",
            "excluded_until": self.exclusion.until,
            "misses": dict(self.misses),
        }


@dataclass(slots=True)
class Withdraw:
    """Take an Offer back because something else changed; never counted as a miss."""

    at: int
    item: UUID
    agent: UUID
    item_version: int
    reason: str

    def why(self) -> Why:
        """Return the reasons as JSON."""
        return {"code": "withdrawn", "reason": self.reason}


@dataclass(slots=True)
class NotResponding:
    """An Agent let too many Offers pass: ``scope`` is a channel kind or ``all``."""

    at: int
    agent: UUID
    presence_version: int
    scope: str
    misses: Mapping[str, int]

    def why(self) -> Why:
        """Return the reasons as JSON."""
        return {"code": "not_responding", "scope": self.scope, "misses": dict(self.misses)}


@dataclass(slots=True)
class Relax:
    """A ladder step was reached: by waiting, or because nobody signed in fits the steps before."""

    at: int
    item: UUID
    before: int
    step: int
    reason: str  # waited | nobody_signed_in

    def why(self) -> Why:
        """Return the reasons as JSON."""
        return {"code": "relaxed", "from": self.before, "to": self.step, "reason": self.reason}


@dataclass(slots=True)
class Hold:
    """Keep an item for its sticky Agent, who is present but full, until a moment."""

    at: int
    item: UUID
    agent: UUID
    until: int

    def why(self) -> Why:
        """Return the reasons as JSON."""
        return {"code": "held_for_preferred", "agent": str(self.agent), "until": self.until}


@dataclass(slots=True)
class Release:
    """Let an item that was kept for somebody go to everybody."""

    at: int
    item: UUID
    reason: str  # hold_over | preferred_away

    def why(self) -> Why:
        """Return the reasons as JSON."""
        return {"code": "released", "reason": self.reason}


@dataclass(slots=True)
class Suspend:
    """Interrupt what an Agent holds for something that must not wait: its units are free."""

    at: int
    item: UUID
    agent: UUID
    item_version: int
    for_item: UUID

    def why(self) -> Why:
        """Return the reasons as JSON."""
        return {"code": "suspended", "for": str(self.for_item)}


@dataclass(slots=True)
class Resume:
    """Let an interrupted item go on with the Agent who had it."""

    at: int
    item: UUID
    agent: UUID
    item_version: int

    def why(self) -> Why:
        """Return the reasons as JSON."""
        return {"code": "resumed"}


@dataclass(slots=True)
class AskBack:
    """Ask an Agent whether he gives an interrupted item back; at a moment it goes by itself."""

    at: int
    item: UUID
    agent: UUID
    until: int | None

    def why(self) -> Why:
        """Return the reasons as JSON."""
        return {"code": "asked_back", "until": self.until}


@dataclass(slots=True)
class GiveBack:
    """Return an interrupted item to its Queue."""

    at: int
    item: UUID
    agent: UUID
    item_version: int
    reason: str

    def why(self) -> Why:
        """Return the reasons as JSON."""
        return {"code": "given_back", "reason": self.reason}


@dataclass(slots=True)
class MoveQueue:
    """Let an item overflow into another Queue, with its waiting start."""

    at: int
    item: UUID
    item_version: int
    source: UUID
    target: UUID
    reason: str

    def why(self) -> Why:
        """Return the reasons as JSON."""
        return {"code": "overflowed", "from": str(self.source), "reason": self.reason}


@dataclass(slots=True)
class Blocked:
    """An item waits for a new reason; noted when the reason changes."""

    at: int
    item: UUID
    reason: str

    def why(self) -> Why:
        """Return the reasons as JSON."""
        return {"code": "blocked", "reason": self.reason}


@dataclass(slots=True)
class OfferCallback:
    """Propose to call a customer back instead of letting him wait."""

    at: int
    item: UUID
    queue: UUID

    def why(self) -> Why:
        """Return the reasons as JSON."""
        return {"code": "callback_offered"}


@dataclass(slots=True)
class Alert:
    """Tell those who lead that something needs them; about an item, a Queue or an Agent."""

    at: int
    code: str
    item: UUID | None = None
    queue: UUID | None = None
    agent: UUID | None = None

    def why(self) -> Why:
        """Return the reasons as JSON."""
        return {"code": self.code}


Decision = (
    Offer
    | Expire
    | Withdraw
    | NotResponding
    | Relax
    | Hold
    | Release
    | Suspend
    | Resume
    | AskBack
    | GiveBack
    | MoveQueue
    | Blocked
    | OfferCallback
    | Alert
)

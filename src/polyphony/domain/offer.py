"""Offer: one WorkItem proposed to one Agent until a deadline; states, moves, what follows."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from polyphony.domain.errors import Invalid, Refusal
from polyphony.domain.move import By, Moved, Table


class OfferState(StrEnum):
    """Where an Offer is; all but ``offered`` are final."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    MISSED = "missed"
    WITHDRAWN = "withdrawn"


class OfferMove(StrEnum):
    """What can happen to an Offer once it is made."""

    ACCEPT = "accept"
    DECLINE = "decline"
    MISS = "miss"
    WITHDRAW = "withdraw"


_OFFERED = OfferState.OFFERED
TABLE = Table(
    "offer",
    {
        (_OFFERED, OfferMove.ACCEPT): OfferState.ACCEPTED,
        (_OFFERED, OfferMove.DECLINE): OfferState.DECLINED,
        (_OFFERED, OfferMove.MISS): OfferState.MISSED,
        (_OFFERED, OfferMove.WITHDRAW): OfferState.WITHDRAWN,
    },
    {
        (_OFFERED, OfferMove.ACCEPT): frozenset({By.AGENT, By.SYSTEM}),
        (_OFFERED, OfferMove.DECLINE): frozenset({By.AGENT}),
        (_OFFERED, OfferMove.MISS): frozenset({By.TIMER}),
        (_OFFERED, OfferMove.WITHDRAW): frozenset({By.SYSTEM, By.SUPERVISOR, By.ROUTER}),
    },
    {
        (_OFFERED, OfferMove.ACCEPT): ("take_work", "reset_misses"),
        (_OFFERED, OfferMove.DECLINE): ("exclude_agent", "return_work"),
        (_OFFERED, OfferMove.MISS): ("exclude_agent", "count_miss", "return_work"),
        (_OFFERED, OfferMove.WITHDRAW): ("return_work",),
    },
)
MOVES, WHO = TABLE.moves, TABLE.who

TIMEOUT_S: Mapping[str, int] = {
    "voice": 15,
    "video": 15,
    "visit": 60,
    "callback": 30,
    "chat": 30,
    "messenger": 60,
    "sms": 120,
    "social": 120,
    "email": 120,
    "letter": 300,
    "case_step": 300,
}
"""Seconds an Offer lives, by channel kind; a Queue may say otherwise."""
MISS_LIMIT: Mapping[str, int] = {
    "voice": 1,
    "video": 1,
    "visit": 1,
    "callback": 1,
    "chat": 1,
    "messenger": 2,
    "sms": 2,
    "social": 2,
    "email": 3,
    "letter": 3,
    "case_step": 3,
}
"""Misses in a row on one channel that make the Agent not responding there."""
MISS_LIMIT_ALL = 3
"""Misses in a row over all channels that make the whole status ``not_responding``."""
RENDER_MS = 3000
"""So long the card of an Offer that accepts itself may take to be painted; later it is a miss."""
NEVER_AUTO = frozenset({"visit", "callback"})
"""Channels whose Offers are never accepted for somebody: a person stands there or is called."""
CONFLICT = "conflict"
"""The reason of a decline that keeps somebody away for ever: a conflict of interest."""
DECLINED_MS = 300_000
MISSED_MS = 60_000
ALL = "all"


@dataclass(frozen=True, slots=True)
class Exclusion:
    """An Agent who gets no Offer of one WorkItem; ``until`` in epoch ms, None = this whole stay.

    ``declined`` lapses when the target is used up (x ≥ 1), ``missed`` with its time, ``conflict``
    (of interest) never.
    """

    agent: UUID
    until: int | None
    reason: str
    times: int = 1

    def holds(self, at: int, *, target_used: bool) -> bool:
        """Tell whether it still keeps the Agent away at a moment (epoch ms)."""
        if self.reason == CONFLICT:
            return True
        if self.reason == "declined" and target_used:
            return False
        return self.until is None or self.until > at


def move(state: OfferState, what: OfferMove, by: By) -> Moved[OfferState] | Refusal:
    """Decide one move of an Offer: state is the truth, not the clock."""
    return TABLE.decide(state, what, by)


def accepts_itself(channel: str, *, of_queue: bool) -> bool:
    """Tell whether an Offer is taken as soon as its card is seen."""
    return of_queue and channel not in NEVER_AUTO


def timeout_ms(
    channel: str, of_queue: Mapping[str, int] | None = None, *, auto: bool = False
) -> int:
    """Milliseconds an Offer on this channel lives; unknown channels count as e-mail.

    ``auto``: the Queue accepts for the Agent, and only the painting of the card is waited for.
    """
    if accepts_itself(channel, of_queue=auto):
        return RENDER_MS
    own = (of_queue or {}).get(channel)
    return (own or TIMEOUT_S.get(channel, TIMEOUT_S["email"])) * 1000


def after_decline(
    agent: UUID, at: int, declines_before: int, reason: str | None = None
) -> Exclusion:
    """Keep a decliner away: 300 s, after a second decline for the rest of the stay.

    Who declined for a conflict of interest never gets it.
    """
    if reason == CONFLICT:
        return Exclusion(agent, None, CONFLICT, declines_before + 1)
    until = None if declines_before else at + DECLINED_MS
    return Exclusion(agent, until, "declined", declines_before + 1)


def after_miss(
    agent: UUID, at: int, before: Exclusion | None = None, *, target_used: bool = False
) -> Exclusion:
    """Keep away who did not answer for 60 s; a decline that reaches further stays as it is.

    Once the target is used no decline keeps anybody away: then the miss counts by itself.
    """
    until = at + MISSED_MS
    if before is not None and target_used and before.reason == "declined":
        return Exclusion(agent, until, "missed", 1)
    if before is not None and before.reason != "missed":
        if before.reason == CONFLICT or before.until is None or before.until > until:
            return before
        return Exclusion(agent, until, before.reason, before.times)
    return Exclusion(agent, until, "missed", before.times + 1 if before else 1)


def count_miss(
    misses: Mapping[str, int],
    channel: str,
    limits: Mapping[str, int] | None = None,
    limit_all: int = MISS_LIMIT_ALL,
) -> tuple[dict[str, int], str | None]:
    """Count one miss; return the counters and where the Agent is now not responding.

    The second value is None, the channel kind, or ``all``. ``limits`` and ``limit_all`` are those
    of the Queue that was missed.
    """
    counted = dict(misses)
    counted[channel] = counted.get(channel, 0) + 1
    counted[ALL] = counted.get(ALL, 0) + 1
    if counted[ALL] >= limit_all:
        return counted, ALL
    limit = (limits or {}).get(channel) or MISS_LIMIT.get(channel, MISS_LIMIT["email"])
    if counted[channel] >= limit:
        return counted, channel
    return counted, None


def check_reason(reason: str | None, of_queue: Collection[str]) -> None:
    """Demand a reason from the Queue's list when it has one; raise Invalid otherwise.

    A conflict of interest may always be said.
    """
    if of_queue and reason not in of_queue and reason != CONFLICT:
        raise Invalid("offer.reason_needed", {"reasons": sorted(of_queue)})

"""Queue: a line of WorkItems of one Department, its defaults and what new work in it needs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from polyphony.domain.ids import DepartmentId, QueueId
from polyphony.domain.skill import Requirement, RequirementKind
from polyphony.domain.sla import first_response_ms, resolution_ms

STICKY_FOR = timedelta(hours=72)
"""How long the last Agent of a Customer stays preferred."""


class DeliveryMode(StrEnum):
    """How work reaches people: offered, asked for one by one, or claimed from a list."""

    PUSH = "push"
    PULL = "pull"
    OPEN = "open"


class Sticky(StrEnum):
    """How strongly a Queue holds on to the Agent who knows the matter."""

    OFF = "off"
    PREFER = "prefer"
    REQUIRE = "require"


@dataclass(frozen=True, slots=True)
class Queue:
    """A line of WorkItems; times in seconds, weight in thousandths, targets per channel kind."""

    id: QueueId
    department: DepartmentId
    name: str
    calendar: UUID | None = None
    channels: tuple[str, ...] = ()
    delivery: DeliveryMode = DeliveryMode.PUSH
    requirements: tuple[Requirement, ...] = ()
    weight_milli: int = 1000
    offer_timeout_s: Mapping[str, int] = field(default_factory=dict)
    auto_accept: bool = False
    decline_reasons: tuple[str, ...] = ()
    wrap_up_s: int = 0
    disposition_required: bool = False
    sticky: Sticky = Sticky.PREFER
    targets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    max_waiting: int | None = None


def target_ms(targets: Mapping[str, Mapping[str, int]], channel: str, tier: str) -> int:
    """First-answer target of new work, in working ms: the Queue's own, else the channel's."""
    own = targets.get(channel, {}).get("first_response_s")
    return own * 1000 if own else first_response_ms(channel, tier)


def resolution_target_ms(targets: Mapping[str, Mapping[str, int]], channel: str) -> int:
    """Resolution target of a new Case, in working ms: the Queue's own, else the channel's."""
    own = targets.get(channel, {}).get("resolution_s")
    return own * 1000 if own else resolution_ms(channel)


def needs(
    of_queue: Iterable[Requirement], chosen: Iterable[Requirement]
) -> tuple[Requirement, ...]:
    """Merge what the Queue and the rules ask: per skill the stricter kind and the higher level."""
    order = [kind.value for kind in RequirementKind]
    merged: dict[str, Requirement] = {}
    for need in (*of_queue, *chosen):
        known = merged.get(need.skill, need)
        kind = min(known.kind, need.kind, key=lambda one: order.index(one.value))
        level = max(known.min_level, need.min_level)
        substitutes = tuple(dict.fromkeys((*known.substitutes, *need.substitutes)))
        merged[need.skill] = Requirement(need.skill, level, kind, substitutes)
    return tuple(merged[skill] for skill in sorted(merged))


def takes(channels: Sequence[str], channel: str) -> bool:
    """Tell whether work of a channel may enter a Queue; none named = all."""
    return not channels or channel in channels


def moved(
    of_item: Iterable[Requirement], old: Iterable[Requirement], new: Iterable[Requirement]
) -> tuple[Requirement, ...]:
    """What work asks in another Queue: what the old one asked goes, what the matter asks stays."""
    gone = {(one.skill, one.min_level, one.kind) for one in old}
    own = [one for one in of_item if (one.skill, one.min_level, one.kind) not in gone]
    return needs(new, own)


def sticky_agent(candidates: Sequence[UUID | None]) -> UUID | None:
    """Choose who is preferred: Case owner, agent of an open Interaction, last agent in 72 h."""
    return next((agent for agent in candidates if agent is not None), None)

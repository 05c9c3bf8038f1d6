"""Alert: something that needs those who lead; its kinds, when it is raised, when it is over."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

KEPT = timedelta(days=90)
WAITED = timedelta(seconds=60)
"""Work that waits for so long with nobody to take it is worth an alert."""
HOLDS_MS = 30_000
"""A figure beyond its threshold for so long is worth an alert; a moment is none."""
SLACK_MILLI = 50
"""It is over when the figure has gone back by so many thousandths of the threshold."""


class AlertKind(StrEnum):
    """Why those who lead are told; a closed list."""

    ALL_DECLINED = "all_declined"
    OVERFLOW_BLOCKED = "overflow_blocked"
    NONE_SIGNED_IN = "none_signed_in"
    NO_AGENT_HAS_SKILLS = "no_agent_has_skills"
    NOT_RESPONDING = "not_responding"
    RETURN_LATE = "return_late"
    THRESHOLD = "threshold"
    ESCALATION = "escalation"
    QUEUE_FULL = "queue_full"
    LEGAL_MISSING = "legal_missing"
    NEVER_OPENS = "never_opens"


OF_WORK = frozenset({
    AlertKind.ALL_DECLINED, AlertKind.OVERFLOW_BLOCKED, AlertKind.LEGAL_MISSING,
})  # fmt: skip
"""Raised by the router, or as it comes in, about one item; over when it waits no longer."""
OF_LINE = frozenset({AlertKind.QUEUE_FULL, AlertKind.NEVER_OPENS})
"""Raised about a Queue as work comes in; over when there is room again, when nothing waits."""
WATCHED = frozenset({
    AlertKind.NONE_SIGNED_IN, AlertKind.NO_AGENT_HAS_SKILLS, AlertKind.NOT_RESPONDING,
    AlertKind.RETURN_LATE, AlertKind.ESCALATION,
})  # fmt: skip
"""Looked for again and again; over when it is not found any more."""
UNSAID = frozenset({AlertKind.RETURN_LATE, AlertKind.ESCALATION})
"""Those who lead are told of them already by a notice of their own kind."""
MILD = frozenset({AlertKind.RETURN_LATE, AlertKind.NOT_RESPONDING})


@dataclass(frozen=True, slots=True)
class NewAlert:
    """Something to tell those who lead a Department: named, or that of the Queue or the Agent.

    ``key`` is what it is about: of one kind there is one alert with a key at a time.
    """

    kind: AlertKind
    key: str
    department_id: UUID | None = None
    queue_id: UUID | None = None
    agent_id: UUID | None = None
    work_item_id: UUID | None = None
    case_id: UUID | None = None
    run_id: UUID | None = None
    facts: Mapping[str, object] = field(default_factory=dict)


def is_grave(kind: str) -> bool:
    """Tell whether customers suffer while it lasts."""
    return kind not in MILD


_SHUT = frozenset({"queue_closed", "paused_by_lever", "channel_outage"})


def of_blockers(codes: Collection[str]) -> AlertKind | None:
    """Tell what is wrong with a Queue from what keeps its oldest work waiting; None = nothing.

    While it is closed or paused nobody is expected to take anything.
    """
    if _SHUT & set(codes):
        return None
    for kind in (AlertKind.NO_AGENT_HAS_SKILLS, AlertKind.NONE_SIGNED_IN):
        if kind.value in codes:
            return kind
    return None


@dataclass(slots=True)
class Limits:
    """Thresholds over time: what was beyond its mark for half a minute is told, once."""

    _since: dict[str, int] = field(default_factory=dict)
    _told: set[str] = field(default_factory=set)

    def look(self, key: str, value: int | None, mark: int, now: int, *, rising: bool) -> bool:
        """Tell whether a figure is beyond its mark by now; moments in ms.

        ``rising``: more is worse. None = nothing was counted, which is never wrong.
        """
        slack = mark * SLACK_MILLI // 1000 if key in self._told else 0
        edge = mark - slack if rising else mark + slack
        wrong = value is not None and (value >= edge if rising else value <= edge)
        if not wrong:
            self._since.pop(key, None)
            self._told.discard(key)
            return False
        if now - self._since.setdefault(key, now) >= HOLDS_MS:
            self._told.add(key)
        return key in self._told

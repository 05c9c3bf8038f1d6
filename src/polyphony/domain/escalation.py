"""Escalation: the ladder of a late promise, which rung is reached when, and what it does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from polyphony.domain.errors import Conflict, Invalid
from polyphony.domain.work import Tier, Urgency

RUNGS_MAX = 12
ROUNDS_MAX = 10
"""How often a rung is repeated at most; nobody is told a hundred times in a night."""
_MINUTE_MS = 60_000
_DAYS_MIN = 30 * 1440


class Action(StrEnum):
    """What a rung does; a closed list."""

    NOTIFY = "notify"
    PAGE = "page"  # a notice that presses: it goes to devices at any hour
    RAISE = "raise"  # urgency or tier up
    LADDER = "ladder"  # requirements relax as if more time had passed
    MOVE = "move"  # what waits goes to another Queue
    ASSIGN = "assign"  # the Case gets a lead as its owner
    NOTE = "note"
    WEBHOOK = "webhook"  # another system is told


TOLD = frozenset({Action.NOTIFY, Action.PAGE})
WHO = frozenset({"assignee", "lead", "person", "department", "on_call"})
_NAMED = frozenset({"person", "department"})


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung: when (share of the target, or minutes from the deadline) and what.

    ``to`` = (who, id) of whom it concerns; ``repeat_min`` fires it again until somebody says that
    he has it; ``ack`` = the next rung fires only when nobody has said so.
    """

    action: Action
    at_pct: int | None = None
    after_min: int | None = None
    to: tuple[tuple[str, UUID | None], ...] = ()
    queue: UUID | None = None
    urgency: str | None = None
    tier: str | None = None
    step: int | None = None
    text: str = ""
    repeat_min: int | None = None
    ack: bool = False
    hook: UUID | None = None

    def mark(self, target_ms: int) -> int:
        """Working ms consumed at which it is reached."""
        if self.at_pct is not None:
            return max(target_ms * self.at_pct // 100, 0)
        return max(target_ms + (self.after_min or 0) * _MINUTE_MS, 0)


@dataclass(frozen=True, slots=True)
class Ladder:
    """Rungs in the order they were written; they fire in the order they are reached."""

    id: UUID
    name: str
    rungs: tuple[Rung, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a clock stands on its ladder: the next rung, its round, at which consumed time."""

    rung: int
    round: int
    mark_ms: int


def first(ladder: Ladder | None, target_ms: int, *, past_ms: int = 0) -> Place | None:
    """Return where a clock begins; rungs reached before ``past_ms`` consumed are not made up."""
    if ladder is None:
        return None
    for number in order(ladder, target_ms):
        mark = ladder.rungs[number].mark(target_ms)
        if mark >= past_ms:
            return Place(number, 0, mark)
    return None


def order(ladder: Ladder, target_ms: int) -> Sequence[int]:
    """Return the rungs by the time they are reached; those of one moment as they were written."""
    return sorted(
        range(len(ladder.rungs)), key=lambda number: (ladder.rungs[number].mark(target_ms), number)
    )


def after(ladder: Ladder, place: Place, target_ms: int) -> Place | None:
    """Return what comes when a rung has fired and nobody says that he has it.

    It is repeated while the next rung is not reached; None = the ladder is at its end.
    """
    ranked = order(ladder, target_ms)
    if place.rung not in ranked:  # the ladder was made shorter meanwhile
        return None
    fired = ladder.rungs[place.rung]
    where = ranked.index(place.rung) + 1
    following = None
    if where < len(ranked):
        number = ranked[where]
        mark = max(ladder.rungs[number].mark(target_ms), place.mark_ms)
        following = Place(number, 0, mark)
    if fired.repeat_min is None or place.round + 1 >= ROUNDS_MAX:
        return following
    again = Place(place.rung, place.round + 1, place.mark_ms + fired.repeat_min * _MINUTE_MS)
    if following is not None and following.mark_ms <= again.mark_ms:
        return following
    return again


def raised(urgency: str) -> str:
    """Return the next higher urgency; the highest stays."""
    known = [one.value for one in Urgency]
    place = known.index(urgency) if urgency in known else 1
    return known[min(place + 1, len(known) - 1)]


def higher_tier(one: str, other: str) -> str:
    """Return the tier that weighs more."""
    known = [tier.value for tier in Tier]
    return max(one, other, key=lambda tier: known.index(tier) if tier in known else 0)


def may_acknowledge(rung: Rung | None, *, acknowledged: bool) -> None:
    """Refuse what cannot be acknowledged: a rung that asks nobody, or that somebody has already."""
    if acknowledged:
        raise Conflict("escalation.acknowledged")
    if rung is not None and not rung.ack and rung.repeat_min is None:
        raise Conflict("escalation.no_answer_wanted")


# ── as it is stored ─────────────────────────────────────────────────────────────────────────────

_FIELDS = frozenset(
    {"at_pct", "after_min", "action", "to", "queue_id", "urgency", "tier", "step", "text"}
    | {"repeat_min", "ack_required", "hook_id"}
)


def ladder_of(id_: UUID, name: str, raw: Sequence[Mapping[str, Any]]) -> Ladder:
    """Read a ladder as it is stored; raise Invalid with the number of the rung that is wrong."""
    if not 1 <= len(raw) <= RUNGS_MAX:
        raise Invalid("escalation.rungs", {"max": RUNGS_MAX})
    return Ladder(id_, name, tuple(_rung(one, number) for number, one in enumerate(raw)))


def _rung(raw: Mapping[str, Any], number: int) -> Rung:
    strange = sorted(raw.keys() - _FIELDS)
    if strange:
        raise _wrong(number, "fields", names=strange[:10])
    try:
        rung = Rung(
            Action(str(raw.get("action"))),
            raw.get("at_pct"),
            raw.get("after_min"),
            tuple(_to(one) for one in raw.get("to") or ()),
            UUID(str(raw["queue_id"])) if raw.get("queue_id") else None,
            raw.get("urgency"),
            raw.get("tier"),
            raw.get("step"),
            str(raw.get("text") or "")[:500],
            raw.get("repeat_min"),
            bool(raw.get("ack_required")),
            UUID(str(raw["hook_id"])) if raw.get("hook_id") else None,
        )
    except (ValueError, TypeError, KeyError) as wrong:
        raise _wrong(number, "value") from wrong
    _check(rung, number)
    return rung


def _to(raw: Mapping[str, Any]) -> tuple[str, UUID | None]:
    who = str(raw["who"])
    if who not in WHO:
        raise ValueError(who)
    id_ = UUID(str(raw["id"])) if raw.get("id") else None
    if (id_ is None and who in _NAMED) or (id_ is not None and who == "assignee"):
        raise ValueError(who)
    return who, id_


def _check(rung: Rung, number: int) -> None:
    if (rung.at_pct is None) == (rung.after_min is None):
        raise _wrong(number, "when")
    if rung.at_pct is not None and not _whole(rung.at_pct, 1, 1000):
        raise _wrong(number, "at_pct")
    if rung.after_min is not None and not _whole(rung.after_min, -_DAYS_MIN, _DAYS_MIN):
        raise _wrong(number, "after_min")
    if rung.repeat_min is not None and not _whole(rung.repeat_min, 1, 1440):
        raise _wrong(number, "repeat_min")
    _check_action(rung, number)


def _check_action(rung: Rung, number: int) -> None:
    if rung.action in TOLD and not rung.to:
        raise _wrong(number, "to")
    if rung.action is Action.MOVE and rung.queue is None:
        raise _wrong(number, "queue_id")
    if rung.action is Action.WEBHOOK and rung.hook is None:
        raise _wrong(number, "hook_id")
    if rung.action is Action.RAISE and not (rung.urgency or rung.tier):
        raise _wrong(number, "raise")
    if rung.urgency not in {None, "up", *Urgency} or rung.tier not in {None, *Tier}:
        raise _wrong(number, "raise")
    if rung.action is Action.LADDER and not _whole(rung.step, 1, 8):
        raise _wrong(number, "step")
    if rung.action is Action.NOTE and not rung.text.strip():
        raise _wrong(number, "text")


def _whole(value: object, low: int, high: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _wrong(number: int, what: str, **more: object) -> Invalid:
    return Invalid("escalation.rung", {"rung": number, "field": what, **more})

"""Bulk: what can be done with many Cases at once, what it needs, and for how long it is undone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from polyphony.domain.errors import Invalid
from polyphony.domain.permission import Act

ROWS_MAX = 100_000
SMALL = 1_000
"""A job of at most so many rows can be undone for longer."""
UNDO_FOR, UNDO_SMALL_FOR = timedelta(seconds=10), timedelta(minutes=10)


class Action(StrEnum):
    """What a job does with each of its Cases."""

    ASSIGN = "assign"
    QUEUE = "queue"
    TAGS = "tags"
    PRIORITY = "priority"
    STATUS = "status"
    SNOOZE = "snooze"
    MERGE = "merge"
    DISCARD = "discard"
    MACRO = "macro"


@dataclass(frozen=True, slots=True)
class Rule:
    """What an action must be given, which right it needs, and which values it changes."""

    args: frozenset[str]
    act: Act
    changes: tuple[str, ...]


_WRITE = Act.WRITE
RULES: Mapping[Action, Rule] = {
    Action.ASSIGN: Rule(frozenset({"agent_id"}), _WRITE, ("work", "owner")),
    Action.QUEUE: Rule(frozenset({"queue_id"}), _WRITE, ("work",)),
    Action.TAGS: Rule(frozenset({"add", "remove"}), _WRITE, ("tags",)),
    Action.PRIORITY: Rule(frozenset({"priority"}), _WRITE, ("priority",)),
    Action.STATUS: Rule(frozenset({"move"}), _WRITE, ("state",)),
    Action.SNOOZE: Rule(frozenset({"until"}), _WRITE, ("work", "due_at", "snooze")),
    Action.MERGE: Rule(frozenset({"into"}), _WRITE, ("state", "merged_into")),
    Action.DISCARD: Rule(frozenset(), _WRITE, ("state",)),
    Action.MACRO: Rule(frozenset({"macro_id"}), _WRITE, ()),
}
"""Assigning somebody else than oneself needs more: see ``flows.bulk``. A macro may have answered
customers, which nobody can take back: it changes nothing that could be undone."""


def undo_until(rows: int) -> timedelta:
    """Return how long after its end a job can be undone."""
    return UNDO_SMALL_FOR if rows <= SMALL else UNDO_FOR


def check(action: Action, args: Mapping[str, object]) -> None:
    """Raise Invalid when an action is given too little or what it does not know."""
    known = RULES[action].args
    if action is Action.TAGS:
        if not set(args) <= known or not any(args.get(one) for one in known):
            raise Invalid("bulk.args", {"needs": sorted(known)})
    elif set(args) != known:
        raise Invalid("bulk.args", {"needs": sorted(known)})


def untouched(action: Action, left: Mapping[str, object], now: Mapping[str, object]) -> bool:
    """Tell whether everything the action changed is still as it left it."""
    return all(left.get(one) == now.get(one) for one in RULES[action].changes)

"""Ladders: how needs relax with waiting; every step only widens who may serve."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from polyphony.domain.routing.score import MICRO
from polyphony.domain.skill import Requirement, RequirementKind

THRESHOLDS = (MICRO // 2, MICRO * 8 // 10, MICRO)
"""Share of the target used (micro) at which steps 1, 2 and 3 begin."""
STEPS = len(THRESHOLDS) + 1
LAST = STEPS - 1
_LOWERED, _DROPPED = 1, 2


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a ladder: when it begins, and what it adds to those before.

    It begins at a share of the target used (``at_x``, micro) or at so much of it (``at_ms``).
    ``drop`` are skills no longer asked for, ``lower`` skills with the levels they may be lower,
    ``all_lower`` the same for every required one, ``rank`` the last rank of members who join,
    ``queues`` those whose members join. Legal skills never change.
    """

    at_x: int | None = None
    at_ms: int | None = None
    drop: frozenset[str] = frozenset()
    lower: tuple[tuple[str, int], ...] = ()
    all_lower: int = 0
    drop_desired: bool = False
    substitutes: bool = False
    rank: int = 1
    queues: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Ladder:
    """The rungs in the order they are reached."""

    rungs: tuple[Rung, ...] = ()


DEFAULT = Ladder(
    (
        Rung(at_x=THRESHOLDS[0], all_lower=1, rank=2),
        Rung(at_x=THRESHOLDS[1], drop_desired=True, rank=3),
        Rung(at_x=THRESHOLDS[2], substitutes=True, rank=4),
    )
)
"""What ``relaxed`` and ``joins`` do."""


def step_at(x: int) -> int:
    """Return the step that belongs to a share of the target used."""
    return sum(x >= threshold for threshold in THRESHOLDS)


def relaxed(needs: Iterable[Requirement], step: int) -> tuple[Requirement, ...]:
    """Requirements at a step: required levels one lower, desired dropped, substitutes allowed.

    Legal requirements never change. Substitutes are kept only in the step that allows them.
    """
    return tuple(
        sorted(
            _relax(need, step)
            for need in needs
            if step < _DROPPED or need.kind is not RequirementKind.DESIRED
        )
    )


def _relax(need: Requirement, step: int) -> Requirement:
    if need.kind is RequirementKind.LEGAL:
        return Requirement(need.skill, need.min_level, need.kind)
    level = need.min_level
    if step >= _LOWERED and need.kind is RequirementKind.REQUIRED:
        level = max(level - 1, 1)
    return Requirement(need.skill, level, need.kind, need.substitutes if step >= LAST else ())


def joins(rank: int, step: int) -> bool:
    """Tell whether a Queue member of this rank (1-9) serves at a step."""
    return rank <= step + 1

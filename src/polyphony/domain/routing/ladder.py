"""The default ladder: how needs relax with waiting; every step only widens who may serve."""

from collections.abc import Iterable

from polyphony.domain.routing.score import MICRO
from polyphony.domain.skill import Requirement, RequirementKind

THRESHOLDS = (MICRO // 2, MICRO * 8 // 10, MICRO)
"""Share of the target used (micro) at which steps 1, 2 and 3 begin."""
STEPS = len(THRESHOLDS) + 1
LAST = STEPS - 1
_LOWERED, _DROPPED = 1, 2


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

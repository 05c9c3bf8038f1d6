"""Skill, Proficiency, Requirement: what can be known, how well, and what work needs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from polyphony.domain.errors import Invalid

LEVEL_MAX = 5


class SkillKind(StrEnum):
    """What sort of knowledge a Skill is."""

    LANGUAGE = "language"
    TOPIC = "topic"
    PRODUCT = "product"
    LEGAL = "legal"
    CHANNEL = "channel"


class RequirementKind(StrEnum):
    """How strict a Requirement is: legal never relaxes, required lowers, desired is dropped."""

    LEGAL = "legal"
    REQUIRED = "required"
    DESIRED = "desired"


@dataclass(frozen=True, slots=True)
class Skill:
    """A thing that can be known; ``name`` per language."""

    key: str
    kind: SkillKind
    name: Mapping[str, str]


@dataclass(frozen=True, slots=True, order=True)
class Requirement:
    """What a WorkItem needs; ``substitutes`` = (skill, min level) that may stand in, late."""

    skill: str
    min_level: int = 1
    kind: RequirementKind = RequirementKind.REQUIRED
    substitutes: tuple[tuple[str, int], ...] = ()

    def met(self, levels: Mapping[str, int], *, substitutes: bool = False) -> bool:
        """Tell whether somebody with these levels (skill → 1-5, missing = 0) fulfils it."""
        if levels.get(self.skill, 0) >= self.min_level:
            return True
        return substitutes and any(levels.get(key, 0) >= low for key, low in self.substitutes)


def lacking(
    needs: Iterable[Requirement], levels: Mapping[str, int], *, legal_only: bool = False
) -> list[str]:
    """Name the skills without which somebody may not take work even by hand.

    A legal one counts at its level. A required one as late as the usual ladder lets it: one level
    lower, or by a substitute. Desired ones keep nobody away.
    """
    found = []
    for need in needs:
        if need.kind is RequirementKind.LEGAL:
            able = need.met(levels)
        elif need.kind is RequirementKind.REQUIRED and not legal_only:
            low = max(need.min_level - 1, 1)
            able = levels.get(need.skill, 0) >= low or need.met(levels, substitutes=True)
        else:
            able = True
        if not able:
            found.append(need.skill)
    return found


def requirement(raw: Mapping[str, object]) -> Requirement:
    """Read one Requirement from its JSON; raise Invalid when it is not one."""
    skill, kind = raw.get("skill"), raw.get("kind", "required")
    if not isinstance(skill, str) or not skill or kind not in list(RequirementKind):
        raise Invalid("requirement.malformed", {"skill": str(skill), "kind": str(kind)})
    return Requirement(
        skill,
        _level(raw.get("min_level", 1)),
        RequirementKind(str(kind)),
        _substitutes(raw.get("substitutes") or ()),
    )


def _level(raw: object) -> int:
    if not isinstance(raw, int) or not 1 <= raw <= LEVEL_MAX:
        raise Invalid("requirement.malformed", {"min_level": str(raw)})
    return raw


def _substitutes(raw: object) -> tuple[tuple[str, int], ...]:
    if not isinstance(raw, (list, tuple)):
        raise Invalid("requirement.malformed", {"substitutes": str(raw)[:100]})
    found = []
    for one in raw:
        key = one.get("skill") if isinstance(one, Mapping) else None
        if not isinstance(key, str):
            raise Invalid("requirement.malformed", {"substitutes": str(one)[:100]})
        found.append((key, _level(one.get("min_level", 1))))
    return tuple(found)


def as_json(need: Requirement) -> dict[str, object]:
    """Write one Requirement as JSON; ``requirement`` reads it back."""
    return {
        "skill": need.skill,
        "min_level": need.min_level,
        "kind": need.kind.value,
        "substitutes": [{"skill": key, "min_level": low} for key, low in need.substitutes],
    }

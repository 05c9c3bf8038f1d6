"""Ladders: how needs relax with waiting; every step only widens who may serve."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from polyphony.domain.errors import Invalid
from polyphony.domain.routing.score import MICRO, X_MAX, used_at
from polyphony.domain.skill import Requirement, RequirementKind

RUNGS_MAX = 8
SKILLS_MAX = 50
RANK_MAX = 9
_YEAR_MS = 31_536_000_000


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a ladder: when it begins, and what it adds to those before.

    It begins at a share of the target used (``at_x``, micro) or at so much of it (``at_ms``).
    ``drop`` are skills no longer asked for, ``lower`` skills with the levels they may be lower
    than before, ``all_lower`` the same for every required one, ``rank`` the last rank of members
    who join (0 = the next one), ``queues`` those whose members join, ``related`` the Queue's own
    list of them. Legal skills never change.
    """

    at_x: int | None = None
    at_ms: int | None = None
    drop: frozenset[str] = frozenset()
    lower: tuple[tuple[str, int], ...] = ()
    all_lower: int = 0
    drop_desired: bool = False
    substitutes: bool = False
    rank: int = 0
    queues: tuple[UUID, ...] = ()
    related: bool = False


@dataclass(frozen=True, slots=True)
class Ladder:
    """The rungs in the order they are reached; step 0 is before the first."""

    rungs: tuple[Rung, ...] = ()

    @property
    def count(self) -> int:
        """Number of steps."""
        return len(self.rungs) + 1

    def until(self, step: int) -> tuple[Rung, ...]:
        """Return the rungs reached at a step."""
        return self.rungs[:step]


DEFAULT = Ladder(
    (
        Rung(at_x=MICRO // 2, all_lower=1),
        Rung(at_x=MICRO * 8 // 10, drop_desired=True),
        Rung(at_x=MICRO, substitutes=True, related=True),
    )
)


def points(ladder: Ladder, target: int) -> tuple[int, ...]:
    """Return how much of a target (ms) is used when each rung begins; none before another."""
    found: list[int] = []
    for rung in ladder.rungs:
        own = used_at(rung.at_x, target) if rung.at_x is not None else rung.at_ms or 0
        found.append(max(own, found[-1]) if found else own)
    return tuple(found)


def relaxed(needs: Iterable[Requirement], ladder: Ladder, step: int) -> tuple[Requirement, ...]:
    """Requirements at a step: lower, dropped, substitutes allowed, as the rungs up to it say.

    Legal requirements never change. Substitutes are kept only where they are allowed.
    """
    reached = ladder.until(step)
    return tuple(sorted(one for need in needs if (one := _relax(need, reached)) is not None))


def _relax(need: Requirement, reached: Collection[Rung]) -> Requirement | None:
    if need.kind is RequirementKind.LEGAL:
        return Requirement(need.skill, need.min_level, need.kind)
    if any(need.skill in rung.drop for rung in reached):
        return None
    desired = need.kind is RequirementKind.DESIRED
    if desired and any(rung.drop_desired for rung in reached):
        return None
    lower = sum(dict(rung.lower).get(need.skill, 0) for rung in reached)
    if not desired:
        lower += sum(rung.all_lower for rung in reached)
    others = need.substitutes if any(rung.substitutes for rung in reached) else ()
    return Requirement(need.skill, max(need.min_level - lower, 1), need.kind, others)


def rank_at(ladder: Ladder, step: int) -> int:
    """Return the last rank of members who serve at a step: rank r joins at step r - 1 or before.

    At the last step everybody serves: who is a member is asked before the work starves.
    """
    if step == len(ladder.rungs):
        return RANK_MAX
    return max([step + 1, *(rung.rank for rung in ladder.until(step))])


def queues_at(ladder: Ladder, step: int, related: Collection[UUID] = ()) -> tuple[UUID, ...]:
    """Return the other Queues whose members serve at a step, in the order they join."""
    found: dict[UUID, None] = {}
    for rung in ladder.until(step):
        found.update(dict.fromkeys(rung.queues))
        if rung.related:
            found.update(dict.fromkeys(related))
    return tuple(found)


def others(ladder: Ladder, related: Collection[UUID] = ()) -> tuple[UUID, ...]:
    """Return all other Queues whose members ever join."""
    return queues_at(ladder, len(ladder.rungs), related)


# ── reading and writing ─────────────────────────────────────────────────────────────────────────


def read(raw: object) -> Ladder:
    """Read a Ladder from its JSON; None is the usual one. Raise Invalid when it is none.

    A rung is ``{at_x | at_s, drop[], lower{skill: n}, lower_all, drop_desired, substitutes,
    add_member_rank, add_queue_members[], related}``; what is missing changes nothing.
    """
    if raw is None:
        return DEFAULT
    if not isinstance(raw, (list, tuple)) or not 1 <= len(raw) <= RUNGS_MAX:
        raise _wrong("rungs", raw)
    return Ladder(tuple(_rung(one) for one in raw))


def _wrong(what: str, found: object) -> Invalid:
    return Invalid("ladder.malformed", {"what": what, "found": str(found)[:100]})


def _rung(raw: object) -> Rung:
    if not isinstance(raw, Mapping):
        raise _wrong("rung", raw)
    at_x, at_s = raw.get("at_x"), raw.get("at_s")
    if (at_x is None) == (at_s is None):
        raise _wrong("at", raw)
    try:
        queues = tuple(UUID(str(one)) for one in raw.get("add_queue_members") or ())
    except (ValueError, TypeError) as wrong:
        raise _wrong("add_queue_members", raw.get("add_queue_members")) from wrong
    lower = raw.get("lower") or {}
    if not isinstance(lower, Mapping):
        raise _wrong("lower", lower)
    return Rung(
        None if at_x is None else _number("at_x", at_x, X_MAX, MICRO),
        None if at_s is None else _number("at_s", at_s, _YEAR_MS, 1000),
        frozenset(_names(raw.get("drop") or ())),
        tuple(sorted((str(key), _number("lower", by, 4)) for key, by in lower.items())),
        _number("lower_all", raw.get("lower_all") or 0, 4),
        bool(raw.get("drop_desired")),
        bool(raw.get("substitutes")),
        _number("add_member_rank", raw.get("add_member_rank") or 0, RANK_MAX),
        queues,
        bool(raw.get("related")),
    )


def _number(name: str, raw: object, most: int, scale: int = 1) -> int:
    if isinstance(raw, bool) or not isinstance(raw, (int, float)) or not 0 <= raw * scale <= most:
        raise _wrong(name, raw)
    return round(raw * scale)


def _names(raw: object) -> list[str]:
    if not isinstance(raw, (list, tuple)) or not all(isinstance(one, str) for one in raw):
        raise _wrong("drop", raw)
    return list(raw)


def check(ladder: Ladder, needs: Collection[Requirement], legal: Collection[str] = ()) -> None:
    """Refuse a Ladder that does not widen from step to step, or touches what the law asks.

    ``needs`` are those of the Queue, ``legal`` the keys of legal skills.
    """
    named = {name for rung in ladder.rungs for name in (*rung.drop, *dict(rung.lower))}
    if len(named) > SKILLS_MAX:
        raise Invalid("ladder.skills", {"most": SKILLS_MAX})
    bound = named & {*legal, *(one.skill for one in needs if one.kind is RequirementKind.LEGAL)}
    if bound:
        raise Invalid("ladder.legal", {"names": sorted(bound)})
    for at, (one, then) in enumerate(zip(ladder.rungs, ladder.rungs[1:], strict=False), 2):
        earlier = any(
            a is not None and b is not None and b < a
            for a, b in ((one.at_x, then.at_x), (one.at_ms, then.at_ms))
        )
        if earlier:
            raise Invalid("ladder.order", {"rung": at})
        if 0 < then.rank < one.rank:
            raise Invalid("ladder.narrows", {"rung": at})
    for step in range(1, ladder.count):
        if not widens(relaxed(needs, ladder, step - 1), relaxed(needs, ladder, step)):
            raise Invalid("ladder.narrows", {"rung": step})


def widens(narrow: Collection[Requirement], wide: Collection[Requirement]) -> bool:
    """Tell whether whoever meets the first needs meets the second ones too.

    Every way to meet a need is one skill at one level; so it is enough that for each wide need
    there is a narrow one each of whose ways meets it.
    """
    return all(any(_implies(few, many) for few in narrow) for many in wide)


def _implies(few: Requirement, many: Requirement) -> bool:
    ways = ((few.skill, few.min_level), *few.substitutes)
    return all(many.met({skill: level}, substitutes=True) for skill, level in ways)

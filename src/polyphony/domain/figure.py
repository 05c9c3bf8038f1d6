"""Figure: what a board shows of a Queue, as one number; the twin of what screens work out."""

from collections.abc import Callable, Mapping, Sequence

from polyphony.domain.board import Picture
from polyphony.domain.metric import BUILT_IN, added

_HERE = ("online", "busy", "wrap_up", "break", "not_responding", "reconnecting")
_RATIOS: Mapping[str, tuple[str, str]] = {
    "service_level": ("service_level", "day"),
    "service_level_half": ("service_level", "half"),
    "abandon_pct": ("abandon_pct", "day"),
    "abandon_pct_half": ("abandon_pct", "half"),
    "offer_accept_pct": ("offer_accept_pct", "day"),
}
_MEANS = frozenset({"asa", "work_span"})
_OF_DAY = frozenset({"answered", "entered"})


def _now(*names: str) -> Callable[[Sequence[Picture]], int]:
    return lambda cells: sum(one.now.get(name, 0) for one in cells for name in names)


_WORK: Mapping[str, Callable[[Sequence[Picture]], int]] = {
    "waiting": _now("waiting", "offered"),
    "in_work": _now("in_work", "wrap_up"),
    "breached": lambda cells: sum(one.breached for one in cells),
    "due_soon": lambda cells: sum(one.soon for one in cells),
}
_PEOPLE: Mapping[str, Callable[[Sequence[Picture]], int]] = {
    "ready": _now("ready"),
    "online": _now(*_HERE),
}


def value(name: str, work: Sequence[Picture], people: Sequence[Picture], now: int) -> int | None:
    """Return a figure in its own unit: pieces, milliseconds, thousandths; None = nothing counted.

    ``work`` are the cells of the Queue's channels, ``people`` the one of who serves it; ``now`` in
    epoch ms.
    """
    if name in _WORK:
        return _WORK[name](work)
    if name in _PEOPLE:
        return _PEOPLE[name](people)
    if name == "longest":
        starts = [one.since for one in work if one.since is not None]
        return max(now - min(starts), 0) if starts else None
    if name in _RATIOS:
        key, part = _RATIOS[name]
        sums = added(one.day if part == "day" else one.half for one in work)
        return BUILT_IN[key].of(sums).per_mille
    return _of_day(name, added(one.day for one in work))


def _of_day(name: str, sums: Mapping[str, int]) -> int | None:
    if name not in _MEANS:
        return sums.get(name, 0) if name in _OF_DAY else None
    found = BUILT_IN[name].of(sums)
    return found.numerator // found.denominator if found.denominator > 0 else None

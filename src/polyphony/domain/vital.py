"""Vital: figures of the running system, and whether each is good, worth a look or bad."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

GIGABYTE = 1_000_000_000


class State(StrEnum):
    """How a figure is."""

    GOOD = "good"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Bound:
    """From which value on a figure is worth a look, and from which it is bad.

    ``low``: the smaller the worse. ``unit`` is s, n, bytes or part (0 to 1).
    """

    name: str
    unit: str
    warn: float
    bad: float
    low: bool = False


BOUNDS: Sequence[Bound] = (
    Bound("arrivals_oldest", "s", 30, 300),
    Bound("arrivals_quarantined", "n", 1, 50),
    Bound("outbox_lag", "s", 60, 600),
    Bound("deliveries_uncertain", "n", 1, 20),
    Bound("deliveries_failed", "n", 1, 100),
    Bound("hooks_failed", "n", 1, 20),
    Bound("timers_overdue", "s", 60, 600),
    Bound("bulk_oldest", "s", 120, 1800),
    Bound("search_lag", "s", 15, 300),
    Bound("audit_unsealed", "s", 120, 3600),
    Bound("stream_lag", "s", 2, 10),
    Bound("log_lag", "s", 5, 60),
    Bound("database_answer", "s", 0.25, 2),
    Bound("connections", "part", 0.7, 0.9),
    Bound("database_size", "bytes", 500 * GIGABYTE, 2000 * GIGABYTE),
    Bound("disk_free", "bytes", 5 * GIGABYTE, GIGABYTE, low=True),
    Bound("web_processes", "n", 1, 1, low=True),
    Bound("router_silent", "s", 10, 60),
    Bound("worker_lines", "n", 1, 1, low=True),
)
"""Every figure the page of system health shows, in its order."""


@dataclass(frozen=True, slots=True)
class Vital:
    """One figure, judged."""

    name: str
    unit: str
    value: float
    state: State


def judge(figures: Mapping[str, float]) -> list[Vital]:
    """Judge what could be measured; a figure that is missing is left out."""
    return [
        Vital(one.name, one.unit, figures[one.name], _state(one, figures[one.name]))
        for one in BOUNDS
        if one.name in figures
    ]


def _state(bound: Bound, value: float) -> State:
    sign = -1 if bound.low else 1
    if bound.low and bound.warn == bound.bad:  # there must be so many
        return State.GOOD if value >= bound.bad else State.BAD
    if value * sign >= bound.bad * sign:
        return State.BAD
    return State.WARN if value * sign >= bound.warn * sign else State.GOOD


def worst(vitals: Sequence[Vital]) -> State:
    """Return the state of the whole: that of its worst figure."""
    found = {one.state for one in vitals}
    return next((one for one in (State.BAD, State.WARN) if one in found), State.GOOD)

"""Metric: what the numbers mean; each definition has a key, a version and its switches."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import TypeAlias

_Z = 1.96
_Z2 = _Z * _Z
SHORT_MS = 5_000
"""Who leaves sooner than this has not really waited: a short abandon."""

Sums: TypeAlias = Mapping[str, int]
"""Counts and totals of one cell, by name; a missing one is 0."""

OFFER_OUTCOMES = ("accepted", "declined", "missed", "withdrawn")
HOW = ("waiting", "taken", "answered", "abandoned", "flow_out", "cancelled")
"""How a stay in a Queue stands or ended; ``taken`` = in somebody's hands, not answered yet."""


@dataclass(frozen=True, slots=True)
class Switches:
    """What may be decided differently about a service level; printed beside the number."""

    abandons: bool = True
    short: bool = False  # short abandons count as well
    flow_outs: bool = False


@dataclass(frozen=True, slots=True)
class Ratio:
    """A value as it is kept and added up: never a quotient of quotients."""

    numerator: int
    denominator: int

    @property
    def per_mille(self) -> int | None:
        """The value in thousandths; None when nothing was counted (never 0 or 100 per cent)."""
        if self.denominator <= 0:
            return None
        return (self.numerator * 2000 + self.denominator) // (2 * self.denominator)

    @property
    def interval(self) -> tuple[int, int] | None:
        """Where a share lies 19 times of 20, in thousandths; None without a population.

        E. B. Wilson's score interval (1927): honest for few, and never beyond 0 and 1000.
        """
        n = self.denominator
        if n <= 0:
            return None
        share = min(max(self.numerator / n, 0.0), 1.0)
        middle = share + _Z2 / (2 * n)
        reach = _Z * sqrt(share * (1 - share) / n + _Z2 / (4 * n * n))
        low, high = ((middle + sign * reach) / (1 + _Z2 / n) for sign in (-1, 1))
        return max(round(low * 1000), 0), min(round(high * 1000), 1000)


Part: TypeAlias = Callable[[Sums, Switches], int]


@dataclass(frozen=True, slots=True)
class Metric:
    """A definition: from sums to numerator and denominator; ``bucket`` says which moment counts."""

    key: str
    version: int
    kind: str  # count | ratio | mean
    unit: str  # n | pct | ms
    clock: str  # wall | target (wall for live channels, service hours for the others)
    bucket: str  # arrival | answered | made | end of wrap-up
    better: str  # up | down | target
    numerator: Part
    denominator: Part
    switches: Switches = Switches()

    def of(self, sums: Sums, switches: Switches | None = None) -> Ratio:
        """Evaluate over the sums of a cell (or of several cells, added up)."""
        chosen = switches or self.switches
        return Ratio(self.numerator(sums, chosen), self.denominator(sums, chosen))


def _sum(*names: str) -> Part:
    return lambda sums, _: sum(sums.get(name, 0) for name in names)


def _one(_: Sums, __: Switches) -> int:
    return 1


def _population(sums: Sums, switches: Switches) -> int:
    """Everybody a service level is about: short abandons are subtracted once, never twice."""
    found = sums.get("answered", 0)
    if switches.abandons:
        found += sums.get("abandoned", 0)
        found -= 0 if switches.short else sums.get("abandoned_short", 0)
    return found + (sums.get("flow_out", 0) if switches.flow_outs else 0)


def _abandoned(sums: Sums, switches: Switches) -> int:
    short = 0 if switches.short else sums.get("abandoned_short", 0)
    return sums.get("abandoned", 0) - short


def _entered(sums: Sums, switches: Switches) -> int:
    short = 0 if switches.short else sums.get("abandoned_short", 0)
    return sums.get("entered", 0) - short


SERVICE_LEVEL = Metric(
    "service_level", 1, "ratio", "pct", "target", "arrival", "up",
    _sum("answered_within"), _population,
)  # fmt: skip
SL_REMOVED = Metric(
    "sl_removed", 1, "ratio", "pct", "target", "arrival", "up",
    _sum("answered_within", "abandoned_within", "flow_within"), _sum("entered"),
)  # fmt: skip
ENTERED = Metric(
    "entered", 1, "count", "n", "wall", "arrival", "target", _sum("entered"), _one
)  # fmt: skip
ANSWERED = Metric(
    "answered", 1, "count", "n", "wall", "arrival", "up", _sum("answered"), _one
)  # fmt: skip
ANSWER_PCT = Metric(
    "answer_pct", 1, "ratio", "pct", "wall", "arrival", "up", _sum("answered"), _sum("entered")
)  # fmt: skip
ABANDON_PCT = Metric(
    "abandon_pct", 1, "ratio", "pct", "wall", "arrival", "down", _abandoned, _entered
)  # fmt: skip
ASA = Metric(
    "asa", 1, "mean", "ms", "target", "arrival", "down", _sum("wait_ms"), _sum("answered")
)  # fmt: skip
WORK_SPAN = Metric(
    "work_span", 1, "mean", "ms", "wall", "end of wrap-up", "down",
    _sum("work_ms"), _sum("handled"),
)  # fmt: skip
OFFER_ACCEPT = Metric(
    "offer_accept_pct", 1, "ratio", "pct", "wall", "made", "up",
    _sum("accepted"), _sum("accepted", "declined", "missed"),
)  # fmt: skip
NON_RESPONSE = Metric(
    "non_response", 1, "count", "n", "wall", "made", "down", _sum("missed"), _one
)  # fmt: skip

BUILT_IN: Mapping[str, Metric] = {
    one.key: one
    for one in (
        SERVICE_LEVEL, SL_REMOVED, ENTERED, ANSWERED, ANSWER_PCT, ABANDON_PCT, ASA, WORK_SPAN,
        OFFER_ACCEPT, NON_RESPONSE,
    )
}  # fmt: skip


# ── the facts the sums are made of ──────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Wait:
    """One stay of a WorkItem in a Queue; ``waited_ms`` on the clock of its channel."""

    how: str
    waited_ms: int
    target_ms: int


def sums_of_wait(one: Wait) -> dict[str, int]:
    """Return what a stay adds to the sums of its cell."""
    found = {"entered": 1}
    within = int(one.waited_ms <= one.target_ms)
    if one.how == "answered":
        found |= {"answered": 1, "answered_within": within, "wait_ms": one.waited_ms}
    elif one.how == "abandoned":
        short = int(one.waited_ms < SHORT_MS)
        found |= {"abandoned": 1, "abandoned_short": short, "abandoned_within": within}
    elif one.how == "flow_out":
        found |= {"flow_out": 1, "flow_within": within}
    elif one.how == "cancelled":
        found |= {"cancelled": 1}
    return {name: n for name, n in found.items() if n}


def added(parts: Iterable[Sums]) -> dict[str, int]:
    """Add sums up: several facts, cells or Queues."""
    found: Counter[str] = Counter()
    for one in parts:
        found.update(one)
    return dict(found)


def over_facts(metric: Metric, facts: Iterable[Wait], switches: Switches | None = None) -> Ratio:
    """Evaluate a definition straight over facts: the evaluator of tests and of simulations."""
    return metric.of(added(sums_of_wait(one) for one in facts), switches)


_ENDS: Mapping[str, str] = {
    "taken": "taken",
    "abandoned": "abandoned",
    "overflow": "flow_out",
    "callback": "flow_out",
    "transfer": "flow_out",
    "moved": "flow_out",
    "form": "flow_out",
    "bot": "flow_out",
    "voicemail": "flow_out",
}


def how_of(left: bool, how: str | None, answered: bool) -> str:  # noqa: FBT001 - three facts of a row
    """Tell how a stay stands from what is stored of it; an answer counts whoever gave it."""
    if answered:
        return "answered"
    if not left:
        return "waiting"
    return _ENDS.get(how or "", "cancelled")

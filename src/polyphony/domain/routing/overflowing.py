"""Overflowing: when the overflow rules of a Queue are looked at for an item, and what they see."""

from collections.abc import Iterator

from polyphony.domain.overflow import TIMED, Condition, Line, after
from polyphony.domain.routing.hold import Item
from polyphony.domain.routing.score import slack, used_at
from polyphony.domain.routing.state import OVERFLOW, State

POLL_MS = 30_000
"""How often facts are looked at that time alone does not decide."""


def arm(state: State, item: Item, *, fresh: bool) -> None:
    """Set the timer of the next moment at which a rule may come true; ``fresh`` = now counts."""
    item.overflow_due = None
    if not item.facts.overflow:
        return
    if fresh and rule_for(state, item) is not None:
        item.overflow_due = state.now
        state.arm(state.now, OVERFLOW, item)
        return
    moments = [
        moment
        for rule in item.line.policy.overflow
        for one in rule.conditions
        for moment in _moments(state, item, one)
    ]
    item.overflow_due = min(moments, default=None)
    state.arm(item.overflow_due, OVERFLOW, item)


def _moments(state: State, item: Item, one: Condition) -> Iterator[int]:
    """When a condition comes true by itself, or is looked at again."""
    now, since = state.now, item.facts.since
    moment: int | None = now
    if one.fact == "waited_s":
        moment = since + one.than
    elif one.fact == "x":
        moment = item.line.hours.at_axis(item.start + used_at(one.than, item.curve.target))
    elif one.fact in TIMED:
        closes = item.line.policy.closes(now)
        moment = None if closes is None else closes - one.than
    if moment is not None and moment > now:
        yield moment
    elif moment is not None:  # what may be so already, or what time does not decide
        yield since + ((now - since) // POLL_MS + 1) * POLL_MS


def line_of(state: State, item: Item) -> Line:
    """Say how an item meets its Queue now."""
    now, curve = state.now, item.curve
    policy, needs = curve.line.policy, state.index.chain_of(item).needs
    closes = policy.closes(now)
    return Line(
        closed=not policy.is_open(now),
        closes_in_ms=None if closes is None else closes - now,
        signed_in=sum(needs.signed),
        wait_ms=state.waits.get(curve.line.id),
        waited_ms=now - item.facts.since,
        x=slack(curve.line.axis(now) - item.start, curve.target),
    )


def rule_for(state: State, item: Item) -> int | None:
    """Return the first rule that holds for an item now; None when none does."""
    return after(item.line.policy.overflow, line_of(state, item))

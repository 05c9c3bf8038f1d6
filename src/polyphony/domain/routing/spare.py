"""Spare: which Agents are kept for calls from an item, and when that ends."""

from polyphony.domain.routing.classes import START_SHIFT, Curve
from polyphony.domain.routing.hold import Agent, Item
from polyphony.domain.routing.order import Found
from polyphony.domain.routing.state import RESERVE, State


def spared(state: State, agent: Agent, curve: Curve, key: int) -> bool:
    """Tell whether an Agent who may take calls is kept from an item that can wait.

    Not once half its target is used, and not shortly before its Queue closes, if that says so.
    """
    if not (agent.voice and curve.spares):
        return False
    line, now = curve.line, state.now
    if line.axis(now) - (key >> START_SHIFT) >= curve.half or _off(curve, now):
        return False
    alone = not agent.whole and not agent.used
    return state.pools.spares(agent.profile.pools, line.policy.reserve, alone=alone)


def left(state: State, agent: Agent, found: list[Found]) -> list[Found]:
    """Return what of the best items of all curves an Agent who may take calls is not kept from."""
    return [one for one in found if not spared(state, agent, one[2], one[1])]


def arm(state: State, item: Item) -> None:
    """Set the timer of the moment at which nobody is kept from an item any more."""
    curve = item.curve
    if not (state.voices and curve.spares):
        return
    line, now = curve.line, state.now
    if line.axis(now) - item.start >= curve.half:
        return
    due = [line.hours.at_axis(item.start + curve.half)]
    off, closes = line.policy.reserve_off_ms, line.hours.closes(now)
    if off and closes is not None and closes - off > now:
        due.append(closes - off)
    elif off:  # today it is off already, or the day is over: tomorrow it is on again
        opens = line.hours.opens(max(now, closes or now) + 1)
        due.append(opens)
    state.arm(min((one for one in due if one is not None), default=None), RESERVE, item)


def hear_voice(state: State) -> None:
    """Somebody may take calls, the first one: from now on agents are spared."""
    state.voices = True
    for item in state.items.values():
        if item.chain is not None or item.held_for is not None:
            arm(state, item)


def _off(curve: Curve, now: int) -> bool:
    off = curve.line.policy.reserve_off_ms
    closes = curve.line.hours.closes(now) if off else None
    return closes is not None and closes - off <= now

"""``step(state, inputs, policy)``: what happened comes in, decisions with reasons come out."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from polyphony.domain.routing.adopt import adopt
from polyphony.domain.routing.assign import enter, match_agent
from polyphony.domain.routing.decisions import Decision
from polyphony.domain.routing.facts import (
    AgentFacts,
    Gone,
    Input,
    ItemFacts,
    Pace,
    Policy,
    Refused,
    Rendered,
    Tick,
)
from polyphony.domain.routing.news import (
    apply_agent,
    apply_gone,
    apply_item,
    apply_pace,
    apply_refused,
    apply_rendered,
    apply_tick,
    take_agent,
    take_item,
)
from polyphony.domain.routing.state import State
from polyphony.domain.routing.timers import fire, lift
from polyphony.domain.work import WorkState


def step(state: State, inputs: Iterable[Input], policy: Policy) -> tuple[State, list[Decision]]:
    """Decide: pure in effect and deterministic; the state is owned and changes in place.

    Every input carries its own moment; timers due before it fire first, and every input is matched
    before the next is looked at. So the decisions do not depend on how inputs are cut into calls.
    """
    state.out = []
    if policy.version != state.policy.version:
        adopt(state, policy)
    now = state.now
    for one in inputs:
        if one.at > now:  # noqa: PLR1730 - a call of max() costs more than the comparison
            now = one.at
        if state.wake <= now:
            fire(state, now)
        state.now = now
        _APPLY[type(one)](state, one)
        if state.pools.risen:
            lift(state)
        if state.wake <= now:  # what this very input made due
            fire(state, now)
    out, state.out = state.out, []
    return state, out


def rebuild(
    policy: Policy,
    items: Sequence[ItemFacts],
    agents: Sequence[AgentFacts],
    at: int,
    pace: Pace | None = None,
) -> tuple[State, list[Decision]]:
    """Build the state from the tables alone, and decide what is due at that moment.

    ``pace`` is the last one told: without it nobody is kept for calls until the next.
    """
    state = load(policy, items, agents, at, pace)
    fire(state, at)
    for tag in sorted(state.agents):
        match_agent(state, state.agents[tag])
    lift(state)
    out, state.out = state.out, []
    return state, out


def load(
    policy: Policy,
    items: Sequence[ItemFacts],
    agents: Sequence[AgentFacts],
    at: int,
    pace: Pace | None = None,
) -> State:
    """Build the state from the tables alone and decide nothing yet (ladder steps apart)."""
    state = State(policy, at)
    if pace is not None:
        apply_pace(state, pace)
    for facts in sorted(agents, key=lambda one: one.id.int):
        take_agent(state, state.agent_of(facts.id), facts)
    ordered = sorted(items, key=lambda one: one.id.int)
    for one in ordered:
        take_item(state, one)
    for one in ordered:
        if one.state is WorkState.WAITING:
            enter(state, state.items[one.id.int], fresh=False)
    for agent in state.agents.values():
        state.list_free(agent)
    state.sort()
    return state


_APPLY: Mapping[type, Callable[[State, Any], None]] = {
    ItemFacts: apply_item,
    AgentFacts: apply_agent,
    Tick: apply_tick,
    Refused: apply_refused,
    Gone: apply_gone,
    Pace: apply_pace,
    Rendered: apply_rendered,
}

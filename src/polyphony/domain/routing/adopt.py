"""Adopt: other rules are put in force: all anew, or only Queues a lever was laid over or taken off.

A hundred thousand items need not find their places again because one Queue is paused.
"""

from collections.abc import Collection
from dataclasses import replace
from uuid import UUID

from polyphony.domain.presence import Status
from polyphony.domain.routing import overflowing
from polyphony.domain.routing.assign import enter, leave, match_agent
from polyphony.domain.routing.facts import Policy, QueuePolicy
from polyphony.domain.routing.hold import LIMBO, Agent, Item
from polyphony.domain.routing.state import State
from polyphony.domain.routing.timers import lift, withdraw
from polyphony.domain.work import WorkState


def adopt(state: State, policy: Policy) -> None:
    """Put rules in force, then decide what they make possible."""
    changed = _light(state.policy, policy)
    if changed is None:
        _all(state, policy)
    else:
        _some(state, policy, changed)
    for tag in sorted(state.items):
        item = state.items[tag]
        if item.state is not WorkState.OFFERED:
            continue
        if item.line.policy.paused:
            withdraw(state, item, "queue_paused")
        elif item.curve.channel in policy.outages:
            withdraw(state, item, "channel_outage")
    for tag in sorted(state.agents):
        match_agent(state, state.agents[tag])
    lift(state)


def _light(old: Policy, new: Policy) -> list[UUID] | None:
    """Return the Queues that changed if nothing did but what is looked at as it is, else None."""
    if old.queues.keys() != new.queues.keys():
        return None
    if replace(new, version=old.version, queues=old.queues, outages=old.outages) != old:
        return None
    changed = [queue for queue, line in new.queues.items() if line != old.queues[queue]]
    if all(_eased(old.queues[one], new.queues[one]) for one in changed):
        return sorted(changed)
    return None


def _eased(old: QueuePolicy, new: QueuePolicy) -> bool:
    """Tell whether two policies of a Queue differ in nothing its index is made of."""
    same = replace(
        new,
        weight_milli=old.weight_milli,
        paused=old.paused,
        closed_today=old.closed_today,
        open_today=old.open_today,
        x_floor=old.x_floor,
        overflow=old.overflow,
    )
    return same == old


def _some(state: State, policy: Policy, changed: Collection[UUID]) -> None:
    """Let the items of some Queues wait anew; everything else stays as it is."""
    broken = policy.outages ^ state.policy.outages  # or mended
    state.policy = state.index.policy = policy
    lines = {state.index.line_of(queue) for queue in changed}
    for line in lines:
        line.policy = policy.queues[line.id]
    again = [
        item for item in state.items.values() if item.line in lines or item.curve.channel in broken
    ]
    for item in again:
        if _waits(item):
            leave(state, item)
        item.rest_on(state.index.curve_of(item.facts))
    for item in again:
        if _waits(item):
            enter(state, item, fresh=False)
            _look(state, item)


def _look(state: State, item: Item) -> None:
    """What other rules of overflow, or closed hours, mean for what waits is looked at now."""
    if item.line.policy.overflow and (item.chain is not None or item.held_for is not None):
        overflowing.arm(state, item, fresh=True)


def _waits(item: Item) -> bool:
    return item.state is WorkState.WAITING and item.version != LIMBO


def _all(state: State, policy: Policy) -> None:
    """Index everything anew."""
    waiting = [item for item in state.items.values() if _waits(item)]
    for agent in state.agents.values():
        state.unlist(agent)
    state.obey(policy)
    for agent in state.agents.values():
        _move_in(state, agent)
    for item in state.items.values():
        item.chain = None
        item.held_for = None
        item.rest_on(state.index.curve_of(item.facts))
    for item in waiting:
        enter(state, item, fresh=False)


def _move_in(state: State, agent: Agent) -> None:
    """Give an agent his place in a new index."""
    state.voices = state.voices or agent.voice
    agent.held = frozenset()
    agent.signed_in = False
    profile = state.index.profile_of(agent.profile.skills, agent.profile.queues)
    state.move_in(agent, profile)
    agent.flex = state.index.flex_of(agent.profile, state.channels(agent.modes))
    if agent.enrolled:
        state.count_in(agent, 1)
    state.sign(agent, present=agent.status is not Status.OFFLINE)

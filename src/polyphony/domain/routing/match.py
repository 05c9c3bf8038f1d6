"""``step(state, inputs, policy)``: what happened comes in, decisions with reasons come out."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from polyphony.domain.presence import Mode, Status
from polyphony.domain.routing.assign import (
    enter,
    leave,
    match_agent,
    match_item,
    may_keep,
    relax,
)
from polyphony.domain.routing.classes import Needs
from polyphony.domain.routing.decisions import Decision
from polyphony.domain.routing.facts import (
    AgentFacts,
    Gone,
    Input,
    ItemFacts,
    Policy,
    Refused,
    Tick,
)
from polyphony.domain.routing.index import Index
from polyphony.domain.routing.state import (
    EXPIRE,
    LIMBO,
    NONE,
    Agent,
    Item,
    State,
)
from polyphony.domain.routing.timers import fire, release, withdraw
from polyphony.domain.work import FINAL, WITH_AGENT, WorkState

APART_MS = 1000
"""How long a refused pair is kept apart."""
_IN_WORK, _OFFERED = WorkState.IN_WORK, WorkState.OFFERED  # looked up once: every input asks
_BUSY = frozenset({_IN_WORK, WorkState.WRAP_UP})


def step(state: State, inputs: Iterable[Input], policy: Policy) -> tuple[State, list[Decision]]:
    """Decide: pure in effect and deterministic; the state is owned and changes in place.

    Every input carries its own moment; timers due before it fire first, and every input is matched
    before the next is looked at. So the decisions do not depend on how inputs are cut into calls.
    """
    state.out = []
    if policy.version != state.policy.version:
        _adopt(state, policy)
    now = state.now
    for one in inputs:
        if one.at > now:  # noqa: PLR1730 - a call of max() costs more than the comparison
            now = one.at
        if state.wake <= now:
            fire(state, now)
        state.now = now
        _APPLY[type(one)](state, one)
    out, state.out = state.out, []
    return state, out


def rebuild(
    policy: Policy, items: Sequence[ItemFacts], agents: Sequence[AgentFacts], at: int
) -> tuple[State, list[Decision]]:
    """Build the state from the tables alone, and decide what is due at that moment."""
    state = load(policy, items, agents, at)
    fire(state, at)
    for tag in sorted(state.agents):
        match_agent(state, state.agents[tag])
    out, state.out = state.out, []
    return state, out


def load(
    policy: Policy, items: Sequence[ItemFacts], agents: Sequence[AgentFacts], at: int
) -> State:
    """Build the state from the tables alone and decide nothing yet (ladder steps apart)."""
    state = State(policy, at)
    for facts in sorted(agents, key=lambda one: one.id.int):
        _take_agent(state, state.agent_of(facts.id), facts)
    ordered = sorted(items, key=lambda one: one.id.int)
    for one in ordered:
        _take_item(state, one)
    for one in ordered:
        if one.state is WorkState.WAITING:
            enter(state, state.items[one.id.int], fresh=False)
    for agent in state.agents.values():
        state.list_free(agent)
    state.sort()
    return state


def _apply_item(state: State, facts: ItemFacts) -> None:
    item = state.items.get(facts.id.int)
    if item is None:
        _begin(state, facts)
    elif facts.version > item.version and not (
        facts.state is _IN_WORK and item.state is _OFFERED and _accepted(item, facts)
    ):
        if facts.state in FINAL:
            _over(state, item, facts)
        else:
            _go_on(state, item, facts)


def _begin(state: State, facts: ItemFacts) -> None:
    """An item we do not hold: it is new, or news of it come late."""
    if facts.version <= state.ended_at(facts.id.int):
        return
    if facts.state in FINAL:
        state.end(facts.id.int, facts.version)
        return
    item = _take_item(state, facts)
    if facts.state is WorkState.WAITING:
        enter(state, item, fresh=True)
        match_item(state, item)


def _accepted(item: Item, facts: ItemFacts) -> bool:
    """Take the short way when an Offer was accepted: whoever held the item goes on holding it."""
    agent, named = item.agent, facts.agent
    if agent is None or named is None or named.int != agent.tag:
        return False
    if facts.units != item.curve.units:
        return False
    item.version, item.state, item.deadline = facts.version, facts.state, None
    agent.misses = NONE
    return True


def _go_on(state: State, item: Item, facts: ItemFacts) -> None:
    """An item moved: take it out of everything, apply the facts, decide what became possible."""
    freed = item.agent
    if freed is None:
        leave(state, item)
    else:
        _free(state, item, freed, facts)
    _take_item(state, facts)
    if facts.state is WorkState.WAITING:
        enter(state, item, fresh=True)
    if freed is not None:
        match_agent(state, freed)
    if item.chain is not None:
        match_item(state, item)


def _over(state: State, item: Item, facts: ItemFacts) -> None:
    """An item is done or cancelled: forget it; whoever held it may get something else."""
    freed = item.agent
    if freed is None:
        leave(state, item)
    else:
        _free(state, item, freed, facts)
    state.forget(item)
    state.end(item.tag, facts.version)
    if freed is not None:
        match_agent(state, freed)


def _free(state: State, item: Item, agent: Agent, facts: ItemFacts) -> None:
    """Take an item from who holds it, before newer facts say who holds it now."""
    if agent.listed:
        state.unlist(agent)
    if item.state in _BUSY:
        named = facts.agent  # two UUIDs take many times longer to compare than their numbers
        if named is None or named.int != agent.tag or facts.state not in WITH_AGENT:
            at = facts.moved_at or facts.at
            if at > agent.idle_since:  # noqa: PLR1730 - as in ``step``
                agent.idle_since = at
    state.take_away(item)


def _take_item(state: State, facts: ItemFacts) -> Item:
    item = state.items.get(facts.id.int)
    if item is None:
        item = state.items[facts.id.int] = Item(facts.id)
    elif item.exclusions:
        state.forget_exclusions(item, item.exclusions)
    item.take(facts, state.index.curve_of(facts))
    if facts.agent is not None and facts.state in WITH_AGENT:
        agent = state.agent_of(facts.agent)
        state.unlist(agent)
        state.give(item, agent)
        state.list_free(agent)
    if facts.state is WorkState.OFFERED:
        state.arm(facts.deadline, EXPIRE, item)
    for one in facts.exclusions:
        if item.excludes(one.agent.int, state.now):
            state.exclude(item, one)
    return item


def _apply_agent(state: State, facts: AgentFacts) -> None:
    agent = state.agent_of(facts.id)
    if facts.version < agent.version:
        return
    state.unlist(agent)
    changed = _take_agent(state, agent, facts)
    back = _unfit(state, agent)
    for tag in sorted(agent.held):
        item = state.items[tag]
        if not may_keep(state, item, agent):
            release(state, item, "preferred_away")
    for needs in changed:
        _skip(state, needs)
    match_agent(state, agent)
    for item in back:
        match_item(state, item)


def _take_agent(state: State, agent: Agent, facts: AgentFacts) -> list[Needs]:
    """Take over facts; return the classes that gained their first or lost their last agent."""
    agent.version = facts.version
    agent.status = facts.status
    agent.modes = dict(facts.modes)
    agent.on = state.channels(one for one, mode in facts.modes.items() if mode is Mode.ON)
    agent.cap = facts.cap_max
    agent.idle_since = facts.idle_since
    agent.misses = dict(facts.misses) if facts.misses else NONE
    agent.handled = dict(facts.handled) if facts.handled else NONE
    changed = state.enrol(agent, facts)
    return changed + state.sign(agent, present=facts.status is not Status.OFFLINE)


def _skip(state: State, needs: Needs) -> None:
    """Widen whoever waits at a step nobody signed in serves."""
    first = needs.first()
    if first is None or not state.policy.skip_if_nobody:
        return
    for chain in needs.chains:
        for below in range(first):
            for item in state.index.waiting(chain, below):
                state.index.remove(item)
                relax(state, item, chain, item.step)
                state.index.push(item, chain)
                match_item(state, item)


def _unfit(state: State, agent: Agent) -> list[Item]:
    """Withdraw the Offers that no longer fit status, switches, skills or capacity.

    Whom a person has chosen needs neither the Queue nor the skills: his transfer is his judgement.
    """
    withdrawn = []
    for item in sorted(agent.items, key=lambda one: -one.tag):
        if item.state is not WorkState.OFFERED:
            continue
        if item.curve.channel not in agent.on:
            reason = "presence"
        elif agent.used > agent.cap:
            reason = "capacity"
        elif not item.facts.by_hand and not may_keep(state, item, agent):
            reason = "skill"
        else:
            continue
        withdraw(state, item, reason)
        withdrawn.append(item)
    return withdrawn


def _apply_tick(state: State, tick: Tick) -> None:
    """Timers have fired already."""


def _apply_refused(state: State, refused: Refused) -> None:
    """Forget what was assumed: item and agent wait in limbo until fresh facts come."""
    item = state.items.get(refused.item.int)
    agent = state.agents.get(refused.agent.int) if refused.agent else None
    if item is not None:
        leave(state, item)
        holder = item.agent
        if holder is not None:
            state.unlist(holder)
            state.take_away(item)
            state.list_free(holder)
        item.version = LIMBO
        item.state = WorkState.WAITING
        if agent is not None:
            state.keep_apart(item, agent, state.now + APART_MS)
    if agent is not None:
        state.unlist(agent)
        agent.version = LIMBO
        agent.on = frozenset()


def _apply_gone(state: State, gone: Gone) -> None:
    item = state.items.get(gone.id.int)
    if item is not None:
        leave(state, item)
        agent = item.agent
        if agent is not None:
            state.unlist(agent)
            state.take_away(item)
        state.forget(item)
        if agent is not None:
            match_agent(state, agent)
    agent = state.agents.get(gone.id.int)
    if agent is not None:
        facts = AgentFacts(agent.id, agent.version, gone.at, Status.OFFLINE, {}, cap_max=0)
        _apply_agent(state, facts)


def _adopt(state: State, policy: Policy) -> None:
    """Index everything anew under a new policy, then decide what it makes possible."""
    state.policy = policy
    waiting = [
        item
        for item in state.items.values()
        if item.state is WorkState.WAITING and item.version != LIMBO
    ]
    state.index = Index(policy, state.items)
    for agent in state.agents.values():
        _move_in(state, agent)
    for item in state.items.values():
        item.chain = None
        item.held_for = None
        item.rest_on(state.index.curve_of(item.facts))
    for item in waiting:
        enter(state, item, fresh=False)
    for tag in sorted(state.agents):
        match_agent(state, state.agents[tag])


def _move_in(state: State, agent: Agent) -> None:
    """Give an agent his place in a new index."""
    state.unlist(agent)
    agent.held = frozenset()
    agent.signed_in = False
    agent.profile = state.index.profile_of(agent.profile.skills, agent.profile.queues)
    if agent.enrolled:
        state.count_in(agent, 1)
    state.sign(agent, present=agent.status is not Status.OFFLINE)


_APPLY: Mapping[type, Callable[[State, Any], None]] = {
    ItemFacts: _apply_item,
    AgentFacts: _apply_agent,
    Tick: _apply_tick,
    Refused: _apply_refused,
    Gone: _apply_gone,
}

"""News: facts that come in change the state, and each is decided upon at once."""

from polyphony.domain.presence import Mode, Status
from polyphony.domain.routing.assign import (
    enter,
    leave,
    make_room,
    match_agent,
    match_item,
    may_keep,
    relax,
)
from polyphony.domain.routing.classes import Needs
from polyphony.domain.routing.facts import (
    AgentFacts,
    Gone,
    ItemFacts,
    Pace,
    Refused,
    Rendered,
    Tick,
)
from polyphony.domain.routing.hold import LIMBO, NONE, Agent, Item, reaches
from polyphony.domain.routing.interrupt import back_due
from polyphony.domain.routing.spare import hear_voice
from polyphony.domain.routing.state import BACK, EXPIRE, RENDER, State
from polyphony.domain.routing.timers import release, withdraw
from polyphony.domain.work import FINAL, WITH_AGENT, WorkState

APART_MS = 1000
"""How long a refused pair is kept apart."""
_IN_WORK, _OFFERED = WorkState.IN_WORK, WorkState.OFFERED  # looked up once: every input asks
_BUSY = frozenset({_IN_WORK, WorkState.WRAP_UP})


def apply_item(state: State, facts: ItemFacts) -> None:
    """A WorkItem is new, moved or is over; what is older than what we hold is left out."""
    item = state.items.get(facts.id.int)
    if item is None:
        _begin(state, facts)
    elif facts.version > item.version and not (
        facts.state is _IN_WORK and item.state is _OFFERED and _accepted(state, item, facts)
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
    item = take_item(state, facts)
    if facts.state is WorkState.WAITING:
        enter(state, item, fresh=True)
        match_item(state, item)


def _accepted(state: State, item: Item, facts: ItemFacts) -> bool:
    """Take the short way when an Offer was accepted: whoever held the item goes on holding it."""
    agent, named = item.agent, facts.agent
    if agent is None or named is None or named.int != agent.tag:
        return False
    if facts.units != item.curve.units:
        return False
    item.version, item.state, item.deadline = facts.version, facts.state, None
    item.render_by = None
    state.loosen(item, agent, 1)
    agent.misses = NONE
    if agent.profile.urgent and make_room(state, agent):  # what he has now may be interrupted
        match_agent(state, agent)
    return True


def _go_on(state: State, item: Item, facts: ItemFacts) -> None:
    """An item moved: take it out of everything, apply the facts, decide what became possible."""
    freed = item.agent
    if freed is None:
        leave(state, item)
    else:
        _free(state, item, freed, facts)
    take_item(state, facts)
    if facts.state is WorkState.WAITING:
        enter(state, item, fresh=True)
    if freed is not None:
        match_agent(state, freed)
    holder = item.agent
    if holder is not None and holder is not freed:
        match_agent(state, holder)
    if item.state is WorkState.WAITING:
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


def take_item(state: State, facts: ItemFacts) -> Item:
    """Take over facts of an item and give it to whoever has it; it is in no class yet."""
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
        state.arm(facts.render_by, RENDER, item)
    elif facts.state is WorkState.SUSPENDED:
        state.arm(back_due(item), BACK, item)
    for one in facts.exclusions:
        if item.excludes(one.agent.int, state.now):
            state.exclude(item, one)
    return item


def apply_agent(state: State, facts: AgentFacts) -> None:
    """An Agent came, went or changed: take back what no longer fits, give what now does."""
    agent = state.agent_of(facts.id)
    if facts.version < agent.version:
        return
    state.unlist(agent)
    changed = take_agent(state, agent, facts)
    back = _unfit(state, agent)
    for tag in sorted(agent.held):
        item = state.items[tag]
        if not item.facts.require_direct and not may_keep(state, item, agent):
            release(state, item, "preferred_away")
    for needs in changed:
        _skip(state, needs)
    match_agent(state, agent)
    for item in back:
        match_item(state, item)


def take_agent(state: State, agent: Agent, facts: AgentFacts) -> list[Needs]:
    """Take over facts; return the classes that gained their first or lost their last agent."""
    agent.version = facts.version
    agent.status = facts.status
    agent.modes = dict(facts.modes)
    agent.caps = dict(facts.cap_channels) if facts.cap_channels else NONE
    agent.be_on(state.channels(one for one, mode in facts.modes.items() if mode is Mode.ON))
    if agent.voice and not state.voices:
        hear_voice(state)
    agent.cap = facts.cap_max
    agent.idle_since = facts.idle_since
    agent.misses = dict(facts.misses) if facts.misses else NONE
    agent.learn(facts.handled)
    changed = state.enrol(agent, facts)
    agent.flex = state.index.flex_of(agent.profile, state.channels(agent.modes))
    return changed + state.sign(agent, present=facts.status is not Status.OFFLINE)


def _skip(state: State, needs: Needs) -> None:
    """Widen whoever waits at a step nobody signed in serves."""
    first = needs.first()
    skip = state.policy.skip_if_nobody and needs.line.policy.skip_if_nobody
    if first is None or not skip:
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
        if not reaches(item, agent):
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


def apply_tick(state: State, tick: Tick) -> None:
    """Timers have fired already."""


def apply_pace(state: State, pace: Pace) -> None:
    """Live work comes faster or slower: more or fewer are kept for it."""
    state.pools.hear(pace.pools)
    state.waits = pace.waits


def apply_rendered(state: State, rendered: Rendered) -> None:
    """A card that accepts itself is on a screen: its Offer lives until its deadline."""
    item = state.items.get(rendered.item.int)
    if item is not None and item.agent is not None and item.agent.tag == rendered.agent.int:
        item.render_by = None


def apply_refused(state: State, refused: Refused) -> None:
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
        agent.be_on(frozenset())


def apply_gone(state: State, gone: Gone) -> None:
    """An item or an Agent is there no longer."""
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
        apply_agent(state, facts)

"""What falls due inside the state: expiry, end of a hold, ladder thresholds, lapsed exclusions."""

from polyphony.domain.offer import ALL, after_miss, count_miss
from polyphony.domain.presence import Mode, Status
from polyphony.domain.routing.assign import (
    arm_ladder,
    enter,
    match_agent,
    match_item,
    relax,
)
from polyphony.domain.routing.decisions import Expire, NotResponding, Release, Withdraw
from polyphony.domain.routing.hold import Agent, Item, is_waiting, reaches
from polyphony.domain.routing.ladder import LAST, step_at
from polyphony.domain.routing.score import slack
from polyphony.domain.routing.state import EXPIRE, HOLD, LADDER, LAPSE, State
from polyphony.domain.work import WorkState


def fire(state: State, at: int) -> None:
    """Let everything due until a moment happen, in the order of (time, kind, id)."""
    while (timer := state.due(at)) is not None:
        due, kind, tag = timer
        state.now = max(state.now, due)
        item = state.items.get(tag)
        if item is not None:
            _fire_one(state, item, kind, due)


def _fire_one(state: State, item: Item, kind: int, due: int) -> None:
    """Do what a timer was set for, unless it has been overtaken meanwhile."""
    if kind == EXPIRE:
        if item.state is WorkState.OFFERED and item.deadline == due:
            _expire(state, item)
    elif kind == HOLD:
        if item.held_for is not None and item.hold_until == due:
            release(state, item, "hold_over")
    elif kind == LADDER:
        if item.ladder_due == due and is_waiting(item):
            _climb(state, item)
    elif kind == LAPSE:
        _lapse(state, item)


def release(state: State, item: Item, reason: str) -> None:
    """Let an item that was kept for somebody go to everybody."""
    state.out.append(Release(state.now, item.id, reason))
    if item.held_for is not None:
        item.held_for.held -= {item.tag}
        item.held_for = None
    item.hold_until = None
    chain = state.index.chain_of(item)
    relax(state, item, chain, item.step)
    state.index.push(item, chain)
    match_item(state, item)


def withdraw(state: State, item: Item, reason: str) -> None:
    """Take a live Offer back; the agent is listed anew by whoever asked for it."""
    agent = item.agent
    if agent is None:
        return
    state.unlist(agent)
    state.out.append(Withdraw(state.now, item.id, agent.id, item.version, reason))
    _back(state, item)


def _back(state: State, item: Item) -> None:
    """An offered item waits again, with its old waiting start."""
    state.take_away(item)
    item.state = WorkState.WAITING
    item.version += 1
    item.deadline = None
    enter(state, item, fresh=True)


def _expire(state: State, item: Item) -> None:
    agent = item.agent
    if agent is None:
        return
    state.unlist(agent)
    exclusion = after_miss(agent.id, state.now, item.exclusions.get(agent.tag))
    policy = item.line.policy
    agent.misses, silent = count_miss(
        agent.misses, item.curve.channel, policy.misses, policy.misses_all
    )
    misses = dict(agent.misses)
    state.out.append(Expire(state.now, item.id, agent.id, item.version, exclusion, misses))
    state.exclude(item, exclusion)
    freed = [item]
    if silent is not None:
        state.out.append(NotResponding(state.now, agent.id, agent.version, silent, misses))
        silence(agent, silent)
        agent.version += 1
    _back(state, item)
    if silent is not None:
        freed += _withdraw_unfit(state, agent)
    for one in freed:
        match_item(state, one)
    match_agent(state, agent)


def _withdraw_unfit(state: State, agent: Agent) -> list[Item]:
    """Withdraw the other Offers on channels the agent is no longer on; release what he kept."""
    mine = sorted(agent.items, key=lambda one: one.tag)
    unfit = [item for item in mine if item.state is WorkState.OFFERED and not reaches(item, agent)]
    for item in unfit:
        withdraw(state, item, "not_responding")
    for tag in sorted(agent.held):
        if state.items[tag].curve.channel not in agent.on:
            release(state, state.items[tag], "preferred_away")
    return unfit


def silence(agent: Agent, scope: str) -> None:
    """Make an agent not responding on one channel or altogether."""
    if scope == ALL:
        agent.status = Status.NOT_RESPONDING
        agent.modes = dict.fromkeys(agent.modes, Mode.OFF)
    else:
        agent.modes = {**agent.modes, scope: Mode.OFF}
    agent.on = frozenset(one for one, mode in agent.modes.items() if mode is Mode.ON)


def _climb(state: State, item: Item) -> None:
    """A threshold was reached: widen, and let declines lapse at the last one."""
    used = item.line.axis(state.now) - item.start
    item.widened = max(item.widened + 1, step_at(slack(used, item.curve.target)))
    chain = state.index.chain_of(item)
    held = item.held_for is not None
    if not held:
        state.index.remove(item)
    changed = relax(state, item, chain, min(item.widened, LAST))
    arm_ladder(state, item)
    if held:
        return
    state.index.push(item, chain)
    if item.exclusions:
        _forget_lapsed(state, item)
    if changed or item.exclusions:
        match_item(state, item)


def _lapse(state: State, item: Item) -> None:
    """Forget exclusions whose time is over and try again."""
    _forget_lapsed(state, item)
    if item.state is WorkState.WAITING:
        match_item(state, item)


def _forget_lapsed(state: State, item: Item) -> None:
    tags = {*item.exclusions, *item.apart}
    state.forget_exclusions(item, [tag for tag in tags if not item.excludes(tag, state.now)])

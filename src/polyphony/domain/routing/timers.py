"""What falls due inside the state: expiry, end of a hold, ladder thresholds, lapsed exclusions."""

from collections.abc import Callable, Collection, Mapping
from uuid import UUID

from polyphony.domain.offer import ALL, after_miss, count_miss
from polyphony.domain.overflow import CALLBACK, FULL, may_move
from polyphony.domain.presence import Mode, Status
from polyphony.domain.routing import overflowing, spare
from polyphony.domain.routing.assign import (
    arm_ladder,
    enter,
    leave,
    match_agent,
    match_item,
    relax,
)
from polyphony.domain.routing.decisions import (
    Alert,
    AskBack,
    Blocked,
    Expire,
    GiveBack,
    MoveQueue,
    NotResponding,
    OfferCallback,
    Release,
    Withdraw,
)
from polyphony.domain.routing.hold import LIMBO, Agent, Item, is_waiting, reaches
from polyphony.domain.routing.interrupt import back_due
from polyphony.domain.routing.lineup import NEVER
from polyphony.domain.routing.state import (
    BACK,
    EXPIRE,
    HOLD,
    LADDER,
    LAPSE,
    OVERFLOW,
    RENDER,
    RESERVE,
    State,
)
from polyphony.domain.work import WorkState


def fire(state: State, at: int) -> None:
    """Let everything due until a moment happen, in the order of (time, kind, id)."""
    while (timer := state.due(at)) is not None:
        due, kind, tag = timer
        state.now = max(state.now, due)
        item = state.items.get(tag)
        if item is not None and _STILL[kind](item, due):
            _FIRE[kind](state, item)
            if state.pools.risen:
                lift(state)


def lift(state: State) -> None:
    """More whole Agents are free than are kept for calls: some may take what can wait.

    Whoever has been idle longest looks first, then the smaller id; as soon as only those are left
    who are kept, the others find nothing.
    """
    while state.pools.risen:
        pools = sorted(state.pools.risen)
        state.pools.risen.clear()
        tags = {tag for pool in pools for tag in _thirsty(state, pool)}
        for tag in sorted(tags, key=lambda one: (state.agents[one].idle_since, one)):
            match_agent(state, state.agents[tag])


def _thirsty(state: State, pool: str) -> list[int]:
    """Agents of a pool, free for more, for whom something waits that can wait."""
    found, index = list[int](), state.index
    for profile in index.pools.get(pool, ()):
        channels = {
            curve.channel
            for curve, tops_of in profile.hear(index.wakes).items()
            if curve.spares and min(tops_of(index.tops)) != NEVER
        }
        for channel in sorted(channels):
            found += [tag for _, tag in profile.free.get(channel, ()) if state.agents[tag].voice]
    return found


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
    item.deadline = item.render_by = item.asked_at = None
    item.suspended_at = 0
    enter(state, item, fresh=True)


def _expire(state: State, item: Item) -> None:
    agent = item.agent
    if agent is None:
        return
    state.unlist(agent)
    before, used = item.exclusions.get(agent.tag), item.target_used(state.now)
    exclusion = after_miss(agent.id, state.now, before, target_used=used)
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
        kept = state.items[tag]
        if kept.curve.channel not in agent.on and not kept.facts.require_direct:
            release(state, kept, "preferred_away")
    return unfit


def silence(agent: Agent, scope: str) -> None:
    """Make an agent not responding on one channel or altogether."""
    if scope == ALL:
        agent.status = Status.NOT_RESPONDING
        agent.modes = dict.fromkeys(agent.modes, Mode.OFF)
    else:
        agent.modes = {**agent.modes, scope: Mode.OFF}
    agent.be_on(frozenset(one for one, mode in agent.modes.items() if mode is Mode.ON))


def _climb(state: State, item: Item) -> None:
    """A threshold was reached: widen, and let declines lapse at the last one."""
    used = item.line.axis(state.now) - item.start
    item.widened = max(item.widened + 1, item.curve.step_at(used))
    chain = state.index.chain_of(item)
    held = item.held_for is not None
    if not held:
        state.index.remove(item)
    changed = relax(state, item, chain, item.widened)
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
    gone = [tag for tag in tags if not item.excludes(tag, state.now)]
    if item.state is WorkState.WAITING and _declined_in_vain(state, item, gone):
        state.out.append(Alert(state.now, "all_declined", item.id, item.line.id))
    state.forget_exclusions(item, gone)


def _declined_in_vain(state: State, item: Item, gone: Collection[int]) -> bool:
    """Tell whether a decline lapses just now because the target is used up, not its own time."""
    if not item.target_used(state.now):
        return False
    declined = [tag for tag, one in item.exclusions.items() if one.reason == "declined"]
    return any(
        tag in gone and (agent := state.agents.get(tag)) is not None and item.tag in agent.excluded
        for tag in declined
    )


def _ask_back(state: State, item: Item) -> None:
    """An interrupted item has lain long: ask its Agent, and give it back at its target."""
    agent = item.agent
    if agent is None:
        return
    if item.asked_at is None:
        item.asked_at = state.now
        back = back_due(item)
        state.out.append(AskBack(state.now, item.id, agent.id, back))
        item.version += 1
        state.arm(back, BACK, item)
        return
    state.unlist(agent)
    state.out.append(GiveBack(state.now, item.id, agent.id, item.version, "target_used"))
    _back(state, item)
    match_item(state, item)
    match_agent(state, agent)


def _spare_no_more(state: State, item: Item) -> None:
    match_item(state, item)
    if item.chain is not None or item.held_for is not None:
        spare.arm(state, item)


def _overflow(state: State, item: Item) -> None:
    """Look at the overflow rules of an item that waits, and do what the first one says."""
    at = overflowing.rule_for(state, item)
    if at is not None:
        action = item.line.policy.overflow[at].action
        if action.queue is not None:
            _move_on(state, item, action.queue)
        elif item.blocker != CALLBACK:
            item.blocker = CALLBACK
            state.out.append(OfferCallback(state.now, item.id, item.line.id))
    if item.chain is not None or item.held_for is not None:
        overflowing.arm(state, item, fresh=False)


def _move_on(state: State, item: Item, to: UUID) -> None:
    """Let an item go to another Queue, unless it runs in a circle: then somebody is told once."""
    facts, here = item.facts, item.line.id
    refused = may_move((*facts.visited, here), facts.moves, to, allowed=facts.overflow)
    if refused is None:
        state.out.append(MoveQueue(state.now, item.id, item.version, here, to, "overflow"))
        leave(state, item)
        item.version = LIMBO  # what it asks there its fresh facts will say
        return
    reason = f"overflow_blocked:{refused.code.removeprefix('overflow.')}"
    if item.blocker not in {reason, FULL}:
        item.blocker = reason
        state.out.append(Blocked(state.now, item.id, reason))
        state.out.append(Alert(state.now, "overflow_blocked", item.id, here))


_FIRE: Mapping[int, Callable[[State, Item], None]] = {
    EXPIRE: _expire,
    RENDER: _expire,
    HOLD: lambda state, item: release(state, item, "hold_over"),
    LADDER: _climb,
    LAPSE: _lapse,
    RESERVE: _spare_no_more,
    OVERFLOW: _overflow,
    BACK: _ask_back,
}
_STILL: Mapping[int, Callable[[Item, int], bool]] = {
    EXPIRE: lambda item, due: item.state is WorkState.OFFERED and item.deadline == due,
    RENDER: lambda item, due: item.state is WorkState.OFFERED and item.render_by == due,
    HOLD: lambda item, due: item.held_for is not None and item.hold_until == due,
    LADDER: lambda item, due: item.ladder_due == due and is_waiting(item),
    LAPSE: lambda _item, _due: True,
    RESERVE: lambda item, _due: is_waiting(item),
    OVERFLOW: lambda item, due: item.overflow_due == due and is_waiting(item),
    BACK: lambda item, due: item.state is WorkState.SUSPENDED and back_due(item) == due,
}
"""What a timer was set for, and whether it has been overtaken meanwhile."""

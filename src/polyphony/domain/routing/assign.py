"""Which item for this agent, which agent for this item: the two halves of one greedy choice."""

from heapq import nsmallest
from uuid import UUID

from polyphony.domain.routing import interrupt, order, overflowing, spare
from polyphony.domain.routing.classes import (
    ID_MASK,
    START_SHIFT,
    TIE_MASK,
    Chain,
    Curve,
)
from polyphony.domain.routing.decisions import Hold, Offer, Relax
from polyphony.domain.routing.explain import ForAgent, ForItem, FoundItem, terms_of
from polyphony.domain.routing.hold import Agent, Item, fits_now, handle_ms
from polyphony.domain.routing.index import level_milli
from polyphony.domain.routing.lineup import NEVER
from polyphony.domain.routing.score import (
    MICRO,
    X_MAX,
    AgentTerms,
    item_score,
    used_at,
)
from polyphony.domain.routing.state import HOLD, LADDER, LAPSE, State
from polyphony.domain.work import WorkState

HOLD_MS = 60_000
ALL_MAX = 512
PER_PROFILE = 8
_HOUR_MS = 3_600_000
_OFFERED = WorkState.OFFERED


def enter(state: State, item: Item, *, fresh: bool) -> None:
    """Let an item wait: at the step its waiting has earned, kept for its agent or in its class.

    ``fresh`` = it has just come (or come back) and may be held; a rebuilt one keeps its hold.
    """
    line = item.line
    if line.policy.delivery != "push" or line.policy.paused:
        return
    if item.curve.channel in state.policy.outages:
        return
    item.widened = item.curve.step_at(line.axis(state.now) - item.start)
    chain = state.index.chain_of(item)
    if item.step >= chain.needs.count:  # the ladder became shorter since
        last = chain.needs.count - 1
        state.out.append(Relax(state.now, item.id, item.step, last, "ladder_changed"))
        item.step = last
    relax(state, item, chain, item.widened)
    arm_ladder(state, item)
    if item.exclusions:  # declines lapse when the target is used up
        used_up = item.start + used_at(MICRO, item.curve.target)
        state.arm(line.hours.at_axis(used_up), LAPSE, item)
    if state.voices:
        spare.arm(state, item)
    if line.policy.overflow:
        overflowing.arm(state, item, fresh=fresh)
    agent = _keeper(state, item, fresh=fresh)
    if agent is None:
        item.hold_until = None
        state.index.push(item, chain)
        return
    item.held_for = agent
    agent.held |= {item.tag}
    state.arm(item.hold_until, HOLD, item)


def leave(state: State, item: Item) -> None:
    """Take an item out of its class or from its keeper."""
    if item.chain is not None:
        state.index.remove(item)
    if item.held_for is not None:
        item.held_for.held -= {item.tag}
        item.held_for = None
    item.ladder_due = item.overflow_due = None


def relax(state: State, item: Item, chain: Chain, step: int) -> bool:
    """Widen to a step, further if nobody signed in serves it; the item is in no heap meanwhile."""
    reason = "waited"
    skip = state.policy.skip_if_nobody and item.line.policy.skip_if_nobody
    first = chain.needs.first() if skip else None
    if first is not None and first > max(step, item.step):
        step, reason = first, "nobody_signed_in"
    if step <= item.step:
        return False
    state.out.append(Relax(state.now, item.id, item.step, step, reason))
    item.step = step
    return True


def arm_ladder(state: State, item: Item) -> None:
    """Set the timer of the next threshold."""
    item.ladder_due = None
    points = item.curve.points
    if item.widened < len(points):
        item.ladder_due = item.line.hours.at_axis(item.start + points[item.widened])
        state.arm(item.ladder_due, LADDER, item)


def match_agent(state: State, agent: Agent) -> None:
    """An agent has room: give him the best items until nothing fits.

    What he is interrupted for may need less than what it interrupts: then there is room again.
    """
    fill(state, agent)
    while agent.profile.urgent and make_room(state, agent):
        fill(state, agent)
    if agent.listed or agent.cap - agent.used >= state.least:
        state.list_free(agent)


def fill(state: State, agent: Agent) -> None:
    """Give an agent the best items that fit, after the interrupted ones that may go on."""
    if agent.asleep:
        wake(state, agent)
    least = agent.profile.least
    while agent.cap - agent.used >= least and agent.on and not agent.exclusive:
        found = _careful(state, agent) if agent.excluded else _heads(state, agent)
        if agent.voice:
            found = spare.left(state, agent, found)
        if agent.held:
            found += _kept(state, agent)
        if not found:
            break
        give_first(state, agent, found)


def give_first(state: State, agent: Agent, found: list[FoundItem]) -> None:
    """Offer the best of what was found."""
    if len(found) > 1 and state.index.ordered:
        found = order.chosen(found)
    if len(found) > 1:
        _rank(found)
    _, key, curve = found[0]
    item = state.items[key & ID_MASK]
    chain = item.chain or state.index.chain_of(item)  # one that was kept is in no chain
    make_offer(state, item, agent, curve, ForAgent(state, item, agent, chain, found))


def make_room(state: State, agent: Agent) -> bool:
    """Whoever is full of what may be interrupted gets what must not wait all the same.

    Tells whether anything was interrupted.
    """
    made = False
    while agent.items and not agent.exclusive and agent.asleep < interrupt.ASLEEP_MAX:
        if all(item.state is not WorkState.IN_WORK for item in agent.items):
            break
        found = interrupt.heads_for(state, agent, _score)
        if not found:
            break
        if len(found) > 1:
            _rank(found)
        _, key, curve = found[0]
        item = state.items[key & ID_MASK]
        for one in interrupt.room_for(state, agent, curve) or ():
            interrupt.suspend(state, one, agent, item)
        grounds = ForAgent(state, item, agent, state.index.chain_of(item), found)
        grounds.interrupted = True
        make_offer(state, item, agent, curve, grounds)
        made = True
    return made


def wake(state: State, agent: Agent) -> None:
    """Let interrupted items go on as far as hands allow, after what would interrupt them again."""
    while (item := interrupt.may_wake(agent)) is not None:
        before = interrupt.first_before(state, agent, item, _score)
        if before:
            give_first(state, agent, before)
        else:
            interrupt.resume(state, item, agent)


def match_item(state: State, item: Item) -> None:
    """An item wants somebody: offer it to the best free agent, if there is one."""
    chain = item.chain
    if chain is None:
        if item.held_for is not None and item.facts.require_direct:
            match_agent(state, item.held_for)
        return
    found, reserved = _agents_for(state, item, chain)
    if not found:
        _interrupt_for(state, item, chain)
        return
    ranked = nsmallest(4, found, key=_by_idle if order.by_idle(chain.curve) else _by_score)
    agent = ranked[0][0]
    counts = (len(found), reserved)
    make_offer(state, item, agent, chain.curve, ForItem(state, item, chain, ranked, counts))
    state.list_free(agent)


def _by_score(one: tuple[Agent, AgentTerms]) -> tuple[int, int, int]:
    return one[1].total, one[0].idle_since, one[0].tag


def _by_idle(one: tuple[Agent, AgentTerms]) -> tuple[int, int, int]:
    return 0, one[0].idle_since, one[0].tag


def _interrupt_for(state: State, item: Item, chain: Chain) -> None:
    """Nobody has room: whoever holds what may be interrupted makes some."""
    ranked = interrupt.agents_for(state, item, chain)
    if not ranked:
        return
    agent = ranked[0][0]
    for one in interrupt.room_for(state, agent, chain.curve) or ():
        interrupt.suspend(state, one, agent, item)
    make_offer(state, item, agent, chain.curve, ForItem(state, item, chain, ranked, (0, 0)))
    match_agent(state, agent)


def make_offer(
    state: State, item: Item, agent: Agent, curve: Curve, grounds: ForAgent | ForItem
) -> None:
    """Decide: reserve the units, start the deadline, write the decision down."""
    if agent.listed:
        state.unlist(agent)
    leave(state, item)
    item.hold_until = None
    item.state = _OFFERED
    state.give(item, agent)
    deadline = state.expect(item, curve.timeout)
    state.out.append(
        Offer(
            state.now,
            item.id,
            agent.id,
            item.version,
            agent.version,
            deadline,
            curve.units,
            curve.exclusive,
            grounds,
        )
    )
    item.version += 1


def _heads(state: State, agent: Agent) -> list[FoundItem]:
    """Look at the first of every chain, but forget curves in which nobody waits for him.

    This runs for every decision: hence the score is written out, see ``score.item_score``.
    """
    found, empty = [], []
    now, index, profile = state.now, state.index, agent.profile
    tops, wakes, on, busy, live = index.tops, index.wakes, agent.open, agent.used, profile.live
    room, own = agent.cap - busy, agent.own
    if profile.heard is not wakes or profile.read != len(wakes):
        live = profile.hear(wakes)
    for curve, tops_of in live.items():
        if curve.units > room or curve.channel not in on or (busy and curve.exclusive):
            continue
        key = min(tops_of(tops))
        if key == NEVER:
            empty.append(curve)
            continue
        line, target = curve.line, curve.target
        used = (line.value if line.at == now else line.axis(now)) - (key >> START_SHIFT)
        x = X_MAX if used >= curve.full else (used + 1000) * MICRO // target
        score = curve.scaled * x // (handle_ms(agent, curve) * 1000 if own else curve.mean1000)
        if used > target:
            score += (used - target) * 100_000 // _HOUR_MS
        found.append((score, key, curve))
    for curve in empty:
        del live[curve]
    return found


def _score(curve: Curve, agent: Agent, now: int, key: int) -> int:
    """Score of a waiting item, known by its key, for an agent."""
    used = curve.line.axis(now) - (key >> START_SHIFT)
    return item_score(curve.weight, used, curve.target, handle_ms(agent, curve))


def _rank(found: list[FoundItem]) -> None:
    """Highest score first; of equals the older waiting start, then the smaller id."""
    found.sort(reverse=True)
    if found[0][0] == found[1][0]:  # rare, and only then are the keys worth taking apart
        found.sort(key=lambda one: (-one[0], one[1] & TIE_MASK))


def _careful(state: State, agent: Agent) -> list[FoundItem]:
    """``_heads`` for an agent whom some items exclude: these are popped aside."""

    def bars(item: Item) -> bool:
        return item.excludes(agent.tag, state.now)

    found = []
    for curve, served in agent.profile.chains.items():
        cheap = curve.units <= agent.cap - agent.used and not (curve.exclusive and agent.used)
        if not cheap or curve.channel not in agent.open:
            continue
        key = min(state.index.allowed(chain, step, bars) for chain, step in served)
        if key != NEVER:
            found.append((_score(curve, agent, state.now, key), key, curve))
    return found


def _kept(state: State, agent: Agent) -> list[FoundItem]:
    """Items held for this agent which fit now."""
    found = []
    for tag in sorted(agent.held):
        item = state.items[tag]
        if fits_now(item, agent) and not item.excludes(agent.tag, state.now):
            curve = state.index.chain_of(item).curve
            found.append((_score(curve, agent, state.now, item.key), item.key, curve))
    return found


def _agents_for(
    state: State, item: Item, chain: Chain
) -> tuple[list[tuple[Agent, AgentTerms]], int]:
    """Candidates with their terms, and how many are kept for calls.

    All free ones if they are few, else the longest idle per profile.
    """
    channel = chain.curve.channel
    lists = [
        (profile, profile.free[channel])
        for profile, step in chain.needs.members.items()
        if step <= item.step and profile.free.get(channel)
    ]
    if not lists:
        return [], 0
    few = sum(len(free) for _, free in lists) <= ALL_MAX
    found, reserved = [], 0
    for profile, free in lists:
        level = level_milli(profile, chain.needs.steps[item.step])
        taken = 0
        for _, tag in free:
            agent = state.agents[tag]
            if not fits_now(item, agent) or item.excludes(tag, state.now):
                continue
            if agent.voice and spare.spared(state, agent, chain.curve, item.key):
                reserved += 1
                continue
            taken += 1
            if few or taken <= PER_PROFILE or tag == item.sticky:
                found.append((agent, terms_of(state.now, (item, agent), chain.curve, level)))
            if not few and taken >= PER_PROFILE and item.sticky is None:
                break
    return found, reserved


def _keeper(state: State, item: Item, *, fresh: bool) -> Agent | None:
    """Return the sticky agent the item waits for, if it may and he is there but has no room."""
    mode = item.line.policy.sticky
    if item.sticky is not None and item.facts.require_direct:  # for him alone, without end
        item.hold_until = None
        return state.agent_of(UUID(int=item.sticky))
    agent = state.agents.get(item.sticky) if item.sticky is not None else None
    if agent is None or mode == "off" or not may_keep(state, item, agent):
        return None
    if not fresh:
        return agent if item.hold_until is not None and item.hold_until > state.now else None
    if fits_now(item, agent):
        return None  # no need to wait: the bonus decides
    item.hold_until = _hold_until(state, item, mode)
    if item.hold_until is None or item.hold_until <= state.now:
        return None
    state.out.append(Hold(state.now, item.id, agent.id, item.hold_until))
    return agent


def may_keep(state: State, item: Item, agent: Agent) -> bool:
    """Tell whether an item may wait for an agent: present on the channel, able, not excluded."""
    if item.curve.channel not in agent.on or item.excludes(agent.tag, state.now):
        return False
    chain = state.index.chain_of(item)
    return agent.profile.needs.get(chain.needs, chain.needs.count) <= item.step


def _hold_until(state: State, item: Item, mode: str) -> int | None:
    """``prefer``: at most half the target or a minute, and never past x = 0.5; else until x = 1.

    What has used half of its target already is kept for nobody: to wait would break it.
    """
    hours, target = item.line.hours, item.curve.target
    now = item.line.axis(state.now)
    if now - item.start >= item.curve.half:
        return None
    if mode == "require":
        return hours.at_axis(item.start + used_at(MICRO, target))
    span = now + min(target // 2, HOLD_MS)
    return hours.at_axis(min(span, item.start + item.curve.half))

"""Interrupt: what an Agent holds makes room for what must not wait, and goes on afterwards."""

from collections.abc import Callable
from heapq import nsmallest

from polyphony.domain.routing.classes import Chain, Curve
from polyphony.domain.routing.decisions import Resume, Suspend
from polyphony.domain.routing.explain import FoundItem, terms_of
from polyphony.domain.routing.hold import Agent, Item, fits
from polyphony.domain.routing.index import level_milli
from polyphony.domain.routing.lineup import NEVER
from polyphony.domain.routing.score import MICRO, AgentTerms, used_at
from polyphony.domain.routing.state import BACK, State
from polyphony.domain.work import HELD, WorkState

ASLEEP_MAX = 2
"""Items of one Agent that may be interrupted at once."""
ASK_MS = 1_800_000
"""After so long at most he is asked whether he gives an interrupted item back."""


def room_for(state: State, agent: Agent, curve: Curve) -> list[Item] | None:
    """What an Agent would have to interrupt for an item; None when it would not fit even so.

    Of several as few as possible are chosen, those with the most time left first.
    """
    if agent.exclusive or curve.channel not in agent.open or curve.units > agent.cap:
        return None
    held = [item for item in agent.items if item.state in HELD]
    loose = [
        item
        for item in held
        if item.state is WorkState.IN_WORK and item.curve.channel in curve.interrupts
    ]
    if curve.exclusive:
        chosen = loose if len(loose) == len(held) else []
    else:
        chosen = _enough(state, agent, curve, loose)
    if not chosen or len(chosen) + agent.asleep > ASLEEP_MAX:
        return None
    freed = sum(item.curve.units for item in chosen)
    return chosen if agent.used - freed + curve.units <= agent.cap else None


def _enough(state: State, agent: Agent, curve: Curve, loose: list[Item]) -> list[Item]:
    """Choose, with the most time left first, until there is room."""
    missing, chosen = agent.used + curve.units - agent.cap, list[Item]()
    for item in sorted(loose, key=lambda one: (-_left(state, one), one.tag)):
        if missing <= 0:
            break
        chosen.append(item)
        missing -= item.curve.units
    return chosen


def _left(state: State, item: Item) -> int:
    return item.curve.target - (item.line.axis(state.now) - item.start)


def agents_for(state: State, item: Item, chain: Chain) -> list[tuple[Agent, AgentTerms]]:
    """Candidates for an item whom it would interrupt, the best first, at most four."""
    curve, found = chain.curve, list[tuple[Agent, AgentTerms]]()
    if not curve.interrupts:
        return found
    for profile, step in chain.needs.members.items():
        if step > item.step:
            continue
        at_work = {tag for one in curve.interrupts for tag in profile.loose.get(one, ())}
        level = level_milli(profile, chain.needs.steps[item.step]) if at_work else 0
        for tag in at_work:
            agent = state.agents[tag]
            if agent.asleep >= ASLEEP_MAX or item.excludes(tag, state.now):
                continue
            if room_for(state, agent, curve) is None:
                continue
            terms = terms_of(state.now, (item, agent), curve, level)
            found.append((agent, terms._replace(interrupt=curve.weights.interrupt)))
    return nsmallest(4, found, key=lambda one: (one[1].total, one[0].idle_since, one[0].tag))


def heads_for(
    state: State, agent: Agent, score: Callable[[Curve, Agent, int, int], int]
) -> list[FoundItem]:
    """The first items an Agent would have to interrupt something for."""
    found, room = [], dict[tuple[str, int, bool], bool]()
    live = agent.profile.hear(state.index.wakes)
    for curve in agent.profile.urgent:
        if curve not in live or curve.channel not in agent.open:
            continue
        kind = (curve.channel, curve.units, curve.exclusive)
        if kind not in room:
            room[kind] = room_for(state, agent, curve) is not None
        if room[kind]:
            key = best_of(state, agent, curve)
            if key != NEVER:
                found.append((score(curve, agent, state.now, key), key, curve))
    return found


def best_of(state: State, agent: Agent, curve: Curve) -> int:
    """Key of the first item of a curve an Agent may get; NEVER = there is none."""
    index = state.index

    def bars(item: Item) -> bool:
        return item.excludes(agent.tag, state.now)

    served = agent.profile.chains[curve]
    if not agent.excluded:
        return min(index.tops[chain.places[step]] for chain, step in served)
    return min(index.allowed(chain, step, bars) for chain, step in served)


def may_wake(agent: Agent) -> Item | None:
    """Return the interrupted item that goes on next, if his hands allow it."""
    asleep = [item for item in agent.items if item.state is WorkState.SUSPENDED]
    for item in sorted(asleep, key=lambda one: (one.suspended_at, one.tag)):
        curve = item.curve
        room = not agent.exclusive and not (curve.exclusive and agent.used)
        if room and agent.used + curve.units <= agent.cap:
            return item
    return None


def first_before(
    state: State,
    agent: Agent,
    sleeper: Item,
    score: Callable[[Curve, Agent, int, int], int],
) -> list[FoundItem]:
    """What waits that would interrupt the item again at once: it takes the room instead."""
    found = []
    for curve in agent.profile.urgent:
        if sleeper.curve.channel in curve.interrupts and fits(curve, agent):
            key = best_of(state, agent, curve)
            if key != NEVER:
                found.append((score(curve, agent, state.now, key), key, curve))
    return found


def suspend(state: State, item: Item, agent: Agent, for_item: Item) -> None:
    """Interrupt: the units are free, the item stays with its Agent."""
    state.unlist(agent)
    state.take_away(item)
    item.state = WorkState.SUSPENDED
    item.suspended_at, item.asked_at = state.now, None
    state.give(item, agent)
    state.out.append(Suspend(state.now, item.id, agent.id, item.version, for_item.id))
    item.version += 1
    state.arm(back_due(item), BACK, item)


def resume(state: State, item: Item, agent: Agent) -> None:
    """Let an interrupted item go on."""
    state.unlist(agent)
    state.take_away(item)
    item.state = WorkState.IN_WORK
    item.suspended_at, item.asked_at = 0, None
    state.give(item, agent)
    state.out.append(Resume(state.now, item.id, agent.id, item.version))
    item.version += 1


def back_due(item: Item) -> int | None:
    """When something happens to an interrupted item next: its Agent is asked, then it goes back.

    It goes back to its Queue at its target, but not before he was asked; None = never.
    """
    if item.asked_at is None:
        return item.suspended_at + min(item.curve.target // 4, ASK_MS)
    used_up = item.line.hours.at_axis(item.start + used_at(MICRO, item.curve.target))
    return None if used_up is None else max(used_up, item.asked_at)

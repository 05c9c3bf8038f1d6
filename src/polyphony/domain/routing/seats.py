"""Seats: who serves the Queue of an item, who of them could take it now, and why the others not."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from polyphony.domain.presence import Status
from polyphony.domain.routing.classes import Chain
from polyphony.domain.routing.explain import terms_of, why_not
from polyphony.domain.routing.facts import ItemFacts
from polyphony.domain.routing.hold import Agent, Item
from polyphony.domain.routing.index import first_step, level_milli
from polyphony.domain.routing.state import State

_ORDER = ("free", "later")


@dataclass(frozen=True, slots=True)
class Seat:
    """One member of the Queue: ``code`` is free, later, no_skill, offline or what keeps him.

    ``step`` is the ladder step at which he may serve, ``at`` when it comes (epoch ms), ``missing``
    the needs he does not meet now, ``score`` what his turn depends on: the smaller the sooner.
    """

    agent: UUID
    code: str
    rank: int
    step: int | None
    at: int | None
    missing: tuple[str, ...]
    used: int
    cap: int
    score: int | None


def seats(state: State, facts: ItemFacts) -> list[Seat]:
    """Judge every member of the item's Queue, those first who could take it now, best first.

    The item is only looked at: it does not wait in the state afterwards.
    """
    item = Item(facts.id)
    item.take(facts, state.index.curve_of(facts))
    chain = state.index.chain_of(item)
    found = [
        _seat(state, item, chain, agent)
        for agent in state.agents.values()
        if facts.queue in agent.profile.queues
    ]
    return sorted(found, key=_place)


def _place(one: Seat) -> tuple[int, int, int, int]:
    order = _ORDER.index(one.code) if one.code in _ORDER else len(_ORDER)
    return (order, one.score or 0, one.rank, one.agent.int)


def _seat(state: State, item: Item, chain: Chain, agent: Agent) -> Seat:
    needs, levels = chain.needs, agent.profile.skills
    step = first_step(agent.profile, needs)
    missing = tuple(
        f"{need.skill}>={need.min_level}" for need in needs.steps[0] if not need.met(levels)
    )
    free = step == 0
    code = _code(item, agent, step, state.now)
    level = level_milli(agent.profile, needs.steps[0])
    score = terms_of(state.now, (item, agent), chain.curve, level).total
    return Seat(
        agent.id,
        code,
        agent.profile.queues[item.line.id],
        step,
        _comes_at(item, step),
        missing,
        agent.used,
        agent.cap,
        score if free and code == "free" else None,
    )


def _code(item: Item, agent: Agent, step: int | None, now: int) -> str:
    if step is None:
        return "no_skill"
    if agent.status is Status.OFFLINE:
        return "offline"
    code = why_not(item, agent, now)
    return "later" if code == "free" and step > item.step else code


def _comes_at(item: Item, step: int | None) -> int | None:
    """When a ladder step comes for an item that begins to wait now."""
    if not step:
        return None
    return item.line.hours.at_axis(item.start + item.curve.points[step - 1])


def as_json(found: Sequence[Seat]) -> list[dict[str, object]]:
    """Write seats for a screen."""
    return [
        {
            "agent_id": str(one.agent),
            "code": one.code,
            "rank": one.rank,
            "step": one.step,
            "at": one.at,
            "missing": list(one.missing),
            "used": one.used,
            "cap": one.cap,
            "score": one.score,
        }
        for one in found
    ]

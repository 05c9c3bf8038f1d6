"""Reasons: the terms of a decision, its best losers, and why something still waits."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from polyphony.domain.presence import Mode, Status
from polyphony.domain.routing.classes import (
    ID_MASK,
    START_SHIFT,
    TIE_MASK,
    Chain,
    Counts,
    Curve,
)
from polyphony.domain.routing.decisions import Why
from polyphony.domain.routing.hold import Agent, Item, fits_now, handle_ms, is_waiting
from polyphony.domain.routing.index import level_milli
from polyphony.domain.routing.order import Found, by_idle
from polyphony.domain.routing.score import (
    AgentTerms,
    ageing,
    idle_term,
    item_score,
    shrunk,
    slack,
    speed_term,
)
from polyphony.domain.routing.spare import spared
from polyphony.domain.routing.state import State
from polyphony.domain.work import WorkState

FoundItem = Found
_LOSERS = 3


def terms_of(now: int, pair: tuple[Item, Agent], curve: Curve, level: int) -> AgentTerms:
    """Score an agent for an item, term by term; ``level`` = mean level in thousandths."""
    item, agent = pair
    weights = curve.weights
    return AgentTerms(
        agent.flex,
        speed_term(handle_ms(agent, curve), curve.mean),
        idle_term(now - agent.idle_since, weights.idle),
        weights.keep if keeps(curve, agent) else 0,
        -level * weights.level,
        -weights.sticky if agent.tag == item.sticky else 0,
    )


def keeps(curve: Curve, agent: Agent) -> bool:
    """Tell whether an item would take a whole Agent away from what needs a whole one.

    Where calls come, that is whoever takes them; to keep the others whole would help nobody.
    """
    if curve.exclusive or agent.used:
        return False
    return agent.voice or not curve.keep_voice


class ForAgent:
    """Reasons when an agent became free and an item was chosen for him.

    Most are never read: this keeps what may change later, all else is worked out when asked for.
    """

    __slots__ = (
        "_alone",
        "_chain",
        "_flex",
        "_found",
        "_handled",
        "_idle_since",
        "_now",
        "_policy",
        "_profile",
        "_seen",
        "_step",
        "_sticky",
        "interrupted",
    )

    def __init__(
        self, state: State, item: Item, agent: Agent, chain: Chain, found: list[FoundItem]
    ) -> None:
        self._now = state.now
        self._policy = state.policy.version
        self._chain = chain
        self._found = found
        self._profile = agent.profile
        self._flex = agent.flex
        self._handled = agent.handled
        self._idle_since = agent.idle_since
        self._alone = keeps(chain.curve, agent)
        self.interrupted = False  # something he held had to make room
        self._sticky = agent.tag == item.sticky
        self._step = item.step
        needs = chain.needs
        excluded = _excluded(state, item) if item.exclusions else 0
        self._seen = (needs.skilled, needs.signed, 1, excluded, 0)

    def terms(self) -> AgentTerms:
        """Score of the agent for the item, as it was."""
        curve, needs = self._chain.curve, self._chain.needs
        weights = curve.weights
        return AgentTerms(
            self._flex,
            speed_term(self._aht(curve), curve.mean),
            idle_term(self._now - self._idle_since, weights.idle),
            weights.keep if self._alone else 0,
            -level_milli(self._profile, needs.steps[self._step]) * weights.level,
            -weights.sticky if self._sticky else 0,
            weights.interrupt if self.interrupted else 0,
        )

    def _aht(self, curve: Curve) -> int:
        """Handle time of the agent in the class of a curve, as it was."""
        own = self._handled.get((curve.line.id, curve.channel))
        return shrunk(curve.mean, own)

    def why(self) -> Why:
        """Write the reasons out."""
        ranked = sorted(self._found, key=lambda one: (-one[0], one[1] & TIE_MASK))
        terms = [
            _item_terms(self._now, one, self._step, self._aht(one[2]))
            for one in ranked[: _LOSERS + 1]
        ]
        lost = zip(ranked[1 : _LOSERS + 1], terms[1:], strict=True)
        return {
            "side": "agent_freed",
            "item": terms[0],
            "agent": _agent_terms(self.terms()),
            "lost": [_lost_item(one[1], terms[0], his) for one, his in lost],
            "counts": _named(self._seen, self._step),
            "needs": _needs(self._chain, self._step),
            "policy": self._policy,
        }


class ForItem:
    """Reasons when an item arrived (or widened) and an agent was chosen for it."""

    __slots__ = ("_by_idle", "_chain", "_key", "_now", "_policy", "_ranked", "_seen", "_step")

    def __init__(
        self,
        state: State,
        item: Item,
        chain: Chain,
        ranked: Sequence[tuple[Agent, AgentTerms]],
        counts: tuple[int, int],
    ) -> None:
        self._now = state.now
        self._policy = state.policy.version
        self._key = item.key
        self._chain = chain
        self._step = item.step
        self._by_idle = by_idle(chain.curve)
        self._ranked = [(agent.id, terms) for agent, terms in ranked]
        needs = chain.needs
        free, reserved = counts
        self._seen = (needs.skilled, needs.signed, free, _excluded(state, item), reserved)

    def why(self) -> Why:
        """Write the reasons out."""
        curve = self._chain.curve
        used = curve.line.hours.axis(self._now) - (self._key >> START_SHIFT)
        score = item_score(curve.weight, used, curve.target, curve.mean)
        best = self._ranked[0][1]
        return {
            "side": "arrival",
            "item": _item_terms(self._now, (score, self._key, curve), self._step, curve.mean),
            "agent": _agent_terms(best),
            "lost": [
                _lost_idle(best, agent, terms) if self._by_idle else _lost_agent(best, agent, terms)
                for agent, terms in self._ranked[1:4]
            ],
            "counts": _named(self._seen, self._step),
            "needs": _needs(self._chain, self._step),
            "policy": self._policy,
        }


_Seen = tuple[Counts, Counts, int, int, int]
"""Agents with the skills and of them signed in (by first step), free, excluded, kept for calls."""


def _excluded(state: State, item: Item) -> int:
    return sum(item.excludes(tag, state.now) for tag in item.exclusions)


def _named(seen: _Seen, step: int) -> dict[str, int]:
    skilled, signed, free, excluded, reserved = seen
    return {
        "skilled": sum(skilled[: step + 1]),
        "signed_in": sum(signed[: step + 1]),
        "free": free,
        "excluded": excluded,
        "held": 0,
        "reserved": reserved,
    }


def _item_terms(now: int, found: FoundItem, step: int, aht: int) -> Why:
    score, key, curve = found
    used = curve.line.hours.axis(now) - (key >> START_SHIFT)
    return {
        "x": slack(used, curve.target),
        "w": curve.weight,
        "aht": aht,
        "ageing": ageing(used, curve.target),
        "score": score,
        "step": step,
    }


def _agent_terms(terms: AgentTerms) -> dict[str, int]:
    return {**terms._asdict(), "total": terms.total}


def _lost_item(key: int, mine: Why, his: Why) -> Why:
    """Name the factor in which the loser is furthest behind, and the difference of the scores."""
    behind = {
        "w": his["w"] * 1000 // mine["w"],
        "x": his["x"] * 1000 // max(mine["x"], 1),
        "aht": mine["aht"] * 1000 // his["aht"],
    }
    term = min(behind, key=lambda name: (behind[name], name))
    by = mine["score"] - his["score"]
    if not by:
        term = "since"
    return {"id": str(UUID(int=key & ID_MASK)), "score": his["score"], "term": term, "by": by}


def _lost_agent(best: AgentTerms, agent: UUID, terms: AgentTerms) -> Why:
    """Name the term that cost the loser most, and the difference of the totals."""
    gaps = {name: his - mine for name, mine, his in zip(best._fields, best, terms, strict=True)}
    term = max(gaps, key=lambda name: (gaps[name], name))
    by = terms.total - best.total
    return {"id": str(agent), "score": terms.total, "term": term if by else "id", "by": by}


def _lost_idle(best: AgentTerms, agent: UUID, terms: AgentTerms) -> Why:
    """Where the longest idle is asked, only that counts."""
    return {
        "id": str(agent),
        "score": terms.total,
        "term": "idle",
        "by": terms.idle - best.idle,
    }


def _needs(chain: Chain, step: int) -> list[str]:
    return [f"{need.skill}>={need.min_level}" for need in chain.needs.steps[step]][:8]


def fill_hands(state: State, used: Iterable[tuple[UUID, int, int]]) -> None:
    """Let Agents hold what their loads say: (agent, units, exclusive items), whatever that is.

    Who asks about one item need not read all others.
    """
    for who, units, exclusive in used:
        agent = state.agents.get(who.int)
        if agent is not None:
            state.unlist(agent)
            agent.used, agent.exclusive = units, exclusive
            state.list_free(agent)


def waiting(state: State, identifier: UUID) -> Why:
    """Say why an item still waits: blockers with counts, and what would change it when.

    Returns ``{"code": "not_waiting"}`` for one that does not wait here.
    """
    item = state.items.get(identifier.int)
    if item is None:
        return {"code": "not_waiting", "blockers": [], "next": None}
    if item.state is WorkState.OFFERED:
        return _answer("offered_now", 1, [], None)
    if not is_waiting(item):
        stopped = [code for code, is_so in _stopped(state, item).items() if is_so]
        if item.state is not WorkState.WAITING or not stopped:
            return {"code": "not_waiting", "blockers": [], "next": None}
        return _answer(stopped[0], 1, [{"code": code, "count": 1} for code in stopped], None)
    counts = _blockers(state, item)
    ranked = [{"code": code, "count": count} for code, count in counts if count]
    first = ranked[0] if ranked else {"code": "all_busy", "count": 0}
    return _answer(str(first["code"]), int(str(first["count"])), ranked, _next(state, item))


def _answer(code: str, count: int, blockers: list[dict[str, object]], then: Why | None) -> Why:
    return {"code": code, "count": count, "blockers": blockers, "next": then}


def _blockers(state: State, item: Item) -> list[tuple[str, int]]:
    """Count what keeps whom away, the main blocker first."""
    needs = state.index.chain_of(item).needs
    able = {id(profile) for profile, step in needs.members.items() if step <= item.step}
    agents = [agent for agent in state.agents.values() if id(agent.profile) in able]
    found: dict[str, int] = {}
    if item.held_for is not None:
        found["held_for_preferred"] = 1
    if not agents:
        found["no_agent_has_skills"] = 1
    elif not any(agent.signed_in for agent in agents):
        found["none_signed_in"] = len(agents)
    for agent in agents:
        if agent.signed_in:
            code = _kept_from(state, item, agent)
            found[code] = found.get(code, 0) + 1
    policy = item.line.policy
    shut = {"queue_closed": not policy.is_open(state.now), **_stopped(state, item)}
    found |= {code: 1 for code, is_so in shut.items() if is_so}
    order = sorted(found.items(), key=lambda one: (one[0] != "held_for_preferred", -one[1], one[0]))
    return order + ([("higher_scored_ahead", _ahead(state, item))] if agents else [])


def _stopped(state: State, item: Item) -> dict[str, bool]:
    """Tell what a lever keeps from being offered at all: it is in no class meanwhile."""
    return {
        "paused_by_lever": item.line.policy.paused,
        "channel_outage": item.curve.channel in state.policy.outages,
    }


def _kept_from(state: State, item: Item, agent: Agent) -> str:
    code = why_not(item, agent, state.now)
    back = code == "free" and spared(state, agent, item.curve, item.key)
    return "held_by_reserve" if back else code


def why_not(item: Item, agent: Agent, now: int) -> str:
    """Name what keeps a signed-in agent from an item now; ``free`` when nothing does."""
    if item.excludes(agent.tag, now):
        return "excluded_after_decline"
    if agent.status in {Status.BREAK, Status.RECONNECTING, Status.NOT_RESPONDING}:
        return "on_break" if agent.status is Status.BREAK else agent.status.value
    if agent.modes.get(item.curve.channel, Mode.OFF) is not Mode.ON:
        return "channel_off"
    if fits_now(item, agent):
        return "free"
    return (
        "all_busy" if agent.exclusive or agent.used + item.curve.units > agent.cap else "not_alone"
    )


def _ahead(state: State, item: Item) -> int:
    """Count items of the same class which are served before this one."""
    chain = item.chain
    if chain is None:
        return 0
    return sum(
        one.key < item.key
        for step in range(chain.needs.count)
        for one in state.index.waiting(chain, step)
    )


def _next(state: State, item: Item) -> Why | None:
    """Say when the next ladder step comes and how many signed-in agents it adds."""
    points = item.curve.points
    if item.step >= len(points):
        return None
    hours, step = item.line.hours, item.step + 1
    at = hours.at_axis(item.start + points[item.step])
    adds = state.index.chain_of(item).needs.signed[step]
    return {"step": step, "at": at, "adds_agents": adds}

"""Replay: the journal of routing lived through again; the first step that differs is named."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from polyphony.domain.errors import NotFound
from polyphony.domain.routing import canonical
from polyphony.domain.routing.canonical import Opening
from polyphony.domain.routing.decisions import Decision
from polyphony.domain.routing.digest import DECISION_VERSION, chain, content
from polyphony.domain.routing.facts import Policy
from polyphony.domain.routing.match import rebuild, step
from polyphony.domain.routing.state import State
from polyphony.domain.work import WorkState
from polyphony.store import journal
from polyphony.store.database import Session
from polyphony.store.journal import Cycle, Rules

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Difference:
    """What was kept and what came out now differ: ``what`` is decisions, digest, gap or rules."""

    what: str
    cycle: Cycle
    kept: Sequence[Any]
    now: Sequence[Any]
    inputs: Sequence[Any]
    state: Json


@dataclass(slots=True)
class Replayed:
    """One step lived through: what it decided, and whether it was what was kept."""

    cycle: Cycle
    decided: Sequence[Decision]
    state: State
    difference: Difference | None = None


@dataclass(slots=True)
class Player:
    """A state that lives through a journal again; ``rules_of`` finds rules by their version."""

    rules: dict[int, Policy] = field(default_factory=dict)
    state: State | None = None
    digest: bytes | None = None

    def knows(self, version: int) -> bool:
        """Tell whether rules of a version were given."""
        return version in self.rules

    def learn(self, rules: Rules) -> None:
        """Take rules in; raise NotFound when their content is not what their name says."""
        body = journal.written(journal.unpacked(rules.body))
        if rules.decision_version != DECISION_VERSION or content(body) != rules.hash:
            facts = {"version": rules.version, "decision_version": rules.decision_version}
            raise NotFound("replay.rules", facts)
        self.rules[rules.version] = rules.policy

    def play(self, cycle: Cycle) -> Replayed:
        """Live through one step and compare; a first one must be a beginning."""
        taken, kept = journal.inflated(cycle.inputs), journal.inflated(cycle.decisions)
        inputs = journal.read(taken)
        policy = self.rules.get(cycle.policy)
        if policy is None:
            raise NotFound("replay.rules", {"version": cycle.policy})
        previous = self.digest
        gap = False
        if cycle.kind == "begin":
            opening = canonical.read_opening(inputs)
            gap = previous is not None and previous != opening.previous
            previous = opening.previous
            self.state, decided = _rebuilt(policy, opening)
        elif self.state is None or previous is None:
            raise NotFound("replay.beginning", {"epoch": cycle.epoch, "no": cycle.no})
        else:
            _, decided = step(self.state, canonical.read_inputs(inputs), policy)
        done = Replayed(cycle, decided, self.state)
        now = journal.written(canonical.write_decisions(decided))
        self.digest = chain(previous, taken, now)
        what = "gap" if gap else "decisions" if now != kept else "digest"
        if gap or now != kept or self.digest != cycle.digest:
            done.difference = _difference(what, done, journal.read(kept), inputs)
        return done


def _rebuilt(policy: Policy, one: Opening) -> tuple[State, list[Decision]]:
    return rebuild(policy, one.items, one.agents, one.at, one.pace)


def _difference(
    what: str, done: Replayed, kept: Sequence[Any], inputs: Sequence[Any]
) -> Difference:
    now = canonical.write_decisions(done.decided)
    taken = inputs if done.cycle.kind == "step" else []
    about = {one for part in (kept, now) for row in part for one in row if isinstance(one, str)}
    return Difference(what, done.cycle, kept, now, taken, _told(done.state, about))


def _told(state: State, about: set[str]) -> Json:
    """Say what the state holds, and of the things the decisions name how they stand."""
    items = {
        f"{tag:032x}": [item.state.value, item.version, item.step, item.deadline]
        for tag, item in state.items.items()
        if f"{tag:032x}" in about
    }
    agents = {
        f"{tag:032x}": [agent.status.value, agent.version, agent.used, agent.cap, agent.idle_since]
        for tag, agent in state.agents.items()
        if f"{tag:032x}" in about
    }
    waiting = sum(one.state is WorkState.WAITING for one in state.items.values())
    return {"now": state.now, "items": len(state.items), "waiting": waiting,
            "agents": len(state.agents), "of_items": items, "of_agents": agents}  # fmt: skip


async def replay(
    session: Session, since: datetime | None, until: datetime | None
) -> AsyncIterator[Replayed]:
    """Live through the journal from the last beginning before a moment; ends at a difference.

    Raises NotFound ``replay.empty`` when nothing was kept.
    """
    begin = await journal.beginning(session, since)
    if begin is None:
        raise NotFound("replay.empty")
    player = Player()
    async for page in journal.cycles(session, begin, until):  # one by one: a page is 500 steps
        unknown = sorted({one.policy for one in page if not player.knows(one.policy)})
        for rules in await journal.rules(session, unknown) if unknown else ():
            player.learn(rules)
        for one in page:
            done = player.play(one)
            yield done
            if done.difference is not None:
                return


def about(item: UUID) -> Callable[[Sequence[Any]], bool]:
    """Return what tells whether a written input or decision names an item."""
    name = f"{item.int:032x}"
    return lambda row: name in row


def named(rows: Sequence[Any]) -> list[Mapping[str, Any]]:
    """Name the fields of written inputs or decisions, for people."""
    return [canonical.named(one) for one in rows]


def inputs_of(cycle: Cycle) -> list[Any]:
    """Read the inputs of a step as they were written; those of a beginning are facts of all."""
    if cycle.kind == "begin":
        _, _, items, agents, *_ = journal.unpacked(cycle.inputs)
        return [
            *(["item_facts", *one] for one in items),
            *(["agent_facts", *one] for one in agents),
        ]
    found: list[Any] = journal.unpacked(cycle.inputs)
    return found

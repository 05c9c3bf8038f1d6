"""Why: what keeps an item waiting, said from the tables as they are, and what was done to it."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from uuid import UUID

from polyphony.domain.routing import explain
from polyphony.domain.routing.match import load
from polyphony.domain.service_hours import to_ms
from polyphony.domain.skill import Requirement
from polyphony.domain.work import WorkState
from polyphony.store import agents, hands, journal, queues, work
from polyphony.store.database import Session

MEMBERS_MAX = 200
"""So many members of a Queue are looked at, those signed in first: it takes milliseconds."""


async def why(session: Session, item_id: UUID, at: datetime) -> dict[str, object]:
    """Say why a WorkItem waits, with counts; only members of its Queue are looked at.

    Returns ``{code, count, blockers, next, members}``; ``not_waiting`` for others.
    """
    found = await work.facts(session, [item_id])
    if not found or found[0].state not in {WorkState.WAITING, WorkState.OFFERED}:
        return {"code": "not_waiting", "count": 0, "blockers": [], "next": None, "members": 0}
    item = found[0]
    policy = await queues.policy(session, 1, (), [item.queue])
    line = policy.queues.get(item.queue)
    serving = {item.queue}
    if line is not None:
        serving |= {*line.related, *(one for rung in line.ladder.rungs for one in rung.queues)}
    members, total = await queues.members(session, sorted(serving), MEMBERS_MAX)
    skills = {key for need in item.requirements for key in _skills_of(need)}
    facts = await agents.facts_about(session, members, skills | policy.languages, serving)
    state = load(policy, [item], facts, to_ms(at))
    explain.fill_hands(state, await agents.used(session, members))
    answer = explain.waiting(state, item_id)
    ahead = await hands.ahead(session, item_id)
    if ahead:
        answer["blockers"] = [*answer["blockers"], {"code": "higher_scored_ahead", "count": ahead}]
    return {**answer, "members": total}


def _skills_of(need: Requirement) -> Iterator[str]:
    """Name what a requirement may be met by."""
    yield need.skill
    yield from (key for key, _ in need.substitutes)


async def trace(session: Session, item_id: UUID, *, names: bool) -> list[dict[str, object]]:
    """Say what was done to an item, newest first: its moves, and what the router did between them.

    Whom it was kept for is said only with ``names``.
    """
    moved = await journal.moves_of(session, item_id)
    done = await journal.traced(session, item_id)
    told: list[dict[str, object]] = [
        {"at": one.at, "code": one.type, "by": one.actor_kind, "facts": {"state": one.state,
         "queue_id": one.queue_id}} for one in moved
    ]  # fmt: skip
    told += [
        {"at": one.at, "code": one.code, "by": "router", "facts": _shown(one.facts, names=names)}
        for one in done
    ]
    return sorted(told, key=lambda one: str(one["at"]), reverse=True)


def _shown(facts: object, *, names: bool) -> object:
    if names or not isinstance(facts, Mapping):
        return facts
    return {key: value for key, value in facts.items() if key != "agent"}

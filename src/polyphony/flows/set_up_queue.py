"""Set up a queue: ladder, related queues and overflow make sense before they are kept."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from polyphony.domain import overflow
from polyphony.domain.errors import Invalid
from polyphony.domain.overflow import Rule
from polyphony.domain.presence import Status
from polyphony.domain.routing import ladder as ladders
from polyphony.domain.routing.facts import Policy, QueuePolicy
from polyphony.domain.routing.index import Index, first_step
from polyphony.domain.routing.ladder import Ladder
from polyphony.domain.skill import Requirement, SkillKind, as_json, requirement
from polyphony.store import agents, configuration
from polyphony.store.configuration import QUEUE, SKILL
from polyphony.store.database import Session

Json = dict[str, Any]
_NOBODY = UUID(int=0)
_ASKED = frozenset({"ladder", "related", "overflow_before", "overflow_after", "requirements"})


async def check(session: Session, id_: UUID, values: Mapping[str, Any]) -> None:
    """Refuse what the router could not obey: a ladder that narrows, names nobody has.

    ``values`` are the fields somebody wants to write; the others are as they are.
    """
    if not _ASKED & values.keys():
        return
    now = await configuration.one(session, QUEUE, id_) or {}
    wanted: Json = {**now, **values}
    skills = {
        str(one["key"]): str(one["kind"]) for one in await configuration.all_of(session, SKILL)
    }
    ladder = ladders.read(wanted.get("ladder"))
    before = overflow.read(wanted.get("overflow_before") or [], waits=False)
    after = overflow.read(wanted.get("overflow_after") or [], waits=True)
    related = [UUID(str(one)) for one in wanted.get("related") or []]
    if wanted.get("ladder") is not None:
        needs = [requirement(one) for one in wanted.get("requirements") or []]
        refuse_ladder(ladder, needs, skills)
    named = {*related, *ladders.others(ladder), *overflow.targets([*before, *after])}
    if id_ in named:
        raise Invalid("queue.names_itself")
    await _known(session, named)


def refuse_ladder(ladder: Ladder, needs: Sequence[Requirement], skills: Mapping[str, str]) -> None:
    """Refuse a ladder that narrows, touches legal skills or names unknown ones (key → kind)."""
    named = {name for rung in ladder.rungs for name in (*rung.drop, *dict(rung.lower))}
    unknown = sorted(named - skills.keys())
    if unknown:
        raise Invalid("ladder.unknown_skill", {"names": unknown[:20]})
    ladders.check(ladder, needs, [key for key, kind in skills.items() if kind == SkillKind.LEGAL])


async def _known(session: Session, named: set[UUID]) -> None:
    if not named:
        return
    there = {UUID(str(one["id"])) for one in await configuration.all_of(session, QUEUE)}
    gone = sorted(str(one) for one in named - there)
    if gone:
        raise Invalid("queue.refers_to_nothing", {"names": gone[:20]})


async def warnings(session: Session, id_: UUID) -> list[Json]:
    """Return the circles of overflow a queue stands in, as names in their order."""
    rows = await configuration.all_of(session, QUEUE)
    names = {UUID(str(one["id"])): str(one["name"]) for one in rows}
    to = {UUID(str(one["id"])): overflow.targets(_rules(one)) for one in rows}
    return [
        {"code": "overflow.cycle", "queues": [names[one] for one in path]}
        for path in overflow.cycles(to)
        if id_ in path
    ]


def _rules(row: Json) -> list[Rule]:
    return [
        *overflow.read(row.get("overflow_before") or [], waits=False),
        *overflow.read(row.get("overflow_after") or [], waits=True),
    ]


async def rungs(session: Session, id_: UUID | None, wanted: Json) -> list[Json]:
    """Say for each step of a ladder what it asks and how many agents it reaches; nothing is kept.

    ``wanted``: ``ladder``, ``requirements``, ``related``; of a Queue without id nobody is a member.
    """
    skills = {
        str(one["key"]): str(one["kind"]) for one in await configuration.all_of(session, SKILL)
    }
    ladder = ladders.read(wanted.get("ladder"))
    needs = tuple(requirement(one) for one in wanted.get("requirements") or [])
    if wanted.get("ladder") is not None:
        refuse_ladder(ladder, needs, skills)
    queue = id_ or _NOBODY
    related = tuple(UUID(str(one)) for one in wanted.get("related") or [])
    policy = Policy(1, {queue: QueuePolicy(related=related, ladder=ladder)})
    index = Index[Any](policy, {})
    asked = index.needs_of(queue, "", needs)
    first = Counter[int]()
    present = Counter[int]()
    for one in await agents.facts(session):
        step = first_step(index.profile_of(one.skills, one.queues), asked)
        if step is not None:
            first[step] += 1
            present[step] += one.status is not Status.OFFLINE
    return [
        {
            "step": step,
            "requirements": [as_json(one) for one in asked.steps[step]],
            "rank": asked.line.ranks[step],
            "agents": sum(first[one] for one in range(step + 1)),
            "signed_in": sum(present[one] for one in range(step + 1)),
        }
        for step in range(ladder.count)
    ]

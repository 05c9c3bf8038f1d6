"""Preview a lever: the real core looks half an hour ahead, without it and with it; nothing kept."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from polyphony.domain.lever import BY_ROWS, Lever, check, on_agent, overlay
from polyphony.domain.metric import Ratio
from polyphony.domain.permission import Scope, pulls
from polyphony.domain.routing.facts import Policy
from polyphony.domain.routing.outlook import HORIZON_MS, Outlook, Picture, Start, look_ahead
from polyphony.domain.service_hours import to_ms
from polyphony.domain.work import WorkState
from polyphony.flows.pull_lever import Puller, place_of
from polyphony.store import agents, nearby, pace, queues, staff, work
from polyphony.store.database import Session

Json = dict[str, object]
FIRST = 10
AGENTS_SHOWN = 20
ALIVE_S = 1.0


@dataclass(frozen=True, slots=True)
class Both:
    """What would come without a lever and with it."""

    picture: Picture
    before: Outlook
    after: Outlook


async def preview(session: Session, lever: Lever, seconds: int, by: Puller) -> Json:
    """Say what a lever would change: first Offers, waits by Queue, load of Agents.

    Bounded: a few hundred Agents around the Queue and what waits for them. Raises as ``pull``.
    """
    lever = check(lever, seconds)
    await place_of(session, lever, by.scope)
    lever = replace(lever, until=to_ms(by.at) + seconds * 1000)
    around = await nearby.near(session, lever.place.queue, lever.place.agents)
    policy = await queues.policy(session, 1, None)
    people = await agents.facts(session, around.agents)
    held = await work.in_hands(session, around.agents)
    waiting = await work.facts(session, around.items)
    at = to_ms(by.at)
    picture = Picture(at, [*held, *waiting], people, await pace.now(session, by.at))
    both = await _beside(session, policy, lever, picture)
    homes = await staff.departments_of_all(session, around.agents)
    led = {one for one, mine in homes.items() if any(pulls(by.scope, place) for place in mine)}
    told = _told(both, around.queues, led)
    first = await _first(session, both, by.scope, led)
    return {**told, "first": first, "cut": around.cut or not both.after.whole,
            "needs_two": lever.needs_two, "value": dict(lever.value)}  # fmt: skip


async def _beside(session: Session, policy: Policy, lever: Lever, picture: Picture) -> Both:
    """Look ahead in a thread; a transaction that only waits for it is not taken for a dead one."""
    looking = asyncio.create_task(asyncio.to_thread(_look, policy, lever, picture))
    while not (await asyncio.wait({looking}, timeout=ALIVE_S))[0]:
        await session.execute("SELECT 1")
    return await looking


def _look(policy: Policy, lever: Lever, picture: Picture) -> Both:
    changed = picture
    if lever.kind in BY_ROWS:
        people = [on_agent(one, lever) for one in picture.agents]
        changed = replace(picture, agents=people)
    before = look_ahead(policy, picture)
    after = look_ahead(replace(overlay(policy, [lever]), version=2), changed)
    return Both(picture, before, after)


def _told(both: Both, near: Sequence[UUID], led: Collection[UUID]) -> Json:
    """Count both ways."""
    waiting = [one for one in both.picture.items if one.state is WorkState.WAITING]
    by_queue: dict[UUID, list[UUID]] = {}
    for one in waiting:
        by_queue.setdefault(one.queue, []).append(one.id)
    ways = [{one.item: one for one in way.starts} for way in (both.before, both.after)]
    before, after = ways
    shown = [queue for queue in near if by_queue.get(queue)]
    lines: list[Json] = [
        {
            "queue_id": queue,
            "waiting": len(by_queue[queue]),
            "before": _waits(by_queue[queue], before, both.before.late),
            "after": _waits(by_queue[queue], after, both.after.late),
        }
        for queue in shown
    ]
    all_items, loads = [one.id for one in waiting], _loads(both, led)
    return {
        "horizon_ms": HORIZON_MS,
        "waiting": len(waiting),
        "agents": len(both.picture.agents),
        "before": _waits(all_items, before, both.before.late),
        "after": _waits(all_items, after, both.after.late),
        "queues": lines,
        "loads": loads[:AGENTS_SHOWN],
        "affected": len(loads),
    }


def _waits(items: Sequence[UUID], starts: Mapping[UUID, Start], late: Collection[UUID]) -> Json:
    """Say of waiting items how long they would go on waiting: half an hour counts as the most.

    ``in_time`` of ``judged`` is the service level to come of what waits now: of what is begun by
    then, and what is late by then; ``band`` is its interval in thousandths, None without any.
    """
    found = [starts[one] for one in items if one in starts]
    total = sum(one.after_ms for one in found) + HORIZON_MS * (len(items) - len(found))
    in_time = sum(one.in_time for one in found)
    level = Ratio(in_time, len(found) + sum(one in late for one in items))
    return {
        "wait_ms": total // len(items) if items else 0,
        "left": len(items) - len(found),
        "in_time": in_time,
        "judged": level.denominator,
        "band": level.interval,
    }


def _loads(both: Both, led: Collection[UUID]) -> list[Json]:
    """Say whose half hour changes of those the actor leads, most of all first, in thousandths."""
    before, after = both.before.busy, both.after.busy
    changed = [one for one in before if one in led and before[one] != after.get(one, 0)]
    changed.sort(key=lambda one: (-abs(after.get(one, 0) - before[one]), one))
    return [
        {
            "agent_id": one,
            "before": before[one] * 1000 // HORIZON_MS,
            "after": after.get(one, 0) * 1000 // HORIZON_MS,
        }
        for one in changed
    ]


async def _first(session: Session, both: Both, scope: Scope, led: Collection[UUID]) -> Json:
    """Return the next Offers both ways; matters and Agents of other departments are not named."""
    starts = (both.before.starts[:FIRST], both.after.starts[:FIRST])
    items = sorted({one.item for way in starts for one in way})
    known = await nearby.references(session, items)
    return {
        name: [_offer(one, known.get(one.item, {}), scope, led) for one in way]
        for name, way in zip(("before", "after"), starts, strict=True)
    }


def _offer(one: Start, known: Mapping[str, object], scope: Scope, led: Collection[UUID]) -> Json:
    department = known.get("department_id")
    place = None if department is None else UUID(str(department))
    mine = place is not None and pulls(scope, place)
    mine = mine and (not known.get("sealed") or place in scope.departments)
    return {
        "work_item_id": one.item,
        "case_id": known.get("case_id") if mine else None,
        "reference": known.get("reference") if mine else None,
        "queue_id": one.queue,
        "channel": one.channel,
        "agent_id": one.agent if one.agent in led else None,
        "after_ms": one.after_ms,
    }

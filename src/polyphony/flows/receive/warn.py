"""Warn: what fails while something is received is told to those who lead at once."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from polyphony.domain.alert import AlertKind, NewAlert
from polyphony.domain.service_hours import to_ms
from polyphony.domain.skill import RequirementKind
from polyphony.flows.promise import hours_of
from polyphony.flows.receive.overflow import Entry, Gates
from polyphony.flows.receive.world import World
from polyphony.store import lines
from polyphony.store.clocks import CalendarRow
from polyphony.store.database import Session
from polyphony.store.labour import NewWork


async def warn(
    session: Session, world: World, gates: Gates, let_in: Sequence[tuple[NewWork, Entry]]
) -> None:
    """Note what must be told of work that comes in; it is raised once the work is there."""
    for work, entry in let_in:
        if entry.refused is not None:
            facts = {"why": entry.refused}
            world.alarms.append(_of_work(AlertKind.OVERFLOW_BLOCKED, work, facts))
    full = {entry.visited[-1] for _, entry in let_in if entry.full}
    full |= gates.crowded & {entry.queue.queue_id for _, entry in let_in}
    world.alarms += [_of_queue(AlertKind.QUEUE_FULL, one) for one in sorted(full)]
    queues = {entry.queue.queue_id: entry.queue for _, entry in let_in}
    world.alarms += [_of_queue(AlertKind.NEVER_OPENS, one) for one in _shut(world, queues)]
    await _unlicensed(session, world, [work for work, _ in let_in])


def _of_work(kind: AlertKind, work: NewWork, facts: Mapping[str, object]) -> NewAlert:
    return NewAlert(
        kind, str(work.id), queue_id=work.queue_id, work_item_id=work.id, case_id=work.case_id,
        facts=facts,
    )  # fmt: skip


def _of_queue(kind: AlertKind, queue: UUID) -> NewAlert:
    return NewAlert(kind, str(queue), queue_id=queue)


def _shut(world: World, queues: Mapping[UUID, CalendarRow]) -> Iterable[UUID]:
    """Return the Queues that are closed and never open again: nobody will look there."""
    at = to_ms(world.at)
    for id_, queue in sorted(queues.items()):
        hours = hours_of(queue)
        if not hours.is_open(at) and hours.opens(at) is None:
            yield id_


async def _unlicensed(session: Session, world: World, works: Sequence[NewWork]) -> None:
    """Note work that asks for a skill of the law nobody here has."""
    asked = {one.id: _legal(one) for one in works}
    wanted = sorted({need for needs in asked.values() for need in needs})
    if not wanted:
        return
    nobody = await lines.unlicensed(session, wanted, world.at.date())
    for work in works:
        missing = [skill for skill, level in asked[work.id] if (skill, level) in nobody]
        if missing:
            facts = {"skills": missing}
            world.alarms.append(_of_work(AlertKind.LEGAL_MISSING, work, facts))


def _legal(work: NewWork) -> list[tuple[str, int]]:
    asked = work.requirements if isinstance(work.requirements, list) else []
    return [
        (str(one["skill"]), int(one.get("min_level", 1)))
        for one in asked
        if one.get("kind") == RequirementKind.LEGAL.value
    ]

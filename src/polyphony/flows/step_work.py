"""Step work: a step somebody is to do waits in its Queue, with its target and what it needs."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from polyphony.domain import sla
from polyphony.domain.capacity import cost_of
from polyphony.domain.queue import needs, target_ms
from polyphony.domain.service_hours import to_datetime, to_ms
from polyphony.domain.skill import as_json, requirement
from polyphony.domain.sla import ClockType
from polyphony.flows.promise import hours_of
from polyphony.store import clocks, steps
from polyphony.store.clocks import CalendarRow
from polyphony.store.database import Session
from polyphony.store.keys import keys
from polyphony.store.steps import StepRow, StepWork

CHANNEL = "case_step"


async def ask_for(
    session: Session,
    batch: Sequence[StepRow],
    at: datetime,
    unwanted: Mapping[UUID, Sequence[UUID]] | None = None,
) -> list[StepWork]:
    """Put steps (their Cases locked) into their Queues; each gets its deadline from its target.

    ``unwanted`` are people by step it is never offered to. A step whose Queue is gone is nobody's
    work and stays for a person to waive.
    """
    wanted = [one for one in batch if one.queue_id is not None]
    if not wanted:
        return []
    hours = await clocks.of_queues(
        session, sorted({one.queue_id for one in wanted if one.queue_id})
    )
    facts = {one.case_id: await steps.about(session, one.case_id) for one in wanted}
    made = []
    for id_, one in zip(keys(at, len(wanted)), wanted, strict=True):
        about, queue = facts[one.case_id], hours.get(one.queue_id or one.id)
        if about is not None and queue is not None:
            made.append(_work(id_, one, queue, (about.tier, about.priority), at))
    but = unwanted or {}
    by_item = {one.id: but[one.step_id] for one in made if but.get(one.step_id)}
    await steps.add_work(session, made, by_item)
    due = {one.step_id: one.due_at for one in made}
    for one in wanted:
        one.due_at = due.get(one.id)
    return made


def _work(
    id_: UUID, step: StepRow, queue: CalendarRow, weight: tuple[str, str], at: datetime
) -> StepWork:
    tier, urgency = weight
    target = step.target_s * 1000 if step.target_s else target_ms(queue.targets, CHANNEL, tier)
    clock = sla.start(ClockType.FIRST_RESPONSE, target, hours_of(queue), to_ms(at))
    asked = needs(
        [requirement(one) for one in queue.requirements],
        [requirement(one) for one in step.requirements],
    )
    cost = cost_of(CHANNEL)
    return StepWork(
        id=id_,
        case_id=step.case_id,
        step_id=step.id,
        queue_id=queue.queue_id,
        units=cost.units,
        exclusive=cost.exclusive,
        target_ms=target,
        due_at=None if clock.due_at is None else to_datetime(clock.due_at),
        tier=tier,
        urgency=urgency,
        requirements=[as_json(one) for one in asked],
        waiting_since=at,
        sticky=step.owner_id,
        why_queue={"code": "process", "step": step.titles or step.title},
    )

"""Queue: which Queue answers, what the work needs, until when; as rules and targets say."""

from collections.abc import Sequence
from uuid import UUID

from polyphony.domain.capacity import cost_of
from polyphony.flows.measure import Target, answer_ms
from polyphony.flows.receive.world import Need, World
from polyphony.store import clocks, labour
from polyphony.store.clocks import CalendarRow
from polyphony.store.database import Session
from polyphony.store.labour import NewWork

_URGENCY = {"low": "low", "normal": "normal", "high": "high", "critical": "critical"}


async def ask(session: Session, world: World) -> list[NewWork]:
    """Choose Queues for what needs work, start the clocks; return the work to add."""
    chosen = {one.interaction: choose(one) for one in world.needs.values()}
    others = [one for one in world.waits.values() if one.interaction not in world.needs]
    queues = {one.before or one.account.queue_id for one in others}
    queues |= {queue for queue, _ in chosen.values()}
    hours = await clocks.of_queues(session, sorted(queues)) if queues else {}
    for one in others:
        _wait(world, one, hours[one.before or one.account.queue_id])
    return [_work(world, one, *chosen[one.interaction], hours) for one in world.needs.values()]


def choose(need: Need) -> tuple[UUID, dict[str, object]]:
    """Return the Queue and why: the one the matter was in, the account's, the triage."""
    if need.before is not None:
        return need.before, {"code": "case_continues"}
    if need.account.default_queue is not None:
        return need.account.default_queue, {"code": "account_default"}
    return need.account.triage_queue, {"code": "triage"}


def _wait(world: World, need: Need, hours: CalendarRow) -> None:
    target = Target(need.case, need.interaction, need.account.kind, need.sender.tier, hours)
    world.clocks.asked(target, need.at, first=need.fresh)


def _work(
    world: World,
    need: Need,
    queue: UUID,
    why: dict[str, object],
    calendars: dict[UUID, CalendarRow],
) -> NewWork:
    hours = calendars[queue]
    target = Target(need.case, need.interaction, need.account.kind, need.sender.tier, hours)
    due = world.clocks.asked(target, need.at, first=need.fresh)
    if need.fresh:
        world.clocks.opened(target, need.at)
        world.cases[need.case].department_id = hours.department_id
    cost = cost_of(need.account.kind)
    return NewWork(
        id=world.key(),
        interaction_id=need.interaction,
        queue_id=queue,
        channel_kind=need.account.kind,
        units=cost.units,
        exclusive=cost.exclusive,
        target_ms=answer_ms(target),
        due_at=due,
        tier=need.sender.tier,
        urgency=_URGENCY[world.cases[need.case].priority],
        requirements=[],
        waiting_since=need.at,
        sticky=need.sticky,
        why_queue=why,
    )


async def settle(session: Session, world: World, works: Sequence[NewWork]) -> list[UUID]:
    """Add the work, wake and cancel what the messages asked for; return the WorkItems touched."""
    await labour.add(session, works)
    woken = await labour.wake_up(session, sorted(world.wakes), world.at)
    ended = await labour.end(session, sorted(world.cancels), labour.cancel("abandoned"), world.at)
    world.withdrawn.extend(one.offer_id for one in ended if one.offer_id)
    return [*(one.id for one in works), *woken, *(one.id for one in ended)]

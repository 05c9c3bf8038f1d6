"""Picture: what screens will see of a Case opened in this batch, from the facts at hand.

The twin of ``store.projections`` for rows nobody else can have touched yet: a test compares both.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from polyphony.domain import reference
from polyphony.domain.event import NewEvent
from polyphony.flows.receive.lines import upsert
from polyphony.flows.receive.world import World
from polyphony.store.cases import CaseRow
from polyphony.store.events import Seen
from polyphony.store.identities import Known
from polyphony.store.interactions import InteractionRow
from polyphony.store.labour import NewWork

_PLAIN: Mapping[str, object] = {
    "kind": "request",
    "kind_id": None,
    "kind_name": None,
    "steps": None,
    "help": None,
    "snooze": None,
}
"""What a Case that was just opened cannot have yet."""


def covered(world: World) -> dict[UUID, InteractionRow]:
    """Return the Cases of this batch that can be drawn from memory, with their Interaction."""
    by_case: dict[UUID, list[InteractionRow]] = {}
    for one in world.new_interactions:
        strip = world.interactions[one]
        if strip.case_id in world.new_cases:
            by_case.setdefault(strip.case_id, []).append(strip)
    return {case: strips[0] for case, strips in by_case.items() if len(strips) == 1}


def seen(
    world: World, strips: Mapping[UUID, InteractionRow], works: Sequence[NewWork]
) -> dict[UUID, Seen]:
    """Return by Case who is told of it and whose matter it is."""
    by_strip = {one.interaction_id: one for one in works}
    senders = {one.id: one for one in world.senders.values()}
    return {case: _seen(world, one, by_strip, senders) for case, one in strips.items()}


def opened(
    world: World, strips: Mapping[UUID, InteractionRow], by_case: Mapping[UUID, Seen]
) -> list[NewEvent]:
    """Return the events of these Cases and of the Interactions they began with."""
    senders = {one.id: one for one in world.senders.values()}
    fresh = [strips[one] for one in sorted(strips)]
    return [
        *(_case(world, one, senders[one.identity_id], by_case[one.case_id]) for one in fresh),
        *(_strip(one, senders[one.identity_id], by_case[one.case_id]) for one in fresh),
    ]


def queued(world: World, works: Sequence[NewWork], by_case: Mapping[UUID, Seen]) -> list[NewEvent]:
    """Return the events of the work these Cases make."""
    return [_work(world, one, by_case) for one in works if _case_of(world, one) in by_case]


def _case_of(world: World, work: NewWork) -> UUID:
    return world.interactions[work.interaction_id].case_id


def _seen(
    world: World,
    strip: InteractionRow,
    works: Mapping[UUID, NewWork],
    senders: Mapping[UUID, Known],
) -> Seen:
    case = world.cases[strip.case_id]
    customer = senders[strip.identity_id].customer_id
    if case.id in world.sealed:
        return (f"member:{case.department_id}",), customer
    work = works.get(strip.id)
    queue = (f"queue:{work.queue_id}",) if work else ()
    return (f"dept:{case.department_id}", f"case:{case.id}", *queue), customer


def _case(world: World, strip: InteractionRow, sender: Known, seen: Seen) -> NewEvent:
    case = world.cases[strip.case_id]
    data = {
        "id": case.id,
        "version": 1,
        "reference": reference.shown(case.reference),
        "title": case.title,
        "preview": case.preview,
        "state": case.state,
        "state_since": case.state_since,
        "due_at": None,
        "priority": case.priority,
        "language": case.language,
        "department_id": case.department_id,
        "visibility": case.visibility,
        "owner_id": None,
        "record_id": case.record_id,
        "customer": {
            "id": sender.customer_id,
            "name": sender.name,
            "tier": sender.tier,
            "language": sender.language,
            "zone": None,
        },
        "channels": [strip.channel_kind],
        "opened_at": case.opened_at,
        "last_at": case.last_at,
        "last_item": case.last_item,
        "last_customer": case.last_customer,
        "last_staff": 0,
        "tags": [],
        "merged_into": None,
        **_PLAIN,
        "links": _links(world, case),
        "clocks": _clocks(world, case),
        "demo": case.demo,
    }
    return upsert("case", ("case.opened", case.id, case.id), seen, data)


def _links(world: World, case: CaseRow) -> list[dict[str, object]]:
    return [
        {
            "case_id": one.other_id,
            "kind": one.kind,
            "reference": reference.shown(world.cases[one.other_id].reference),
            "back": False,
        }
        for one in world.links
        if one.case_id == case.id
    ]


def _clocks(world: World, case: CaseRow) -> list[dict[str, object]]:
    return [
        {
            "type": one.type,
            "state": one.state,
            "target_ms": one.target_ms,
            "consumed_ms": one.consumed_ms,
            "running_since": one.running_since,
            "warn_at": one.warn_at,
            "due_at": one.due_at,
        }
        for one in sorted(world.clocks.of(case.id), key=lambda one: (one.type, one.id))
    ]


def _strip(strip: InteractionRow, sender: Known, seen: Seen) -> NewEvent:
    data = {
        "id": strip.id,
        "version": 1,
        "case_id": strip.case_id,
        "channel_kind": strip.channel_kind,
        "account_id": strip.account_id,
        "mode": strip.mode,
        "state": strip.state,
        "language": strip.language,
        "subject": strip.subject,
        "agent_id": strip.agent_id,
        "identity": {
            "id": sender.id,
            "address": sender.address,
            "name": sender.record_name,
            "level": sender.level,
            "state": sender.state,
        },
        "opened_at": strip.opened_at,
        "ended_at": strip.ended_at,
    }
    return upsert("interaction", ("interaction.began", strip.id, strip.case_id), seen, data)


def _work(world: World, work: NewWork, seen: Mapping[UUID, Seen]) -> NewEvent:
    case = _case_of(world, work)
    data = {
        "id": work.id,
        "version": 1,
        "case_id": case,
        "interaction_id": work.interaction_id,
        "queue_id": work.queue_id,
        "channel_kind": work.channel_kind,
        "state": "waiting",
        "state_since": work.waiting_since,
        "units": work.units,
        "tier": work.tier,
        "urgency": work.urgency,
        "requirements": work.requirements,
        "waiting_since": work.waiting_since,
        "wake_at": None,
        "agent_id": None,
        "due_at": work.due_at,
        "disposition": None,
        "disposition_due": False,
        "wrap_until": None,
        "wrap_extended": 0,
        "suspended_at": None,
        "ask_back_at": None,
        "why_queue": work.why_queue,
        "step": None,
        "callback": None,
    }
    return upsert("work_item", ("work_item.added", work.id, case), (seen[case][0], None), data)

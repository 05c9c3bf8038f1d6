"""Picture: what screens will see of a Case opened in this batch, from the facts at hand.

The twin of ``store.projections`` for rows nobody else can have touched yet: a test compares both.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

import orjson

from polyphony.domain import reference
from polyphony.domain.event import NewEvent, Op
from polyphony.flows.receive.world import World
from polyphony.store.cases import CaseRow
from polyphony.store.identities import Known
from polyphony.store.interactions import InteractionRow
from polyphony.store.labour import NewWork
from polyphony.store.messages import FileRow, MessageRow

WHOLE_BYTES = 8_192
_Seen = tuple[Sequence[str], UUID | None]
"""Audience and Customer of what is told."""


def covered(world: World) -> dict[UUID, InteractionRow]:
    """Return the Cases of this batch that can be drawn from memory, with their Interaction."""
    by_case: dict[UUID, list[InteractionRow]] = {}
    for one in world.new_interactions:
        strip = world.interactions[one]
        if strip.case_id in world.new_cases:
            by_case.setdefault(strip.case_id, []).append(strip)
    return {case: strips[0] for case, strips in by_case.items() if len(strips) == 1}


def told(
    world: World, strips: Mapping[UUID, InteractionRow], works: Sequence[NewWork]
) -> list[NewEvent]:
    """Return the events of these Cases with all that is new in them."""
    by_strip = {one.interaction_id: one for one in works}
    senders = {one.id: one for one in world.senders.values()}
    fresh = [strips[one] for one in sorted(strips)]
    seen = {one.case_id: _seen(world, one, by_strip, senders) for one in fresh}
    files: dict[UUID, list[FileRow]] = {}
    for file in world.files:
        files.setdefault(file.message_id, []).append(file)
    return [
        *(_case(world, one, senders[one.identity_id], seen[one.case_id]) for one in fresh),
        *(_strip(one, senders[one.identity_id], seen[one.case_id]) for one in fresh),
        *(_line(world, one, files.get(one.id, ()), seen) for one in lines(world, strips)),
        *(_work(world, one, seen) for one in works if _case_of(world, one) in seen),
    ]


def lines(world: World, strips: Mapping[UUID, InteractionRow]) -> list[MessageRow]:
    """Return what customers said in these Cases (nothing of it has a Delivery)."""
    return [
        one
        for one in world.messages
        if one.kind == "in" and world.interactions[one.interaction_id].case_id in strips
    ]


def _case_of(world: World, work: NewWork) -> UUID:
    return world.interactions[work.interaction_id].case_id


def _seen(
    world: World,
    strip: InteractionRow,
    works: Mapping[UUID, NewWork],
    senders: Mapping[UUID, Known],
) -> _Seen:
    case = world.cases[strip.case_id]
    customer = senders[strip.identity_id].customer_id
    if case.id in world.sealed:
        return (f"member:{case.department_id}",), customer
    work = works.get(strip.id)
    queue = (f"queue:{work.queue_id}",) if work else ()
    return (f"dept:{case.department_id}", f"case:{case.id}", *queue), customer


def _event(kind: str, what: tuple[str, UUID, UUID], seen: _Seen, data: object) -> NewEvent:
    type_, id_, case = what
    big = kind == "message" and len(orjson.dumps(data)) > WHOLE_BYTES
    return NewEvent(
        type=type_,
        op=Op.TOUCH if big else Op.UPSERT,
        entity=kind,
        entity_id=id_,
        version=1,
        aud=seen[0],
        case_id=case,
        actor_kind="customer",
        payload=None if big else data,
        customer_id=seen[1],
    )


def _case(world: World, strip: InteractionRow, sender: Known, seen: _Seen) -> NewEvent:
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
        },
        "channels": [strip.channel_kind],
        "opened_at": case.opened_at,
        "last_at": case.last_at,
        "last_item": case.last_item,
        "last_customer": case.last_customer,
        "last_staff": 0,
        "tags": [],
        "merged_into": None,
        "links": _links(world, case),
        "clocks": _clocks(world, case),
        "demo": case.demo,
    }
    return _event("case", ("case.opened", case.id, case.id), seen, data)


def _links(world: World, case: CaseRow) -> list[dict[str, object]]:
    return [
        {
            "case_id": one.other_id,
            "kind": one.kind,
            "reference": reference.shown(world.cases[one.other_id].reference),
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


def _strip(strip: InteractionRow, sender: Known, seen: _Seen) -> NewEvent:
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
    return _event("interaction", ("interaction.began", strip.id, strip.case_id), seen, data)


def _line(
    world: World, line: MessageRow, files: Sequence[FileRow], seen: Mapping[UUID, _Seen]
) -> NewEvent:
    case = world.interactions[line.interaction_id].case_id
    data = {
        "id": line.id,
        "version": 1,
        "case_id": case,
        "interaction_id": line.interaction_id,
        "position": line.position,
        "kind": line.kind,
        "author": {"kind": line.author_kind, "id": line.author_id, "name": line.author_name},
        "text": line.text,
        "text_full": line.text_full,
        "has_html": line.html is not None,
        "subject": line.subject,
        "language": line.language,
        "automated": line.automated,
        "defects": line.defects,
        "facts": line.facts,
        "at": line.at,
        "sent_at": line.sent_at,
        "cid": line.cid,
        "delivery": None,
        "files": [
            {
                "id": one.id,
                "name": one.name,
                "media_type": one.media_type,
                "size": one.size,
                "inline": one.inline,
                "cid": one.cid,
                "url": None,
            }
            for one in files
        ],
        "arrival_id": line.arrival_id,
    }
    return _event("message", ("message.received", line.id, case), seen[case], data)


def _work(world: World, work: NewWork, seen: Mapping[UUID, _Seen]) -> NewEvent:
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
        "why_queue": work.why_queue,
    }
    return _event("work_item", ("work_item.added", work.id, case), (seen[case][0], None), data)

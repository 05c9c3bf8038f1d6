"""Obey: the actions of an event rule are done to its Case, in their order, all or none."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from polyphony.domain import tag
from polyphony.domain.alert import AlertKind, NewAlert
from polyphony.domain.errors import Conflict, NotFound
from polyphony.domain.event import Actor
from polyphony.domain.event_rule import Action, EventRule
from polyphony.domain.notice import NewNotice, NoticeKind
from polyphony.domain.skill import as_json
from polyphony.flows import handle, notify, walk
from polyphony.flows.alarm import alarm
from polyphony.flows.announce import announce
from polyphony.flows.carry_out import lock
from polyphony.flows.identify import correct
from polyphony.store import (
    cases,
    event_rules,
    hands,
    inbox,
    labour,
    messages,
    portrait,
    queues,
)
from polyphony.store.database import Session
from polyphony.store.keys import key
from polyphony.store.messages import MessageRow


@dataclass(frozen=True, slots=True)
class Doing:
    """Which rule acts on which Case; ``actor`` bears the mark of this run."""

    session: Session
    case: UUID
    rule: EventRule
    actor: Actor
    at: datetime


async def obey(doing: Doing) -> None:
    """Do what the rule says; the first refusal is raised, the caller takes all of it back."""
    for one in doing.rule.do:  # one by one: each may change what the next one finds
        await _DO[one.do](doing, one)


async def _tag(doing: Doing, what: Action) -> None:
    matter = await lock(doing.session, [doing.case], doing.at)
    case = matter.cases[doing.case]
    gone = {one.casefold() for one in what.remove}
    tags = [one for one in case.tags if one.casefold() not in gone]
    tags = tag.cleaned([*tags, *what.add])
    if tags != case.tags:
        case.tags = tags
        matter.changed.add(case.id)
        await matter.keep(doing.session, doing.actor)


async def _priority(doing: Doing, what: Action) -> None:
    matter = await lock(doing.session, [doing.case], doing.at)
    case = matter.cases[doing.case]
    if case.priority != what.to:
        case.priority = what.to
        matter.changed.add(case.id)
        await matter.keep(doing.session, doing.actor)


async def _heavier(doing: Doing, what: Action) -> None:
    """Give the work that waits another tier, or one more need."""
    items = [item for item, *_ in await labour.live_of_case(doing.session, doing.case)]
    await hands.lock_cases(doing.session, items)
    need = as_json(what.need) if what.need else None
    changed = await event_rules.heavier(doing.session, doing.case, what.to or None, need)
    await announce(doing.session, actor=doing.actor, work_items=changed)


async def _kind(doing: Doing, what: Action) -> None:
    now = await cases.kind_of(doing.session, doing.case)
    if now != what.id:
        await walk.set_kind(doing.session, doing.case, what.id, doing.actor, doing.at)


async def _queue(doing: Doing, what: Action) -> None:
    """Send what waits elsewhere; what somebody has in his hands stays with him."""
    if what.id is None or what.id not in await queues.of(doing.session, [what.id]):
        raise NotFound("queue.unknown")
    for item, interaction, state, _ in await labour.live_of_case(doing.session, doing.case):
        if interaction is not None and state == "waiting":  # one by one: a Case has few
            target = handle.Target(queue=what.id)
            try:
                await handle.transfer(doing.session, item, target, doing.actor, doing.at)
            except Conflict as refused:
                if refused.code != "queue.full":
                    raise
                await _full(doing, what.id)


async def _full(doing: Doing, queue: UUID) -> None:
    """Leave work where it waits when there is no room: that is no fault of the rule."""
    told = NewAlert(AlertKind.QUEUE_FULL, str(queue), queue_id=queue)
    await alarm(doing.session, [told], doing.at)


async def _attribute(doing: Doing, what: Action) -> None:
    customer = await portrait.customer_of(doing.session, doing.case)
    if customer is None or customer.attrs.get(what.to) == what.text:
        return
    values: dict[str, object] = {"attrs": {what.to: what.text}}
    await correct(doing.session, customer.id, values, doing.actor, doing.at)


async def _notify(doing: Doing, what: Action) -> None:
    facts = (await inbox.facts(doing.session, [doing.case])).get(doing.case)
    if facts is None:
        raise NotFound("case")
    if what.to == "leads":
        who = await notify.leads_of(doing.session, facts)
    elif what.to == "person":
        who = [what.id] if what.id else []
    else:
        case = (await cases.by_ids(doing.session, [doing.case]))[doing.case]
        who = [case.owner_id] if case.owner_id else []
    text = "" if what.text == "-" else what.text
    told = [
        NewNotice(one, NoticeKind.MENTION, doing.case, None, doing.rule.id, text) for one in who
    ]
    await notify.notify(doing.session, told, doing.at, doing.actor)


async def _note(doing: Doing, what: Action) -> None:
    matter = await lock(doing.session, [doing.case], doing.at)
    strips = matter.of(doing.case)
    if not strips:
        raise Conflict("note.no_interaction")
    line = MessageRow(
        id=key(doing.at),
        interaction_id=strips[-1].id,
        position=(await messages.positions(doing.session, 1))[0],
        kind="note",
        author_kind="system",
        author_id=None,
        author_name=doing.rule.id,
        at=doing.at,
        text=what.text,
        facts={"rule": doing.rule.id},
    )
    await messages.add(doing.session, [line])
    matter.cases[doing.case].last_item = line.position
    matter.changed.add(doing.case)
    matter.types["message"] = "message.noted"
    await matter.keep(doing.session, doing.actor, [line.id])


_DO: Mapping[str, Callable[[Doing, Action], Awaitable[None]]] = {
    "tag": _tag,
    "priority": _priority,
    "tier": _heavier,
    "requirement": _heavier,
    "kind": _kind,
    "queue": _queue,
    "attribute": _attribute,
    "notify": _notify,
    "note": _note,
}
